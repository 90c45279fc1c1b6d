import Facts
import Language
import Rules

/// What stores are held to, each as the configuration and the packs write it.
extension FleetDifferences {
    static func limits(of rule: Rule) -> [(name: String, value: String?)] {
        [
            ("require", rule.require.written.text), ("prefer", rule.prefer?.written.text),
            ("given", rule.given?.written.text), ("levels", levels(rule)?.en),
        ]
    }

    static func value(of parameter: Parameter) -> String { values(parameter).en }

    /// In place of what its pack says.
    static func limits(of entry: StoreEntry) -> [(name: String, value: String?)] {
        [("confirmed", confirmed(entry.confirmation).en), ("accepted", accepted(of: entry)?.en)]
            + entry.parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text) }
    }

    static func name(of entry: StoreEntry) -> Words {
        Words(en: "store '\(entry.subjectName)'", zh: "店铺 '\(entry.subjectName)'")
    }
}
