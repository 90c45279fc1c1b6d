import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Ledgers
import Logging

/// What people do by forms: each is the task of the command of that name, on the assembly that runs.
extension DashboardRouter {
    func addActs(to router: Router<DashboardContext>) {
        act(router, "/acts/ack", AlertActs.acknowledge)
        act(router, "/acts/accept", AlertActs.accept)
        act(router, "/acts/silence", AlertActs.silence)
        act(router, "/acts/unsilence", AlertActs.unsilence)
        act(router, "/acts/mark", StoreActs.mark)
        act(router, "/acts/unmark", StoreActs.unmark)
        act(router, "/acts/recheck", StoreActs.recheck)
        act(router, "/acts/test", ReceiverActs.test)
        act(router, "/acts/retry", ReceiverActs.retry)
    }

    /// Answers with the way back to where the form stood, on which what was done is told once.
    private func act(
        _ router: Router<DashboardContext>, _ path: RouterPath,
        _ perform: @escaping @Sendable (Act) async throws -> Act.Done
    ) {
        router.post(path) { [state, admission] request, context -> Response in
            let form: FormBody
            switch try await sent(request, context) {
            case .form(let sent): form = sent
            case .refused(let response): return response
            }
            let back = Self.local(form["back"])
            let act = Act(form: form, caller: context.caller, state: state, assembly: await state.assembly)
            do {
                let done = try await perform(act)
                admission.tell(.init(words: done.words, isGood: true), to: context.caller.holder)
                await state.evaluation.ring()
                await state.delivery.ring()
                return .seeOther(back)
            } catch {
                return await refusal(error, request, context, back: back)
            }
        }
    }

    enum Sent {
        case form(FormBody)
        case refused(Response)
    }

    /// The form, if it is one of ours and whoever sent it may act at all. A program that shows its token needs no form's.
    func sent(_ request: Request, _ context: DashboardContext) async throws -> Sent {
        let form = try await FormBody(request)
        guard context.caller.isOperator else {
            return .refused(await refusal(Act.Forbidden(), request, context, back: Self.local(form["back"])))
        }
        guard context.caller.proof == .token || admission.isFormToken(form["csrf"] ?? "", of: context.caller.holder)
        else {
            let words = Words(
                en: "The form was too old, and nothing was done. Load its page again.", zh: "表单已失效，未执行任何操作。请重新打开页面。")
            return .refused(
                await message(words, .forbidden, request, context, back: Self.local(form["back"])))
        }
        return .form(form)
    }

    /// What was not done, and why, with a way back.
    func refusal(_ error: any Error, _ request: Request, _ context: DashboardContext, back: String) async -> Response {
        switch error {
        case is Act.Forbidden:
            let words =
                context.caller.proof == .none
                ? Words(
                    en:
                        "Acts ask for somebody with a name: goodstanding token new NAME makes a token, or write access: {local: operator} for whoever is on this machine.",
                    zh: "操作需要登录：用 goodstanding token new NAME 生成令牌，或在配置中写 access: {local: operator} 允许本机操作。")
                : Words(en: "This is not yours to do.", zh: "您没有此操作的权限。")
            return await message(words, .forbidden, request, context, back: back)
        case let error as TaskError:
            return await message(error.words, error.isUsage ? .badRequest : .conflict, request, context, back: back)
        default:
            await state.assembly.logger.error("\(request.uri.path): \(error)")
            let words = (error as? LedgerError).map { Words($0.description) }
            return await message(
                words ?? Words(en: "It failed; the log says why.", zh: "操作失败，原因见日志。"), .internalServerError, request,
                context, back: back)
        }
    }

    private func message(
        _ words: Words, _ status: HTTPResponse.Status, _ request: Request, _ context: DashboardContext, back: String
    ) async -> Response {
        var asked = PageRequest(request, context)
        asked.formToken = admission.formToken(for: context.caller.holder)
        var page = Page.message(words, status: status)
        page.view["text"] = asked.tongue(words)
        page.view["back"] = ["url": back, "name": asked.tongue("Back", "返回")] as View
        return page.response(asked, await state.status)
    }
}
