import Alerts
import Facts
import GRDB

/// Rows of `notices`.
enum NoticeRows {
    static let columns =
        "id, receiver, store, rule, episode, change, made_at, body, attempts, state, next_attempt_at, settled_at, because, number"

    /// Of a notice `this`, whether it tells of an alert that has not ended.
    static let goesOn = """
        EXISTS (SELECT 1 FROM alerts WHERE alerts.store = this.store AND alerts.rule = this.rule
            AND alerts.episode = this.episode AND alerts.state <> 'resolved')
        """

    static func read(_ row: PreparedStatement) -> Notice {
        Notice(
            id: row.text(0), receiver: row.text(1), key: AlertKey(store: row.text(2), rule: row.text(3)),
            episode: row.text(4), change: Int(row.integer(5)), madeAt: Timestamp(microseconds: row.integer(6)),
            body: row.withBlob(7) { Array($0) })
    }

    static let headColumns =
        "id, receiver, store, rule, made_at, state, attempts, next_attempt_at, settled_at, because"

    static func readHead(_ row: PreparedStatement) throws -> NoticeHead {
        guard let state = OutboxEntry.State(rawValue: row.text(5)) else {
            throw CorruptRow(table: "notices", id: row.text(0), column: "state")
        }
        return NoticeHead(
            id: row.text(0), receiver: row.text(1), key: AlertKey(store: row.text(2), rule: row.text(3)),
            madeAt: Timestamp(microseconds: row.integer(4)), state: state, attempts: Int(row.integer(6)),
            nextAttemptAt: Timestamp(microseconds: row.integer(7)),
            settledAt: row.integerIfAny(8).map(Timestamp.init(microseconds:)), because: row.textIfAny(9))
    }

    static func readEntry(_ row: PreparedStatement) throws -> OutboxEntry {
        guard let state = OutboxEntry.State(rawValue: row.text(9)) else {
            throw CorruptRow(table: "notices", id: row.text(0), column: "state")
        }
        return OutboxEntry(
            notice: read(row), state: state, attempts: Int(row.integer(8)),
            nextAttemptAt: Timestamp(microseconds: row.integer(10)),
            settledAt: row.integerIfAny(11).map(Timestamp.init(microseconds:)), because: row.textIfAny(12))
    }

    /// The same notice again changes nothing, whatever became of it.
    static func put(_ notice: Notice, _ database: Database) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT OR IGNORE INTO notices
                (id, receiver, store, rule, episode, change, made_at, body, next_attempt_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7)
            """)
        insert.bind(notice.id, at: 1)
        insert.bind(notice.receiver, at: 2)
        insert.bind(notice.key.store, at: 3)
        insert.bind(notice.key.rule, at: 4)
        insert.bind(notice.episode, at: 5)
        insert.bind(Int64(notice.change), at: 6)
        insert.bind(notice.madeAt.microseconds, at: 7)
        insert.bind(bytes: notice.body, at: 8)
        try insert.run()
    }

    /// Looks at the notices after `number`, and deletes the old ones that are settled or owed to nobody of `receivers`, and
    /// whose alert has ended.
    ///
    /// - Returns: how many were deleted, and up to where it looked; nil when none follow.
    static func forget(
        before moment: Timestamp, owedTo receivers: Set<String>, after number: Int64, limit: Int, _ database: Database
    ) throws -> (deleted: Int, reached: Int64?) {
        let select = try PreparedStatement(
            database,
            """
            SELECT number, made_at, state, receiver, made_at < ?3 AND \(goesOn) FROM notices AS this
            WHERE number > ?1 ORDER BY number LIMIT ?2
            """)
        select.bind(number, at: 1)
        select.bind(Int64(limit), at: 2)
        select.bind(moment.microseconds, at: 3)
        var (old, looked, reached): ([Int64], Int, Int64) = ([], 0, number)
        while try select.step() {
            (looked, reached) = (looked + 1, select.integer(0))
            // Not all that follow are younger: clocks have been set back.
            guard select.integer(1) < moment.microseconds else { continue }
            let isOwed = select.text(2) == OutboxEntry.State.owed.rawValue && receivers.contains(select.text(3))
            if !isOwed, select.integer(4) == 0 { old.append(reached) }
        }
        select.reset()
        let delete = try PreparedStatement(database, "DELETE FROM notices WHERE number = ?1")
        for number in old {
            delete.bind(number, at: 1)
            try delete.run()
        }
        return (old.count, looked == limit ? reached : nil)
    }
}
