import Facts
import GRDB

/// What facts said before they were changed or taken out: by it the ledger can tell what it knew at an earlier moment.
///
/// A row holds only what was another: the members' values before, empty where a member was missing. Of what was never
/// changed `known_at` in the fact's own row tells enough.
struct CorrectionRows {
    private let insert: PreparedStatement

    init(_ database: Database) throws {
        insert = try PreparedStatement(
            database, "INSERT INTO corrections (store, kind, id, at, was) VALUES (?1, ?2, ?3, ?4, ?5)")
    }

    /// - Parameter after: nil: the row goes.
    func note(_ before: StoredFact, _ after: StoredFact?, store: Int64, at moment: Timestamp) throws {
        var was = CorrectionRows.difference(before.fact, after?.fact)
        if after == nil { was[Name.knownAt] = before.knownAt.map { "\($0.microseconds)" } ?? "" }
        guard !was.isEmpty else { return }
        insert.bind(store, at: 1)
        insert.bind(Int64(before.fact.kind.rawValue), at: 2)
        insert.bind(before.fact.id, at: 3)
        insert.bind(moment.microseconds, at: 4)
        insert.bind(FlatJSON.text(was), at: 5)
        try insert.run()
    }

    /// Beside the names of members, none of which is one of these.
    private enum Name {
        static let knownAt = "known_at"
        static let isDeleted = "deleted"
        static let labels = "labels"
    }

    private static func difference(_ before: Fact, _ after: Fact?) -> [String: String] {
        var was: [String: String] = [:]
        for member in Schema[before.kind].members {
            if member.type == .string {
                let text = before.texts[member.slot]
                if text != after?.texts[member.slot] { was[member.name] = text ?? "" }
            } else {
                let number = before.numbers[member.slot]
                guard number != after?.numbers[member.slot] ?? Fact.missing else { continue }
                was[member.name] = number == Fact.missing ? "" : text(of: number, member)
            }
        }
        if before.isDeleted != after?.isDeleted ?? false { was[Name.isDeleted] = before.isDeleted ? "true" : "" }
        if before.labels != after?.labels ?? [:] {
            was[Name.labels] = before.labels.isEmpty ? "" : FlatJSON.text(before.labels)
        }
        return was
    }

    /// Words by their word: their places may move.
    private static func text(of number: Int64, _ member: Member) -> String {
        if case .word(let words) = member.type { words[Int(number)] } else { "\(number)" }
    }

    /// What a row says, applied to what came after it.
    struct Entry {
        let key: FactKey
        let at: Timestamp
        let was: [String: String]

        enum Row {
            case stayed
            /// The row went; since when its fact had been known.
            case went(knownAt: Timestamp?)
        }

        var row: Row {
            was[Name.knownAt].map { .went(knownAt: Int64($0).map(Timestamp.init(microseconds:))) } ?? .stayed
        }

        func undone(in after: Fact) throws -> Fact {
            var fact = after
            for member in Schema[key.kind].members {
                guard let text = was[member.name] else { continue }
                if member.type == .string {
                    fact.texts[member.slot] = text.isEmpty ? nil : text
                    continue
                }
                let number: Int64?
                if text.isEmpty {
                    number = Fact.missing
                } else if case .word(let words) = member.type {
                    number = words.firstIndex(of: text).map(Int64.init)
                } else {
                    number = Int64(text)
                }
                guard let number else { throw CorruptRow(table: "corrections", id: key.id, column: "was") }
                fact.numbers[member.slot] = number
            }
            if let deleted = was[Name.isDeleted] { fact.isDeleted = !deleted.isEmpty }
            if let labels = was[Name.labels] {
                guard let read = labels.isEmpty ? [:] : FlatJSON.object(labels.utf8) else {
                    throw CorruptRow(table: "corrections", id: key.id, column: "was")
                }
                fact.labels = read
            }
            return fact
        }
    }

    /// Of one store after a moment, the latest first: in the order in which they were committed, whatever the clock.
    static func read(store: Int64, after moment: Timestamp, _ database: Database) throws -> [Entry] {
        let select = try PreparedStatement(
            database,
            "SELECT kind, id, at, was FROM corrections WHERE store = ?1 AND at > ?2 ORDER BY number DESC")
        select.bind(store, at: 1)
        select.bind(moment.microseconds, at: 2)
        var entries: [Entry] = []
        defer { select.reset() }
        while try select.step() {
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(0))),
                let was = select.withText(3, { FlatJSON.object($0) })
            else { throw CorruptRow(table: "corrections", id: select.text(1), column: "was") }
            entries.append(
                Entry(
                    key: FactKey(kind: kind, id: select.text(1)), at: Timestamp(microseconds: select.integer(2)),
                    was: was))
        }
        return entries
    }

    // MARK: Since when

    /// The first moment of which can be told what was known; nil before anything was committed.
    static func since(_ database: Database) throws -> Timestamp? {
        try Int64.fetchOne(database, sql: "SELECT value FROM ledger WHERE name = 'known_since'")
            .map(Timestamp.init(microseconds:))
    }

    static func note(since moment: Timestamp, isLater: Bool, _ database: Database) throws {
        let update = isLater ? "DO UPDATE SET value = max(value, ?1)" : "DO NOTHING"
        let note = try PreparedStatement(
            database, "INSERT INTO ledger (name, value) VALUES ('known_since', ?1) ON CONFLICT (name) \(update)")
        note.bind(moment.microseconds, at: 1)
        try note.run()
    }

    /// From the oldest on, without looking at those that stay. Returns how many were deleted, no more than `limit`.
    static func forget(before moment: Timestamp, limit: Int, _ database: Database) throws -> Int {
        let delete = try PreparedStatement(
            database,
            """
            DELETE FROM corrections WHERE number IN (
                SELECT number FROM (SELECT number, at FROM corrections ORDER BY number LIMIT ?2) WHERE at < ?1)
            """)
        delete.bind(moment.microseconds, at: 1)
        delete.bind(Int64(limit), at: 2)
        try delete.run()
        let count = database.changesCount
        if count > 0 { try note(since: moment, isLater: true, database) }
        return count
    }
}
