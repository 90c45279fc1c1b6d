import Alerts
import Facts
import GRDB
import Rules

/// Rows of `standings` and `standing_changes`.
enum StandingRows {
    private static let columns =
        "store, rule, judged_at, at, before, standing, judged_to, limit_text, value_text, because, pack, configuration, because_zh"

    static func put(_ standings: [String: [String: String]], _ database: Database) throws {
        let insert = try PreparedStatement(database, "INSERT OR REPLACE INTO standings (store, rules) VALUES (?1, ?2)")
        for (store, rules) in standings.sorted(by: { $0.key < $1.key }) {
            insert.bind(store, at: 1)
            insert.bind(FlatJSON.text(rules), at: 2)
            try insert.run()
        }
    }

    /// What is kept of one moment stays: the same again changes nothing.
    static func put(_ changes: [StandingChange], _ database: Database) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT OR IGNORE INTO standing_changes (\(columns))
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """)
        for change in changes {
            insert.bind(change.key.store, at: 1)
            insert.bind(change.key.rule, at: 2)
            insert.bind(change.judgedAt.microseconds, at: 3)
            insert.bind(change.at.microseconds, at: 4)
            insert.bind(change.before?.rawValue, at: 5)
            insert.bind(change.standing.rawValue, at: 6)
            insert.bind(change.judgedTo.map { "\($0)" }, at: 7)
            insert.bind(change.limit, at: 8)
            insert.bind(FlatJSON.text(change.values), at: 9)
            insert.bind(change.because.en, at: 10)
            insert.bind(change.pack, at: 11)
            insert.bind(change.configuration, at: 12)
            insert.bind(change.because.zh, at: 13)
            try insert.run()
        }
    }

    static func read(of store: String, _ database: Database) throws -> [String: String]? {
        let select = try PreparedStatement(database, "SELECT rules FROM standings WHERE store = ?1")
        select.bind(store, at: 1)
        defer { select.reset() }
        return try select.step() ? select.withText(0) { FlatJSON.object($0) } ?? [:] : nil
    }

    /// All there are would be looked through every day but for the index by time.
    static let forgetting = """
        DELETE FROM standing_changes WHERE (store, rule, judged_at) IN (
            SELECT store, rule, judged_at FROM standing_changes AS this WHERE judged_at < ?1 AND EXISTS (
                SELECT 1 FROM standing_changes AS later WHERE later.store = this.store AND later.rule = this.rule
                    AND later.judged_at > this.judged_at AND later.judged_at < ?1)
            LIMIT ?2)
        """

    /// Deletes changes before a moment, but not the one by which a rule still stood at it.
    ///
    /// - Returns: how many, at most `limit`.
    static func forget(before moment: Timestamp, limit: Int, _ database: Database) throws -> Int {
        let delete = try PreparedStatement(database, forgetting)
        delete.bind(moment.microseconds, at: 1)
        delete.bind(Int64(limit), at: 2)
        try delete.run()
        return database.changesCount
    }

    /// Deletes all of stores that are watched no more and whose last change lies before a moment: of others the last one
    /// says where they stand.
    ///
    /// - Returns: how many rows.
    static func forget(allBut stores: Set<String>, before moment: Timestamp, _ database: Database) throws -> Int {
        let names = FlatJSON.text(Dictionary(stores.map { ($0, "") }) { first, _ in first })
        var count = 0
        for sql in [
            """
            DELETE FROM standing_changes WHERE store IN (
                SELECT store FROM standings WHERE store NOT IN (SELECT key FROM json_each(?1))
                    AND NOT EXISTS (
                        SELECT 1 FROM standing_changes AS late
                        WHERE late.store = standings.store AND late.judged_at >= ?2))
            """,
            """
            DELETE FROM standings WHERE store NOT IN (SELECT key FROM json_each(?1)) AND ?2 IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM standing_changes AS kept WHERE kept.store = standings.store)
            """,
        ] {
            let delete = try PreparedStatement(database, sql)
            delete.bind(names, at: 1)
            delete.bind(moment.microseconds, at: 2)
            try delete.run()
            count += database.changesCount
        }
        return count
    }

    /// The latest first.
    static func changes(
        of key: AlertKey, until moment: Timestamp, limit: Int, _ database: Database
    ) throws -> [StandingChange] {
        let select = try PreparedStatement(
            database,
            """
            SELECT \(columns) FROM standing_changes WHERE store = ?1 AND rule = ?2 AND judged_at <= ?3
            ORDER BY judged_at DESC LIMIT ?4
            """)
        select.bind(key.store, at: 1)
        select.bind(key.rule, at: 2)
        select.bind(moment.microseconds, at: 3)
        select.bind(Int64(limit), at: 4)
        return try read(select)
    }

    /// By rule, the earliest first; of each rule the last one before the time too.
    static func changes(
        of store: String, during range: Range<Timestamp>, _ database: Database
    ) throws -> [StandingChange] {
        let select = try PreparedStatement(
            database,
            """
            SELECT \(columns) FROM standing_changes AS this
            WHERE store = ?1 AND judged_at < ?3 AND (judged_at >= ?2 OR judged_at = (
                SELECT max(judged_at) FROM standing_changes AS before
                WHERE before.store = this.store AND before.rule = this.rule AND before.judged_at < ?2))
            ORDER BY rule, judged_at
            """)
        select.bind(store, at: 1)
        select.bind(range.lowerBound.microseconds, at: 2)
        select.bind(range.upperBound.microseconds, at: 3)
        return try read(select)
    }

    private static func read(_ select: PreparedStatement) throws -> [StandingChange] {
        defer { select.reset() }
        var result: [StandingChange] = []
        while try select.step() {
            let key = AlertKey(store: select.text(0), rule: select.text(1))
            guard let standing = Standing(rawValue: select.text(5)) else {
                throw CorruptRow(table: "standing_changes", id: "\(key.store)/\(key.rule)", column: "standing")
            }
            result.append(
                StandingChange(
                    key: key, judgedAt: Timestamp(microseconds: select.integer(2)),
                    at: Timestamp(microseconds: select.integer(3)),
                    before: select.textIfAny(4).flatMap(Standing.init(rawValue:)), standing: standing,
                    judgedTo: select.textIfAny(6).flatMap { LocalDay($0) }, limit: select.text(7),
                    values: select.withText(8) { FlatJSON.object($0) } ?? [:],
                    because: Words(en: select.text(9), zh: select.textIfAny(12) ?? select.text(9)),
                    pack: select.text(10), configuration: select.text(11)))
        }
        return result
    }
}
