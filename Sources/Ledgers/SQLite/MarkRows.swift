import Facts
import GRDB

/// What our own people know of facts, by store and fact. Rows are never deleted: who said what, and until when, stays.
enum MarkRows {
    /// Returns whether that changed anything. The end of a mark that is known is taken in, and nothing else of it.
    static func put(_ mark: Mark, store: Int64, _ database: Database) throws -> Bool {
        let before = database.totalChangesCount
        let insert = try PreparedStatement(
            database,
            """
            INSERT INTO marks (store, kind, id, member, at, value, by, why, until, undone_at, undone_by, undone_why)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (store, kind, id, member, at)
            DO UPDATE SET undone_at = ?10, undone_by = ?11, undone_why = ?12
                WHERE undone_at IS NULL AND excluded.undone_at IS NOT NULL
            """)
        insert.bind(store, at: 1)
        insert.bind(Int64(mark.fact.kind.rawValue), at: 2)
        insert.bind(mark.fact.id, at: 3)
        insert.bind(mark.member.name, at: 4)
        insert.bind(mark.at.microseconds, at: 5)
        insert.bind(mark.valueText, at: 6)
        insert.bind(mark.by, at: 7)
        insert.bind(mark.why, at: 8)
        insert.bind(mark.until?.microseconds, at: 9)
        insert.bind(mark.undoing?.at.microseconds, at: 10)
        insert.bind(mark.undoing?.by, at: 11)
        insert.bind(mark.undoing?.why, at: 12)
        try insert.run()
        return database.totalChangesCount > before
    }

    /// All of a store, ended ones too, by kind, fact, member and moment.
    static func read(store: Int64, id: String, _ database: Database) throws -> [Mark] {
        let select = try PreparedStatement(
            database,
            """
            SELECT kind, id, member, at, value, by, why, until, undone_at, undone_by, undone_why FROM marks
            WHERE store = ?1 ORDER BY kind, id, member, at
            """)
        select.bind(store, at: 1)
        var marks: [Mark] = []
        defer { select.reset() }
        while try select.step() {
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(0))),
                let member = Mark.members(of: kind).first(where: { $0.name == select.text(2) }),
                let value = Mark.value(select.text(4), of: member)
            else { throw CorruptRow(table: "marks", id: select.text(1), column: "value") }
            marks.append(
                Mark(
                    store: id, fact: FactKey(kind: kind, id: select.text(1)), member: member, value: value,
                    by: select.text(5), why: select.text(6), at: Timestamp(microseconds: select.integer(3)),
                    until: select.integerIfAny(7).map(Timestamp.init(microseconds:)),
                    undoing: select.integerIfAny(8).map {
                        Mark.Undoing(
                            at: Timestamp(microseconds: $0), by: select.textIfAny(9) ?? "",
                            why: select.textIfAny(10) ?? "")
                    }))
        }
        return marks
    }

    static func isAny(_ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM marks)") ?? false
    }
}
