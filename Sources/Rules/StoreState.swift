package import Facts
package import Language

/// What an evaluation of one store starts from, besides the facts.
package struct StoreState: Sendable {
    package var store: Store
    package var calendar: StoreCalendar
    package var pack: Pack
    package var overrides: StoreOverrides
    /// What is known to be complete, of the source that each kind has.
    package var coverage: Coverage
    /// Of the sources that bring the kinds. A kind that is not listed is held to what files are held to.
    package var freshness: [FactKind: Freshness]
    /// Facts of the store that are set aside because they cannot be read.
    package var quarantined: Int
    /// More than this make everything about the store unknown.
    package var quarantineLimit: Int
    /// For each measure's name its newest reading.
    package var newestMeasures: [String: MeasureReading]
    /// Kinds that stand by another source than the configuration names: nothing covers them.
    package var unsettled: FactKinds = []
    /// Kinds of which a source has told a part, and more belongs to it.
    package var halfTold: FactKinds = []
    /// Names of measures, likewise.
    package var halfToldMeasures: Set<String> = []

    /// Ours beside the platform's newest figures, by metric; of those that a rule distrusts it has to be there.
    package var comparisons: [String: Comparison] = [:]
    /// Its standings follow what our own people have marked, and not the platform's figures.
    package var countsMarks = false

    /// What decides about the values of the pack's parameters: what the configuration says, and what the platform shows
    /// this store.
    package var terms: StoreOverrides { pack.terms(overrides, newestMeasures) }

    /// What a rule reads and nobody brings, where the pack says that a store may do without. In the middle of its first
    /// pull a kind is on its way; and what the platform refuses is there, and nobody knows it.
    func unbrought(for rule: Rule) -> FactKinds {
        guard !pack.optional.isEmpty else { return [] }
        let kinds = rule.reach.kinds.intersection(pack.optional).subtracting(coverage.kinds).subtracting(halfTold)
        guard !kinds.isEmpty, !newestMeasures.isEmpty, let plan = pack.pull else { return kinds }
        return kinds.subtracting(plan.withheldKinds(newestMeasures))
    }

    /// What a rule reads and of which a part was told.
    package func halfTold(of rule: Rule) -> FactKinds {
        var kinds = rule.reach.kinds.intersection(halfTold)
        guard !halfToldMeasures.isEmpty else { return kinds }
        let isMeasured = rule.reach.readings.contains {
            $0.names.map { !halfToldMeasures.isDisjoint(with: $0) } ?? true
        }
        if isMeasured { kinds.insert(.measure) }
        return kinds
    }

    /// Why the platform does not tell what any of these rests on; nil: it does.
    package func withheld(from expressions: [TypedExpression]) -> Words? {
        guard !newestMeasures.isEmpty else { return nil }
        return pack.pull?.withheld(from: expressions, in: pack.vocabulary, newestMeasures)
    }

    /// Whether a rule rests on what the platform withholds, and the pack does not say that a store may do without.
    package func lacksRight(for rule: Rule) -> Bool {
        guard isAnyWithheld, let plan = pack.pull else { return false }
        if withheld(from: rule.conditions.map(\.expression)) != nil { return true }
        let whole = plan.wholeListsWithheld(newestMeasures).subtracting(pack.optional)
        return !rule.reach.kinds.isDisjoint(with: whole)
    }

    /// Nothing is known of some of what the pack counts.
    package var isAnyWithheld: Bool {
        newestMeasures.contains { $0.key.hasPrefix(Self.withheldName) && $0.value.isWithheld }
    }
    static let withheldName = PullPlan.OptionalList.reading(of: "")

    package init(
        store: Store, calendar: StoreCalendar, pack: Pack, overrides: StoreOverrides = StoreOverrides(),
        coverage: Coverage, freshness: [FactKind: Freshness] = [:], quarantined: Int = 0, quarantineLimit: Int = 10,
        newestMeasures: [String: MeasureReading] = [:]
    ) {
        (self.store, self.calendar, self.pack, self.overrides) = (store, calendar, pack, overrides)
        (self.coverage, self.freshness) = (coverage, freshness)
        (self.quarantined, self.quarantineLimit, self.newestMeasures) = (quarantined, quarantineLimit, newestMeasures)
    }
}

/// How far what is known may lie behind the clock before it is stale.
package struct Freshness: Sendable, Hashable {
    /// How late the platform itself publishes.
    package var settles: TimeSpan
    /// How late we may be on top of that.
    package var staleAfter: TimeSpan

    package init(settles: TimeSpan = .zero, staleAfter: TimeSpan) {
        (self.settles, self.staleAfter) = (settles, staleAfter)
    }

    /// A file a day, with two hours to spare.
    package static let file = Freshness(staleAfter: .hours(26))

    /// The last moment at which what is covered until then is fresh.
    package func freshUntil(_ coveredUntil: Timestamp) -> Timestamp { coveredUntil + settles + staleAfter }

    package func isStale(_ coveredUntil: Timestamp, at clock: Timestamp) -> Bool { clock > freshUntil(coveredUntil) }
}
