import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Logging

/// The login form of people who have a token, and the end of their sessions.
extension DashboardRouter {
    func addLogin(to router: Router<DashboardContext>) {
        router.get("/login") { [state, admission] request, context -> Response in
            let asked = PageRequest(request, context)
            let assembly = await state.assembly
            guard context.caller.role == nil else { return .seeOther(Self.local(asked["to"])) }
            return await Self.form(asked, nil, assembly.config, admission, state)
        }
        router.post("/login") { [state, admission] request, context -> Response in
            let (asked, form) = (PageRequest(request, context), try await FormBody(request))
            let assembly = await state.assembly
            let (now, address, to) = (assembly.clock.now, context.address ?? "", Self.local(form["to"]))
            guard !assembly.config.access.isOpen else { return .seeOther(to) }
            let holder = request.cookies[SessionCookie.loginName].map { "login \($0.value)" }
            guard let holder, admission.isFormToken(form["csrf"] ?? "", of: holder) else {
                let words = Words(en: "The form was too old. Once more, please.", zh: "表单已失效，请再试一次。")
                return await Self.form(asked, (words, .forbidden, nil), assembly.config, admission, state, to)
            }
            switch await admission.look(
                form["token"] ?? "", from: address, assembly.config.access, at: now, isFit: { $0.role != .pusher })
            {
            case .known(let grantee):
                var response = Response.seeOther(to)
                let id = admission.open(grantee.hash ?? "", at: now)
                response.headers[.setCookie] = SessionCookie.opened(id, assembly.config)
                return response
            case .tooMany(let wait):
                let refusal = Refusal.tooMany(wait)
                return await Self.form(
                    asked, (refusal.words, refusal.status, refusal.retryAfter), assembly.config, admission, state, to)
            case .none:
                assembly.logger.notice("somebody at \(address) could not log in")
                let words = Words(en: "This token lets nobody in here.", zh: "该令牌无法登录。")
                return await Self.form(asked, (words, .unauthorized, nil), assembly.config, admission, state, to)
            }
        }
        router.post("/logout") { [state, admission] request, context -> Response in
            let form = try await FormBody(request)
            guard admission.isFormToken(form["csrf"] ?? "", of: context.caller.holder) else {
                return Refusal.foreign.response("/logout")
            }
            if case .session(let id) = context.caller.proof { admission.close(id) }
            var response = Response.seeOther("/login")
            response.headers[.setCookie] = SessionCookie.closed(await state.assembly.config)
            return response
        }
    }

    private typealias Fault = (words: Words, status: HTTPResponse.Status, retryAfter: String?)

    private static func form(
        _ asked: PageRequest, _ fault: Fault?, _ config: Config, _ admission: Admission, _ state: DaemonState,
        _ to: String? = nil
    ) async -> Response {
        let value = AccessToken.random()
        let page = Page(
            template: "login", title: Words(en: "Log in", zh: "登录"), section: .stores,
            view: [
                "csrf": admission.formToken(for: "login \(value)"), "to": to ?? local(asked["to"]),
                "fault": fault.map { asked.tongue($0.words) } ?? false,
            ], status: fault?.status ?? .ok)
        var response = page.response(asked, await state.status)
        response.headers[.retryAfter] = fault?.retryAfter
        response.headers[.cacheControl] = "no-store"
        response.headers.append(HTTPField(name: .setCookie, value: SessionCookie.login(value, config)))
        return response
    }

    /// A page of ours, whatever was asked for: a login that leads elsewhere is a trap.
    static func local(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.hasPrefix("/\\"), !path.hasPrefix("/login"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return path
    }
}
