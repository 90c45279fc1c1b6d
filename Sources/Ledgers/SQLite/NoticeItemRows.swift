import Alerts
import Facts
import GRDB
import Rules

/// Rows of `notice_items`.
enum NoticeItemRows {
    private static let bare =
        "id, receiver, store, rule, episode, change, event, standing, interest, grouping, is_beginning, is_daily, made_at"
    private static let columns = bare + ", body"

    /// The same item again changes nothing, whatever became of it. One that is owed to those only who heard before is
    /// kept where something of the episode was, or is to be, told.
    static func put(_ item: NoticeItem, _ database: Database) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT OR IGNORE INTO notice_items (\(columns))
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
            WHERE ?9 = 'owed' OR EXISTS (
                SELECT 1 FROM notice_items WHERE episode = ?5 AND receiver = ?2 AND state <> 'withheld')
            """)
        insert.bind(item.id, at: 1)
        insert.bind(item.receiver, at: 2)
        insert.bind(item.key.store, at: 3)
        insert.bind(item.key.rule, at: 4)
        insert.bind(item.episode, at: 5)
        insert.bind(Int64(item.change), at: 6)
        insert.bind(item.event.rawValue, at: 7)
        insert.bind(item.standing.rawValue, at: 8)
        insert.bind(item.interest.name, at: 9)
        insert.bind(item.grouping, at: 10)
        insert.bind(item.isBeginning ? 1 : 0, at: 11)
        insert.bind(item.isDaily ? 1 : 0, at: 12)
        insert.bind(item.madeAt.microseconds, at: 13)
        insert.bind(bytes: item.body, at: 14)
        try insert.run()
    }

    /// In the order in which they were made.
    static func waiting(
        for receiver: String, withBodies: Bool, _ database: Database
    ) throws -> [WaitingItem] {
        let select = try PreparedStatement(
            database,
            """
            SELECT \(withBodies ? columns : bare + ", x''"), cause, because, (
                SELECT standing FROM notice_items AS told
                WHERE told.episode = this.episode AND told.receiver = this.receiver AND told.state = 'told'
                    -- What was given up nobody heard.
                    AND NOT EXISTS (
                        SELECT 1 FROM notices WHERE notices.number = told.notice AND notices.state = 'abandoned')
                ORDER BY told.number DESC LIMIT 1)
            FROM notice_items AS this WHERE state = 'waiting' AND receiver = ?1 ORDER BY number
            """)
        select.bind(receiver, at: 1)
        defer { select.reset() }
        var result: [WaitingItem] = []
        while try select.step() {
            result.append(
                WaitingItem(
                    item: try read(select), cause: select.textIfAny(14).flatMap(NoticeHold.Cause.init(rawValue:)),
                    because: select.textIfAny(15), told: select.textIfAny(16).flatMap(Standing.init(rawValue:))))
        }
        return result
    }

    static func bodies(of ids: [String], _ database: Database) throws -> [String: [UInt8]] {
        let select = try PreparedStatement(database, "SELECT body FROM notice_items WHERE id = ?1")
        var result: [String: [UInt8]] = [:]
        for id in ids {
            select.bind(id, at: 1)
            if try select.step() { result[id] = select.withBlob(0) { Array($0) } }
            select.reset()
        }
        return result
    }

    /// What of an episode each receiver was to hear, in the order in which it was made.
    static func history(of episode: String, _ database: Database) throws -> [ToldItem] {
        let select = try PreparedStatement(
            database,
            """
            SELECT notice_items.receiver, event, notice_items.made_at, notice_items.state, cause,
                notice_items.because, decided_at, notices.id, notices.state, attempts, settled_at, notices.because
            FROM notice_items LEFT JOIN notices ON notices.number = notice_items.notice
            WHERE notice_items.episode = ?1 ORDER BY notice_items.number
            """)
        select.bind(episode, at: 1)
        defer { select.reset() }
        var result: [ToldItem] = []
        func moment(_ column: Int32) -> Timestamp? { select.integerIfAny(column).map(Timestamp.init(microseconds:)) }
        while try select.step() {
            guard let event = NoticeItem.Event(rawValue: select.text(1)),
                let state = ToldItem.State(rawValue: select.text(3))
            else { throw CorruptRow(table: "notice_items", id: episode, column: "event, state") }
            result.append(
                ToldItem(
                    receiver: select.text(0), event: event, madeAt: Timestamp(microseconds: select.integer(2)),
                    state: state, cause: select.textIfAny(4), because: select.textIfAny(5), decidedAt: moment(6),
                    notice: select.textIfAny(7),
                    sending: select.textIfAny(8).flatMap(OutboxEntry.State.init(rawValue:)),
                    attempts: Int(select.integerIfAny(9) ?? 0), settledAt: moment(10), answer: select.textIfAny(11)))
        }
        return result
    }

    private static func read(_ row: PreparedStatement) throws -> NoticeItem {
        func corrupt(_ column: String) -> CorruptRow {
            CorruptRow(table: "notice_items", id: row.text(0), column: column)
        }
        guard let event = NoticeItem.Event(rawValue: row.text(6)) else { throw corrupt("event") }
        guard let standing = Standing(rawValue: row.text(7)) else { throw corrupt("standing") }
        return NoticeItem(
            id: row.text(0), receiver: row.text(1), key: AlertKey(store: row.text(2), rule: row.text(3)),
            episode: row.text(4), change: Int(row.integer(5)), event: event, standing: standing,
            madeAt: Timestamp(microseconds: row.integer(12)), interest: Route.Interest(name: row.text(8)),
            grouping: row.text(9), isBeginning: row.integer(10) != 0, isDaily: row.integer(11) != 0,
            body: row.withBlob(13) { Array($0) })
    }

    /// Deletes old items that nothing waits for any more and whose alert has ended, and those that wait for a receiver that
    /// is no more.
    ///
    /// - Returns: how many, at most `limit`.
    static func forget(
        before moment: Timestamp, owedTo receivers: Set<String>, limit: Int, _ database: Database
    ) throws -> Int {
        let names = Dictionary(receivers.map { ($0, "") }) { first, _ in first }
        let delete = try PreparedStatement(
            database,
            """
            DELETE FROM notice_items WHERE number IN (
                SELECT number FROM notice_items AS this WHERE made_at < ?1 AND (
                    state = 'waiting' AND receiver NOT IN (SELECT key FROM json_each(?3))
                    OR state <> 'waiting'
                        AND NOT EXISTS (SELECT 1 FROM notices WHERE notices.number = this.notice)
                        AND NOT EXISTS (
                            SELECT 1 FROM alerts WHERE alerts.store = this.store AND alerts.rule = this.rule
                                AND alerts.episode = this.episode AND alerts.state <> 'resolved'))
                LIMIT ?2)
            """)
        delete.bind(moment.microseconds, at: 1)
        delete.bind(Int64(limit), at: 2)
        delete.bind(FlatJSON.text(names), at: 3)
        try delete.run()
        return database.changesCount
    }
}

extension Route.Interest {
    fileprivate var name: String { self == .owed ? "owed" : "if_told" }
    fileprivate init(name: String) { self = name == "owed" ? .owed : .ifTold }
}
