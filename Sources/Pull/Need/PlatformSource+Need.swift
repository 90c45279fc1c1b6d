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
    package func needs(every: TimeSpan, paces: [FactKind: Pace]) -> [CallNeed] {
        plan.streams.filter { $0.markets.isEmpty || $0.markets.contains(store.market ?? "") }.flatMap {
            needs(of: $0, every: every, paces)
        }
    }

    private func needs(of stream: PullPlan.Stream, every: TimeSpan, _ paces: [FactKind: Pace]) -> [CallNeed] {
        let interval = PlatformSource.interval(of: stream, every: every)
        let details = stream.details?.streams ?? []
        var needs = ([stream] + details).map {
            CallNeed(stream: $0.name, outer: stream.name, every: nil, daily: 0, first: 0)
        }
        let kind = PlatformSource.kind(of: stream)
        let pace = kind.flatMap { paces[$0] } ?? .none
        if stream.turn != .first {
            var span = max(.zero, interval + overlap - lag)
            if let again = stream.again { span = max(span, again) }
            if let reach = stream.reach { span = min(span, reach) }
            // What can only be asked for by its beginning is there whether or not it changed.
            let expected = CallsExpected(stream, over: span, items: stream.again == nil ? pace.changed : pace.begun)
            for (place, calls) in expected.calls(details: paces).enumerated() {
                needs[place].every = interval
                needs[place].daily = CallNeed.daily(calls, every: interval)
            }
        }
        if stream.turn != .later {
            var span = max(reach ?? .zero, stream.again ?? .zero)
            if let farthest = stream.reach { span = reach == nil ? farthest : min(span, farthest) }
            let expected = CallsExpected(stream, over: span, items: pace.begun)
            for (place, calls) in expected.calls(details: paces).enumerated() {
                needs[place].first = CallNeed.whole(calls)
            }
        }
        return needs
    }

    /// A stream that is asked seldom is asked at the first pull after its time has come.
    static func interval(of stream: PullPlan.Stream, every: TimeSpan) -> TimeSpan {
        guard let seldom = stream.every, seldom > every else { return every }
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
    package var limits: [(key: String, limit: PullPlan.Limit)] {
        plan.limits.map { (key(of: $0), $0) }
    }

    /// What shares a limit: the first credential is the application's.
    func key(of limit: PullPlan.Limit) -> String {
        let owner = limit.scope == .application ? credentials.application ?? name : name
        let per = limit.per.microseconds / 1_000_000
        return "\(owner) \(address) \(limit.calls)/\(per) \(limit.streams.joined(separator: ","))"
    }
}
