import Daemon
import Facts
import Hummingbird

extension DashboardRouter {
    func addAudit(to router: Router<DashboardContext>) {
        page(router, "/audit") { request, _, assembly in
            guard request.caller.isOperator else {
                throw TaskError(Words(en: "the audit is for operators", zh: "审计仅供操作员查看"), isUsage: true)
            }
            return try await AuditPage(request: request, assembly: assembly).page()
        }
    }
}
