package import Facts
package import Language
package import Rules

/// What a message says about a rule at a store beyond the event: the figures, the facts behind them, what follows and
/// what helps. Gathered when the event happens, and never changed after.
package struct AlertReport: Sendable, Hashable {
    package var subject: AlertSubject
    /// The metrics that the rule reads, in the rule's order. Empty when nothing was judged.
    package var values: [NamedEstimate]
    /// The condition with its parameters replaced; nil when nothing was judged.
    package var limit: String?
    /// Who says that the limit is what it is; nil in a user's own pack.
    package var basis: Basis?
    /// How many facts more change where it stands.
    package var headroom: [Headroom] = []
    /// What days to come will bring; nil where that cannot be foretold.
    package var outlook: Outlook?
    /// Warning or breach, as it was last told before; nil: nobody was told.
    package var announced: Standing?
    /// Its severity then, where it is another now.
    package var announcedSeverity: Severity?
    /// Where somebody marked facts and that makes a difference: what the other way of counting gives.
    package var counterpart: Counterpart?
    /// The facts behind it, oldest first, as many as are shown.
    package var evidence: [EvidenceItem]
    /// How many there are in all; nil when they were not counted.
    package var evidenceTotal: Int?
    package var consequence: Words?
    package var remedy: Words?
    /// Where the platform states the limit.
    package var source: String?
    /// Of a rule that is judged for each value of a member: those outside ok, the worst first; nil of any other rule.
    package var parts: [Part]?
    /// Who answers for its breach.
    package var accepted: Acceptance?
    /// Who looks after it, where that is over soon.
    package var ending: Acknowledgement?
    /// Of the store, by whose clock its people live; nil: it speaks for many, or nobody watches it any more.
    package var calendar: StoreCalendar?
    /// The page about it; nil without a public address.
    package var link: String?
    /// Since when nobody knows how it stands; nil: it is known.
    package var blindSince: Timestamp?
    /// What is wrong with the data, where the alert is about that and not about a rule.
    package var health: HealthReport?

    package init(
        subject: AlertSubject, values: [NamedEstimate] = [], limit: String? = nil, basis: Basis? = nil,
        evidence: [EvidenceItem] = [], evidenceTotal: Int? = nil, consequence: Words? = nil, remedy: Words? = nil,
        source: String? = nil, link: String? = nil
    ) {
        (self.subject, self.values, self.limit, self.basis) = (subject, values, limit, basis)
        (self.evidence, self.evidenceTotal) = (evidence, evidenceTotal)
        (self.consequence, self.remedy, self.source, self.link) = (consequence, remedy, source, link)
    }
}

extension AlertReport {
    /// A warehouse, a product, a shop within the store, and where the rule stands for it.
    package struct Part: Sendable, Hashable {
        package var value: String
        package var standing: Standing

        package init(_ value: String, _ standing: Standing) { (self.value, self.standing) = (value, standing) }
    }

    /// The names of the parts, of some in full: ` (WH-1, WH-2, +3)`; empty where there are none.
    package var partNames: String {
        guard let parts, !parts.isEmpty else { return "" }
        let names = parts.prefix(3).map(\.value) + (parts.count > 3 ? ["+\(parts.count - 3)"] : [])
        return " (\(names.joined(separator: ", ")))"
    }

    /// The rule by the figures with marks, where the alert follows the platform's; by the platform's, where marks count.
    package struct Counterpart: Sendable, Hashable {
        package var isMarked: Bool
        package var standing: Standing
        package var values: [NamedEstimate]

        package init(isMarked: Bool, standing: Standing, values: [NamedEstimate]) {
            (self.isMarked, self.standing, self.values) = (isMarked, standing, values)
        }
    }
}

/// A metric and what is known of it.
package struct NamedEstimate: Sendable, Hashable {
    package var metric: String
    package var estimate: Estimate
    /// For people; nil: it has none but its name.
    package var title: Words?
    /// It is held against a percentage.
    package var isPercent: Bool

    package init(_ metric: String, _ estimate: Estimate, title: Words? = nil, isPercent: Bool = false) {
        (self.metric, self.estimate, self.title, self.isPercent) = (metric, estimate, title, isPercent)
    }
}

/// One fact behind a figure.
package struct EvidenceItem: Sendable, Hashable {
    package var kind: FactKind
    package var id: String
    /// The order it belongs to; of an order its own id.
    package var order: String?
    /// The time by which it counts.
    package var at: Timestamp
    /// The first local day on which it no longer counts; nil where it does not leave by itself.
    package var leaves: LocalDay?
    /// Until when it can still be contested, by its source or by a mark; nil where it cannot, or nobody says.
    package var contestableUntil: Timestamp?

    package init(
        kind: FactKind, id: String, order: String?, at: Timestamp, leaves: LocalDay?, contestableUntil: Timestamp? = nil
    ) {
        (self.kind, self.id, self.order, self.at, self.leaves) = (kind, id, order, at, leaves)
        self.contestableUntil = contestableUntil
    }
}
