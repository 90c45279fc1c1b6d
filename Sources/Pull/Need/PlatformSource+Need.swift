package import Facts
package import Rules

/// How many calls a store's pulls come to. The same windows, lists and pages as are asked, over what is expected to be in
/// them instead of what is.
extension PlatformSource {
    /// What each method is asked, in the order of the plan.
    ///
    /// - Parameters:
    ///   - every: how often the store is pulled.
    ///   - paces: how much happens at the store, by kind; of a kind that is not there nothing is expected, and the least
    ///     number of calls comes out.
    ///   - open: cases that are asked for one by one, as a guess; nil: those of the source's cases that are meant now.
    ///   - now: when.
    package func needs(
        every: TimeSpan, paces: [FactKind: Pace], open: Int64? = nil, at now: Timestamp = Timestamp(seconds: 0)
    ) -> [CallNeed] {
        var (needs, places): ([CallNeed], [String: Int]) = ([], [:])
        for stream in plan.streams where isOfMarket(stream) && stream.instead == nil {
            let found: [CallNeed] =
                if stream.report != nil {
                    reportNeeds(of: stream, every: every)
                } else if let asked = stream.open {
                    openNeeds(of: stream, every: every, open ?? Int64(asked.asked(of: openCases, at: now).count))
                } else {
                    listNeeds(of: stream, every: every, paces)
                }
            // The calls by which reports are had are the same for all of them.
            for need in found {
                if let place = places[need.stream] {
                    needs[place].add(need)
                } else {
                    places[need.stream] = needs.count
                    needs.append(need)
                }
            }
        }
        return needs
    }

    private func listNeeds(of stream: PullPlan.Stream, every: TimeSpan, _ paces: [FactKind: Pace]) -> [CallNeed] {
        let interval = PlatformSource.interval(of: stream.every, every: every)
        var needs = ([stream] + (stream.details?.streams ?? [])).map { CallNeed(stream: $0.name) }
        if stream.turn != .first {
            let usual = max(.zero, interval + overlap - lag)
            add(to: &needs, calls(of: stream, over: usual, paces), every: interval)
            // What is read again from time to time comes on top of what is asked then anyway.
            for reread in plan.rereads where stream.every == nil && stream.again == nil && reread.back > usual {
                let seldom = PlatformSource.interval(of: reread.every, every: every)
                let more = zip(calls(of: stream, over: reread.back, paces), calls(of: stream, over: usual, paces))
                add(to: &needs, more.map { max(0, $0 - $1) }, every: seldom)
            }
            for place in needs.indices { needs[place].every = interval }
        }
        if stream.turn != .later {
            for (place, calls) in firstCalls(of: stream, paces).enumerated() {
                needs[place].first = CallNeed.whole(calls)
            }
        }
        return needs
    }

    private func add(to needs: inout [CallNeed], _ calls: [Int64], every: TimeSpan) {
        for (place, calls) in calls.enumerated() { needs[place].daily += CallNeed.daily(calls, every: every) }
    }

    private func calls(of stream: PullPlan.Stream, over usual: TimeSpan, _ paces: [FactKind: Pace]) -> [Int64] {
        let pace = PlatformSource.kind(of: stream).flatMap { paces[$0] } ?? .none
        var span = plan.asksForAll ? PlatformSource.everything : max(usual, stream.again ?? .zero)
        if let reach = stream.reach { span = min(span, reach) }
        // Over days what changes several times is there once.
        let items = stream.again != nil || span >= .days(3) ? pace.begun : pace.changed
        return CallsExpected(stream, over: span, items: items).calls(details: paces)
    }

    private func firstCalls(of stream: PullPlan.Stream, _ paces: [FactKind: Pace]) -> [Int64] {
        let pace = PlatformSource.kind(of: stream).flatMap { paces[$0] } ?? .none
        var span = max(reach ?? PlatformSource.everything, isReachGiven ? .zero : stream.again ?? .zero)
        if let farthest = stream.reach { span = reach == nil ? farthest : min(span, farthest) }
        return CallsExpected(stream, over: span, items: pace.begun).calls(details: paces)
    }

