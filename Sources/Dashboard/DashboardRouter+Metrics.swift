import Daemon
import Hummingbird

extension DashboardRouter {
    func addMetrics(to router: Router<DashboardContext>) {
        router.get("metrics") { [state] _, context in
            // It tells of all stores.
            guard await state.assembly.config.access.hasOpenMetrics || context.caller.seesAll else {
                return Refusal.notForAll.response("/metrics")
            }
            let page = await MetricsPage.of(state)
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: .init { writer in
                    try await page.write { try await writer.write($0) }
                    try await writer.finish(nil)
                })
        }
    }
}
