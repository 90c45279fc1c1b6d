import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Ledgers
import Logging

/// Whatever goes wrong below `/api` is told in one form.
struct APIProblems: RouterMiddleware {
    let state: DaemonState

    func handle(
        _ request: Request, context: DashboardContext,
        next: (Request, DashboardContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard path == "/api" || path.hasPrefix("/api/") else { return try await next(request, context) }
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            let problem = Self.problem(error, at: path, request.method)
            // Why it is our fault is for who runs it, and not for who asks.
            if problem.status.kind == .serverError {
                await state.assembly.logger.error("\(request.method.rawValue) \(path): \(error)")
            }
            return problem.response
        }
    }

    static func problem(_ error: any Error, at path: String, _ method: HTTPRequest.Method) -> APIProblem {
        switch error {
        case let problem as APIProblem: return problem
        case let error as TaskError: return APIProblem(error.isUsage ? .notFound : .conflict, error.message)
        case let error as LedgerError: return APIProblem(.serviceUnavailable, error.description)
        case let error as HTTPError where error.status == .notFound: return unknown(path, method)
        case let error as any HTTPResponseError:
            let detail = (error as? HTTPError)?.body ?? error.status.reasonPhrase
            return APIProblem(error.status, detail)
        default: return APIProblem(.internalServerError, "it failed; the log says why")
        }
    }

    /// No such path, or not with this method.
    private static func unknown(_ path: String, _ method: HTTPRequest.Method) -> APIProblem {
        let routes = APIRoute.all.filter { $0.fits(path) }.map(\.method)
        // Whatever can be read can be asked for its head.
        let allowed = routes + (routes.contains(.get) ? [.head] : [])
        guard !allowed.isEmpty, !allowed.contains(method) else {
            return APIProblem(
                .notFound, "there is nothing at \(path); \(APIRoute.root)/openapi.json says what there is")
        }
        var problem = APIProblem(.methodNotAllowed, "\(path) cannot be asked with \(method.rawValue)")
        problem.allowed = allowed
        return problem
    }
}
