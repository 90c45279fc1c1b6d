import Daemon
import Facts
import Foundation
import HTTPTypes
import Hummingbird
import Language
import Logging
import NIOCore

/// Every route on one page.
struct DashboardRouter: Sendable {
    let state: DaemonState
    /// One for all requests.
    let admission: Admission
    private let cache = PageCache()
    private let indexes = WallIndexes()
    private let rows = WallRows()

    init(state: DaemonState, admission: Admission = Admission()) {
        (self.state, self.admission) = (state, admission)
    }

    var router: Router<DashboardContext> {
        // Whatever can be read can be asked for its head alone.
        let router = Router(context: DashboardContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestTimes(durations: state.durations))
        router.add(middleware: SecureHeaders())
        router.add(middleware: APIProblems(state: state))
        router.add(middleware: AccessControl(state: state, admission: admission))
        router.add(middleware: MissingPages(state: state))
        addHealth(to: router)
        addMetrics(to: router)
        addAssets(to: router)
        addLogin(to: router)
        addActs(to: router)
        addEntering(to: router)
        addAudit(to: router)
        page(router, "/", restsOnWall: true) { request, _, assembly in
            let view = await state.wall.view.seen(by: request.caller)
            let order = request["sort"].flatMap(WallIndex.Order.init) ?? .standing
            // Of part of the stores an order is made each time.
            let index = request.caller.seesAll ? await indexes.index(view, order) : WallIndex(view, order)
            return await WallPage(
                wall: view, fleet: assembly.fleet, request: request, index: index, rows: rows
            ).page()
        }
        page(router, "/stores/:store") { request, parameters, assembly in
            try await StorePage.page(try parameters.text("store"), request, assembly)
        }
        page(router, "/stores/:store/rules/:rule") { request, parameters, assembly in
            try await RulePage.page(try parameters.text("rule"), of: try parameters.text("store"), request, assembly)
        }
        page(router, "/stores/:store/gates/:gate") { request, parameters, assembly in
            try await GatePage.page(try parameters.text("gate"), of: try parameters.text("store"), request, assembly)
        }
        page(router, "/alerts") { [state] request, _, assembly in
            try await AlertsPage.page(request, await state.wall.view.seen(by: request.caller), assembly)
        }
        page(router, "/alerts/:episode") { request, parameters, assembly in
            try await AlertPage.page(try parameters.text("episode"), request, assembly)
        }
        page(router, "/appeals") { [state] request, _, assembly in
            try await AppealsPage.page(request, assembly, state)
        }
        page(router, "/sources") { [state] request, _, assembly in
            try await SourcesPage.page(request, await state.wall.view.seen(by: request.caller), assembly)
        }
        page(router, "/outbox") { request, _, assembly in try await OutboxPage.page(request, assembly) }
        page(router, "/packs", restsOnWall: true) { request, _, assembly in
            PacksPage.page(request, await state.wall.view.seen(by: request.caller), assembly)
        }
        page(router, "/packs/:pack") { request, parameters, assembly in
            try PacksPage.page(of: try parameters.text("pack"), request, assembly)
        }
        page(router, "/packs/:pack/rules/:rule", restsOnWall: true) { request, parameters, assembly in
            try PackRulePage.page(
                try parameters.text("rule"), in: try parameters.text("pack"), request,
                await state.wall.view.seen(by: request.caller), assembly)
        }
        router.get("/stores/:store/rules/:rule/evidence.csv") { [state] _, context in
            let (assembly, store) = (await state.assembly, try context.parameters.text("store"))
            guard context.caller.mayRead(store, in: assembly.fleet) else { throw HTTPError(.notFound) }
            do {
                return try await EvidenceFile.response(try context.parameters.text("rule"), of: store, assembly)
            } catch let error as TaskError {
                return Plain.text("\(error.words.en)\n\(error.words.zh)\n", status: .notFound)
            }
        }
        addAPI(to: router)
        return router
    }

    private func addHealth(to router: Router<DashboardContext>) {
        router.get("healthz") { [state] _, _ in
            await state.isAlive ? Plain.text("ok\n") : Plain.text("stuck\n", status: .serviceUnavailable)
        }
        router.get("readyz") { [state] _, _ in
            let (status, isOpen) = (await state.status, await state.assembly.config.access.isOpen)
            // How the stores stand is for those who may see them.
            return status.isReady
                ? Plain.text(isOpen ? "ready: \(status.line)\n" : "ready\n")
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
    ///
    /// - Parameter restsOnWall: it says the same to one reader while the wall does.
    func page(
        _ router: Router<DashboardContext>, _ path: RouterPath, restsOnWall: Bool = false,
        _ make: @escaping @Sendable (PageRequest, Parameters, Assembly) async throws -> Page
    ) {
        router.get(path) { [state, cache, admission] request, context in
            let (caller, status) = (context.caller, await state.status)
            let (assembly, generation) = await state.current
            var asked = PageRequest(request, context)
            (asked.formToken, asked.banner) = (
                admission.formToken(for: caller.holder), admission.banner(for: caller.holder)
            )
            let isKept = restsOnWall && asked.banner == nil
            let key = PageCache.Key(
                address: request.uri.description, tongue: asked.tongue, holder: caller.holder, name: caller.name)
            let stamp = PageCache.Stamp(
                wall: isKept ? await state.wall.view.version : 0, generation: generation,
                notices: [status.refusal ?? "", "\(status.isReady)"] + status.receiversDown.keys.sorted())
            if isKept, let kept = await cache.page(key, stamp) { return kept.response(request, asked) }
            do {
                guard caller.mayLook else { throw TaskError(Page.notForPushers, isUsage: true) }
                // What one may not see is not there, and nothing near it is named either.
                if context.parameters.get("store") != nil,
                    !caller.mayRead(try context.parameters.text("store"), in: assembly.fleet)
                {
                    throw TaskError(Page.noSuchStore, isUsage: true)
                }
                let page = try await make(asked, context.parameters, assembly)
                guard isKept, page.status == .ok else { return page.response(asked, status) }
                return await cache.keep(page.text(asked, status), as: key, stamp).response(request, asked)
            } catch let error as TaskError {
                return Page.message(error.words, status: error.isUsage ? .notFound : .conflict).response(asked, status)
            } catch let error where !(error is any HTTPResponseError) {
                assembly.logger.error("\(request.uri.path): \(error)")
                let words = Words(en: "It failed; the log says why.", zh: "操作失败，原因见日志。")
                return Page.message(words, status: .serviceUnavailable).response(asked, status)
            }
        }
    }
}

extension Parameters {
    /// Of the path, as it was meant: an id may hold what a path writes in another way.
    func text(_ name: String) throws -> String {
        guard let text = get(name)?.removingPercentEncoding else { throw HTTPError(.notFound) }
        return text
    }
}

extension Page {
    static let noSuchStore = Words(en: "there is no such store", zh: "没有这家店铺")
    static let notForPushers = Words(en: "this token brings facts and sees nothing", zh: "该令牌仅用于推送数据")

    static func message(_ words: Words, status: HTTPResponse.Status) -> Page {
        let title = status == .notFound ? Words(en: "Not there", zh: "未找到") : Words(en: "Not done", zh: "未完成")
        return Page(
            template: "message", title: title, section: .stores, view: ["words": words, "back": false],
            status: status)
    }
}
