import Curl
package import Facts
package import Ledgers
import Pull
import Rules

/// Reckons what the pulls of a configuration come to.
package struct CallPlanner: Sendable {
    private let fleet: Fleet
    private let now: Timestamp
    /// So far back the ledger is asked how much happens.
    package static let lookBack: Int64 = 28
    /// How often at most stores and readings are proposed to be pulled, the most often first.
    private static let paces: [TimeSpan] =
        [.minutes(15), .minutes(20), .minutes(30), .minutes(45)] + [1, 2, 3, 4, 6, 8, 12].map { .hours($0) } + [
            .days(1)
        ]
    private static let slowPaces = paces + [.days(2), .days(3), .days(7)]

    package init(_ fleet: Fleet, at now: Timestamp) { (self.fleet, self.now) = (fleet, now) }

    /// What is known of one store.
    struct Known: Sendable {
        /// nil: nothing yet.
        var paces: [FactKind: Pace]?
        var isFilled: Bool
        /// Cases that may still change, where the platform is asked about each.
        var open: [OpenCase] = []
    }

    /// Without a look at the ledger.
    ///
    /// - Parameter assuming: orders a day at each store; nil: the least that is asked, whatever happens.
    package func plan(assuming: Int64?) -> CallPlan {
        plan({ _ in Known(paces: nil, isFilled: false) }, assuming: assuming)
    }

    /// What is asked, by what the ledger knows of the last days.
    ///
    /// - Parameter assuming: orders a day at stores of which it knows nothing yet.
    package func plan(from ledger: any Ledger, assuming: Int64) async throws(LedgerError) -> CallPlan {
        var known: [String: Known] = [:]
        let activity = try await ledger.activity(from: now - .days(Self.lookBack), until: now)
        for subject in fleet.pullSubjects {
            guard let store = subject.store else { continue }
            let record = try await ledger.pullRecord(of: .platform, store: store)
            let state = record.state.flatMap { PullState(text: $0) }
            guard let state, state.finishedRequestAt != nil else { continue }
            let begins = max(now - .days(Self.lookBack), state.coversFrom ?? Timestamp(microseconds: .min))
            let span = max(TimeSpan.days(1), now - begins)
            known[store] = Known(
                paces: (activity[store] ?? [:]).mapValues { Pace($0, in: span) }, isFilled: true,
                open: try await ledger.openCases(of: subject))
        }
        return plan({ [known] in known[$0] ?? Known(paces: nil, isFilled: false) }, assuming: assuming)
    }

    /// A tenth of the orders has a case, as a guess on the safe side, and every order changes four times.
    private static func assumption(_ orders: Int64) -> [FactKind: Pace] {
        [
            .order: Pace(begun: orders * 1000, changed: orders * 4000),
            .refund: Pace(begun: orders * 100, changed: orders * 300),
            .rating: Pace(begun: orders * 300, changed: orders * 300),
            .case: Pace(begun: orders * 50, changed: orders * 150),
        ]
    }

    private struct Member {
        var store: String
        var source: PlatformSource
        var every: TimeSpan
        var paces: [FactKind: Pace]
        /// A guess; nil: the source knows its cases.
        var open: Int64?
    }

    private struct Shared {
        var key: String
        var limit: PullPlan.Limit
        var pack: String
        var application: String
        var members: [Member] = []
    }

    private func plan(_ known: (String) -> Known, assuming: Int64?) -> CallPlan {
        var plan = CallPlan(assumption: assuming)
        var (shared, order): ([String: Shared], [String]) = ([:], [])
        let sources = sources()
        let names = applicationNames(sources)
        for (watched, access, bare) in sources {
            let (store, known) = (watched.store.id, known(watched.store.id))
            let source = bare.asking(about: known.open)
            if known.paces == nil { plan.assumed.append(store) }
            let paces = known.paces ?? assuming.map { Self.assumption($0) } ?? [:]
            let application = names[source.applicationKey] ?? store
            // Of cases that are refused or refunded within a week as many are open as begin in it.
            let open = known.paces == nil ? CallNeed.whole((paces[.refund] ?? .none).begun * 7) : nil
            plan.lines += source.needs(every: access.every, paces: paces, open: open, at: now).map { need in
                CallPlan.Line(
                    application: application, pack: watched.pack.name, store: store, stream: need.stream,
                    every: need.every, daily: CallNeed.whole(need.daily), first: known.isFilled ? 0 : need.first)
            }
            let member = Member(
                store: store, source: source, every: access.every, paces: paces, open: open)
            for (key, limit) in source.limits {
                if shared[key] == nil {
                    shared[key] = Shared(
                        key: key, limit: limit, pack: watched.pack.name,
                        application: Self.owner(of: limit, watched, application))
                    order.append(key)
                }
                shared[key]?.members.append(member)
            }
        }
        plan.uses = order.compactMap { shared[$0].map { use($0) } }
        return plan
    }

    /// The stores that are pulled, as they are pulled.
    private func sources() -> [(Watched, PlatformAccess, PlatformSource)] {
        let decoding = FactDecoding(buyerKey: BuyerKey(bytes: [UInt8](repeating: 0, count: 32))) { _ in .unwatched }
        return fleet.pullSubjects.compactMap { subject in
            guard case .store(let watched, let access) = subject,
                let source = subject.source(
                    decoding, in: fleet, at: now, credentials: Self.credentials(access, watched))
                    as? PlatformSource
            else { return nil }
            return (watched, access, source)
        }
    }

    /// Secrets that this process need not read are its account's own: whose limits are whose is known without them.
    private static func credentials(_ access: PlatformAccess, _ watched: Watched) -> [String: Secret] {
        access.credentials.mapValues { $0.isEmpty ? Secret(access.account ?? watched.store.id) : $0 }
    }

    /// An application is known by its account, else by the first of its stores.
    private func applicationNames(_ sources: [(Watched, PlatformAccess, PlatformSource)]) -> [String: String] {
        var names: [String: String] = [:]
        for (watched, access, source) in sources {
            if let account = access.account {
                names[source.applicationKey] = account
            } else if names[source.applicationKey] == nil {
                names[source.applicationKey] = watched.store.id
            }
        }
        return names
    }

    private static func owner(of limit: PullPlan.Limit, _ watched: Watched, _ application: String) -> String {
        switch limit.scope {
        case .store: watched.store.id
        case .account, .application: application
        case .platform: watched.pack.name
        }
    }

    // MARK: Against a limit

    private func use(_ shared: Shared) -> CallPlan.Use {
        let limit = shared.limit
        let allowed = Int64(limit.amount) * 86_400_000_000 / max(1, limit.per.microseconds)
        var use = CallPlan.Use(
            key: shared.key, application: shared.application, pack: shared.pack, stores: shared.members.map(\.store),
            limit: limit,
            daily: CallNeed.whole(daily(shared)), allowed: max(1, allowed))
        if use.isTooMuch { use.fits = fit(shared, allowed: use.allowed) }
        return use
    }

    /// In thousandths of a call or point.
    private func daily(_ shared: Shared, every: TimeSpan? = nil, of streams: [String: TimeSpan] = [:]) -> Int64 {
        shared.members.reduce(0) { sum, member in
            let source = streams.isEmpty ? member.source : member.source.paced(streams)
            let needs = source.needs(
                every: max(member.every, every ?? .zero), paces: member.paces, open: member.open, at: now)
            return sum
                + needs.reduce(0) {
                    let isCounted = shared.limit.streams.isEmpty || shared.limit.streams.contains($1.stream)
                    return isCounted ? $0 + $1.daily * Int64(shared.limit.cost(of: $1.stream)) : $0
                }
        }
    }

    /// What changes least: readings asked for more seldom, else the stores pulled more seldom, else fewer of them.
    private func fit(_ shared: Shared, allowed: Int64) -> CallPlan.Fit? {
        func fits(_ daily: Int64) -> Bool { CallNeed.whole(daily) * 2 <= allowed }
        if let readings = shared.members.first?.source.readings(of: shared.limit.streams) {
            for pace in Self.slowPaces {
                let found = daily(shared, of: Dictionary(uniqueKeysWithValues: readings.map { ($0, pace) }))
                if fits(found), let stream = readings.first {
                    return CallPlan.Fit(change: .stream(stream, pace), daily: CallNeed.whole(found))
                }
            }
        }
        for pace in Self.paces {
            let found = daily(shared, every: pace)
            if fits(found) { return CallPlan.Fit(change: .stores(pace), daily: CallNeed.whole(found)) }
        }
        let slowest = Self.paces[Self.paces.count - 1]
        let each = daily(shared, every: slowest) / Int64(max(1, shared.members.count))
        let count = each > 0 ? allowed * 500 / each : 0
        guard count > 0 else { return nil }
        return CallPlan.Fit(change: .fewer(Int(count), slowest), daily: CallNeed.whole(each * count))
    }
}

extension Pace {
    fileprivate init(_ activity: Activity, in span: TimeSpan) {
        func daily(_ count: Int) -> Int64 { Int64(count) * 86_400_000 / max(1, span.microseconds / 1_000_000) }
        self.init(begun: daily(activity.begun), changed: daily(activity.changes))
        types = activity.types.mapValues { Pace($0, in: span) }
    }
}
