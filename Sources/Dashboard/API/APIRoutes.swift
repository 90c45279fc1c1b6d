import Alerts
import Daemon
import Facts
import HTTPTypes
import Ledgers
import Rules

/// Every route on one page.
extension APIRoute {
    static let all: [APIRoute] =
        [
            APIRoute(
                path: "/openapi.json", id: "describe", summary: "This document.", answer: .anything,
                act: { _ in OpenAPIDocument.json }),

            // MARK: Stores

            APIRoute(
                path: "/stores", id: "listStores", summary: "The watched stores, by id, and where they stand.",
                parameters: storeChoice + [
                    APIParameter("standing", .word(Standing.allCases.map(\.rawValue)), "only of this standing")
                ] + paged,
                answer: APIPage<Never>.shape("stores", .named("Store")), act: stores),
            APIRoute(
                path: "/stores/{store}", id: "getStore", summary: "One store, and where it stands.",
                parameters: [store],
                answer: .named("Store"), refusals: [.notFound],
                act: { request in
                    let watched = try await request.store()
                    return StoreBody.json(watched.store, await request.state.wall.line(of: watched.store.id))
                }),
            APIRoute(
                path: "/standings", id: "listStandings",
                summary: "Where stores stand by each rule and gate, as `check --format json` prints it.",
                parameters: storeChoice + paged, answer: .named("Standings"), act: standings),
            APIRoute(
                path: "/metrics", id: "listMetrics",
                summary: "Stores' metrics over the facts known, as `metrics --format json` prints them.",
                parameters: storeChoice + paged, answer: .named("Metrics"), act: metrics),
            APIRoute(
                path: "/stores/{store}/rules/{rule}", id: "explainRule",
                summary:
                    "One rule at a store down to its windows, numbers and facts, as `explain --format json` prints it.",
                parameters: [store, rule], answer: .named("Explanation"), refusals: [.notFound],
                act: { ExplanationBody.json(try await explanation($0)) }),
            APIRoute(
                path: "/stores/{store}/rules/{rule}/evidence", id: "listEvidence",
                summary:
                    "The facts behind a rule's figures, the oldest first, with the day on which each leaves the window.",
                parameters: [store, rule] + paged, answer: APIPage<Never>.shape("evidence", .named("Evidence")),
                refusals: [.notFound],
                act: { request in
                    let facts = try await explanation(request).rules.first?.evidence ?? []
                    return APIPage(facts, request) { APIPlace(from: $0.at, $0.id, $0.kind.name) }
                        .json("evidence", EvidenceBody.json)
                }),
            APIRoute(
                path: "/stores/{store}/rules/{rule}/history", id: "listHistory",
                summary: "How the standing of a rule at a store changed, the latest first.",
                parameters: [store, rule] + paged, answer: APIPage<Never>.shape("changes", .named("StandingChange")),
                refusals: [.notFound], act: history),

            // MARK: Alerts

            APIRoute(
                path: "/alerts", id: "listAlerts", summary: "Alerts that go on, by store and rule.",
                parameters: [
                    glob, APIParameter("rule", .text, "only of this rule"),
                    APIParameter("state", .word(Alert.State.allCases.map(\.rawValue)), "only in this state"),
                ] + paged, answer: APIPage<Never>.shape("alerts", .named("ListedAlert")),
                act: { request in
                    let alerts = try await AlertsTask(.running(request.assembly)).list(nil).filter { listed in
                        request.fits(listed.alert.key.store)
                            && request["rule"].map { $0 == listed.alert.key.rule } ?? true
                            && request["state"].map { $0 == listed.alert.state.rawValue } ?? true
                    }
                    return APIPage(alerts, request) { APIPlace($0.alert.key.store, $0.alert.key.rule) }
                        .json("alerts", AlertBody.json)
                }),
            APIRoute(
                path: "/alerts/{episode}", id: "getAlert",
                summary: "One alert with what happened, what receivers were to hear of it, and what people answered.",
                parameters: [APIParameter.path("episode", "of the alert, as every list and every notice names it")],
                answer: .named("Alert"), refusals: [.notFound], act: alert),
            APIRoute(
                path: "/events", id: "listEvents", summary: "What happened to alerts, the latest first.",
                parameters: [
                    glob, APIParameter("rule", .text, "only of this rule"),
                    APIParameter("episode", .text, "only of this episode"),
                ] + paged, answer: APIPage<Never>.shape("events", .named("Event")), act: events),
            APIRoute(
                path: "/silences", id: "listSilences",
                summary: "Silences in force or still to come, by their beginning.",
                parameters: [APIParameter("all", .truth, "those that are over too")] + paged,
                answer: APIPage<Never>.shape("silences", .named("Silence")),
                act: { request in
                    let silences = try await AlertsTask(.running(request.assembly)).silences(all: request.isTrue("all"))
                        // One that names stores tells of them.
                        .filter {
                            request.caller.seesAll
                                || !$0.filter.stores.isEmpty && $0.filter.stores.allSatisfy(request.fits)
                        }
                    return APIPage(silences, request) { APIPlace(from: $0.from, $0.id) }
                        .json("silences", SilenceBody.json)
                }),

            // MARK: Data

            APIRoute(
                path: "/marks", id: "listMarks",
                summary: "What our own people know of facts and no API tells, by store.",
                parameters: [glob, APIParameter("all", .truth, "those that are over too")] + paged,
                answer: APIPage<Never>.shape("marks", .named("Mark")), act: marks),
            APIRoute(
                path: "/packs", id: "listPacks", summary: "The packs by which stores are judged, by name.",
                parameters: paged, answer: APIPage<Never>.shape("packs", .named("ListedPack")),
                act: { request in
                    let counts = try await storeCounts(request)
                    return APIPage(request.assembly.fleet.library.packs.values, request) { APIPlace($0.name) }
                        .json("packs") { PackBody.listed($0, stores: counts[$0.name] ?? 0) }
                }),
            APIRoute(
                path: "/packs/{pack}", id: "getPack", summary: "One pack with its rules, gates, metrics and limits.",
                parameters: [APIParameter.path("pack", "its name")], answer: .named("Pack"), refusals: [.notFound],
                act: { request in
                    let name = request["pack"] ?? ""
                    guard let pack = request.assembly.fleet.library[name] else {
                        throw APIProblem(.notFound, "no store is judged by a pack '\(name)'", parameter: "pack")
                    }
                    return PackBody.json(pack, stores: try await storeCounts(request)[name] ?? 0)
                }),
            APIRoute(
                path: "/sources", id: "listSources",
                summary: "Feeds, and the platforms of stores, with how their pulls go.",
                parameters: [glob] + paged, answer: APIPage<Never>.shape("sources", .named("Source")), act: sources),
            APIRoute(
                path: "/quarantine", id: "listQuarantine",
                summary: "What could not be read as facts, the newest first.",
                parameters: [glob] + paged, answer: APIPage<Never>.shape("quarantine", .named("QuarantinedFact")),
                act: quarantine),
            APIRoute(
                path: "/outbox", id: "listOutbox", summary: "Notices owed, taken and given up, the newest first.",
                parameters: [
                    glob, APIParameter("receiver", .text, "only to this one"),
                    APIParameter("state", .word(OutboxTask.states), "only in this state"),
                ] + paged, answer: APIPage<Never>.shape("notices", .named("Notice")), act: outbox),
            APIRoute(
                method: .post, path: "/facts", id: "pushFacts",
                summary: "Facts, as JSON Lines or as a list. The same body again changes nothing.",
                permission: .pushFacts,
                parameters: FactsPushed.parameters, body: FactsPushed.body, answer: .named("Pushed"),
                refusals: FactsPushed.refusals,
                act: FactsPushed.act),
        ] + acts

    static let store = APIParameter.path("store", "the id of a store")
    static let rule = APIParameter.path("rule", "the id of a rule of its pack")
    private static let storeChoice = [
        glob, APIParameter("platform", .text, "only of this pack"),
        APIParameter("label", .text, "only those that have it: a label, or `label:value`"),
    ]
}
