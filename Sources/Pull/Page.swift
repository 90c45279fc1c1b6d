package import Facts

/// One reply of a source as facts.
package struct Page: Sendable {
    package var facts: [Fact]
    /// Those that did not become facts, each with its place in the page.
    package var rejections: [RejectedText]
    /// What it names all of.
    package var wholes: [WholeList] = []
    /// Where the next page is; nil when this was the last.
    package var next: String?
    package var etag: String?
    package var unknownMembers = UnknownMembers()
    /// As of which what this page is of had been told before; nil: it had not, or nobody can say.
    package var toldUntil: Timestamp?
    package var reports: [ReportChange] = []
    /// What was asked for beside the rest and is not had: the platform's own figures, say.
    package var refused: String?
    /// The list that was asked for is withheld.
    package var withheld: String?
    /// What was withheld from the items of a list, by its right, and is given now.
    package var givenAgain: String?
    /// Facts that no answer holds: what the pull itself says of its lists.
    package var remarks: [Fact] = []

    package init(
        facts: [Fact] = [], rejections: [RejectedText] = [], next: String? = nil,
        etag: String? = nil
    ) {
        (self.facts, self.rejections, self.next) = (facts, rejections, next)
        self.etag = etag
    }
}

/// Pages as they are handed over to be committed, one or several: facts, what was set aside, and the state to go on
/// from, together.
package struct PulledPages: Sendable {
    /// `feed:erp`.
    package let source: String
    /// Of the last of them; from 1, over the whole pull, interruptions included.
    package let number: Int
    package let count: Int
    package let facts: [Fact]
    package let rejections: [RejectedText]
    package let wholes: [WholeList]
    package let unknownMembers: UnknownMembers
    /// What a later pull goes on from once they are committed.
    package let state: PullState
    /// Set with the last page only.
    package let finish: Finish?
    /// How far the pull has come with them.
    package let progress: PullProgress?
    package let readAt: Timestamp
    /// Of all of them, the earliest.
    package let toldUntil: Timestamp?
    package let refused: [String]

    /// What a finished pull covers: for every store that the source ever brought, these kinds, from the beginning (or
    /// as far as the first pull looked back) until its first request was sent.
    package struct Finish: Sendable, Hashable {
        package let kinds: FactKinds
        package let from: Timestamp?
        package let until: Timestamp
        /// Kinds of these that are complete only until an earlier moment: what reports tell was asked for before.
        package var late: [FactKind: Timestamp] = [:]
        /// Kinds of lists that are withheld: where a part of one was told before, more belongs to it.
        package var withheld: FactKinds = []

        package init(
            kinds: FactKinds, from: Timestamp? = nil, until: Timestamp, late: [FactKind: Timestamp] = [:],
            withheld: FactKinds = []
        ) {
            (self.kinds, self.from, self.until, self.late, self.withheld) = (kinds, from, until, late, withheld)
        }
    }
}

/// What did not become a fact, and where in its page or file it stood.
package struct RejectedText: Sendable {
    /// For people: `line 17`, `page 3, fact 12`.
    package let position: String
    package let rejection: Rejection
    /// How many facts of the same page or batch stood before it.
    package let factsBefore: Int

    package init(position: String, rejection: Rejection, factsBefore: Int) {
        (self.position, self.rejection, self.factsBefore) = (position, rejection, factsBefore)
    }
}
