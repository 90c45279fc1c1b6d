import Alerts
package import Facts
import Language
import Ledgers

/// What is owed to receivers, looked at and put right by people, beside the daemon or without one.
package struct OutboxTask: Sendable {
    private let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    /// A notice, and how its sending goes.
    package struct Entry: Sendable {
        package var id: String
        package var receiver: String
        package var store: String
        package var rule: String
        package var madeAt: Timestamp
        package var state: String
        package var attempts: Int
        /// Not before, while it is owed; else when it was taken or given up.
        package var at: Timestamp
        /// What the last failed attempt said, or why it was given up.
        package var because: String?
    }

    package static let states = OutboxEntry.State.allCases.map(\.rawValue)

    /// - Parameters:
    ///   - receiver: only to this one.
    ///   - state: only in this one.
    /// - Returns: the latest first, so many at most.
    package func list(_ receiver: String?, _ state: String?, limit: Int) async throws -> [Entry] {
        let assembly = try opening.assembly(.read)
        let state = state.flatMap { OutboxEntry.State(rawValue: $0) }
        let entries = try await assembly.ledger.outbox(state, limit: receiver == nil ? limit : .max)
        return entries.lazy.filter { receiver == nil || $0.notice.receiver == receiver }.prefix(limit).map { entry in
            let notice = entry.notice
            return Entry(
                id: notice.id, receiver: notice.receiver, store: notice.key.store, rule: notice.key.rule,
                madeAt: notice.madeAt, state: entry.state.rawValue, attempts: entry.attempts,
                at: entry.settledAt ?? entry.nextAttemptAt, because: entry.because)
        }
    }

    /// What waits for its next attempt is sent when the daemon looks next, within half a minute.
    ///
    /// - Returns: how many waited.
    package func retry(_ receiver: String?) async throws -> Int {
        let assembly = try opening.assembly()
        try await check(receiver, assembly)
        return try await assembly.ledger.hurry(owedTo: receiver, at: assembly.clock.now)
    }

    /// Gives up one notice, which is never sent then; what comes after it about the same alert goes.
    package func drop(_ id: String, because reason: String) async throws {
        let assembly = try opening.assembly()
        let fitting = try await assembly.ledger.outbox(.owed, limit: .max).filter { $0.notice.id.hasPrefix(id) }
        guard let entry = fitting.first, fitting.count == 1 else {
            throw TaskError(
                fitting.isEmpty
                    ? Words(
                        en: "no notice '\(id)' is owed; see goodstanding outbox list",
                        zh: "没有待发送的通知 '\(id)'；见 goodstanding outbox list")
                    : Words(
                        en: "\(fitting.count) notices begin with '\(id)'; give more of it",
                        zh: "有 \(fitting.count) 条通知以 '\(id)' 开头；请写得更完整"), isUsage: true)
        }
        try await assembly.ledger.settle(
            entry.notice.id, .abandoned(at: assembly.clock.now, because: "given up: \(reason)"))
    }

    /// One that has nothing owed may be misspelt.
    private func check(_ receiver: String?, _ assembly: Assembly) async throws {
        guard let receiver else { return }
        let known = Set(assembly.config.receivers.map(\.id)).union(try await assembly.ledger.outboxCounts().keys)
        guard !known.contains(receiver) else { return }
        let hint = NearestName.hint(for: receiver, among: known)
        throw TaskError(
            Words(en: "there is no receiver '\(receiver)'\(hint)", zh: "没有接收方 '\(receiver)'\(hint)"), isUsage: true)
    }
}
