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
        package var shortest: Short?

        package init(rule: String) { self.rule = rule }

        package struct Short: Sendable {
            package var kind: FactKind
            /// The first day of the window, and the first of which everything is known.
            package var from: LocalDay
            package var knownFrom: LocalDay

            package var lacking: Int { from.distance(to: knownFrom) }
        }

        /// Notes what the rule's windows lack at one store.
        package mutating func note(_ short: Short?) {
            stores += 1
            guard let short else { return }
            shortStores += 1
            if short.lacking > shortest?.lacking ?? 0 { shortest = short }
        }
    }

    /// What of its windows lies before everything of a kind is known at a store; nil where nothing does.
    package static func short(_ rule: RuleValuation, _ state: StoreState, at moment: Timestamp) -> History.Short? {
        var found: History.Short?
        for reading in rule.readings where reading.aggregate.kind != .measure {
            let days = reading.span(at: moment, in: state.calendar).days
            guard !days.isEmpty, let from = state.coverage[reading.aggregate.kind]?.from else { continue }
            let short = History.Short(
                kind: reading.aggregate.kind, from: days.lowerBound,
                // The day on which it begins is known in part only.
                knownFrom: state.calendar.startOfDay(state.calendar.day(of: from)) == from
                    ? state.calendar.day(of: from) : state.calendar.day(of: from).advanced(by: 1))
            if short.lacking > found?.lacking ?? 0 { found = short }
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
            if let short = past.shortest {
                let whose = past.shortStores == past.stores ? "" : " at \(past.shortStores) of \(past.stores) stores"
                warnings.append(
                    warn(
                        "rule '\(rule.id)' looks back to \(short.from), and every \(short.kind.name) is known from \(short.knownFrom) on only\(whose): until the \(short.lacking) days between have left its window it is unknown",
                        pack, at: rule.require.written))
            }
            return warnings
        }
    }
}
