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
        let entries = try await OutboxTask(.running(assembly)).list(nil, chosen, limit: shown)
        let counts = try await assembly.ledger.outboxCounts().sorted { $0.key < $1.key }
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
                "hasCounts": !counts.isEmpty,
                "counts": counts.map { receiver, count -> View in
                    [
                        "receiver": receiver,
                        "text": tongue(
                            "\(count.owed) owed, \(count.delayed) put off after a failed attempt",
                            "\(count.owed) 条待送达，其中 \(count.delayed) 条在失败后等待重试"),
                    ]
                },
                "hasRows": !entries.isEmpty, "rows": entries.map { view($0, assembly, tongue) },
            ])
    }

    private static func view(_ entry: OutboxTask.Entry, _ assembly: Assembly, _ tongue: Tongue) -> View {
        let watched = assembly.fleet.watched(entry.store)
        let calendar = watched?.calendar ?? .utc
        let state = OutboxEntry.State(rawValue: entry.state) ?? .owed
        let (store, title) = (watched?.store.name ?? entry.store, watched?.pack.rule(entry.rule)?.title)
        let moment = calendar.shown(entry.at)
        return [
            "kind": kind(entry.state), "state": tongue(state.title), "receiver": entry.receiver, "id": entry.id,
            "about": [store, title.map { tongue($0) } ?? entry.rule].filter { !$0.isEmpty }.joined(separator: ": "),
            "made": calendar.shown(entry.madeAt), "attempts": entry.attempts,
            "at": state == .owed ? tongue("next attempt \(moment)", "下次尝试 \(moment)") : moment,
            "because": entry.because ?? false,
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
