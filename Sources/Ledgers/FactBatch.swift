package import Facts

/// One page of a pull, or one stretch of a file, as it is committed: all of it or nothing.
package struct FactBatch: Sendable {
    package var source: SourceName
    /// In the order of arrival; the same fact and the same order file may occur several times.
    package var facts: [Fact]
    /// What did not become a fact.
    package var rejections: [PlacedRejection]
    /// What the source names all of, in the order of `factsBefore`: what is missing there was deleted, and comes back when
    /// it is brought again.
    package var wholes: [WholeList]
    /// Where the pull stands after this page; nil when the source has no cursor (a file).
    package var cursor: PullCursor?
    /// Set on the batch that ends a pull or a file: what is complete from now on.
    package var finish: PullFinish?
    /// Which part it is of what the source tells.
    package var part: Part
    /// When this was read; quarantine counts days from it.
    package var readAt: Timestamp
    /// As of which the source had told everything before: what it changed earlier and tells only now is late. nil: it is
    /// not looked at.
    package var toldUntil: Timestamp?
    /// A file that was read anew from its beginning to its end.
    package var reread: Reread?

    package init(
        source: SourceName, facts: [Fact] = [], rejections: [PlacedRejection] = [], wholes: [WholeList] = [],
        cursor: PullCursor? = nil, finish: PullFinish? = nil, part: Part = .whole, readAt: Timestamp,
        toldUntil: Timestamp? = nil, reread: Reread? = nil
    ) {
        (self.toldUntil, self.reread) = (toldUntil, reread)
        (self.source, self.facts, self.rejections, self.wholes) = (source, facts, rejections, wholes)
        (self.cursor, self.finish, self.part, self.readAt) = (cursor, finish, part, readAt)
    }

    /// Of what a source tells in several batches: half of a correction is nothing to judge by. What belongs together has
    /// a name: a pull, or a file.
    package enum Part: Sendable, Hashable {
        /// It stands by itself.
        case whole
        /// More belongs to it and is still to come: what it moves of stores is half told.
        case more(of: Telling)
        /// Now all is there that belongs to it of these stores. And of these kinds all that there is, so that what an earlier
        /// edition of it left half told is half told no more; of those lacking more belongs to it that did not come.
        case last(of: Telling, PullFinish.Stores = .all, FactKinds = .all, lacking: FactKinds = [])
        /// It has come to its end, and something of it could not be read that may be any of these stores'.
        case broken(Telling, [String], FactKinds)
    }

    /// What several batches belong to: a pull, or a file.
    package struct Telling: Sendable, Hashable {
        package var name: String
        /// What tells one content of a file from a later one under the same name; empty where there is but one.
        package var edition: String

        package init(_ name: String, edition: String = "") { (self.name, self.edition) = (name, edition) }

        package static let pull = Telling("pull")
    }
}

/// A file that tells all again that it told before: what could not be read of it then, and was not met again, counts no
/// longer.
package struct Reread: Sendable, Hashable {
    /// By which the positions of its rejections begin.
    package var file: String
    /// When it was begun: what was rejected since is met in it still.
    package var since: Timestamp
    /// Whose it is. Of other stores, which a file of the same name may be about, nothing is settled.
    package var stores: [String]

    package init(file: String, since: Timestamp, stores: [String]) {
        (self.file, self.since, self.stores) = (file, since, stores)
    }
}

/// One thing that could not be read, and where it stood.
package struct PlacedRejection: Sendable {
    /// For people: `orders.jsonl:17`, `page 3, fact 12`.
    package var position: String
    package var rejection: Rejection
    /// How many facts of the batch stood before it: a fact may be read badly and, further on, well.
    package var factsBefore: Int

    package init(position: String, rejection: Rejection, factsBefore: Int = 0) {
        (self.position, self.rejection, self.factsBefore) = (position, rejection, factsBefore)
    }
}

/// Where a pull stands after a page, so that it goes on there after a stop.
package struct PullCursor: Sendable, Hashable {
    /// For the platform, the store pulled; nil for a feed, which brings many.
    package var store: String?
    /// In the puller's own words; the ledger only keeps it.
    package var state: String

    package init(store: String? = nil, state: String) { (self.store, self.state) = (store, state) }
}

/// What a finished pull, or a file read to its end, makes complete.
package struct PullFinish: Sendable, Hashable {
    package enum Stores: Sendable, Hashable {
        /// Every store that the source ever brought, those of later pulls included: one row whatever their number.
        case all
        case these([String])
    }

    package var stores: Stores
    /// `measure` is passed over: readings have no coverage.
    package var kinds: FactKinds
    /// Complete for [from, until); nil: from the beginning.
    package var from: Timestamp?
    package var until: Timestamp
    /// Kinds of these that are complete only until an earlier moment.
    package var late: [FactKind: Timestamp]

    package init(
        stores: Stores, kinds: FactKinds, from: Timestamp? = nil, until: Timestamp, late: [FactKind: Timestamp] = [:]
    ) {
        (self.stores, self.kinds, self.from, self.until, self.late) = (stores, kinds, from, until, late)
    }
}
