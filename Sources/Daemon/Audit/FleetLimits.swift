import Facts
import Rules

/// What stores are held to, and who is let in, by name: what is said of a configuration that was changed while no daemon ran.
struct FleetLimits {
    private struct Limit {
        var name: Words
        var value: String
    }

    private var limits: [Limit] = []

    init(_ fleet: Fleet) {
        for name in Set(fleet.config.stores.map(\.pack)).sorted() {
            guard let pack = fleet.library[name] else { continue }
            for rule in pack.rules {
                add(Words("\(name) \(rule.id)"), FleetDifferences.limits(of: rule))
            }
            for parameter in pack.parameters {
                add(
                    Words(en: "\(name) parameter \(parameter.name)", zh: "\(name) 参数 \(parameter.name)"),
                    [("value", FleetDifferences.value(of: parameter))])
            }
        }
        for entry in fleet.config.stores {
            let values = FleetDifferences.limits(of: entry).filter { !["no limit", ""].contains($0.value) }
            add(FleetDifferences.name(of: entry), values)
        }
        // Who is let in, and what he may: of a token not which.
        for grantee in fleet.config.access.tokens + (fleet.config.access.proxy?.people ?? []) {
            add(
                Words(en: "access '\(grantee.id)'", zh: "访问权限 '\(grantee.id)'"),
                [("role", grantee.role.rawValue), ("until", grantee.until.map { "\($0)" })])
        }
    }

    private mutating func add(_ what: Words, _ values: [(name: String, value: String?)]) {
        for (name, value) in values {
            guard let value else { continue }
            limits.append(
                Limit(name: Words(en: "\(what.en): \(name)", zh: "\(what.zh)：\(name)"), value: value))
        }
    }

    /// A line each.
    var text: String {
        limits.map { limit in
            [limit.name.en, limit.name.zh, limit.value].map(Self.oneLine).joined(separator: "\t")
        }.joined(separator: "\n")
    }

    /// What is no line of ours is passed over.
    init(text: String) {
        limits = text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { return nil }
            return Limit(name: Words(en: parts[0], zh: parts[1]), value: parts[2])
        }
    }

    /// In the words of `FleetDifferences`.
    func differences(from old: FleetLimits) -> [Words] {
        let before = Dictionary(old.limits.map { ($0.name.en, $0.value) }) { first, _ in first }
        let now = Set(limits.map(\.name.en))
        let changed = limits.filter { before[$0.name.en] != Self.oneLine($0.value) }
        return changed.map { Self.words($0.name, from: before[$0.name.en], to: $0.value) }
            + old.limits.filter { !now.contains($0.name.en) }.map { Self.words($0.name, from: $0.value, to: nil) }
    }

    private static func words(_ name: Words, from before: String?, to after: String?) -> Words {
        Words(
            en: "\(name.en) was \(before ?? "nothing"), is \(after ?? "nothing")",
            zh: "\(name.zh) 原为 \(before ?? "无")，现为 \(after ?? "无")")
    }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }
}
