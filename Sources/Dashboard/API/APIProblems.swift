import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Ledgers

/// Whatever goes wrong below `/api` is told in one form.
struct APIProblems: RouterMiddleware {
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
            return Self.problem(error, request).response
        }
    }

    private static func problem(_ error: any Error, _ request: Request) -> APIProblem {
        switch error {
        case let problem as APIProblem: return problem
        case let error as TaskError: return APIProblem(error.isUsage ? .notFound : .conflict, error.message)
        case let error as LedgerError: return APIProblem(.serviceUnavailable, error.description)
        case let error as HTTPError where error.status == .notFound: return unknown(request)
        case let error as any HTTPResponseError:
            let detail = (error as? HTTPError)?.body ?? error.status.reasonPhrase
            return APIProblem(error.status, detail)
        default: return APIProblem(.internalServerError, "\(error)")
        }
    }

    /// No such path, or not with this method.
    private static func unknown(_ request: Request) -> APIProblem {
        let path = request.uri.path
        let allowed = APIRoute.all.filter { $0.fits(path) }.map(\.method)
        guard !allowed.isEmpty, !allowed.contains(request.method) else {
            return APIProblem(
                .notFound, "there is nothing at \(path); \(APIRoute.root)/openapi.json says what there is")
        }
        var problem = APIProblem(.methodNotAllowed, "\(path) cannot be asked with \(request.method.rawValue)")
        problem.allowed = allowed
        return problem
    }
}
