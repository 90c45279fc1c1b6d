package import Facts
package import Language

/// A value that rules are measured against and that is not the same for every store: a limit, a window, a hold time.
package struct Parameter: Sendable, Hashable {
    package let name: String
    package let type: ParameterType
    package let title: Words?
    /// In the order written; the first that fits the store and the day holds. None at all: no value is known.
    package let rows: [Row]
    /// The name of the measure by which the platform shows the store its own limit; its newest reading holds in place of
    /// the rows.
    package let measure: String?
    /// Where in the platform's back end a person finds it.
    package let place: Words?

    /// One value, and where and when it holds.
    package struct Row: Sendable, Hashable {
        package let value: ParameterValue
        /// From this local day of the store on; nil: from ever.
        package let from: LocalDay?
        /// No longer on this local day; nil: without end.
        package let until: LocalDay?
        package let market: String?
        package let currency: String?
        /// Labels of the store, all of which it must have.
        package let labels: [String: String]
        /// nil in a user's own pack.
        package let basis: Basis?
        package let source: String?

        package func fits(_ store: Store, on day: LocalDay) -> Bool {
            if let from, day < from { return false }
            if let until, day >= until { return false }
            if let market, market != store.market { return false }
            if let currency, currency != store.currency { return false }
            return labels.allSatisfy { store.labels[$0.key] == $0.value }
        }
    }
}

/// What a parameter can hold.
package enum ParameterValue: Sendable, Hashable {
    case literal(Literal)
    case window(Window)

    /// What an expression sees; missing for a window, which stands after `over` only.
    package var value: Value {
        switch self {
        case .literal(let literal): literal.value
        case .window: .missing
        }
    }

    /// As a pack writes it.
    package var text: String {
        switch self {
        case .literal(let literal): Printer.text(of: literal)
        case .window(let window): Printer.text(of: window)
        }
    }
}

/// A parameter's value in force at a store on a day.
package struct ResolvedParameter: Sendable, Hashable {
    package let value: ParameterValue
    /// Who says so; nil: the store's owner, in the configuration or in a pack of their own.
    package let basis: Basis?
    package let source: String?
    /// The configuration sets it for this store.
    package let isOverridden: Bool
}

/// What is said of one store about its pack: by the configuration, and by the platform's back end.
package struct StoreOverrides: Sendable, Hashable {
    /// Values of the pack's parameters that hold for this store, in place of the pack's rows. They count as confirmed.
    package var parameters: [String: ParameterValue]
    package var confirmation: Confirmation
    /// Breaches that somebody answers for, by rule.
    package var accepted: [String: Acceptance] = [:]
    /// What the platform shows the store, by the measure's name: newest readings of the measures that parameters name.
    package var shown: [String: FixedPoint] = [:]

    /// Which of the pack's suggested limits the owner has confirmed.
    package enum Confirmation: Sendable, Hashable {
        case none, all
        case rules(Set<String>)

        package func covers(_ rule: String) -> Bool {
            switch self {
            case .none: false
            case .all: true
            case .rules(let rules): rules.contains(rule)
            }
        }
    }

    package init(parameters: [String: ParameterValue] = [:], confirmation: Confirmation = .none) {
        (self.parameters, self.confirmation) = (parameters, confirmation)
    }
}
