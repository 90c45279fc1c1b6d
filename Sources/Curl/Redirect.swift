import HTTPTypes

/// Decides about redirects; libcurl itself follows none.
enum Redirect {
    /// How many a request follows within its origin.
    static let sameOriginMax = 5

    /// Whether a reply with this status asks for another request.
    static func isOne(_ status: Int) -> Bool {
        [301, 302, 303, 307, 308].contains(status)
    }

    /// The request that follows, or why there is none. `target` is the absolute address the server named; `followed`
    /// counts the redirects before this one.
    static func follow(
        _ request: Request, from: Address, status: Int, to target: String, followed: Int
    ) -> Result<(Request, Address), TransportError> {
        func refuse(_ fault: TransportError.RedirectFault) -> Result<(Request, Address), TransportError> {
            .failure(.redirectRefused(host: from.origin.host, fault: fault))
        }
        let max: Int
        let mayLeave: Bool
        switch request.limits.redirects {
        case .none: (max, mayLeave) = (0, false)
        case .sameOrigin: (max, mayLeave) = (sameOriginMax, false)
        case .any(let most): (max, mayLeave) = (most, true)
        }
        guard followed < max else { return refuse(.tooMany(max)) }
        guard let to = Address(target) else { return refuse(.notHTTP) }

        var next = request
        next.head.scheme = to.origin.scheme
        next.head.authority = to.authority
        next.head.path = to.path
        // 307 and 308 repeat the request; after the others everybody continues with GET.
        if status < 307 && request.head.method != .head && (status == 303 || request.head.method == .post) {
            next.head.method = .get
            next.head.headerFields[.contentType] = nil
            next.body = nil
        }
        if to.origin != from.origin {
            guard mayLeave else { return refuse(.otherOrigin) }
            guard from.origin.scheme == "http" || to.origin.scheme == "https" else { return refuse(.insecure) }
            guard next.body == nil else { return refuse(.bodyToOtherOrigin) }
            // Any other field may be a secret meant for the first server.
            var fields = HTTPFields()
            for field in next.head.headerFields where field.name == .accept || field.name == .acceptLanguage {
                fields.append(field)
            }
            next.head.headerFields = fields
        }
        return .success((next, to))
    }
}
