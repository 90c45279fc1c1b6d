import Curl
import Facts
import HTTPTypes
import Rules

/// What an answer says of an allowance.
struct RateNews: Sendable, Hashable {
    let allowance: RateLimit.Allowance
    /// One call, or point, more every so often.
    private(set) var each: TimeSpan?
    private(set) var left: Int?
    private(set) var again: Timestamp?
    /// How many points there are at most.
    private(set) var size: Int?
    /// What the call had to find there.
    private(set) var asked: Int?
    /// What it took in the end. Of a call that was told what is left and not what it cost: nothing.
    private(set) var spent: Int?

    /// A slip in a header must not silence a store for good.
    private static let longest = TimeSpan.days(1)

    /// Of all that the call counted against.
    static func all(_ allowances: [RateLimit.Allowance], in reply: Reply, now: Timestamp) -> [RateNews] {
        // Most limits are told of in no body, and it is read for the facts in it anyway.
        let isTold = allowances.contains { $0.points.map { $0.told != PullPlan.Limit.Told() } ?? false }
        let document = isTold ? PlatformSource.document(reply.body) : nil
        return allowances.compactMap { RateNews($0, in: reply, document, now: now) }
    }

    /// nil where it says nothing that can be read.
    init?(_ allowance: RateLimit.Allowance, in reply: Reply, _ document: JSONDocument? = nil, now: Timestamp) {
        self.allowance = allowance
        func field(_ name: String?) -> String? {
            name.flatMap { HTTPField.Name($0) }.flatMap { reply.headers[$0] }
        }
        let headers = allowance.headers
        // So many calls a second, with a point: 0.0167.
        each = field(headers.rate).flatMap { FixedPoint($0) }.flatMap(Self.interval)
        left = field(headers.left).flatMap { Int($0) }.map { max(0, $0) }
        if let moment = field(headers.again).flatMap({ Int64($0) }), moment > 0 {
            // No second since 1970 has twelve digits yet.
            let milliseconds = moment >= 100_000_000_000 ? min(moment, 1 << 50) : moment * 1000
            again = min(Timestamp(microseconds: milliseconds * 1000), now + Self.longest)
        }
        if let told = allowance.points?.told, let document { read(told, document) }
        if each == nil, left == nil, spent == nil, asked == nil { return nil }
    }

    private mutating func read(_ told: PullPlan.Limit.Told, _ document: JSONDocument) {
        func number(_ path: [String]?) -> FixedPoint? {
            path.flatMap { document.root[$0]?.text }.flatMap { FixedPoint($0) }
        }
        func whole(_ path: [String]?, up: Bool) -> Int? {
            number(path).map { Int(max(0, min($0.millionths, 1 << 50) + (up ? 999_999 : 0)) / 1_000_000) }
        }
        each = number(told.rate).flatMap(Self.interval)
        (left, size) = (whole(told.left, up: false), whole(told.size, up: false).flatMap { $0 > 0 ? $0 : nil })
        // What lies so far from what the pack says is a slip, and would silence the store or let everything through.
        if let told = each, !Self.isLikely(told.microseconds, allowance.limit.each.microseconds) { each = nil }
        if let told = size, !Self.isLikely(Int64(told), Int64(allowance.limit.burst)) { size = nil }
        asked = whole(told.asked, up: true).flatMap { $0 > 0 ? $0 : nil }
        spent = whole(told.spent, up: true) ?? (left == nil ? nil : 0)
    }

    private static func isLikely(_ told: Int64, _ known: Int64) -> Bool { told <= known * 100 && told >= known / 100 }

    /// Rounded up to the microsecond; nil of a rate that is none.
    private static func interval(_ perSecond: FixedPoint) -> TimeSpan? {
        let rate = perSecond.millionths
        guard rate > 0, rate <= 1 << 50 else { return nil }
        return min(TimeSpan(microseconds: (1_000_000_000_000 + rate - 1) / rate), longest)
    }
}
