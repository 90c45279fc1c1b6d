import Facts

/// How far one pull has come: the state to go on from, and what is remembered only while it lasts.
struct PullCourse: Sendable {
    /// `feed:erp`.
    let source: String
    var state: PullState
    var repeated = RepeatedPages()
    /// Pages fetched by this call, not by those that it goes on from.
    var fetched = 0
    let resumes: Bool
    /// The next page could not be had at once.
    var again: Again?

    /// Which attempt at it is to come, and when.
    struct Again: Sendable {
        let attempt: Int
        let at: Timestamp
        /// Why.
        let failure: PullFailure
    }

    init(source: String, state: PullState) {
        (self.source, self.state, resumes) = (source, state, state.cursor != nil)
    }
}

/// Pages that were fetched one after another and are committed together, and what came after them.
struct PageGroup: Sendable {
    var course: PullCourse
    private var facts: [Fact] = []
    private var rejections: [RejectedText] = []
    private var wholes: [WholeList] = []
    private var unknownMembers = UnknownMembers()
    private var count = 0
    private var number = 0
    private var finish: PulledPages.Finish?
    private var progress: PullProgress?
    private var toldUntil: Timestamp?
    private var refused: [String] = []
    private var failure: PullFailure?

    init(_ course: PullCourse) { self.course = course }

    /// Facts and pages: an empty page weighs something too.
    var weight: Int { facts.count + count }
    var isEmpty: Bool { count == 0 }
    /// Nothing comes after it in this pull.
    var isLast: Bool { finish != nil || failure != nil }

    /// Once it is the last.
    var outcome: PullOutcome { failure.map { .failed($0, course.state) } ?? .finished(course.state) }

    /// nil when it has no page: the first one failed already.
    func pages(readAt moment: Timestamp) -> PulledPages? {
        guard count > 0 else { return nil }
        return PulledPages(
            source: course.source, number: number, count: count, facts: facts, rejections: rejections,
            wholes: wholes, unknownMembers: unknownMembers, state: course.state, finish: finish, progress: progress,
            readAt: moment, toldUntil: toldUntil, refused: refused)
    }

    /// A page could not be fetched. Those before it are good.
    mutating func fail(_ failure: PullFailure) {
        // A place that failed twice in a row, with nothing gained between, may be one that is no longer there.
        if failure.error.concernsPlace, course.fetched == 0, course.resumes { course.state.abandon() }
        course.state.notBefore = failure.notBefore
        self.failure = failure
    }

    mutating func take(_ page: Page, of source: some Source, now: Timestamp) {
        number = course.state.seen.count + 1
        course.state.note(page.facts)
        if !page.facts.isEmpty {
            // Of pages of which nobody can say it nothing is said.
            let told = page.toldUntil ?? Timestamp(microseconds: .min)
            toldUntil = min(toldUntil ?? told, told)
        }
        course.state.apply(page.reports)
        if let list = page.withheld { course.state.withheld[list] = course.state.firstRequestAt }
        if let right = page.givenAgain { course.state.noteGivenAgain(right) }
        (course.fetched, course.again) = (course.fetched + 1, nil)
        count += 1
        let before = facts.count
        rejections += page.rejections.map {
            RejectedText(position: $0.position, rejection: $0.rejection, factsBefore: before + $0.factsBefore)
        }
        for var whole in page.wholes {
            whole.factsBefore += before
            wholes.append(whole)
        }
        facts += page.facts
        facts += page.remarks
        unknownMembers.formUnion(page.unknownMembers)
        refused += page.refused.map { [$0] } ?? []
        guard let next = page.next else {
            let until = (course.state.firstRequestAt ?? now) - source.lag
            finish = source.finish(of: course.state, until: until)
            source.noteFinish(of: &course.state)
            course.state.finish(
                overlap: max(source.overlap, course.state.lateness?.overlap ?? .zero),
                etag: number == 1 ? page.etag : nil, byClock: source.asksByClock)
            return
        }
        let bringsNew = course.repeated.note(page.facts)
        if course.state.seen.insert(next), bringsNew {
            course.state.cursor = next
            progress = source.progress(of: course.state)
        } else {
            // What the page brought is good; only where it leads is not.
            let place = source.asked(after: course.state)
            course.state.abandon()
            failure = PullFailure(
                source: course.source, page: number, attempts: 1, error: bringsNew ? .loop : .endless, notBefore: nil,
                place: place)
        }
    }
}
