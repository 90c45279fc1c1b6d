package import Facts
package import Language
import Rollups

extension PackLint {
    /// How one rule stood at a ledger's stores on moments of their past, and what it looks back to.
    package struct History: Sendable {
        package let rule: String
        package var standings: [Standing: Int] = [:]
        package var stores = 0
        /// Of stores of which not enough is known: how many there are, and the one of which most is missing.
        package var shortStores = 0
        package var worst: Short?

        package init(rule: String) { self.rule = rule }

        package struct Short: Sendable {
            package var kind: FactKind
            /// The first day of the window, and the first of which everything is known.
            package var from: LocalDay
            package var knownFrom: LocalDay
            /// A source vouches for nothing before that; else nothing of before was ever brought.
            package var isVouched = false

            package var lacking: Int { from.distance(to: knownFrom) }
        }

        /// Notes what the rule's windows lack at one store.
        package mutating func note(_ short: Short?) {
            stores += 1
            guard let short else { return }
            shortStores += 1
            if short.lacking > worst?.lacking ?? 0 { worst = short }
        }
    }

    /// What of its windows lies before everything of a kind is known at a store; nil where nothing does.
    ///
    /// - Parameter first: the day of the first thing known of the store; nil: of which nothing is.
    package static func short(
        _ rule: RuleValuation, _ state: StoreState, at moment: Timestamp, first: LocalDay?
    ) -> History.Short? {
        var found: History.Short?
        // What a store may do without has no past to be short of.
        let unbrought = state.unbrought(for: rule.rule)
        func note(_ short: History.Short) { if short.lacking > found?.lacking ?? 0 { found = short } }
        for reading in rule.readings where reading.aggregate.kind != .measure {
            let days = reading.span(at: moment, in: state.calendar).days
            guard !days.isEmpty else { continue }
            for kind in reading.aggregate.kindsRead.kinds where kind != .measure && !unbrought.contains(kind) {
                if let from = state.coverage[kind]?.from {
                    let day = state.calendar.day(of: from)
                    // The day on which it begins is known in part only.
                    let isWhole = state.calendar.startOfDay(day) == from
                    note(
                        History.Short(
                            kind: kind, from: days.lowerBound, knownFrom: isWhole ? day : day.advanced(by: 1),
                            isVouched: true))
                } else if let first {
                    note(History.Short(kind: kind, from: days.lowerBound, knownFrom: first))
                }
            }
        }
        return found
    }

    /// Fewer judgements than these say nothing.
    private static let fewest = 10

    /// Limits that never or always held on the ledger's own history, and windows that are longer than it.
    package static func warnings(_ pack: Pack, history: [History]) -> [Diagnostic] {
        history.flatMap { past -> [Diagnostic] in
            guard let rule = pack.rule(past.rule) else { return [] }
            var warnings: [Diagnostic] = []
            func count(_ standing: Standing) -> Int { past.standings[standing] ?? 0 }
            let judged = count(.ok) + count(.warning) + count(.breach)
            let looks =
                "\(judged) times that \(past.stores == 1 ? "the store" : "the \(past.stores) stores") could be judged"
            if judged >= fewest, count(.breach) == 0 {
                let also = count(.warning) == 0 && rule.prefer != nil ? ", and so did 'prefer'" : ""
                warnings.append(
                    warn(
                        "the limit of rule '\(rule.id)' held every one of \(looks) in this ledger's past\(also)", pack,
                        at: rule.require.written))
            }
            if judged >= fewest, count(.breach) == judged {
                warnings.append(
                    warn(
                        "the limit of rule '\(rule.id)' held none of \(looks) in this ledger's past", pack,
                        at: rule.require.written))
            }
            if let short = past.worst {
                let whose = past.shortStores == past.stores ? "" : " at \(past.shortStores) of \(past.stores) stores"
                let known =
                    short.isVouched
                    ? "every \(short.kind.name) is known from \(short.knownFrom) on only"
                    : "nothing is known of before \(short.knownFrom)"
                let until =
                    short.isVouched
                    ? "until the \(short.lacking) days between have left its window, it is unknown where what is known does not decide"
                    : "where the store is older, import what came before"
                warnings.append(
                    warn(
                        "rule '\(rule.id)' looks back to \(short.from), and \(known)\(whose): \(until)", pack,
                        at: rule.require.written))
            }
            return warnings
        }
    }
}
