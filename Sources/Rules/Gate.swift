package import Facts

/// A named set of rules that decide about something a store may do.
package struct Gate: Sendable, Hashable {
    package let id: String
    package let title: Words
    /// The ids of its rules, at least one, in the order written.
    package let rules: [String]

    package enum State: String, Sendable, Hashable { case open, closed, unknown }

    /// Closed when a rule is in breach or unjudged, else unknown when one is unknown, else open.
    ///
    /// - Parameter standings: of those of its rules that are in force; of none at all it is open.
    package static func state(of standings: some Sequence<Standing>) -> State {
        var state = State.open
        for standing in standings {
            switch standing {
            case .breach, .unjudged: return .closed
            case .unknown: state = .unknown
            case .ok, .warning: break
            }
        }
        return state
    }
}
