import Daemon
import Facts
import Language
import Rules

/// The rules in use, by platform, and how many stores stand outside each.
enum PacksPage {
    static func page(_ request: PageRequest, _ wall: Wall.View, _ assembly: Assembly) -> Page {
        let tongue = request.tongue
        let stores = Dictionary(grouping: wall.lines, by: \.store.pack)
        let packs = stores.keys.sorted().compactMap { assembly.fleet.library[$0] }
        return Page(
            template: "packs", title: Words(en: "Rules", zh: "规则"), section: .packs,
            view: [
                "hasPacks": !packs.isEmpty,
                "packs": packs.map { pack -> View in
                    let lines = stores[pack.name] ?? []
                    let counts = counts(lines)
                    return [
                        "url": Link.pack(pack.name), "title": tongue(pack.title),
                        "stores": tongue(counted(lines.count, "store"), "\(lines.count) 家店铺"),
                        "rules": pack.rules.map { rule($0, pack, counts[$0.id] ?? [:], tongue) },
                    ]
                },
            ])
    }

    /// Of one pack: every rule with its source, and every figure with its definition.
    static func page(of name: String, _ request: PageRequest, _ assembly: Assembly) throws -> Page {
        let tongue = request.tongue
        guard let pack = assembly.fleet.library[name] else {
            throw TaskError(
                Words(en: "no store is judged by a pack '\(name)'", zh: "没有店铺使用规则包 '\(name)'"), isUsage: true)
        }
        return Page(
            template: "pack", title: pack.title, section: .packs,
            view: [
                "title": tongue(pack.title), "name": pack.name, "origin": pack.source.name,
                "rules": pack.rules.map { rule -> View in
                    let basis = rule.basis.map { tongue($0.title) } ?? tongue("set by the store's owner", "店铺自定")
                    return [
                        "url": Link.rule(rule.id, in: pack.name), "title": tongue(rule.title),
                        "requires": rule.require.written.text, "preferred": rule.prefer?.written.text ?? false,
                        "given": rule.given?.written.text ?? false, "severity": tongue(rule.severity.title),
                        "basis": basis, "consequence": rule.consequence.map { tongue($0) } ?? false,
                        "remedy": rule.remedy.map { tongue($0) } ?? false, "sources": pack.sources(of: rule),
                    ]
                },
                "metrics": pack.metrics.map { metric -> View in
                    [
                        "name": metric, "title": tongue(pack.title(of: metric)),
                        "definition": pack.vocabulary.metrics[metric].map { Printer.text(of: $0) } ?? "",
                        "source": pack.sources(ofMetric: metric).joined(separator: "; "),
                    ]
                },
            ])
    }

    private static func counts(_ lines: [WallLine]) -> [String: [Standing: Int]] {
        var counts: [String: [Standing: Int]] = [:]
        for line in lines {
            for rule in line.rules { counts[rule.valued.rule.id, default: [:]][rule.standing, default: 0] += 1 }
        }
        return counts
    }

    private static func rule(_ rule: Rule, _ pack: Pack, _ counts: [Standing: Int], _ tongue: Tongue) -> View {
        [
            "url": Link.rule(rule.id, in: pack.name), "title": tongue(rule.title),
            "severity": tongue(rule.severity.title), "requires": rule.require.written.text,
            "counts": [Standing.breach, .unknown, .warning].compactMap { standing -> View? in
                counts[standing].map {
                    ["standing": standing.rawValue, "count": $0, "title": tongue(standing.title)]
                }
            },
        ]
    }
}
