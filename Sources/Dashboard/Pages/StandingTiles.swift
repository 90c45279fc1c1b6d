import Facts
import Rules

/// How many stand where, each a way to those.
enum StandingTiles {
    static func views(_ standings: some Sequence<Standing>, chosen: Standing?, _ request: PageRequest) -> [View] {
        let counts = standings.reduce(into: [Standing: Int]()) { $0[$1, default: 0] += 1 }
        return Standing.worstFirst.map { standing in
            [
                "standing": standing.rawValue, "title": request.tongue(standing.title),
                "count": "\(counts[standing, default: 0])".grouped, "isChosen": standing == chosen,
                "url": request.link(["standing": standing == chosen ? nil : standing.rawValue]),
            ]
        }
    }
}
