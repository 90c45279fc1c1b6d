/// An absolute http or https address, or one of a mail server, taken apart.
struct Address: Sendable, Hashable {
    /// Scheme, host and port: what two addresses share when they belong to the same server.
    struct Origin: Sendable, Hashable {
        /// `http` or `https`; of a mail server `smtp` or `smtps`.
        var scheme: String
        /// In small letters; an IPv6 address keeps its brackets.
        var host: String
        var port: UInt16

        /// Host and port: of several servers on one host, which.
        var place: String { "\(host):\(port)" }
    }

    var origin: Origin
    /// Host and, if it was written, port, as written.
    var authority: String
    /// Path and query as written, at least `/`.
    var path: String

    /// nil unless the text is `http(s)://host[:port][/path][?query][#fragment]`, or with another of the schemes, in printable
    /// ASCII without user or password.
    init?(_ text: String, schemes: [String: UInt16] = ["http": 80, "https": 443]) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 16384, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard let usual = schemes[scheme], bytes[colon...].starts(with: "://".utf8) else { return nil }

        let rest = bytes[(colon + 3)...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        let authority = rest[..<(end ?? rest.endIndex)]
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        self.origin = Origin(
            scheme: scheme, host: String(decoding: host, as: UTF8.self).lowercased(),
            port: port ?? usual)
        self.authority = String(decoding: authority, as: UTF8.self)

        let target = rest[(end ?? rest.endIndex)...].prefix { $0 != UInt8(ascii: "#") }
        let path = String(decoding: target, as: UTF8.self)
        self.path = path.hasPrefix("/") ? path : "/" + path
    }

    var url: String { "\(origin.scheme)://\(authority)\(path)" }

    private static func hostAndPort(_ authority: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, UInt16?)? {
        let host: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[...close]
            let inside = host.dropFirst().dropLast()
            guard inside.contains(UInt8(ascii: ":")), inside.allSatisfy(isIPv6Byte) else { return nil }
        } else {
            host = authority.prefix { $0 != UInt8(ascii: ":") }
            guard !host.isEmpty, host.count <= 253, host.allSatisfy(isHostByte) else { return nil }
        }
        let after = authority[host.endIndex...]
        guard let colon = after.first else { return (host, nil) }
        let digits = after.dropFirst()
        guard colon == UInt8(ascii: ":"), !digits.isEmpty, digits.allSatisfy(isDigit),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { return nil }
        return (host, port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_")
    }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x66).contains(byte | 0x20) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
