import Daemon
import Facts
import Ledgers
import Rules

/// Notices owed, sent and given up.
enum OutboxPage {
    private static let shown = 200

    static func page(_ request: PageRequest, _ assembly: Assembly) async throws -> Page {
        let tongue = request.tongue
        let chosen = request["state"].flatMap { OutboxTask.states.contains($0) ? $0 : nil }
        let caller = request.caller
        let entries = try await OutboxTask(.running(assembly)).list(
            nil, chosen, of: try await caller.stores(in: assembly), limit: shown)
        let owed = try await assembly.ledger.outboxCounts()
        let receivers = caller.seesAll ? assembly.config.receivers.map(\.id) : []
        let names = receivers + owed.keys.filter { caller.seesAll && !receivers.contains($0) }.sorted()
        return Page(
            template: "outbox", title: Words(en: "Outbox", zh: "发件箱"), section: .outbox,
            view: [
                "states": OutboxEntry.State.allCases.map { state -> View in
                    [
                        "kind": kind(state.rawValue), "title": tongue(state.title),
                        "isChosen": state.rawValue == chosen,
                        "url": request.link(["state": state.rawValue == chosen ? nil : state.rawValue]),
                    ]
                },
                "hasReceivers": !names.isEmpty,
                "receivers": names.map { name -> View in
                    let count = owed[name]
                    return [
                        "receiver": name, "self": request.path, "csrf": caller.mayActOnAll ? request.formToken : false,
                        "text": count.map {
                            tongue(
                                "\($0.owed) owed, \($0.delayed) put off after a failed attempt",
                                "\($0.owed) 条待送达，其中 \($0.delayed) 条在失败后等待重试")
                        } ?? tongue("nothing owed", "无待送达"),
                    ]
                },
                "hasRows": !entries.isEmpty, "rows": entries.map { view($0, assembly, request) },
            ])
    }

    private static func view(
        _ entry: OutboxTask.Entry, _ assembly: Assembly, _ request: PageRequest
    ) -> View {
        let tongue = request.tongue
        let watched = assembly.fleet.watched(entry.store)
        let calendar = watched?.calendar ?? .utc
        let state = OutboxEntry.State(rawValue: entry.state) ?? .owed
        let (store, title) = (watched?.store.name ?? entry.store, watched?.pack.rule(entry.rule)?.title)
        let moment = calendar.shown(entry.at, tongue)
        return [
            "kind": kind(entry.state), "state": tongue(state.title), "receiver": entry.receiver, "id": entry.id,
            "about": [store, title.map { tongue($0) } ?? entry.rule].filter { !$0.isEmpty }.joined(separator: ": "),
            "made": calendar.shown(entry.madeAt, tongue), "attempts": entry.attempts,
            "at": state == .owed ? tongue("next attempt \(moment)", "下次尝试 \(moment)") : moment,
            "because": entry.because ?? false, "notice": entry.id, "self": request.path,
            "csrf": state == .abandoned && request.caller.mayAct(on: entry.store, in: assembly.fleet)
                ? request.formToken : false,
        ]
    }

    private static func kind(_ state: String) -> String {
        switch OutboxEntry.State(rawValue: state) {
        case .taken: "ok"
        case .abandoned: "breach"
        case .owed, nil: "warning"
        }
    }
}

extension OutboxEntry.State {
    /// For people.
    var title: Words {
        switch self {
        case .owed: Words(en: "owed", zh: "待送达")
        case .taken: Words(en: "taken", zh: "已送达")
        case .abandoned: Words(en: "given up", zh: "已放弃")
        }
    }
}
