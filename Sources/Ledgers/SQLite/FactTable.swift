import Facts
import GRDB

/// The table of one kind of fact, generated from `Schema`: adding a member is one line there.
///
/// Made for people's SQL too. Named in the plural (`orders`, `lines`, …); `store` is the number in `stores`; a member
/// has its own name, but `order` is `order_id`, because ORDER is a word of SQL. Times are microseconds since 1970 UTC,
/// numbers are millionths, bools 0 and 1, words text, `labels` a JSON object. `deleted` marks tombstones. The views
/// `orders_readable` and so on show the store's id, times as ISO 8601, numbers in units, and no tombstones.
final class FactTable: Sendable {
    let kind: FactKind
    let name: String
    /// The members' columns, in schema order.
    let columns: [Column]
    /// The same for the hot path, where a name or a list of words would cost a reference counted twice a column.
    let places: [Place]
    /// Whether the kind has a column `order_id`.
    let hasOrder: Bool

    /// Where a column's value goes in a `Fact`.
    struct Place: Sendable {
        enum Storage: UInt8, Sendable { case number, word, text }
        let storage: Storage
        let slot: Int
    }

    final class Column: Sendable {
        let name: String
        let member: Member
        /// For a word, its words in UTF-8, by index.
        let words: [[UInt8]]

        init(_ member: Member) {
            self.member = member
            name = member.name == "order" ? "order_id" : member.name
            if case .word(let all) = member.type { words = all.map { Array($0.utf8) } } else { words = [] }
        }
    }

    static let all: [FactTable] = FactKind.allCases.map(FactTable.init)
    static subscript(kind: FactKind) -> FactTable { all[Int(kind.rawValue)] }

    private init(_ kind: FactKind) {
        self.kind = kind
        name = kind.plural
        columns = Schema[kind].members.map(Column.init)
        places = Schema[kind].members.map { member in
            switch member.type {
            case .string: Place(storage: .text, slot: member.slot)
            case .word: Place(storage: .word, slot: member.slot)
            case .number, .time, .bool: Place(storage: .number, slot: member.slot)
            }
        }
        hasOrder = kind.belongsToOrder

        let members = columns.map { "\"\($0.name)\"" }
        let all = FactTable.ownColumns + members
        let list = all.joined(separator: ", ")
        let select = "SELECT id, \(list) FROM \(name)"
        selectByID = "\(select) WHERE store = ?1 AND id = ?2"
        // Named, for the planner takes the two for alike, and would read all of a store's rows for each order.
        let byOrder = hasOrder ? "\(select) INDEXED BY \(name)_by_order" : select
        selectByOrder = "\(byOrder) WHERE store = ?1 AND order_id = ?2 AND deleted = 0"
        selectPage = "\(select) WHERE store = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
        let orderless = hasOrder ? "order_id IS NULL AND " : ""
        selectWithoutOrder = "\(select) WHERE store = ?1 AND \(orderless)deleted = 0 AND id > ?2 ORDER BY id LIMIT ?3"
        let orderColumn = kind == .order ? "id" : "order_id"
        selectByOrderRange =
            "\(byOrder) WHERE store = ?1 AND \(orderColumn) > ?2 AND \(orderColumn) <= ?3 AND deleted = 0"
        selectOfOthers = "\(select) WHERE store = ?1 AND source <> ?2 AND id > ?3 ORDER BY id LIMIT ?4"
        insert =
            "INSERT INTO \(name) (store, id, \(list)) VALUES (\((1...all.count + 2).map { "?\($0)" }.joined(separator: ", ")))"
        // An order that stays leaves the index on it alone.
        let kept = all.enumerated().filter { $0.element != "\"order_id\"" }
            .map { "\($0.element) = ?\($0.offset + 3)" }.joined(separator: ", ")
        let every = all.enumerated().map { "\($0.element) = ?\($0.offset + 3)" }.joined(separator: ", ")
        updateWithinOrder = "UPDATE \(name) SET \(kept) WHERE store = ?1 AND id = ?2"
        update = "UPDATE \(name) SET \(every) WHERE store = ?1 AND id = ?2"
        delete = "DELETE FROM \(name) WHERE store = ?1 AND id = ?2"
        selectAll = select
    }

