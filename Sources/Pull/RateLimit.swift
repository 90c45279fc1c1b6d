package import Facts

/// A platform's allowance as a value: so many requests in so long, shared by all stores of one account.
///
/// Requests are spaced by refilling evenly: a burst up to the whole allowance, then one each `span / requests`.
package struct RateLimit: Sendable, Hashable {
    package let requests: Int
    package let span: TimeSpan
    /// When the allowance would be whole again if nothing more were asked; nil when it is whole.
    private var wholeAt: Timestamp?
    private var closedUntil: Timestamp?

    package init(requests: Int, in span: TimeSpan) {
        precondition(requests > 0 && span > .zero, "an allowance is at least one request in some time")
        (self.requests, self.span) = (requests, span)
    }

    /// Takes the next place and says when it is: `now` while the allowance lasts, else the moment to wait for.
    package mutating func reserve(at now: Timestamp) -> Timestamp {
        let step = max(1, span.microseconds / Int64(requests))
        let slack = step * Int64(requests - 1)
        let begin = max(now, closedUntil ?? now)
        let debt = max(begin, wholeAt ?? begin)
        let place = max(begin, debt - TimeSpan(microseconds: slack))
        wholeAt = debt + TimeSpan(microseconds: step)
        return place
    }

    /// The platform said not to come back before this moment.
    package mutating func close(until moment: Timestamp) { closedUntil = max(moment, closedUntil ?? moment) }
}

/// One allowance shared by those who pull side by side.
package actor Allowance {
    private var limit: RateLimit

    package init(_ limit: RateLimit) { self.limit = limit }

    package func reserve(at now: Timestamp) -> Timestamp { limit.reserve(at: now) }
    package func close(until moment: Timestamp) { limit.close(until: moment) }
}