    /// Where a platform is asked for all that there is, as much as comes in so long a time.
    private static let everything = TimeSpan.days(365)

    private func openNeeds(of stream: PullPlan.Stream, every: TimeSpan, _ open: Int64) -> [CallNeed] {
        // Each case, and what is asked for it.
        ([stream] + (stream.details?.streams ?? [])).map { asked in
            var need = CallNeed(stream: asked.name)
            if stream.turn != .first {
                let interval = PlatformSource.interval(of: stream.every, every: every)
                (need.every, need.daily) = (interval, CallNeed.daily(open * 1000, every: interval))
            }
            return need
        }
    }

    /// A report is asked for, looked at until it is made, which mostly is at the second look, and fetched.
    private func reportNeeds(of stream: PullPlan.Stream, every: TimeSpan) -> [CallNeed] {
        let interval = PlatformSource.interval(of: stream.every, every: every)
        let isTimed = stream.report?.isTimed ?? false
        func parts(_ span: TimeSpan) -> Int64 {
            guard isTimed, let window = stream.window, span > window else { return 1 }
            return (span.microseconds + window.microseconds - 1) / window.microseconds
        }
        let usual = max(.zero, interval + overlap - lag)
        let later = stream.turn == .first ? 0 : parts(max(usual, stream.again ?? .zero)) * 1000
        let first = stream.turn == .later ? 0 : parts(min(reach ?? .zero, stream.reach ?? reach ?? .zero))
        return PullPlan.ReportPlan.Call.allCases.map { call in
            let times: Int64 = call == .look ? 2 : 1
            var need = CallNeed(stream: call.rawValue)
            (need.every, need.first) = (interval, first * times)
            need.daily = CallNeed.daily(later * times, every: interval)
            return need
        }
    }

    /// What is asked seldom is asked at the first pull after its time has come.
    static func interval(of seldom: TimeSpan?, every: TimeSpan) -> TimeSpan {
        guard let seldom, seldom > every else { return every }
        let pulls = (seldom.microseconds + every.microseconds - 1) / every.microseconds
        return TimeSpan(microseconds: pulls * every.microseconds)
    }

    /// What the items of a stream are; nil: readings.
    static func kind(of stream: PullPlan.Stream) -> FactKind? {
        let all = stream.facts + (stream.details?.streams ?? []).flatMap(\.facts)
        if let kind = all.map(\.kind).first(where: { $0 != .measure && $0 != .line }) { return kind }
        return all.contains { $0.kind == .line } ? .order : nil
    }

    /// The same, with streams that are asked less often.
    package func paced(_ every: [String: TimeSpan]) -> PlatformSource {
        var source = self
        source.plan = plan.paced(every)
        return source
    }

    /// Those of these streams, and nothing but those, that bring readings and so can be asked for less often; nil: others
    /// count as well.
    package func readings(of streams: [String]) -> [String]? {
        let found = plan.streams.filter { $0.bringsOnlyReadings && streams.contains($0.name) }.map(\.name)
        return found.count == streams.count && !found.isEmpty ? found : nil
    }

    // MARK: Limits

    /// The same for all stores that an application pulls.
    package var applicationKey: String { credentials.application ?? name }

    /// The limits of the platform as they count for this store.
    package var limits: [(key: String, limit: PullPlan.Limit)] { plan.limits.map { (key(of: $0), $0) } }

    /// What shares a limit: the first credential is the application's.
    func key(of limit: PullPlan.Limit) -> String {
        let per = limit.per.microseconds / 1_000_000
        return "\(owner(of: limit.scope)) \(address) \(limit.amount)/\(per) \(limit.streams.joined(separator: ","))"
    }

    /// Whose calls are counted together.
    func owner(of scope: PullPlan.Limit.Scope) -> String {
        switch scope {
        case .store: name
        case .account: credentials.account.map { "\(applicationKey) \($0)" } ?? name
        case .application: applicationKey
        case .platform: "platform"
        }
    }
}
