import Facts
package import Rules

/// Which alerts are meant: by whom they are about, by what, and how bad it is. What is not asked for fits; of several
/// words under one name any fits; of several names each must.
package struct AlertFilter: Sendable, Hashable {
    /// Names of packs, ids of stores and rules, as patterns with `*` and `?`.
    package var platforms: [String] = []
    package var stores: [String] = []
    package var rules: [String] = []
    /// Patterns for the values of the store's labels; a store without the label has an empty value.
    package var labels: [String: [String]] = [:]
    package var severities: [Severity] = []
    /// Warning, breach.
    package var standings: [Standing] = []

    /// Fits every alert.
    package init() {}

    package var isEmpty: Bool { self == AlertFilter() }

    /// - Parameter standing: as it is told of; nil: it does not matter.
    package func fits(_ key: AlertKey, _ subject: AlertSubject, standing: Standing?) -> Bool {
        if let standing, !standings.isEmpty, !standings.contains(standing) { return false }
        return (severities.isEmpty || severities.contains(subject.severity))
            && Self.fit(platforms, subject.platform) && Self.fit(stores, key.store) && Self.fit(rules, key.rule)
            && labels.allSatisfy { Self.fit($0.value, subject.labels[$0.key] ?? "") }
    }

    private static func fit(_ patterns: [String], _ text: String) -> Bool {
        patterns.isEmpty || patterns.contains { $0 == text || Glob($0).matches(text) }
    }
}
