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
        /// What the last attempt was answered, or why it was given up.
        package var because: String?

        init(_ head: NoticeHead) {
            (id, receiver, store, rule) = (head.id, head.receiver, head.key.store, head.key.rule)
            (madeAt, state, attempts) = (head.madeAt, head.state.rawValue, head.attempts)
            (at, because) = (head.settledAt ?? head.nextAttemptAt, head.because)
        }
    }

    package static let states = OutboxEntry.State.allCases.map(\.rawValue)

    /// - Parameters:
    ///   - receiver: only to this one.
    ///   - state: only in this one.
    ///   - stores: only about these; nil: about all, and about many at once.
    ///   - moment: made then or earlier; nil: whenever.
    /// - Returns: the latest first, so many at most.
    package func list(
        _ receiver: String?, _ state: String?, of stores: [String]? = nil, until moment: Timestamp? = nil, limit: Int
    ) async throws -> [Entry] {
        let choice = NoticeChoice(
            state: state.flatMap { OutboxEntry.State(rawValue: $0) }, receiver: receiver, stores: stores, until: moment)
        return try await opening.assembly(.read).ledger.notices(choice, limit: limit).map(Entry.init)
    }

    /// What waits for its next attempt is sent when the daemon looks next, within half a minute.
    ///
    /// - Parameter receiver: nil: all of them.
    package func retry(_ receiver: String?) async throws -> Retried {
        let assembly = try opening.assembly()
        try await check(receiver, assembly)
        return Retried(
            waited: try await assembly.ledger.hurry(.owedTo(receiver), at: assembly.clock.now) { waited in
                [assembly.entry(of: "retry", on: receiver ?? "", [Retried(waited: waited).words])]
            })
    }

    /// Has one notice sent: what waits does so no longer, and a dead letter is owed again.
    package func retry(notice id: String) async throws -> Retried {
        let assembly = try opening.assembly()
        let entry = try await notice(id, among: [.owed, .abandoned], assembly)
        let (now, told) = (assembly.clock.now, assembly.entry(of: "retry", at: entry.store, on: entry.id))
        return entry.state == OutboxEntry.State.abandoned.rawValue
            ? Retried(try await assembly.ledger.revive(.one(id: entry.id), at: now) { _ in [told] })
            : Retried(waited: try await assembly.ledger.hurry(.one(id: entry.id), at: now) { _ in [told] })
    }

    /// Has dead letters sent again that were not taken in time, under their ids.
    package func retryDead(_ receiver: String?) async throws -> Retried {
        let assembly = try opening.assembly()
        try await check(receiver, assembly)
        return Retried(
            try await assembly.ledger.revive(.expired(owedTo: receiver), at: assembly.clock.now) { letters in
                [assembly.entry(of: "retry", on: receiver ?? "", [Retried(letters).words])]
            })
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
        let found = try await opening.assembly(.read).ledger.notices(NoticeChoice(id: id), limit: 1)
        return found.first { $0.id == id }.map(Entry.init)
    }

    /// Gives up one notice, which is never sent then; what comes after it about the same alert goes.
    package func drop(_ id: String, because reason: String) async throws {
        let assembly = try opening.assembly()
        let entry = try await notice(id, among: [.owed], assembly)
        try await assembly.ledger.settle(
            entry.id, .abandoned(at: assembly.clock.now, because: "given up: \(reason)"),
            audit: [assembly.entry(of: "drop", at: entry.store, on: entry.id, why: reason)])
    }

    /// - Parameter id: its beginning is enough.
    private func notice(
        _ id: String, among states: [OutboxEntry.State], _ assembly: Assembly
    ) async throws -> Entry {
        var fitting: [NoticeHead] = []
        for state in states {
            fitting += try await assembly.ledger.notices(NoticeChoice(state: state, id: id), limit: 1000)
        }
        if let head = fitting.first, fitting.count == 1 { return Entry(head) }
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
