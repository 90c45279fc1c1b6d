import CCurl

/// The certificate by which a server showed who it is, with those by which it showed that.
package struct PeerCertificate: Sendable, Hashable {
    /// The end of its validity, in seconds since 1970.
    package var endsAt: Int64
    /// All that the server sent, its own first, as PEM; empty where libcurl does not tell. The authority's own is mostly not
    /// among them.
    package var chain: [String]

    package init(endsAt: Int64, chain: [String] = []) { (self.endsAt, self.chain) = (endsAt, chain) }

    /// Of the exchange that the handle has just made; nil without TLS, and where libcurl does not tell.
    init?(of easy: UnsafeMutableRawPointer) {
        guard let told = ccurl_info_certificates(easy)?.pointee, told.num_of_certs > 0 else { return nil }
        let all = (0..<Int(told.num_of_certs)).map { Self.lines(told.certinfo[$0]) }
        // By OpenSSL `Nov 27 16:55:00 2026 GMT`, by others `2026-11-27 16:55:00 GMT`.
        guard let end = all[0].lazy.compactMap({ Self.value(of: "Expire date:", in: $0) }).first,
            let endsAt = HTTPDate.seconds(end)
        else { return nil }
        self.init(
            endsAt: endsAt, chain: all.compactMap { $0.lazy.compactMap { Self.value(of: "Cert:", in: $0) }.first })
    }

    private static func lines(_ list: UnsafeMutablePointer<curl_slist>?) -> [String] {
        var (lines, entry) = ([String](), list)
        while let line = entry?.pointee {
            if let data = line.data { lines.append(String(cString: data)) }
            entry = line.next
        }
        return lines
    }

    private static func value(of label: String, in line: String) -> String? {
        line.hasPrefix(label) ? String(line.dropFirst(label.count)) : nil
    }
}
