/// A request as a platform receives it.
package struct PlatformCall: Sendable {
    package var method: String
    /// Without the query, as it was sent.
    package var path: String
    /// In the order sent, decoded.
    package var query: [(name: String, value: String)]
    /// By name in lower case.
    package var headers: [String: String]
    package let body: [UInt8]
    /// `http://127.0.0.1:12345`.
    package var origin: String
    /// The body as a form, decoded.
    let form: [(name: String, value: String)]

    package init(
        method: String, path: String, query: [(name: String, value: String)], headers: [String: String], body: [UInt8],
        origin: String
    ) {
        (self.method, self.path, self.query, self.headers) = (method, path, query, headers)
        (self.body, self.origin) = (body, origin)
        form = body.split(separator: UInt8(ascii: "&")).map { part in
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
    }

    package func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        var (bytes, rest) = ([UInt8](), text)
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a platform answers.
package struct PlatformReply: Sendable {
    package var status = 200
    package var headers: [(name: String, value: String)] = []
    package var body: String
    /// The same as it is sent, where that is no text.
    package var packed: [UInt8]?

    package init(status: Int = 200, headers: [(name: String, value: String)] = [], _ body: JSONText) {
        (self.status, self.headers, self.body) = (status, headers, body.text)
    }

    package init(status: Int, headers: [(name: String, value: String)] = [], text: String) {
        (self.status, self.headers, body) = (status, headers, text)
    }
}
