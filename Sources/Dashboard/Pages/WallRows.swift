import Daemon
import Facts
import Rules

/// The rows of the wall as they were written last: what a store says is the same on every page until the store stands
/// otherwise, and writing it is most of the work.
actor WallRows {
    private struct Key: Hashable {
        var store: String
        var tongue: Tongue
    }

    private var known: [Key: (line: WallLine, text: String)] = [:]
    private static let most = 50_000

    func html(of lines: some Sequence<WallLine>, _ fleet: Fleet, _ tongue: Tongue) -> String {
        if known.count > Self.most { known = [:] }
        var text = ""
        for line in lines {
            let key = Key(store: line.store.id, tongue: tongue)
            if let kept = known[key], kept.line === line {
                text += kept.text
                continue
            }
            let row = Templates.render("wallrow", Self.view(of: line, fleet, tongue))
            known[key] = (line, row)
            text += row
        }
        return text
    }

    private static func view(of line: WallLine, _ fleet: Fleet, _ tongue: Tongue) -> View {
        var row: View = [
            "standing": line.standing.rawValue, "standingTitle": tongue(line.standing.title),
            "url": Link.store(line.store.id), "name": line.store.name,
            "platform": fleet.library[line.store.pack].map { tongue($0.title) } ?? line.store.pack,
            "labels": line.store.labels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" },
            "isBehind": line.isBehind, "en": tongue == .english, "zh": tongue == .chinese, "rule": false, "figures": "",
            "limit": false, "room": false, "judgedTo": "",
        ]
        guard let lead = line.lead else { return row }
        let rule = line.rules[lead.index]
        row["rule"] =
            [
                "title": tongue(rule.valued.rule.title), "url": Link.rule(rule.valued.rule.id, of: line.store.id),
                "words": rule.standing == .ok ? false : tongue.shown(lead.words),
            ] as View
        (row["figures"], row["limit"], row["judgedTo"]) = (
            tongue(lead.figures), lead.limit, lead.judgedTo.shown(tongue)
        )
        if let room = line.room { row["room"] = RoomBar(room).view(tongue) }
        return row
    }
}
