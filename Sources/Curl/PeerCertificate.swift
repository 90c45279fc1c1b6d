import CCurl

/// The certificate by which a server showed who it is: of its chain the one that is its own.
package struct PeerCertificate: Sendable, Hashable {
    /// The end of its validity, in seconds since 1970.
    package var endsAt: Int64

    package init(endsAt: Int64) { self.endsAt = endsAt }

    /// Of the exchange that the handle has just made; nil without TLS, and where libcurl does not tell.
    init?(of easy: UnsafeMutableRawPointer) {
        guard let chain = ccurl_info_certificates(easy)?.pointee, chain.num_of_certs > 0, let own = chain.certinfo[0]
        else { return nil }
        let label = "Expire date:"
        var entry: UnsafeMutablePointer<curl_slist>? = own
        while let line = entry?.pointee {
            // By OpenSSL `Nov 27 16:55:00 2026 GMT`, by others `2026-11-27 16:55:00 GMT`.
            if let data = line.data, let end = Self.seconds(String(cString: data), after: label) {
                endsAt = end
                return
            }
            entry = line.next
        }
        return nil
    }

    private static func seconds(_ line: String, after label: String) -> Int64? {
        line.hasPrefix(label) ? HTTPDate.seconds(String(line.dropFirst(label.count))) : nil
    }
}
