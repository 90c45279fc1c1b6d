package import Alerts
package import Facts
import Language
package import Ledgers
package import Rules

/// One store among all: where it stands, what decides that, and what else is to be seen of it at a glance.
///
/// A class because there are many and each is looked at again and again.
package final class WallLine: Sendable {
    package let store: Store
    package let standing: Standing
    /// When it was looked at.
    package let at: Timestamp
    /// Of its rules in force, in the order of the pack.
    package let rules: [Rule]
    /// What decides where the store stands: the worst of its rules, of these the nearest to its limit. nil where no rule is
    /// in force.
    package let lead: Lead?
    package let quarantined: Int
    /// Who brings what its rules read.
    package let inputs: [Input]
    /// Who brings the readings that its pack looks at.
    package let readBy: [SourceName]
    /// The figures are of an earlier moment than the standing: the store is to be looked at again.
    package let isBehind: Bool
    /// The readings that its pack looks at.
    package let needs: [Need]
    /// Of the store in the ledger, as it was looked at; of the figures.
    package let revision: Int64
    /// Name and id in small letters: what a search goes through.
    package let searched: String

    package struct Rule: Sendable {
        package let valued: RuleValuation
        /// As announced.
        package let standing: Standing
        /// What it adds to the store's standing; nil: nothing.
        package let counted: Standing?
        /// How far from its limit, as a share of it; nil: not known.
        package let room: Double?
        /// Of the metrics that its conditions name, in their order (`Rule.reach.metrics`); nil: not known to the digit.
        package let figures: [Double?]
    }

    /// What one source brings of the kinds that the rules read.
    package struct Input: Sendable, Hashable {
        package let source: SourceName
        /// Of the kind that is complete for the shortest.
        package let coveredUntil: Timestamp
        /// From then on something of it is stale.
        package let freshUntil: Timestamp
    }

    package struct Lead: Sendable {
        /// Into `rules`.
        package let index: Int
        package let figures: Words
        package let limit: String
        package let words: Words
        package let judgedTo: LocalDay
    }

    init(_ judged: Judge.Judged, _ fleet: Fleet) {
        (store, standing, at) = (judged.watched.store, judged.evaluation.standing, judged.clock)
        quarantined = judged.prepared.state.quarantined
        isBehind = false
        needs = Need.all(of: judged.prepared, fleet, at: judged.clock)
        readBy = needs.isEmpty ? [] : judged.prepared.sources[.measure, default: []].sorted()
        revision = judged.prepared.revision
        searched = Self.searched(store)
        let inForce = judged.evaluation.rules.filter(\.isInForce)
        inputs = Input.all(of: judged.prepared, read: inForce.reduce(into: []) { $0.formUnion($1.rule.reach.kinds) })
        let rules = inForce.map { rule in
            Rule(
                valued: rule.valued, standing: rule.announced, counted: rule.counted, room: rule.room?.double,
                figures: rule.values.map(\.estimate.nearest))
        }
        self.rules = rules
        let first = rules.indices.max { rules[$0].isLess(urgentThan: rules[$1]) }
        lead = first.map { index in
            let rule = inForce[index]
            let shown = rule.values.map { value in
                Words(
                    en: "\(judged.watched.pack.title(of: value.metric).en) ",
                    zh: "\(judged.watched.pack.title(of: value.metric).zh) ")
                    + FigureText.words(
                        value.estimate, of: value.metric, in: rule, judged.watched.store.currency)
            }
            return Lead(
                index: index, figures: shown.joined(separator: Words(en: ", ", zh: "，")), limit: rule.limit,
                words: rule.words, judgedTo: rule.judgedTo)
        }
    }

    private init(_ store: Store, _ standing: Standing, at: Timestamp, earlier: WallLine?) {
        (self.store, self.standing, self.at, isBehind) = (store, standing, at, true)
        searched = earlier?.searched ?? Self.searched(store)
        (rules, lead, quarantined) = (earlier?.rules ?? [], earlier?.lead, earlier?.quarantined ?? 0)
        (inputs, readBy) = (earlier?.inputs ?? [], earlier?.readBy ?? [])
        (needs, revision) = (earlier?.needs ?? [], earlier?.revision ?? 0)
    }

    private static func searched(_ store: Store) -> String {
        store.name == store.id ? store.id.lowercased() : "\(store.name) \(store.id)".lowercased()
    }

    /// The same store where it stands now, by what was seen of it before.
    func standing(_ standing: Standing, at: Timestamp) -> WallLine {
        WallLine(store, standing, at: at, earlier: self)
    }

    /// A store of which nothing was seen yet but where it stands.
    static func unseen(_ store: Store, _ standing: Standing, at: Timestamp) -> WallLine {
        WallLine(store, standing, at: at, earlier: nil)
    }

    /// How far the rule that decides is from its limit.
    package var room: Double? { lead.flatMap { rules[$0.index].room } }
}

extension WallLine.Rule {
    /// Worse is more urgent, then nearer to the limit, then what counts.
    fileprivate func isLess(urgentThan other: WallLine.Rule) -> Bool {
        let (own, others) = (counted?.rank ?? -1, other.counted?.rank ?? -1)
        if own != others { return own < others }
        return room ?? .infinity > other.room ?? .infinity
    }
}

extension WallLine.Input {
    /// By source; measures have no coverage.
    static func all(of prepared: Judge.Prepared, read kinds: FactKinds) -> [WallLine.Input] {
        var found: [SourceName: (coveredUntil: Timestamp, freshUntil: Timestamp)] = [:]
        for kind in kinds.kinds {
            guard let until = prepared.state.coverage[kind]?.until, let source = prepared.coveredBy[kind] else {
                continue
            }
            let fresh = prepared.state.freshness[kind]?.freshUntil(until) ?? until
            let known = found[source] ?? (until, fresh)
            found[source] = (min(known.coveredUntil, until), min(known.freshUntil, fresh))
        }
        return found.sorted { $0.key < $1.key }.map {
            WallLine.Input(source: $0.key, coveredUntil: $0.value.coveredUntil, freshUntil: $0.value.freshUntil)
        }
    }
}
