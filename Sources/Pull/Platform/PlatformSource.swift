import Crypto
package import Curl
package import Facts
import HTTPTypes
package import Rules

/// One store's platform, pulled as its pack says.
package struct PlatformSource: Source {
    let store: Store
    let calendar: StoreCalendar
    var plan: PullPlan
    /// Scheme, authority and the path that all others begin with.
    let address: String
    let credentials: PlatformCredentials
    let decoding: FactDecoding
    /// Cases that may still change as far as anybody knows.
    var openCases: [OpenCase]
    package let reach: TimeSpan?
    /// The store itself says how far back, and no list looks farther.
    let isReachGiven: Bool
    /// Until then the access token is known to be good.
    var tokenIsGoodUntil: Timestamp?
    let remembered = SourceMemory()

    package var name: String { "store:" + store.id }
    /// Among what a store gives: under what the tokens are kept that it may share with others.
    package static var grantCredential: String { PlatformCredentials.grant }
    package var kinds: FactKinds { plan.kinds }
    /// What the platform shows late is asked for again.
    package var overlap: TimeSpan { max(plan.overlap, plan.lag) }
    package var lag: TimeSpan { plan.lag }
    package var memory: TimeSpan? { plan.reach }
    /// What was changed since a moment is asked for; what the platform changed before it showed it.
    package var asksByClock: Bool { true }

    /// nil where `endpoint`, or the plan's address, is none that can be asked.
    ///
    /// - Parameters:
    ///   - endpoint: in place of the plan's address.
    ///   - credentials: by the names of the plan.
    ///   - openCases: that may still change as far as anybody knows.
    ///   - reach: how far back the first pull looks; nil, and where the plan asks for all: as far as there is anything.
    ///   - isReachGiven: the store says so, and no list is to look back farther.
    package init?(
        _ store: Store, calendar: StoreCalendar, plan: PullPlan, endpoint: String?, credentials: [String: Secret],
        openCases: [OpenCase] = [], reach: TimeSpan?, isReachGiven: Bool = false, decoding: FactDecoding
    ) {
        (self.openCases, self.isReachGiven) = (openCases, isReachGiven)
        let credentials = PlatformCredentials(credentials, of: plan, at: endpoint)
        guard let address = PlatformSource.address(of: plan, endpoint: endpoint, credentials) else { return nil }
        (self.store, self.calendar, self.plan, self.address) = (store, calendar, plan, address)
        (self.credentials, self.reach, self.decoding) = (credentials, plan.asksForAll ? nil : reach, decoding)
    }

    static func address(of plan: PullPlan, endpoint: String?, _ credentials: PlatformCredentials) -> String? {
        guard let address = endpoint ?? plan.address.flatMap(credentials.filled),
            Request(method: .get, url: address) != nil
        else { return nil }
        return plan.withoutBase(address).address
    }

    package var fingerprint: String {
        let streams = plan.streams.flatMap { [$0] + ($0.details?.streams ?? []) }
        // Who looks farther back than before has to be told what came before.
        let text =
            [address, kinds.kinds.map(\.name).joined(separator: ","), reach.map { "\($0)" } ?? "all"]
            + streams.map { stream in
                stream.name + stream.path + (stream.report?.type ?? "")
                    + (stream.query + stream.form).map { $0.name + $0.template }.joined()
                    + (stream.list?.values.joined() ?? "")
            }
        return Digests.lowerHex(Array(SHA256.hash(data: Array(text.joined(separator: " ").utf8)).prefix(8)))
    }

    /// A store's own before those it shares, and of these the scarcest first: who waits for one holds up nobody who does
    /// not.
    package func allowances(after state: PullState) -> [RateLimit.Allowance] {
        let stream = reportStep(in: state)?.call.rawValue ?? stream(at: place(of: state)).name
        let counted = plan.limits.filter { $0.streams.isEmpty || $0.streams.contains(stream) }
        var allowances = counted.map { limit in
            let bucket = RateLimit(calls: limit.amount, per: limit.per, burst: limit.burst)
            return RateLimit.Allowance(
                key: key(of: limit), limit: limit.cost == nil ? bucket : bucket.countingLate(),
                headers: limit.headers, scope: limit.scope, isKept: limit.fillsSlowly,
                points: limit.cost.map { .init(stream: stream, expected: $0.expected[stream] ?? 1, told: $0.told) })
        }
        // What may be stopped for all, though nobody knows a number.
        for scope in plan.stoppedScopes where !allowances.contains(where: { $0.scope == scope }) {
            allowances.append(
                RateLimit.Allowance(key: "\(owner(of: scope)) \(address) all", limit: .open, scope: scope))
        }
        return allowances.sorted { ($0.isShared ? 1 : 0, $1.limit.each) < ($1.isShared ? 1 : 0, $0.limit.each) }
    }

    /// Which stream is asked, and how far it has come: of a first pull, that may take hours, for people.
    package func progress(of state: PullState) -> PullProgress? {
        guard state.cursor != nil else { return nil }
        let place = place(of: state)
        let stream = outer(at: place)
        let turn: PullPlan.Turn = state.finishedRequestAt == nil ? .first : .later
        let asked = plan.streams.indices.filter { [.always, turn].contains(plan.streams[$0].turn) }
        let windows = windows(of: stream, state)
        return PullProgress(
            stream: stream.name, number: (asked.firstIndex(of: place.stream) ?? 0) + 1, of: asked.count,
            part: place.value * windows.count + min(place.window, windows.count - 1) + 1,
            parts: windows.count * (stream.list?.values.count ?? 1))
    }

    // MARK: Where a pull is

    func place(of state: PullState) -> PlatformPlace {
        var place = state.cursor.flatMap(remembered.place)
        // A report that is no longer waited for is not where anything goes on.
        if let known = place, stream(at: known).report != nil, order(at: known, state) == nil { place = nil }
        return place ?? beginning(of: 0, state) ?? PlatformPlace()
    }

    /// The list at hand, whatever is asked for its items.
    func outer(at place: PlatformPlace) -> PullPlan.Stream { plan.streams[min(place.stream, plan.streams.count - 1)] }

    /// What is asked next: the list, or what is asked for one of its items.
    func stream(at place: PlatformPlace) -> PullPlan.Stream {
        let stream = outer(at: place)
        guard !place.items.isEmpty, let details = stream.details else { return stream }
        if stream.open != nil {
            // An open case is asked for first, and then what is asked for it.
            guard place.detail > 0 else { return stream }
            return details.streams[min(place.detail, details.streams.count) - 1]
        }
        return details.streams[min(place.detail, details.streams.count - 1)]
    }

    /// Of the stream of that number, or of the next one that has its turn; nil: there is none.
    func beginning(of number: Int, _ state: PullState) -> PlatformPlace? {
        for index in plan.streams.indices.dropFirst(number) {
            let stream = plan.streams[index]
            guard hasTurn(stream, state), isOfMarket(stream), !isRefused(stream, state) else { continue }
            // Begun again for what is asked for its items alone.
            let isForItems =
                stream.turn == .first && state.finishedRequestAt != nil
                && (stream.right == nil || stream.optional?.other != nil)
            if isForItems, stream.details?.streams.contains(where: { isRefused($0, state) }) ?? false { continue }
            // What stands in for another is asked in the pulls in which that one is withheld.
            if let other = stream.instead, !plan.streams.contains(where: { $0.name == other && isRefused($0, state) }) {
                continue
            }
            var place = PlatformPlace(stream: index)
            if stream.report != nil {
                guard let part = part(of: stream, after: -1, state) else { continue }
                place.window = part
            } else if !isDue(stream, state) {
                continue
            } else if let open = stream.open {
                (place.items, place.isLastPage) = (items(of: open, state), true)
                if place.items.isEmpty { continue }
            }
            return place
        }
        return nil
    }

    private func items(of open: PullPlan.OpenCases, _ state: PullState) -> [PlatformPlace.Item] {
        open.asked(of: openCases, at: state.firstRequestAt ?? Timestamp(seconds: 0)).map {
            PlatformPlace.Item(asked: $0, known: $0)
        }
    }

    /// What was withheld so far is begun as in a first pull.
    func hasTurn(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        let isFirst =
            state.finishedRequestAt == nil || wasWithheld(stream, state) && lastGiven(stream, state) == nil
        // What was told without an extra was told: the lists of later pulls go on as ever.
        if isFirst, stream.turn == .later, isAnewForExtras(stream, state) { return true }
        return [.always, isFirst ? .first : .later].contains(stream.turn)
    }

    func isOfMarket(_ stream: PullPlan.Stream) -> Bool {
        stream.markets.isEmpty
            || stream.markets.contains(store.market ?? plan.market(of: { credentials[$0] }) ?? "")
    }

    func isDue(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        guard let every = stream.every, let last = state.askedAt[stream.name], let now = state.firstRequestAt else {
            return true
        }
        return last + every <= now
    }

    package func noteFinish(of state: inout PullState) {
        noteWithheld(in: &state)
        for stream in plan.streams where stream.every != nil && stream.report == nil && isDue(stream, state) {
            // One of several that are withheld together is asked for once the first of them is given.
            if stream.optional?.right != nil, isRefused(stream, state) { continue }
            state.askedAt[stream.name] = state.firstRequestAt
        }
        // The first pull has read it all.
        let isFirst = state.finishedRequestAt == nil
        for reread in plan.rereads where isFirst || isDue(reread, state) {
            state.askedAt[reread.name] = state.firstRequestAt
        }
    }

    private func isDue(_ reread: PullPlan.Reread, _ state: PullState) -> Bool {
        guard let last = state.askedAt[reread.name], let now = state.firstRequestAt else { return false }
        return last + reread.every <= now
    }

    /// As of which what a stream tells had been told before; nil: it had not.
    func toldUntil(_ stream: PullPlan.Stream, _ state: PullState) -> Timestamp? {
        guard stream.open == nil, stream.report == nil, !wasWithheld(stream, state),
            let last = state.finishedRequestAt
        else { return nil }
        if stream.every == nil { return last - plan.lag }
        return state.askedAt[stream.name].map { $0 - plan.lag }
    }

    /// The time that a stream is asked about, cut into windows no longer than it takes.
    func windows(of stream: PullPlan.Stream, _ state: PullState) -> AskedWindows {
        // What is shown at once is asked for at once; what the pull vouches for ends before it by the lag.
        let until = (state.firstRequestAt ?? state.updatedAfter ?? Timestamp(seconds: 0)) - (plan.margin ?? plan.lag)
        var from = state.updatedAfter ?? state.coversFrom
        // What is asked for seldom goes on where it was asked last.
        if let last = state.askedAt[stream.name], let begins = from { from = min(begins, last - overlap) }
        for reread in plan.rereads where stream.every == nil && isDue(reread, state) {
            if let begins = from { from = min(begins, max(until - reread.back, state.coversFrom ?? begins)) }
        }
        // Of what was withheld nothing is known, or nothing since it was given last.
        if wasWithheld(stream, state),
            stream.turn != .later || !isAnewForExtras(stream, state) || lastGiven(stream, state) != nil
        {
            from =
                lastGiven(stream, state).map { last in from.map { min($0, last - overlap) } ?? last }
                ?? state.coversFrom
        }
        if let again = stream.again, let begins = from {
            // Where the store says how far back, what lies before that is nobody's business.
            let edge = isReachGiven ? state.coversFrom : nil
            from = min(begins, max(until - again, edge ?? until - again))
        }
        if let reach = stream.reach { from = max(from ?? until - reach, until - reach) }
        return AskedWindows(from: from.map { min($0, until) }, until: until, longest: stream.window)
    }

    /// As far back as the first pull looked, and no farther than the platform lets anybody look now.
    func since(_ stream: PullPlan.Stream, _ state: PullState) -> Timestamp? {
        let until = (state.firstRequestAt ?? Timestamp(seconds: 0)) - plan.lag
        guard let reach = [stream.reach, plan.reach].compactMap({ $0 }).min() else { return state.coversFrom }
        return state.coversFrom.map { max($0, until - reach) } ?? until - reach
    }
}