    /// To be followed by WHERE.
    let selectAll: String
    let selectByID: String
    let selectByOrder: String
    let selectPage: String
    let selectWithoutOrder: String
    let selectByOrderRange: String
    let selectOfOthers: String
    let insert: String
    let update: String
    let updateWithinOrder: String
    let delete: String

    /// Of the row, beside store and id.
    private static let ownColumns = ["updated_at", "deleted", "source", "labels", "first_known", "known_at"]
    /// What `select…` yields before the members: the id and its own columns.
    static let membersFrom: Int32 = 7
    /// What `insert` and `update` bind before the members: store, id and its own columns.
    static let membersFromParameter: Int32 = 9

    /// Makes the table, or adds the columns that the schema has gained since.
    func adjust(_ database: Database) throws {
        let existing = try Set(String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('\(name)')"))
        if existing.isEmpty {
            try database.execute(
                sql: """
                    CREATE TABLE \(name) (
                        store INTEGER NOT NULL,
                        id TEXT NOT NULL,
                        updated_at INTEGER,
                        deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
                        source INTEGER NOT NULL,
                        labels TEXT,
                        first_known TEXT,
                        -- When its first version was committed; NULL: before that was written down.
                        known_at INTEGER,
                        \(columns.map { "\"\($0.name)\" \(Self.type(of: $0.member))" }.joined(separator: ",\n    ")),
                        PRIMARY KEY (store, id)
                    ) STRICT, WITHOUT ROWID
                    """)
            if hasOrder {
                try database.execute(
                    sql: "CREATE INDEX \(name)_by_order ON \(name) (store, order_id) WHERE order_id IS NOT NULL")
                try database.execute(
                    sql: "CREATE INDEX \(name)_without_order ON \(name) (store) WHERE order_id IS NULL")
            }
            if kind == .measure {
                try database.execute(
                    sql: "CREATE INDEX measures_by_name ON measures (store, name, at) WHERE deleted = 0")
            }
        } else {
            if !existing.contains("known_at") {
                try database.execute(sql: "ALTER TABLE \(name) ADD COLUMN known_at INTEGER")
            }
            for column in columns where !existing.contains(column.name) {
                try database.execute(
                    sql: "ALTER TABLE \(name) ADD COLUMN \"\(column.name)\" \(Self.type(of: column.member))")
            }
        }
        if existing.isEmpty || columns.contains(where: { !existing.contains($0.name) }) { try makeView(database) }
    }

    /// Whether `adjust` would change anything.
    func isOutdated(_ database: Database) throws -> Bool {
        let existing = try Set(String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('\(name)')"))
        return columns.contains { !existing.contains($0.name) }
    }

    /// Columns that this program does not know: a newer one added them, and rows written by this one would lose them.
    func unknownColumns(_ database: Database) throws -> [String] {
        let known = Set(
            ["store", "id"] + FactTable.ownColumns + columns.map(\.name))
        return try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('\(name)')")
            .filter { !known.contains($0) }
    }

    private func makeView(_ database: Database) throws {
        let shown = columns.map { column in
            let name = "facts.\"\(column.name)\""
            let value =
                switch column.member.type {
                case .time: Self.iso(name)
                case .number: "\(name) / 1e6"
                default: name
                }
            return "\(value) AS \"\(column.name)\""
        }
        try database.execute(
            sql: """
                DROP VIEW IF EXISTS \(name)_readable;
                CREATE VIEW \(name)_readable AS SELECT stores.id AS store, facts.id AS id,
                    \(Self.iso("facts.updated_at")) AS updated_at, \(shown.joined(separator: ", ")),
                    facts.labels AS labels, sources.name AS source
                FROM \(name) AS facts JOIN stores ON stores.number = facts.store
                    JOIN sources ON sources.number = facts.source
                WHERE facts.deleted = 0
                """)
    }

    private static func iso(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000000.0, 'unixepoch')"
    }

    private static func type(of member: Member) -> String {
        switch member.type {
        case .number, .time, .bool: "INTEGER"
        case .word, .string: "TEXT"
        }
    }
}
