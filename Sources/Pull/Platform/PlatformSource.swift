import Crypto
package import Curl
package import Facts
import HTTPTypes
package import Rules

/// One store's platform, pulled as its pack says.
package struct PlatformSource: Source {
    let store: Store
    let calendar: StoreCalendar
    let plan: PullPlan
    /// Scheme, authority and the path that all others begin with.
    let address: String
    let credentials: PlatformCredentials
    let decoding: FactDecoding
    package let reach: TimeSpan?

    package var name: String { "store:" + store.id }
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
    ///   - reach: how far back the first pull looks; nil, and where the plan asks for all: as far as there is anything.
    package init?(
        _ store: Store, calendar: StoreCalendar, plan: PullPlan, endpoint: String?, credentials: [String: Secret],
        reach: TimeSpan?, decoding: FactDecoding
    ) {
        let credentials = PlatformCredentials(credentials, of: plan)
        guard let address = PlatformSource.address(of: plan, endpoint: endpoint, credentials) else { return nil }
        (self.store, self.calendar, self.plan, self.address) = (store, calendar, plan, address)
        (self.credentials, self.reach, self.decoding) = (credentials, plan.asksForAll ? nil : reach, decoding)
    }

    static func address(of plan: PullPlan, endpoint: String?, _ credentials: PlatformCredentials) -> String? {
        guard var address = endpoint ?? plan.address.flatMap(credentials.filled),
            Request(method: .get, url: address) != nil
        else { return nil }
        while address.hasSuffix("/") { address.removeLast() }
        return address
    }

    package var fingerprint: String {
        let streams = plan.streams.flatMap { [$0] + ($0.details?.streams ?? []) }
        // Who looks farther back than before has to be told what came before.
        let text =
            [address, kinds.kinds.map(\.name).joined(separator: ","), reach.map { "\($0)" } ?? "all"]
            + streams.map { stream in
                stream.name + stream.path + (stream.query + stream.form).map { $0.name + $0.template }.joined()
                    + (stream.list?.values.joined() ?? "")
            }
        return Digests.lowerHex(Array(SHA256.hash(data: Array(text.joined(separator: " ").utf8)).prefix(8)))
    }

    package func allowances(after state: PullState) -> [RateLimit.Allowance] {
        let stream = stream(at: place(of: state)).name
        return plan.limits.enumerated().compactMap { index, limit in
            guard limit.streams.isEmpty || limit.streams.contains(stream) else { return nil }
            // The first credential is the application's.
            let owner = limit.scope == .application ? credentials.application ?? name : name
            return RateLimit.Allowance(
                key: "\(owner) \(address) \(index)",
                limit: RateLimit(calls: limit.calls, per: limit.per, burst: limit.burst))
        }
    }

    // MARK: Where a pull is

    func place(of state: PullState) -> PlatformPlace {
        state.cursor.flatMap { PlatformPlace(text: $0) } ?? beginning(of: 0, state) ?? PlatformPlace()
    }

    func stream(at place: PlatformPlace) -> PullPlan.Stream {
        let stream = plan.streams[min(place.stream, plan.streams.count - 1)]
        guard !place.items.isEmpty, let details = stream.details else { return stream }
        return details.streams[min(place.detail, details.streams.count - 1)]
    }

    /// Of the stream of that number, or of the next one that has its turn; nil: there is none.
    func beginning(of number: Int, _ state: PullState) -> PlatformPlace? {
        let turn: PullPlan.Turn = state.finishedRequestAt == nil ? .first : .later
        return plan.streams.indices.first { place in
            let stream = plan.streams[place]
            return place >= number && [.always, turn].contains(stream.turn) && isDue(stream, state)
                && (stream.markets.isEmpty || stream.markets.contains(store.market ?? ""))
        }.map { PlatformPlace(stream: $0) }
    }

    private func isDue(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        guard let every = stream.every, let last = state.askedAt[stream.name], let now = state.firstRequestAt else {
            return true
        }
        return last + every <= now
    }

    package func noteFinish(of state: inout PullState) {
        for stream in plan.streams where stream.every != nil && isDue(stream, state) {
            state.askedAt[stream.name] = state.firstRequestAt
        }
    }

    /// The time that a stream is asked about, cut into windows no longer than it takes.
    func windows(of stream: PullPlan.Stream, _ state: PullState) -> AskedWindows {
        let until = (state.firstRequestAt ?? state.updatedAfter ?? Timestamp(seconds: 0)) - plan.lag
        var from = state.updatedAfter ?? state.coversFrom
        // What is asked for seldom goes on where it was asked last.
        if let last = state.askedAt[stream.name], let begins = from { from = min(begins, last - overlap) }
        if let again = stream.again, let begins = from { from = min(begins, until - again) }
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
