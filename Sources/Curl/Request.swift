package import HTTPTypes

/// What is to be sent, and how much may be spent on it.
package struct Request: Sendable {
    /// Method, address and header fields. `Host`, `Content-Length` and the fields that concern one connection only are
    /// the transport's: they are left out when given here.
    package var head: HTTPRequest
    /// Sent as it is. nil sends no body; with POST, PUT and PATCH the same as an empty one. A HEAD request sends none.
    package var body: [UInt8]?
    package var limits: Limits
    /// Whether the status is all that is asked for: of the reply no body is kept, and one that is too large, stalls or
    /// is cut off does not turn a status that has arrived into a failure.
    package var ignoresBody = false
    /// Whether the reply is to tell of the server's certificate. Such a request has a connection of its own: of one that is
    /// used again nothing is told.
    package var readsCertificate = false

    /// A request to an absolute `http` or `https` address; nil for any other text.
    ///
    /// The address is ASCII with everything else percent-encoded, its path is sent as written, and a fragment is
    /// dropped. User and password inside an address are not accepted: they belong into a header field, where they are
    /// treated as secret.
    package init?(
        method: HTTPRequest.Method, url: String, headers: HTTPFields = [:], body: [UInt8]? = nil,
        limits: Limits = .standard
    ) {
        guard let address = Address(url) else { return nil }
        self.head = HTTPRequest(
            method: method, scheme: address.origin.scheme, authority: address.authority, path: address.path,
            headerFields: headers)
        self.body = body
        self.limits = limits
    }

    /// The address the head names; nil once someone has written nonsense into the head.
    var address: Address? {
        Address("\(head.scheme ?? "")://\(head.authority ?? "")\(head.path ?? "")")
    }

    /// Where the request goes, safe to log: the host alone.
    var host: String { address?.origin.host ?? "an unusable address" }
}
