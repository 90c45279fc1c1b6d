package import Facts
package import Rollups
package import Rules

/// What an evaluation of one store asks of the ledger.
package struct ReadingRequest: Sendable {
    package var store: String
    package var needs: Needs
    /// By which the store's figures are counted.
    package var plan: RollupPlan
    /// Decides, for kinds that nobody has brought, whose coverage speaks.
    package var sources: SourcePrecedence
    /// Newest readings are those at or before this moment; nil: of all.
    package var at: Timestamp?
    /// The moment at which marks have to be in force; nil: now.
    package var marksAt: Timestamp?

    package init(
        store: String, needs: Needs, plan: RollupPlan, sources: SourcePrecedence, at: Timestamp? = nil,
        marksAt: Timestamp? = nil
    ) {
        (self.store, self.needs, self.plan, self.sources) = (store, needs, plan, sources)
        (self.at, self.marksAt) = (at, marksAt)
    }
}

/// What the ledger knows of one store, as of one moment of the ledger.
package struct StoreReading: Sendable {
    package var store: String
    /// 0 for a store never seen.
    package var revision: Int64
    package var sums: StoreSums
    /// Of the source that holds each kind.
    package var coverage: Coverage
    /// Whose word each interval of `coverage` is: of a kind that nobody brought yet, who would bring it.
    package var coveredBy: [FactKind: SourceName]
    /// Of the last 30 days, less those read well since; those of its feeds that name no store among them.
    package var quarantined: Int
    /// When the oldest of these counts no longer.
    package var quarantineEases: Timestamp?
    /// The newest reading, by the measure's name.
    package var newestMeasures: [String: MeasureReading]
    /// Whose facts stand, by kind: one source, of measures one a name. Kinds that nobody brought are left out.
    package var sources: [FactKind: Set<SourceName>]
    /// Kinds whose facts stand by another source than the configuration names; `adopt` settles that, and until then
    /// nothing covers them.
    package var unsettled: FactKinds = []
    /// Kinds that a pull or an import has moved and that it is in the middle of, or broke off in; by source.
    package var halfTold: [SourceName: FactKinds] = [:]
    /// The names of the measures that stand by one of those.
    package var halfToldMeasures: Set<String> = []
    /// Breaches that somebody answers for, by rule, as it was said to the ledger.
    package var accepted: [String: Acceptance] = [:]
    /// What our own people have marked; nil when no mark is in force.
    package var marks: MarksInForce?
    /// The files of the marked facts; nil where no figure was asked for.
    package var marked: MarkedFiles?
    /// Where somebody marked facts, the figures counted the other way: with marks where `sums` are without.
    package var others: StoreSums?

    /// Those of them that stand by the source; measures, which are held name by name, are left out.
    package var halfToldKinds: FactKinds {
        var result = FactKinds()
        for (source, kinds) in halfTold {
            for kind in kinds.kinds where kind != .measure {
                if coveredBy[kind] == source || sources[kind]?.contains(source) ?? false { result.insert(kind) }
            }
        }
        return result
    }
}

/// Asks for all that a store's buckets hold from a day on.
package struct BucketRequest: Sendable {
    package var store: String
    package var plan: RollupPlan
    package var from: LocalDay

    package init(store: String, plan: RollupPlan, from: LocalDay) {
        (self.store, self.plan, self.from) = (store, plan, from)
    }
}

/// A store's buckets as a change from nothing.
package struct StoreBuckets: Sendable {
    /// 0 for a store never seen.
    package var revision: Int64
    /// By the index of the aggregate in the plan that was asked for.
    package var change: RollupChange
}

/// How far `adopt` is.
package struct AdoptProgress: Sendable, Hashable {
    package var storesDone: Int
    package var storesInAll: Int
    /// Facts counted so far.
    package var facts: Int

    package init(storesDone: Int, storesInAll: Int, facts: Int) {
        (self.storesDone, self.storesInAll, self.facts) = (storesDone, storesInAll, facts)
    }
}

/// What a recount of one store found.
package struct RollupVerification: Sendable, Hashable {
    /// Empty when every bucket agrees with the facts to the last digit.
    package var differences: [RollupDifference]
    /// Aggregates that have no buckets yet: nothing was compared.
    package var unbuilt: [Aggregate]

    package init(differences: [RollupDifference], unbuilt: [Aggregate]) {
        (self.differences, self.unbuilt) = (differences, unbuilt)
    }
}

/// A bucket that does not say what the facts say.
package struct RollupDifference: Sendable, Hashable {
    package var aggregate: Aggregate
    package var day: LocalDay
    package var kept: Cell
    package var counted: Cell
}
