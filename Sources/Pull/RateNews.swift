import Curl
import Facts
import HTTPTypes
import Rules

/// What the head of an answer says of an allowance.
struct RateNews: Sendable, Hashable {
    let allowance: RateLimit.Allowance
    /// One call more every so often.
    private(set) var each: TimeSpan?
    private(set) var left: Int?
    private(set) var again: Timestamp?

    /// A slip in a header must not silence a store for good.
    private static let longest = TimeSpan.days(1)

    /// nil where it says nothing that can be read.
    init?(_ allowance: RateLimit.Allowance, in reply: Reply, now: Timestamp) {
        self.allowance = allowance
        func field(_ name: String?) -> String? {
            name.flatMap { HTTPField.Name($0) }.flatMap { reply.headers[$0] }
        }
        let headers = allowance.headers
        // So many calls a second, with a point: 0.0167.
        if let rate = field(headers.rate).flatMap({ FixedPoint($0) })?.millionths, rate > 0 {
            // In microseconds, rounded up.
            each = min(TimeSpan(microseconds: (1_000_000_000_000 + rate - 1) / rate), Self.longest)
        }
        left = field(headers.left).flatMap { Int($0) }.map { max(0, $0) }
        if let moment = field(headers.again).flatMap({ Int64($0) }), moment > 0 {
            // No second since 1970 has twelve digits yet.
            let milliseconds = moment >= 100_000_000_000 ? min(moment, 1 << 50) : moment * 1000
            again = min(Timestamp(microseconds: milliseconds * 1000), now + Self.longest)
        }
        if each == nil, left == nil { return nil }
    }
}
