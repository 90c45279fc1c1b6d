import Alerts
import Daemon
import Facts
import HTTPTypes
import Ledgers

extension APIRoute {
    static func alert(_ request: APIRequest) async throws -> JSONValue {
        let (episode, ledger) = (request["episode"] ?? "", request.assembly.ledger)
        var key = try await ledger.events(.episode(episode), limit: 1).first?.key
        // One that is pending has no events yet.
        if key == nil { key = try await ledger.openAlerts().first { $0.episode == episode }?.key }
        guard let key, request.caller.mayRead(key.store, in: request.assembly.fleet) else {
            throw APIProblem(.notFound, "there is no alert of the episode '\(episode)'", parameter: "episode")
        }
        let shown = try await AlertsTask(.running(request.assembly)).show(key.store, key.rule)
        guard shown.alert.episode == episode else {
            throw APIProblem(
                .notFound,
                "that alert has ended, and the rule has a newer one, '\(shown.alert.episode)'; what happened in it is at "
                    + "\(root)/events?episode=\(episode.percentEncoded)", parameter: "episode")
        }
        return AlertBody.json(shown)
    }

    static func events(_ request: APIRequest) async throws -> JSONValue {
        let selection = request["episode"].map(EventSelection.episode) ?? .all
        let stores = try await request.chosenStores()
        return try await APIPage(
            newest: request, at: \.at,
            place: { APIPlace(before: $0.at, $0.episode, $0.key.store, $0.key.rule, $0.kind.rawValue) },
            fits: { event in
                request.fits(event.key.store) && request["rule"].map { $0 == event.key.rule } ?? true
            },
            read: { try await request.assembly.ledger.events(selection, of: stores, until: $0, limit: $1) }
        ).json("events", EventBody.json)
    }

    static func outbox(_ request: APIRequest) async throws -> JSONValue {
        let stores = try await request.chosenStores()
        return try await APIPage(
            newest: request, at: \.madeAt, place: { APIPlace(before: $0.madeAt, $0.id) },
            fits: { request.fits($0.store) },
            read: { moment, count in
                try await OutboxTask(.running(request.assembly)).list(
                    request["receiver"], request["state"], of: stores, until: moment, limit: count)
            }
        ).json("notices", NoticeBody.json)
    }
}
