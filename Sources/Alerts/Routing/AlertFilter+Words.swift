import Rules

extension AlertFilter {
    /// `platform=pdd rule=late-*|refund-*`; the same in both languages.
    package var words: String {
        var parts: [String] = []
        func add(_ name: String, _ values: [String]) {
            if !values.isEmpty { parts.append("\(name)=\(values.joined(separator: "|"))") }
        }
        add("platform", platforms)
        add("store", stores)
        add("rule", rules)
        for (name, values) in labels.sorted(by: { $0.key < $1.key }) { add(name, values) }
        add("severity", severities.map(\.rawValue))
        add("standing", standings.map(\.rawValue))
        return parts.joined(separator: " ")
    }
}
