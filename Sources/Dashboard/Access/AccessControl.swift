import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Ledgers
import Logging

/// Finds out who asks, and turns away who may not.
struct AccessControl: RouterMiddleware {
    let state: DaemonState
    let admission: Admission

    func handle(
        _ request: Request, context: DashboardContext,
        next: (Request, DashboardContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let assembly = await state.assembly
        let terms = assembly.config.access
        var context = context
        context.address = address(request, context, terms)
        if Self.isOpenToAll(path) || path == "/metrics" && terms.hasOpenMetrics {
            return try await next(request, context)
        }
        if terms.isOpen, !Self.isOurs(request.head.authority, assembly.config) {
            return Refusal.misdirected.response(path)
        }
        if !Self.isSafe(request.method), !Self.isFromHere(request, assembly.config) {
            return Refusal.foreign.response(path)
        }
        switch await find(request, context, assembly) {
        case .found(let caller):
            context.caller = caller
            let behalf = Behalf(name: caller.name, way: path.hasPrefix("/api/") ? .api : .page)
            var response = try await Behalf.$current.withValue(behalf) { try await next(request, context) }
            // It is one reader's: no cache on the way keeps it for another.
            if caller.proof != .none, response.headers[.cacheControl] == "no-cache" {
                response.headers[.cacheControl] = "private, no-cache"
            }
            return response
        case .refused(let refusal): return refusal.response(path)
        case .unknown:
            if path == "/login" { return try await next(request, context) }
            return Self.way(in: request)
        }
    }

    /// Whether the daemon lives anyone may ask, and a page needs its dress before anybody has logged in.
    private static func isOpenToAll(_ path: String) -> Bool {
        path == "/healthz" || path == "/readyz" || path.hasPrefix("/assets/")
    }

    // MARK: Who

    private enum Found {
        case found(Caller)
        case refused(Refusal)
        case unknown
    }

    private func find(_ request: Request, _ context: DashboardContext, _ assembly: Assembly) async -> Found {
        // Whoever is known already is not asked again.
        if context.caller.role != nil { return .found(context.caller) }
        let (terms, now) = (assembly.config.access, assembly.clock.now)
        if terms.isOpen { return .found(.local(terms.local ?? .viewer)) }
        // Of another scheme it is for the proxy, which hands it on.
        if let written = request.headers[.authorization], written.lowercased().hasPrefix("bearer ") {
            return await bearer(String(written.dropFirst(7)), context, terms, now, assembly.logger)
        }
        if let proxy = terms.proxy, let name = proxy.header.flatMap({ HTTPField.Name($0) }),
            let person = request.headers[name], !person.isEmpty, context.peer.map(proxy.vouches) ?? false
        {
            return proxied(person, proxy, now)
        }
        if let id = request.cookies[SessionCookie.name]?.value, let hash = admission.hash(ofSession: id, at: now) {
            let grantee = terms.tokens.first { $0.hash == hash && !$0.isOver(at: now) }
            if let grantee, grantee.role != .pusher { return .found(Caller(grantee, by: .session(id))) }
        }
        return .unknown
    }

    private func bearer(
        _ token: String, _ context: DashboardContext, _ terms: AccessTerms, _ now: Timestamp, _ logger: Logger
    ) async -> Found {
        let address = context.address ?? ""
        switch await admission.look(token, from: address, terms, at: now) {
        case .known(let grantee): return .found(Caller(grantee, by: .token))
        case .tooMany(let wait): return .refused(.tooMany(wait))
        case .none:
            logger.notice("a request from \(address) showed a token that is none")
            return .refused(.notKnown)
        }
    }

    private func proxied(_ person: String, _ proxy: AccessTerms.Proxy, _ now: Timestamp) -> Found {
        guard person.utf8.count <= 200 else { return .refused(.notLetIn) }
        if let grantee = proxy.people.first(where: { $0.id == person }) {
            return grantee.isOver(at: now) ? .refused(.notLetIn) : .found(Caller(grantee, by: .proxy))
        }
        guard let role = proxy.role else { return .refused(.notLetIn) }
        return .found(Caller(AccessTerms.Grantee(id: person, role: role), by: .proxy))
    }

    /// From where it is asked: by the word of the proxy, where a listed one brings it.
    private func address(_ request: Request, _ context: DashboardContext, _ terms: AccessTerms) -> String? {
        guard let peer = context.peer, let proxy = terms.proxy, proxy.vouches(at: peer),
            let told = request.headers[HTTPField.Name("X-Forwarded-For")!],  // proof: a valid name
            let last = told.split(separator: ",").last
        else { return context.peer }
        return String(last.filter { !$0.isWhitespace })
    }

    // MARK: From where

    private static func isSafe(_ method: HTTPRequest.Method) -> Bool { [.get, .head, .options].contains(method) }

    /// A page of a stranger's whose name leads to this machine (DNS rebinding) asks by that name. No browser leaves it out.
    static func isOurs(_ authority: String?, _ config: Config) -> Bool {
        guard let authority, !authority.isEmpty else { return true }
        let host = Origin.host(of: authority)
        return ListenAddress(host: host, port: 0).isLoopback || host == config.listen.host.lowercased()
            || host == config.publicURL.flatMap(Origin.authority).map(Origin.host)
    }

    /// What a page of a stranger's sends says so in every browser of today; programs say nothing.
    private static func isFromHere(_ request: Request, _ config: Config) -> Bool {
        if let site = request.headers[.secFetchSite], !["same-origin", "none"].contains(site) { return false }
        guard let origin = request.headers[.origin] else { return true }
        guard let asking = Origin.authority(of: origin) else { return false }
        return asking == request.head.authority?.lowercased()
            || asking == config.publicURL.flatMap(Origin.authority)
    }

    /// To the login form, and from there to where he wanted to go.
    private static func way(in request: Request) -> Response {
        let path = request.uri.path
        guard !path.hasPrefix("/api/"), path != "/metrics" else { return Refusal.notKnown.response(path) }
        let isReading = isSafe(request.method)
        let wanted = isReading ? request.uri.string : "/"
        // A link from elsewhere brings no cookie of the strict kind; one that the page itself follows does.
        if isReading, request.headers[.secFetchSite] == "cross-site" {
            return Plain.text(
                "<!doctype html><meta http-equiv=\"refresh\" content=\"0\"><title>goodstanding</title>",
                type: "text/html; charset=utf-8")
        }
        return .seeOther("/login?to=\(wanted.percentEncoded)")
    }
}

extension AccessTerms {
    /// Whose token it is. Looks at every one, so that the time it takes says nothing of where it was found.
    func grantee(of token: String, at now: Timestamp) -> Grantee? {
        let hash = AccessToken.hash(of: token)
        var found: Grantee?
        for grantee in tokens where AccessToken.isSame(grantee.hash ?? "", hash) { found = grantee }
        return found.flatMap { $0.isOver(at: now) ? nil : $0 }
    }
}

/// `scheme://host:port`, as browsers name where a page comes from.
enum Origin {
    /// Host and port of an address; nil for what has none (`null`).
    static func authority(of address: String) -> String? {
        guard let start = address.firstRange(of: "://")?.upperBound else { return nil }
        let authority = address[start...].prefix { !"/?#".contains($0) }
        return authority.isEmpty ? nil : authority.lowercased()
    }

    /// Without the port.
    static func host(of authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return String(text.prefix { $0 != ":" })
    }
}

extension HTTPField.Name {
    // proof: a valid name
    static var secFetchSite: HTTPField.Name { HTTPField.Name("Sec-Fetch-Site")! }
}
