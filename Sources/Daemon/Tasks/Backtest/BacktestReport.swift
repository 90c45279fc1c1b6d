package import Alerts
package import Facts
package import Rules

/// What the live engine would have said along past days.
package struct BacktestReport: Sendable {
    package var from: LocalDay
    package var to: LocalDay
    package var stores: Int
    /// Rules that stood outside ok on some day, or changed; by store and then in the order of the pack.
    package var courses: [Course]
    package var foresight: Foresight

    /// One rule at one store, day by day.
    package struct Course: Sendable {
        package var store: String
        package var rule: Rule
        /// How many days it stood so.
        package var days: [Standing: Int] = [:]
        package var changes: [Change] = []
        package var events: [AlertEvent] = []
        /// As announced, day by day.
        package var standings: [Standing] = []
        /// The same whoever confirmed the limit: what is foretold is of these.
        var raw: [Standing] = []

        package init(store: String, rule: Rule) { (self.store, self.rule) = (store, rule) }

        var isQuiet: Bool { events.isEmpty && changes.isEmpty && standings.allSatisfy { $0 == .ok || $0 == .unjudged } }
    }

    package struct Change: Sendable {
        package var day: LocalDay
        /// nil on the first day.
        package var from: Standing?
        package var evaluation: RuleEvaluation
    }

    /// How often what was foretold came true within a day, of what was foretold for days that have passed since.
    package struct Foresight: Sendable {
        package var recoveries = Score()
        package var breaches = Score()

        package struct Score: Sendable {
            package var foretold = 0
            package var cameTrue = 0
            /// Foretold of no more harm, and more came: it had no chance, and is not among the others.
            package var overtaken = 0

            static func += (a: inout Score, b: Score) {
                a.foretold += b.foretold
                a.cameTrue += b.cameTrue
                a.overtaken += b.overtaken
            }
        }

        static func += (a: inout Foresight, b: Foresight) {
            a.recoveries += b.recoveries
            a.breaches += b.breaches
        }
    }
}
