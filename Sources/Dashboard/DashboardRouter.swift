import Daemon
import Facts
import HTTPTypes
import Hummingbird
import Language
import NIOCore

/// Every route on one page.
struct DashboardRouter: Sendable {
    let state: DaemonState

    var router: Router<DashboardContext> {
        let router = Router(context: DashboardContext.self)
        router.add(middleware: RequestTimes(durations: state.durations))
        router.add(middleware: SecureHeaders())
        addHealth(to: router)
        addMetrics(to: router)
        addAssets(to: router)
        page(router, "/") { request, _, assembly in
            WallPage(wall: await state.wall.view, fleet: assembly.fleet, request: request).page
        }
        page(router, "/stores/:store") { request, parameters, assembly in
            try await StorePage.page(try parameters.text("store"), request, assembly)
        }
        page(router, "/stores/:store/rules/:rule") { request, parameters, assembly in
            try await RulePage.page(try parameters.text("rule"), of: try parameters.text("store"), request, assembly)
        }
        return router
    }

    private func addHealth(to router: Router<DashboardContext>) {
        router.get("healthz") { [state] _, _ in
            await state.isAlive ? Plain.text("ok\n") : Plain.text("stuck\n", status: .serviceUnavailable)
        }
        router.get("readyz") { [state] _, _ in
            let status = await state.status
            return status.isReady
                ? Plain.text("ready: \(status.line)\n")
                : Plain.text("not ready: the stores have not been judged yet\n", status: .serviceUnavailable)
        }
    }

    private func addAssets(to router: Router<DashboardContext>) {
        router.get("/assets/icon.svg") { _, _ in
            Plain.text(Icon.svg, type: "image/svg+xml", caching: "max-age=86400")
        }
        for (path, asset) in Templates.assets {
            router.get(RouterPath(path)) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: asset.type, .cacheControl: "max-age=31536000, immutable"],
                    body: .init(byteBuffer: asset.bytes))
            }
        }
    }

    /// A page for people. What a task refuses is said on a page too.
    private func page(
        _ router: Router<DashboardContext>, _ path: RouterPath,
        _ make: @escaping @Sendable (PageRequest, Parameters, Assembly) async throws -> Page
    ) {
        router.get(path) { [state] request, context in
            let asked = PageRequest(request)
            let (assembly, status) = (await state.assembly, await state.status)
            do {
                return try await make(asked, context.parameters, assembly).response(asked, status)
            } catch let error as TaskError {
                return Page.message(error.words, status: error.isUsage ? .notFound : .conflict).response(asked, status)
            }
        }
    }
}

extension Parameters {
    /// Of the path, as it was meant.
    func text(_ name: String) throws -> String {
        guard let text = get(name) else { throw HTTPError(.notFound) }
        return text
    }
}

extension Page {
    static func message(_ words: Words, status: HTTPResponse.Status) -> Page {
        let title = status == .notFound ? Words(en: "Not there", zh: "未找到") : Words(en: "Not done", zh: "未完成")
        return Page(
            template: "message", title: title, section: .stores, view: ["text": words.en, "back": false],
            status: status)
    }
}

/// An answer that is no page.
enum Plain {
    static func text(
        _ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8",
        caching: String = "no-store"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: caching],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

enum Icon {
    static let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#17692f"/>\
        <path d="M4 8.5l2.7 2.7L12 5.6" fill="none" stroke="#fff" stroke-width="2"/></svg>
        """
}
