import Facts

/// Addresses within the dashboard.
enum Link {
    static func store(_ id: String) -> String { "/stores/\(id.percentEncoded)" }
    static func rule(_ rule: String, of store: String) -> String {
        "/stores/\(store.percentEncoded)/rules/\(rule.percentEncoded)"
    }
    static func rule(_ rule: String, in pack: String) -> String {
        "/packs/\(pack.percentEncoded)/rules/\(rule.percentEncoded)"
    }
    static func gate(_ gate: String, of store: String) -> String {
        "/stores/\(store.percentEncoded)/gates/\(gate.percentEncoded)"
    }
    static func pack(_ name: String) -> String { "/packs/\(name.percentEncoded)" }
    static func alert(_ episode: String) -> String { "/alerts/\(episode.percentEncoded)" }
}
