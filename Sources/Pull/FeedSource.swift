import Crypto
package import Curl
package import Facts
package import HTTPTypes

/// The open feed of an ERP: `GET url?updated_after=T&cursor=C` answers `{"facts": […], "next": "cursor" | null}`.
package struct FeedSource: Source {
    package let id: String
    package let kinds: FactKinds
    package let overlap: TimeSpan
    private let request: Request
    private let decoding: FactDecoding

    package var name: String { "feed:" + id }

    /// Nil when `url` is not an absolute http or https address that can be sent.
    ///
    /// - Parameters:
    ///   - url: a query in it is kept.
    ///   - headers: sent with every request; with any of them, a redirect to another origin is not followed.
    ///   - kinds: those that the feed brings and a finished pull covers.
    ///   - overlap: how far before the greatest `updated_at` the next pull asks.
    package init?(
        id: String, url: String, headers: [(name: HTTPField.Name, value: Secret)] = [], kinds: FactKinds = .all,
        overlap: TimeSpan = .minutes(10), decoding: FactDecoding, limits: Limits = .standard
    ) {
        var limits = limits
        limits.redirects = headers.isEmpty ? .any(max: 5) : .sameOrigin
        var fields: HTTPFields = [.accept: "application/json"]
        for (name, value) in headers { fields[name] = value.reveal() }
        guard let request = Request(method: .get, url: url, headers: fields, limits: limits) else { return nil }
        (self.id, self.kinds, self.overlap, self.decoding, self.request) = (id, kinds, overlap, decoding, request)
    }

    package var fingerprint: String {
        var address = "\(request.head.scheme ?? "")://\(request.head.authority ?? "")\(request.head.path ?? "")"
        // Of a kind that it brings from now on nobody has asked for what came before.
        if kinds != .all { address += " " + kinds.kinds.map(\.name).joined(separator: ",") }
        return SHA256.hash(data: Array(address.utf8)).prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    package func request(after state: PullState, at asking: Asking) -> Request {
        var path = request.head.path ?? "/"
        var separator = path.contains("?") ? "&" : "?"
        if path.hasSuffix("?") || path.hasSuffix("&") { separator = "" }
        func add(_ name: String, _ value: String) {
            path += separator + name + "=" + PercentEncoding.strict(value)
            separator = "&"
        }
        if let updatedAfter = state.updatedAfter { add("updated_after", updatedAfter.description) }
        if let cursor = state.cursor { add("cursor", cursor) }

        var request = request
        request.head.path = path
        // Only of a first page. That T may have moved since does no harm: a tag names one representation, so an equal
        // one says that the answer to this question is the one already committed.
        if state.cursor == nil, let etag = state.etag { request.head.headerFields[.ifNoneMatch] = etag }
        return request
    }

    package func page(
        from reply: Reply, after state: PullState, at now: Timestamp
    ) throws(PullError) -> Page {
        if let error = PullError(reply, now: now) { throw error }
        if reply.status == .notModified {
            guard state.cursor == nil, state.etag != nil else { throw .unexpected(status: 304) }
            return Page(etag: state.etag)
        }
        var decoder = decoding.decoder()
        let read = reply.body.withUnsafeBytes { bytes in
            Result { () throws(PageError) in try decoder.decode(page: bytes) }
        }
        let decoded: DecodedPage
        switch read {
        case .success(let page): decoded = page
        case .failure(let error): throw .unreadable("\(error)")
        }
        let number = state.seen.count + 1
        var alike = AlikeRejections()
        var page = Page(
            facts: decoded.facts,
            rejections: decoded.rejections.enumerated().map { before, rejected in
                RejectedText(
                    position: "page \(number), fact \(rejected.index + 1)",
                    rejection: alike.numbered(rejected.rejection),
                    factsBefore: rejected.index - before)
            },
            next: decoded.next, etag: reply.headers[.eTag])
        page.unknownMembers = decoded.unknownMembers
        return page
    }
}
