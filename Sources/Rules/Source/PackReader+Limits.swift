import Facts
import Language

/// The section `limits` of a source: how often the platform may be asked.
extension PackReading {
    /// `{calls: 100, per: 10s}`, or `{points: 100, per: 1s, burst: 2000, cost: {orders: 753}}`.
    func limit(_ cursor: YAMLCursor, _ streams: [PullPlan.Stream]) -> PullPlan.Limit? {
        guard
            let keys = cursor.keys(
                ["calls", "points", "per", "burst", "of", "streams", "headers", "cost", "told", "ours"],
                required: ["per"]),
            let per = keys["per"]?.span()
        else { return nil }
        let counted = keys["points"] ?? keys["calls"]
        guard let counted, keys["points"] == nil || keys["calls"] == nil else {
            cursor.error("a limit has either `calls:` or `points:`, so many in a time")
            return nil
        }
        guard let amount = counted.integer(1...1_000_000) else { return nil }
        if per <= .zero { keys["per"]?.error("a limit is so many calls in some time, such as per: 10s") }
        let known =
            streams.flatMap { [$0.name] + ($0.details?.streams.map(\.name) ?? []) }
            + PullPlan.ReportPlan.Call.allCases.map(\.rawValue)
        let named = keys["streams"]?.items()?.compactMap { item -> String? in
            guard let name = item.string() else { return nil }
            refuse(unknown: name, known, item)
            return name
        }
        let words = PullPlan.Limit.Scope.allCases.map(\.rawValue)
        let scope = keys["of"]?.word(of: words).flatMap(PullPlan.Limit.Scope.init(rawValue:)) ?? .store
        var limit = PullPlan.Limit(
            amount: amount, per: max(per, .seconds(1)), burst: keys["burst"]?.integer(1...1_000_000), scope: scope,
            streams: named ?? [])
        limit.isOurs = keys["ours"]?.bool() ?? false
        if let headers = keys["headers"].flatMap(limitHeaders) { limit.headers = headers }
        if keys["points"] != nil {
            let asked = streams.flatMap { [$0] + ($0.details?.streams ?? []) }.filter { $0.report == nil }.map(\.name)
            limit.cost = cost(cursor, keys, of: named ?? asked, known)
        } else if let place = keys["cost"] ?? keys["told"] {
            place.error("`cost:` and `told:` are of a limit in points; this one has `calls:`")
        }
        return limit
    }

    private func refuse(unknown name: String, _ known: [String], _ place: YAMLCursor) {
        guard !known.contains(name) else { return }
        place.error("there is no stream '\(name)'\(NearestName.hint(for: name, among: known))")
    }

    /// - Parameter streams: of which the limit counts the calls, and each has a cost.
    private func cost(
        _ cursor: YAMLCursor, _ keys: YAMLKeys, of streams: [String], _ known: [String]
    ) -> PullPlan.Limit.Cost? {
        guard let place = keys["cost"], keys["burst"] != nil else {
            cursor.error(
                "a limit in points has `burst:`, as many as there may be, and `cost:`, what a call of each stream costs"
            )
            return nil
        }
        var expected: [String: Int] = [:]
        for entry in place.entries() ?? [] {
            refuse(unknown: entry.key, known, entry.value)
            expected[entry.key] = entry.value.integer(1...1_000_000)
        }
        let lacking = streams.filter { expected[$0] == nil }
        if !lacking.isEmpty {
            place.error(
                "the cost of \(lacking.joined(separator: ", ")) is lacking: what a call of it is expected to cost")
        }
        var told = PullPlan.Limit.Told()
        if let keys = keys["told"]?.keys(["asked", "spent", "left", "size", "rate"]) {
            func path(_ key: String) -> [String]? { keys[key]?.string().map(Self.names) }
            (told.asked, told.spent, told.left) = (path("asked"), path("spent"), path("left"))
            (told.size, told.rate) = (path("size"), path("rate"))
        }
        return PullPlan.Limit.Cost(expected: expected, told: told)
    }

    /// `{rate: x-amzn-RateLimit-Limit}`.
    private func limitHeaders(_ cursor: YAMLCursor) -> PullPlan.Limit.Headers? {
        guard let keys = cursor.keys(["rate", "left", "again"]) else { return nil }
        func name(_ key: String) -> String? {
            guard let place = keys[key], let name = place.string() else { return nil }
            if name.isEmpty || !name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) {
                place.error("'\(name)' is no name of a header")
            }
            return name
        }
        return PullPlan.Limit.Headers(rate: name("rate"), left: name("left"), again: name("again"))
    }
}
