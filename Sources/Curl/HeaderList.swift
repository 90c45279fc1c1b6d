import CCurl
import HTTPTypes

/// Owns a list of lines, mostly of a header, in libcurl's form.
final class HeaderList {
    private(set) var raw: UnsafeMutablePointer<curl_slist>?

    /// nil when there is no memory for it.
    init?(_ request: Request) {
        for field in request.head.headerFields where !Self.transports.contains(field.name) {
            // "Name;" is libcurl's way of writing a field without value.
            guard append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)") else { return nil }
        }
        // libcurl would wait a second for "100 Continue" before a large body, and call every body a form.
        guard append("Expect:") else { return nil }
        if request.head.headerFields[.contentType] == nil {
            guard append("Content-Type:") else { return nil }
        }
    }

    /// The lines as they are; nil when there is no memory for them.
    init?(_ lines: [String]) {
        for line in lines { guard append(line) else { return nil } }
    }

    deinit { curl_slist_free_all(raw) }

    private func append(_ line: String) -> Bool {
        guard let longer = curl_slist_append(raw, line) else { return false }
        raw = longer
        return true
    }

    /// Fields about one connection, which only its owner can know.
    private static let transports: Set<HTTPField.Name> = [
        .contentLength, .transferEncoding, .connection, .upgrade, .te, .trailer, .expect,
        HTTPField.Name("Host"), HTTPField.Name("Keep-Alive"), HTTPField.Name("Proxy-Connection"),
    ].compactMap(\.self).reduce(into: []) { $0.insert($1) }
}
