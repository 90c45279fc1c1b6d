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

        init(_ entry: OutboxEntry) {
            let notice = entry.notice
            (id, receiver, store, rule) = (notice.id, notice.receiver, notice.key.store, notice.key.rule)
            (madeAt, state, attempts) = (notice.madeAt, entry.state.rawValue, entry.attempts)
            (at, because) = (entry.settledAt ?? entry.nextAttemptAt, entry.because)
        }
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
        return entries.lazy.filter { receiver == nil || $0.notice.receiver == receiver }.prefix(limit).map(Entry.init)
    }

    /// What waits for its next attempt is sent when the daemon looks next, within half a minute.
    ///
    /// - Returns: how many waited.
    package func retry(_ receiver: String?) async throws -> Int {
        let assembly = try opening.assembly()
        try await check(receiver, assembly)
        let count = try await assembly.ledger.hurry(owedTo: receiver, at: assembly.clock.now)
        try await assembly.audit("outbox retry", on: receiver ?? "", [Self.count(count)])
        return count
    }

    private static func count(_ count: Int) -> Words {
        Words(en: counted(count, "notice"), zh: "\(count) 条通知")
    }

    /// Owes a notice again that was given up: what was sent of the same alert meanwhile is not sent again.
    ///
    /// - Parameter id: of the notice, or its beginning.
    package func revive(_ id: String) async throws -> Entry {
        let assembly = try opening.assembly()
        let fitting = try await assembly.ledger.outbox(.abandoned, limit: .max).filter { $0.notice.id.hasPrefix(id) }
        guard let entry = fitting.first, fitting.count == 1 else {
            throw TaskError(
                fitting.isEmpty
                    ? Words(
                        en: "no notice '\(id)' was given up; see goodstanding outbox list --state abandoned",
                        zh: "没有已放弃的通知 '\(id)'；见 goodstanding outbox list --state abandoned")
                    : Words(
                        en: "\(fitting.count) notices begin with '\(id)'; give more of it",
                        zh: "有 \(fitting.count) 条通知以 '\(id)' 开头；请写得更完整"), isUsage: true)
        }
        _ = try await assembly.ledger.revive(entry.notice.id, of: nil, at: assembly.clock.now)
        try await assembly.audit("outbox retry", of: entry.notice.key.store, on: entry.notice.id)
        return Entry(entry)
    }

    /// A notice that is owed or was given up, by its whole id.
    package func find(_ id: String) async throws -> Entry? {
        try await opening.assembly(.read).ledger.outbox(nil, limit: .max).first { $0.notice.id == id }.map(Entry.init)
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
        try await assembly.audit("outbox drop", of: entry.notice.key.store, on: entry.notice.id, why: reason)
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
