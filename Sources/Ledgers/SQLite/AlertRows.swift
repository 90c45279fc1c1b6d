import Alerts
import Facts
import GRDB
import Rules

/// Rows of `alerts` and `alert_events`, to and from core values.
enum AlertRows {
    private static let columns = [
        "store", "rule", "episode", "state", "standing", "announced", "since", "fired_at", "ended_at", "elapsed",
        "observed_at", "is_blind", "changes", "reason", "ending", "outside_at", "outside_limit", "outside_confirmed",
        "outside_revision", "outside_evidence", "store_name", "platform", "labels", "title_en", "title_zh", "severity",
        "told", "flapping", "confirmed", "confirmed_to", "blind_told", "turning", "outside_accepted",
    ]
    /// To be followed by WHERE.
    static let select = "SELECT \(columns.joined(separator: ", ")) FROM alerts"
    private static let upsert =
        "INSERT OR REPLACE INTO alerts (\(columns.joined(separator: ", "))) VALUES "
        + "(\(columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")))"

    static func read(_ row: PreparedStatement) throws -> Alert {
        let key = AlertKey(store: row.text(0), rule: row.text(1))
        func corrupt(_ column: Int) -> CorruptRow {
            CorruptRow(table: "alerts", id: "\(key.store)/\(key.rule)", column: columns[column])
        }
        func moment(_ column: Int32) -> Timestamp? { row.integerIfAny(column).map(Timestamp.init(microseconds:)) }
        guard let state = Alert.State(rawValue: row.text(3)) else { throw corrupt(3) }
        guard let standing = Standing(rawValue: row.text(4)) else { throw corrupt(4) }
        guard let severity = Severity(rawValue: row.text(25)) else { throw corrupt(25) }
        guard let labels = row.withText(22, { FlatJSON.object($0) }) else { throw corrupt(22) }
        var alert = Alert(
            key: key, episode: row.text(2), state: state, standing: standing,
            announced: row.textIfAny(5).flatMap(Standing.init(rawValue:)),
            since: Timestamp(microseconds: row.integer(6)),
            firedAt: moment(7), endedAt: moment(8), elapsed: TimeSpan(microseconds: row.integer(9)),
            observedAt: Timestamp(microseconds: row.integer(10)), isBlind: row.integer(11) != 0,
            changes: Int(row.integer(12)), reason: row.textIfAny(13).flatMap(AlertReason.init(rawValue:)),
            ending: row.textIfAny(14).flatMap(AlertReason.init(rawValue:)),
            outside: OutsideReading(
                at: Timestamp(microseconds: row.integer(15)), limit: row.text(16), isConfirmed: row.integer(17) != 0,
                isAccepted: row.integer(32) != 0, revision: row.integer(18),
                evidenceTotal: row.integerIfAny(19).map(Int.init)),
            subject: AlertSubject(
                storeName: row.text(20), platform: row.text(21), labels: labels,
                title: Words(en: row.text(23), zh: row.text(24)), severity: severity),
            told: row.textIfAny(26).flatMap(Standing.init(rawValue:)), flapping: Flapping(text: row.textIfAny(27)),
            confirmed: Int(row.integer(28)), confirmedTo: moment(29), isBlindTold: row.integer(30) != 0)
        alert.turning = row.textIfAny(31).flatMap(Turning.init(rawValue:))
        return alert
    }

    static func put(_ alert: Alert, _ database: Database) throws {
        let statement = try PreparedStatement(database, upsert)
        let (outside, subject) = (alert.outside, alert.subject)
        statement.bind(alert.key.store, at: 1)
        statement.bind(alert.key.rule, at: 2)
        statement.bind(alert.episode, at: 3)
        statement.bind(alert.state.rawValue, at: 4)
        statement.bind(alert.standing.rawValue, at: 5)
        statement.bind(alert.announced?.rawValue, at: 6)
        statement.bind(alert.since.microseconds, at: 7)
        statement.bind(alert.firedAt?.microseconds, at: 8)
        statement.bind(alert.endedAt?.microseconds, at: 9)
        statement.bind(alert.elapsed.microseconds, at: 10)
        statement.bind(alert.observedAt.microseconds, at: 11)
        statement.bind(alert.isBlind ? 1 : 0, at: 12)
        statement.bind(Int64(alert.changes), at: 13)
        statement.bind(alert.reason?.rawValue, at: 14)
        statement.bind(alert.ending?.rawValue, at: 15)
        statement.bind(outside.at.microseconds, at: 16)
        statement.bind(outside.limit, at: 17)
        statement.bind(outside.isConfirmed ? 1 : 0, at: 18)
        statement.bind(outside.revision, at: 19)
        statement.bind(outside.evidenceTotal.map(Int64.init), at: 20)
        statement.bind(subject.storeName, at: 21)
        statement.bind(subject.platform, at: 22)
        statement.bind(FlatJSON.text(subject.labels), at: 23)
        statement.bind(subject.title.en, at: 24)
        statement.bind(subject.title.zh, at: 25)
        statement.bind(subject.severity.rawValue, at: 26)
        statement.bind(alert.told?.rawValue, at: 27)
        statement.bind(alert.flapping.text, at: 28)
        statement.bind(Int64(alert.confirmed), at: 29)
        statement.bind(alert.confirmedTo.microseconds, at: 30)
        statement.bind(alert.isBlindTold ? 1 : 0, at: 31)
        statement.bind(alert.turning?.rawValue, at: 32)
        statement.bind(outside.isAccepted ? 1 : 0, at: 33)
        try statement.run()
    }

    /// To be followed by WHERE.
    static let selectEvents =
        "SELECT store, rule, episode, number, kind, reason, standing, since, at, judged_to, withheld, turning, found_at FROM alert_events"

    static func readEvent(_ row: PreparedStatement) throws -> AlertEvent {
        guard let kind = AlertEvent.Kind(rawValue: row.text(4)), let reason = AlertReason(rawValue: row.text(5)),
            let standing = Standing(rawValue: row.text(6))
        else { throw CorruptRow(table: "alert_events", id: "\(row.text(2))/\(row.integer(3))", column: "kind") }
        var event = AlertEvent(
            key: AlertKey(store: row.text(0), rule: row.text(1)), episode: row.text(2), number: Int(row.integer(3)),
            kind: kind, reason: reason, standing: standing, since: Timestamp(microseconds: row.integer(7)),
            at: Timestamp(microseconds: row.integer(8)), judgedTo: row.textIfAny(9).flatMap { LocalDay($0) },
            turning: row.textIfAny(11).flatMap(Turning.init(rawValue:)),
            withheld: row.textIfAny(10).flatMap(Withholding.init(rawValue:)))
        event.madeAt = row.integerIfAny(12).map(Timestamp.init(microseconds:))
        return event
    }

    /// The same event again changes nothing.
    static func put(_ event: AlertEvent, _ database: Database) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT OR IGNORE INTO alert_events
                (store, rule, episode, number, kind, reason, standing, since, at, judged_to, withheld, turning, found_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """)
        insert.bind(event.key.store, at: 1)
        insert.bind(event.key.rule, at: 2)
        insert.bind(event.episode, at: 3)
        insert.bind(Int64(event.number), at: 4)
        insert.bind(event.kind.rawValue, at: 5)
        insert.bind(event.reason.rawValue, at: 6)
        insert.bind(event.standing.rawValue, at: 7)
        insert.bind(event.since.microseconds, at: 8)
        insert.bind(event.at.microseconds, at: 9)
        insert.bind(event.judgedTo.map { "\($0)" }, at: 10)
        insert.bind(event.withheld?.rawValue, at: 11)
        insert.bind(event.turning?.rawValue, at: 12)
        insert.bind(event.madeAt?.microseconds, at: 13)
        try insert.run()
    }
}