extension PullPlan.Limit {
    /// It counts over half a day or more, or a burst that was used takes ten minutes and more to come back: a restart, or
    /// one pull after the other from a timetable, must not use it twice.
    fileprivate var fillsSlowly: Bool {
        let burst = burst.map { TimeSpan(microseconds: per.microseconds / Int64(amount) * Int64($0)) } ?? .zero
        return per >= .hours(12) || burst >= .minutes(10)
    }
}

extension PullPlan.Reread {
    /// By which a state knows when it was done last.
    fileprivate var name: String { "reread \(back)" }
}

/// Stretches of time one after another, the oldest first: what a platform forgets soonest is asked for before the rest.
struct AskedWindows: Sendable, Hashable {
    /// nil: from the beginning.
    let from: Timestamp?
    let until: Timestamp
    let longest: TimeSpan?

    var count: Int {
        guard let from, let longest, until > from else { return 1 }
        return Int(((until - from).microseconds + longest.microseconds - 1) / longest.microseconds)
    }

    subscript(_ index: Int) -> (from: Timestamp?, until: Timestamp) {
        guard let longest else { return (from, until) }
        guard let from else { return (until - longest, until) }
        let begin = min(from + TimeSpan(microseconds: Int64(index) * longest.microseconds), until)
        return (begin, min(begin + longest, until))
    }
}
