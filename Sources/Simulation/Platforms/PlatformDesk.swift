/// What a made-up platform keeps while it answers: the history it tells, its keys and tokens, and how often it was asked.
package struct PlatformDesk: Sendable {
    package let history: PlatformHistory
    /// The platform's clock, in seconds since 1970; set before each answer.
    package internal(set) var now: Int64 {
        get { microseconds / 1_000_000 }
        set { microseconds = newValue * 1_000_000 }
    }
    /// The same, as finely as whoever gave the clock tells it.
    package internal(set) var microseconds: Int64 = 0
    /// By the platform's own names: keys, secrets, and the tokens that are good now.
    package var credentials: [String: String]
    /// How late it shows what happened.
    package var delay: Int64 = 0
    /// Nothing that happens after this moment is shown; nil: all is.
    package var horizon: Int64?
    /// Lists of cases show nothing that happened after this moment, though each case by its number does; nil: all is shown.
    package var listsEnd: Int64?
    /// What the next answer is to be in place of the true one, in the platform's own words.
    package internal(set) var fault: PlatformFault?
    /// Calls answered, by the platform's name for the call.
    package internal(set) var calls: [String: Int] = [:]
    /// Calls that came faster than the limit allows.
    package internal(set) var overruns = 0
    /// Of the limits of one store.
    private var buckets = CallBuckets()
    /// Where not calls are counted but what they cost.
    var points = PointBucket()
    /// Of the limits of the application, which all stores that it asks for share.
    private let application: ApplicationLedger
    private var serial = 0
    /// Sent with earlier calls, with when.
    private var nonces: [String: Int64] = [:]
    private let past = PlatformPast()

    init(history: PlatformHistory, credentials: [String: String], application: ApplicationLedger) {
        (self.history, self.credentials, self.application) = (history, credentials, application)
    }

    /// The moment as of which it tells.
    package var shown: Int64 { min(now - delay, horizon ?? .max) }

    /// As its lists of cases tell.
    var ofLists: PlatformDesk {
        var desk = self
        if let listsEnd { desk.horizon = min(horizon ?? .max, listsEnd) }
        return desk
    }

    package var orders: [PlatformHistory.Order] { past.at(shown, of: history).orders }
    package var refunds: [PlatformHistory.Refund] { past.at(shown, of: history).refunds }
    package var ratings: [PlatformHistory.Rating] { past.at(shown, of: history).ratings }

    /// What is shown by an API that is behind the others.
    func seen(at moment: Int64) -> PlatformPast.View { past.at(moment, of: history) }

    /// What a dialect makes of all that is shown, made once for a moment. Its type is its name: one of each.
    func made<Made: Sendable>(_ make: (PlatformPast.View) -> Made) -> Made { past.made(at: shown, of: history, make) }

    /// An order by its number; nil: it is not shown yet, or there is none.
    func order(_ number: Int) -> PlatformHistory.Order? {
        let orders = orders
        return orders.indices.contains(number - 1) ? orders[number - 1] : nil
    }

    /// An order by the dialect's one name for orders.
    func order(named text: String, _ name: (PlatformHistory.Order) -> String) -> PlatformHistory.Order? {
        past.number(text, of: history, name).flatMap { order($0) }
    }

    /// Counts a call, and whether it may be answered: `most` calls in `seconds`, refilled evenly.
    package mutating func admits(_ name: String, _ most: Int, per seconds: Int64) -> Bool {
        calls[name, default: 0] += 1
        let isFine = buckets.admits(name, most, per: seconds, at: now)
        if !isFine { overruns += 1 }
        return isFine
    }

    /// Counts a call of a list that has no limit.
    mutating func count(_ name: String) { calls[name, default: 0] += 1 }

    /// The same for a limit that the application has over all its stores.
    package mutating func admits(_ name: String, _ most: Int, perApplication seconds: Int64) -> Bool {
        calls[name, default: 0] += 1
        let isFine = application.admits(name, most, per: seconds, at: now)
        if !isFine { overruns += 1 }
        return isFine
    }

    /// The fault of this answer, which then is over; nil: tell the truth.
    package mutating func takeFault() -> PlatformFault? {
        defer { fault = nil }
        return fault
    }

    /// Whether it is the code that a consent gave; it is good once, and for two minutes.
    package mutating func takeCode(_ code: String?) -> Bool {
        let until = credentials["code_until"].flatMap { Int64($0) } ?? .max
        guard let code, let given = credentials["code"], code == given, now <= until else { return false }
        credentials["code"] = nil
        return true
    }

    /// Whether it was not sent within so many seconds before.
    mutating func takeNonce(_ nonce: String, within seconds: Int64) -> Bool {
        if nonces.count > 2000 { nonces = nonces.filter { $0.value >= now - seconds } }
        let last = nonces.updateValue(now, forKey: nonce)
        return last.map { $0 < now - seconds } ?? true
    }

    /// A token that was never given before.
    package mutating func newToken(_ name: String) -> String {
        serial += 1
        return "\(name)-\(serial)-made-up"
    }
}

/// What goes wrong on the way; each platform says the last four in its own words.
package enum PlatformFault: Sendable, Hashable {
    /// The connection ends without an answer, or in the middle of one.
    case hangUp, cut
    case status(Int)
    /// A page of HTML with status 200.
    case garbage
    /// Where another page of the same list is asked for, the page before: what a cache on the way does.
    case again
    /// The items of a page from the last to the first: it is to cost nothing.
    case reordered
    /// Too many calls.
    case throttled
    /// The platform cannot answer now, and says so in its own body.
    case busy
    /// The access token is over, though nobody was told.
    case expired
    /// What was to be made could not be made.
    case failed
}
