import Daemon
import Facts
import HTTPTypes
import Hummingbird

/// What is asked for and is not there is told on a page like any other, with a way on.
struct MissingPages: RouterMiddleware {
    let state: DaemonState

    func handle(
        _ request: Request, context: DashboardContext,
        next: (Request, DashboardContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && error.body == nil {
            let path = request.uri.path
            guard request.method == .get || request.method == .head, !path.hasPrefix("/api/"), path != "/api" else {
                throw error
            }
            let words = Words(en: "there is no such page", zh: "没有这个页面")
            return Page.message(words, status: .notFound).response(PageRequest(request, context), await state.status)
        }
    }
}
