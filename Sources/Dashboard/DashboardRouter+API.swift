import HTTPTypes
import Hummingbird

/// What programs are answered.
extension DashboardRouter {
    func addAPI(to router: Router<DashboardContext>) {
        for route in APIRoute.all {
            router.on(RouterPath(APIRoute.root + route.routerPath), method: route.method) { [state] request, context in
                try await route.response(request, context, state)
            }
        }
    }
}
