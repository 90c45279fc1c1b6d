import Curl
package import Facts
import HTTPTypes
package import Ledgers
import Pull
import Rollups
import Rules

/// What is pulled by itself, on a schedule of its own: a feed, or one store's platform.
package enum PullSubject: Sendable {
    case feed(FeedEntry)
    case store(Watched, PlatformAccess)

    /// Of the feed, or of the store.
    package var id: String {
        switch self {
        case .feed(let feed): feed.id
        case .store(let watched, _): watched.store.id
        }
    }

    package var every: TimeSpan {
        switch self {
        case .feed(let feed): feed.every
        case .store(_, let access): access.every
        }
    }

    package var words: Words {
        switch self {
        case .feed(let feed): Words(en: "feed '\(feed.id)'", zh: "数据源 '\(feed.id)'")
        case .store(let watched, _): Words(en: "store '\(watched.store.id)'", zh: "店铺 '\(watched.store.id)'")
        }
    }

    var bringer: Words {
        switch self {
        case .feed: Words(en: "the feed", zh: "该数据源")
        case .store: Words(en: "the platform", zh: "平台")
        }
    }

    var name: SourceName {
        switch self {
        case .feed(let feed): .feed(feed.id)
        case .store: .platform
        }
    }

    /// nil for a feed, which brings many.
    var store: String? {
        if case .store(let watched, _) = self { watched.store.id } else { nil }
    }

    /// As the ledger knows it.
    package var pulled: PulledSource { PulledSource(name, store: store) }

    /// With whom it shares limits, and so waits: the stores of a platform under one account. A feed is one of its own.
    var line: String {
        switch self {
        case .feed(let feed): "feed:" + feed.id
        case .store(let watched, let access): "\(watched.pack.name) \(access.account ?? "")"
        }
    }

    /// What is given for asking it, with the access token that is good now.
    ///
    /// - Parameter refused: a token that the platform no longer takes.
    func credentials(_ tokens: TokenKeeper, refused: Secret? = nil) async throws -> [String: Secret] {
        guard case .store(let watched, let access) = self, let plan = watched.pack.pull else { return [:] }
        return try await tokens.credentials(
            of: watched.store.id, access, plan, market: watched.store.market, refused: refused)
    }

    /// Its platform is asked about each case that is known to be open.
    var asksForOpenCases: Bool {
        guard case .store(let watched, _) = self else { return false }
        return watched.pack.pull?.streams.contains { $0.open != nil } ?? false
    }

    /// The access token among what is given.
    func token(in credentials: [String: Secret]) -> Secret? {
        guard case .store(let watched, _) = self, let plan = watched.pack.pull, plan.token != nil else { return nil }
        return credentials[PullPlan.TokenPlan.credential(in: plan)]
    }

    /// - Parameter credentials: what a store gives for its platform, and the token that is good now.
    func source(
        _ decoding: FactDecoding, in fleet: Fleet, at now: Timestamp, credentials: [String: Secret],
        openCases: [OpenCase] = []
    ) -> any Source {
        let source: (any Source)? =
            switch self {
            case .feed(let feed):
                FeedSource(
                    id: feed.id, url: feed.url,
                    headers: feed.headers.compactMap { header in
                        HTTPField.Name(header.name).map { ($0, header.value) }
                    }, kinds: feed.kinds.map { FactKinds($0) } ?? .all, overlap: feed.overlap, decoding: decoding)
            case .store(let watched, let access):
                watched.pack.pull.flatMap { plan in
                    PlatformSource(
                        watched.store, calendar: watched.calendar,
                        plan: plan.paced(access.streams, callsPerSecond: access.callsPerSecond),
                        endpoint: access.endpoint,
                        credentials: credentials, openCases: openCases,
                        reach: access.since ?? PullSubject.reach(of: watched, plan, in: fleet, at: now),
                        isReachGiven: access.since != nil,
                        decoding: decoding)
                }
            }
        guard let source else { preconditionFailure("the configuration let an address through that cannot be asked") }
        return source
    }

    /// As far back as the longest window of the pack looks, and a month more for orders on their way to it; no farther than
    /// the platform lets anybody. In whole months of 31 days, so that it stays the same as days go by and months differ.
    private static func reach(of watched: Watched, _ plan: PullPlan, in fleet: Fleet, at now: Timestamp) -> TimeSpan {
        let set = fleet.plan(of: watched, on: watched.calendar.day(of: now)).set
        let begins = set.readings.filter { $0.window != nil }
            .map { $0.span(at: now, in: watched.calendar).extent(in: watched.calendar) }.filter { !$0.isEmpty }
            .map(\.lowerBound)
        let days = begins.min().map { (now - $0).microseconds / TimeSpan.days(1).microseconds } ?? 90
        let longest = TimeSpan.days((days / 31 + 2) * 31)
        return plan.reach.map { min($0, longest) } ?? longest
    }
}
