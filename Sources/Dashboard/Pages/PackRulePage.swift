import Alerts
import Daemon
import Facts
import Language
import Rules

/// One rule over all stores, those that stand worst and nearest first.
enum PackRulePage {
    private static let shown = 200

    static func page(
        _ id: String, in packName: String, _ request: PageRequest, _ wall: Wall.View, _ assembly: Assembly
    ) throws -> Page {
        let tongue = request.tongue
        guard let pack = assembly.fleet.library[packName], let rule = pack.rule(id) else {
            throw TaskError(
                Words(en: "there is no rule '\(id)' in a pack '\(packName)'", zh: "规则包 '\(packName)' 中没有规则 '\(id)'"),
                isUsage: true)
        }
        let all = wall.lines.compactMap { line in
            line.store.pack != packName
                ? nil : line.rules.first { $0.valued.rule.id == id }.map { (line: line, rule: $0) }
        }
        let chosen = request["standing"].flatMap(Standing.init(rawValue:))
        let rows = all.filter { chosen == nil || $0.rule.standing == chosen }.sorted { a, b in
            (b.rule.standing.rank, a.rule.room ?? .infinity, a.line.store.id)
                < (a.rule.standing.rank, b.rule.room ?? .infinity, b.line.store.id)
        }
        let (slice, pages) = Paging.slice(rows, request, size: shown)
        return Page(
            template: "packrule", title: rule.title, section: .packs,
            view: [
                "packUrl": Link.pack(packName), "pack": tongue(pack.title), "title": tongue(rule.title),
                "requires": rule.require.written.text,
                "tiles": StandingTiles.views(all.map { $0.rule.standing }, chosen: chosen, request),
                "metrics": rule.reach.metrics.map { tongue(pack.title(of: $0)) },
                "hasRows": !rows.isEmpty, "pages": pages,
                "rows": slice.map { row($0.line, $0.rule, pack, tongue) },
            ])
    }

    private static func row(_ line: WallLine, _ rule: WallLine.Rule, _ pack: Pack, _ tongue: Tongue) -> View {
        [
            "standing": rule.standing.rawValue, "standingTitle": tongue(rule.standing.title),
            "url": Link.rule(rule.valued.rule.id, of: line.store.id), "store": line.store.name,
            "figures": rule.valued.rule.reach.metrics.enumerated().map { place, metric -> View in
                let figure = rule.figures.indices.contains(place) ? rule.figures[place] : nil
                let isPercent = rule.valued.percentages.contains(metric)
                return [
                    "title": tongue(pack.title(of: metric)),
                    "text": figure.map {
                        FigureText.text(
                            nearest: $0, isPercent: isPercent,
                            isDuration: pack.vocabulary.metrics[metric]?.type == .duration)
                    } ?? "–",
                ]
            },
            "limit": rule.valued.limit,
            "room": rule.room.map { RoomBar($0).view(tongue) } ?? false,
        ]
    }
}
