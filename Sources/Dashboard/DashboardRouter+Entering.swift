import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Logging

/// The figures that are due, entered by hand or pasted.
extension DashboardRouter {
    func addEntering(to router: Router<DashboardContext>) {
        page(router, "/due") { [state] request, _, assembly in
            try await DuePage(request: request, assembly: assembly, state: state).page()
        }
        router.post("/due") { [state, admission] request, context -> Response in
            let form: FormBody
            switch try await sent(request, context) {
            case .form(let sent): form = sent
            case .refused(let response): return response
            }
            let assembly = await state.assembly
            var asked = PageRequest(request, context)
            asked.formToken = admission.formToken(for: context.caller.holder)
            do {
                let task = MeasureTask(.running(assembly))
                let written = try DueForm(form).written + task.pasted(form["table"] ?? "", at: form["at"] ?? "")
                let (outcome, left) = try await task.enter(written) { context.caller.mayAct(on: $0) }
                await state.evaluation.ring()
                let words = DueForm.words(outcome, left)
                guard !left.isEmpty else {
                    admission.tell(.init(words: words, isGood: !outcome.hasFailed), to: context.caller.holder)
                    return .seeOther(asked.link([:]))
                }
                asked.banner = .init(words: words, isGood: false)
                // What went in is due no more; what did not stands where it was, with its reason.
                return try await DuePage(request: asked, assembly: assembly, state: state, left: left).page()
                    .response(asked, await state.status)
            } catch {
                return await refusal(error, request, context, back: "/due")
            }
        }
    }
}
