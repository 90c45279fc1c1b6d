import Alerts
import Daemon
import Facts
import HTTPTypes
import Ledgers
import Rules

extension APIRoute {
    static func stores(_ request: APIRequest) async throws -> JSONValue {
        let lines = Dictionary(uniqueKeysWithValues: await request.state.wall.view.lines.map { ($0.store.id, $0) })
        let stores = try await request.stores().map(\.store).filter { store in
            request["standing"].map { $0 == lines[store.id]?.standing.rawValue } ?? true
        }
        return APIPage(stores, request) { APIPlace($0.id) }.json("stores") { StoreBody.json($0, lines[$0.id]) }
    }

    static func standings(_ request: APIRequest) async throws -> JSONValue {
        let page = APIPage(try await request.stores(), request) { APIPlace($0.store.id) }
        var report = try await CheckTask(.running(request.judging()), stores: page.items).run()
        if request["platform"] == nil, request["label"] == nil {
            report.unwatched = try await request.assembly.ledger.seenStores().filter { id in
                request.assembly.fleet.watched(id) == nil && request.fits(id)
            }
        }
        return StandingsBody.json(report).with("next", JSONValue(page.next))
    }

    static func metrics(_ request: APIRequest) async throws -> JSONValue {
        let page = APIPage(try await request.stores(), request) { APIPlace($0.store.id) }
        var figures: [StoreFigures] = []
        try await MetricsTask(.running(request.judging()), stores: page.items).run { figures += $0 }
        return MetricsBody.json(figures).with("next", JSONValue(page.next))
    }

    static func explanation(_ request: APIRequest) async throws -> ExplainTask.Explanation {
        let watched = try await request.store()
        let rule = try request.rule(of: watched)
        return try await ExplainTask(.running(request.judging()), store: watched.store.id, rule: rule, at: nil).run()
    }

    static func history(_ request: APIRequest) async throws -> JSONValue {
        let watched = try await request.store()
        let key = AlertKey(store: watched.store.id, rule: try request.rule(of: watched))
        return try await APIPage(
            newest: request, at: \.judgedAt, place: { APIPlace(before: $0.judgedAt) },
            read: { moment, count in
                try await request.assembly.ledger.standingChanges(
                    of: key, until: moment ?? request.assembly.clock.now, limit: count)
            }
        ).json("changes", HistoryBody.json)
    }
}
