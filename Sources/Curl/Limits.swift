/// How much time and memory one exchange may take. Every exchange has all of these limits.
package struct Limits: Sendable, Hashable {
    /// To look up the name, connect and agree on TLS.
    package var connect: Duration
    /// For everything, redirects included; counted from the moment the exchange has its turn.
    package var total: Duration
    /// Without a byte in either direction, once connected. Noticed up to a tenth of a second late.
    package var stall: Duration
    /// Bytes of the body, after decompression. A body of exactly this size is accepted.
    package var body: Int
    package var redirects: Redirects

    /// Which redirects are followed.
    package enum Redirects: Sendable, Hashable {
        /// None: a reply that redirects is given as it is.
        case none
        /// Up to five, all on the scheme, host and port of the request; others are refused.
        case sameOrigin
        /// Up to so many, to other hosts too, but never from https to http. Another host gets neither the request's
        /// header fields, save `Accept` and `Accept-Language`, nor its body.
        case any(max: Int)
    }

    package init(
        connect: Duration = .seconds(10), total: Duration = .seconds(60), stall: Duration = .seconds(20),
        body: Int = 32 << 20, redirects: Redirects = .none
    ) {
        self.connect = connect
        self.total = total
        self.stall = stall
        self.body = body
        self.redirects = redirects
    }

    /// 10 s to connect, 60 s in all, 20 s without a byte, 32 MiB, no redirects.
    package static let standard = Limits()
}
