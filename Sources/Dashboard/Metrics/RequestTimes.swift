import Daemon
import Hummingbird

/// Notes how long answers take, by route: of what leads nowhere all together.
struct RequestTimes: RouterMiddleware {
    let durations: Durations

    func handle(
        _ request: Request, context: DashboardContext,
        next: (Request, DashboardContext) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        defer { durations.note(.request(route: context.endpointPath ?? "none"), since: began) }
        return try await next(request, context)
    }
}
