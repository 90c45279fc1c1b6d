package import HTTPTypes

/// What the server answered.
package struct Reply: Sendable {
    /// Status and header fields as sent; `Content-Encoding` and `Content-Length` speak of the body before it was
    /// decoded.
    package var head: HTTPResponse
    /// The body, already decompressed.
    package var body: [UInt8]
    /// From the exchange's turn to the last byte, redirects included.
    package var elapsed: Duration
    package var version: Version
    /// By which the server showed who it is; only where the request asked for it, over TLS.
    package var certificate: PeerCertificate?

    package enum Version: String, Sendable, Hashable {
        case http10 = "HTTP/1.0"
        case http11 = "HTTP/1.1"
        case http2 = "HTTP/2"
    }

    package init(
        status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = [], elapsed: Duration = .zero,
        version: Version = .http11
    ) {
        self.head = HTTPResponse(status: status, headerFields: headers)
        self.body = body
        self.elapsed = elapsed
        self.version = version
    }

    package var status: HTTPResponse.Status { head.status }
    package var headers: HTTPFields { head.headerFields }
}

/// A reply as the loop hands it over: its head still unread, so that the loop's thread spends no time on it.
struct RawReply: Sendable {
    var status: Int
    var version: Reply.Version
    /// Status line and header lines, each with its line end.
    var head: [UInt8]
    var body: [UInt8]
    var elapsed: Duration
    var certificate: PeerCertificate?
}

extension Reply {
    init(_ raw: RawReply) {
        self.init(
            status: HTTPResponse.Status(code: min(max(raw.status, 0), 999)), headers: Self.fields(raw.head),
            body: raw.body, elapsed: raw.elapsed, version: raw.version)
        certificate = raw.certificate
    }

    /// The fields of a reply's head in order, repeated ones kept. Lines that are no field are skipped.
    static func fields(_ head: [UInt8]) -> HTTPFields {
        var fields = HTTPFields()
        var start = head.endIndex
        if let end = head.firstIndex(of: UInt8(ascii: "\n")) { start = end + 1 }
        while start < head.endIndex {
            let line = head[start..<(head[start...].firstIndex(of: UInt8(ascii: "\n")) ?? head.endIndex)]
            start = line.endIndex + 1
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
            else { continue }
            var (first, end) = (colon + 1, line.endIndex)
            while first < end, isBlank(head[end - 1]) { end -= 1 }
            while first < end, isBlank(head[first]) { first += 1 }
            fields.append(HTTPField(name: name, lenientValue: head[first..<end]))
        }
        return fields
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
