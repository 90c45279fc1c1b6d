/// What a parameter of a pack holds.
package enum ParameterType: String, Sendable, Hashable, CaseIterable {
    case number
    /// A number, meant as a share: 1% or 0.01.
    case rate
    case duration
    case string
    case bool
    /// Stands after `over` only.
    case window

    /// What it is in an expression; nil for a window, which is no value.
    package var valueType: ValueType? {
        switch self {
        case .number, .rate: .number
        case .duration: .duration
        case .string: .string
        case .bool: .bool
        case .window: nil
        }
    }
}

/// One entry of `windows:`, `kinds:` or `metrics:` as a pack writes it.
package struct Declaration: Sendable, Hashable {
    package var name: String
    /// The key, for what is said about the name itself.
    package var place: Passage
    package var text: Passage

    package init(name: String, place: Passage, text: Passage) {
        (self.name, self.place, self.text) = (name, place, text)
    }
}

/// Everything a pack declares that expressions may name, in the order of the pack. Passages point into its text.
package struct Declarations: Sendable {
    /// The labels that facts may carry.
    package var labels: [String]
    package var parameters: [String: ParameterType]
    /// The keys of the parameters, for what is said about a name; those without one are not complained about.
    package var parameterPlaces: [String: Passage]
    package var windows: [Declaration]
    package var kinds: [Declaration]
    package var metrics: [Declaration]

    package init(
        labels: [String] = [], parameters: [String: ParameterType] = [:], parameterPlaces: [String: Passage] = [:],
        windows: [Declaration] = [], kinds: [Declaration] = [], metrics: [Declaration] = []
    ) {
        (self.labels, self.parameters, self.parameterPlaces) = (labels, parameters, parameterPlaces)
        (self.windows, self.kinds, self.metrics) = (windows, kinds, metrics)
    }
}
