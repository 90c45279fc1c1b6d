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
    /// - Parameter receiver: nil: all of them.
    package func retry(_ receiver: String?) async throws -> Retried {
        let assembly = try opening.assembly()
        try await check(receiver, assembly)
        let retried = Retried(waited: try await assembly.ledger.hurry(owedTo: receiver, at: assembly.clock.now))
        try await assembly.audit("outbox retry", on: receiver ?? "", [retried.words])
        return retried
    }

    /// Has one notice sent: what waits does so no longer, and a dead letter is owed again.
    package func retry(notice id: String) async throws -> Retried {
        let assembly = try opening.assembly()
        let entry = try await notice(id, among: [.owed, .abandoned], assembly)
        let now = assembly.clock.now
        let retried =
            entry.state == .abandoned
            ? Retried(try await assembly.ledger.revive(.one(id: entry.notice.id), at: now))
            : Retried(waited: try await assembly.ledger.hurry(owedTo: entry.notice.receiver, at: now))
        try await assembly.audit("outbox retry", of: entry.notice.key.store, on: entry.notice.id)
        return retried
    }

    /// Has dead letters sent again that were not taken in time, under their ids.
    package func retryDead(_ receiver: String?) async throws -> Retried {
        let assembly = try opening.assembly()
        try await check(receiver, assembly)
        let retried = Retried(try await assembly.ledger.revive(.expired(owedTo: receiver), at: assembly.clock.now))
        try await assembly.audit("outbox retry", on: receiver ?? "", [retried.words])
        return retried
    }

    /// How many go now.
    package struct Retried: Sendable {
        /// Waited for their next attempt.
        package var waited = 0
        /// Dead letters that are owed again.
        package var revived = 0
        /// Dead letters that stay so: their receiver has taken a later word about the same alert.
        package var overtaken = 0

        init(waited: Int) { self.waited = waited }
        init(_ letters: RevivedLetters) { (revived, overtaken) = (letters.revived, letters.overtaken) }

        var words: Words {
            Words(en: counted(waited + revived, "notice"), zh: "\(waited + revived) 条通知")
        }
    }

    /// A notice by its whole id; nil: there is none.
    package func find(_ id: String) async throws -> Entry? {
        try await opening.assembly(.read).ledger.outbox(nil, limit: .max).first { $0.notice.id == id }.map(Entry.init)
    }

    /// Gives up one notice, which is never sent then; what comes after it about the same alert goes.
    package func drop(_ id: String, because reason: String) async throws {
        let assembly = try opening.assembly()
        let entry = try await notice(id, among: [.owed], assembly)
        try await assembly.ledger.settle(
            entry.notice.id, .abandoned(at: assembly.clock.now, because: "given up: \(reason)"))
        try await assembly.audit("outbox drop", of: entry.notice.key.store, on: entry.notice.id, why: reason)
    }

    /// - Parameter id: its beginning is enough.
    private func notice(
        _ id: String, among states: [OutboxEntry.State], _ assembly: Assembly
    ) async throws -> OutboxEntry {
        var fitting: [OutboxEntry] = []
        for state in states {
            fitting += try await assembly.ledger.outbox(state, limit: .max).filter { $0.notice.id.hasPrefix(id) }
        }
        if let entry = fitting.first, fitting.count == 1 { return entry }
        let isOwed = states == [.owed]
        throw TaskError(
            fitting.isEmpty
                ? Words(
                    en:
                        "no notice '\(id)' is owed\(isOwed ? "" : " or was given up"); see goodstanding outbox list\(isOwed ? "" : " --state abandoned")",
                    zh: "没有\(isOwed ? "待发送" : "待发送或已放弃")的通知 '\(id)'；见 goodstanding outbox list")
                : Words(
                    en: "\(fitting.count) notices begin with '\(id)'; give more of it",
                    zh: "有 \(fitting.count) 条通知以 '\(id)' 开头；请写得更完整"), isUsage: true)
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
