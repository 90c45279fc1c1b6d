/// What all exchanges of one transport share.
package struct CurlConfiguration: Sendable {
    /// A PEM file of authorities trusted in place of the system's bundle; nil for the system's.
    package var caFile: String?
    package var proxy: Proxy
    /// Exchanges under way at one moment, over all hosts. More wait their turn.
    package var maxConcurrent: Int
    /// Exchanges under way with one scheme, host and port. Over HTTP/1.1 each has a connection, over HTTP/2 they share.
    package var maxConnectionsPerHost: Int
    /// Sent when a request has no `User-Agent` of its own.
    package var userAgent: String

    package enum Proxy: Sendable, Hashable {
        /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say, in libcurl's reading of them.
        case fromEnvironment
        case none
    }

    package init(
        caFile: String? = nil, proxy: Proxy = .fromEnvironment, maxConcurrent: Int = 64,
        maxConnectionsPerHost: Int = 32, userAgent: String = "goodstanding"
    ) {
        precondition(maxConcurrent > 0 && maxConnectionsPerHost > 0, "a transport without a turn never sends")
        self.caFile = caFile
        self.proxy = proxy
        self.maxConcurrent = maxConcurrent
        self.maxConnectionsPerHost = maxConnectionsPerHost
        self.userAgent = userAgent
    }
}
