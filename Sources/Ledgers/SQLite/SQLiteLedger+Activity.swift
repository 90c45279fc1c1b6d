package import Facts
import GRDB

extension SQLiteLedger {
    package func activity(
        from: Timestamp, until: Timestamp
    ) async throws(LedgerError) -> [String: [FactKind: Activity]] {
        try await read("Counting what happened lately") { database in
            var found: [String: [FactKind: Activity]] = [:]
            for (kind, sql) in ActivityRows.queries {
                let select = try PreparedStatement(database, sql)
                select.bind(from.microseconds, at: 1)
                select.bind(until.microseconds, at: 2)
                defer { select.reset() }
                while try select.step() {
                    let activity = Activity(begun: Int(select.integer(1)), changes: Int(select.integer(2)))
                    var all = found[select.text(0)]?[kind] ?? Activity(begun: 0, changes: 0)
                    all.begun += activity.begun
                    all.changes += activity.changes
                    if let type = select.textIfAny(3) { all.types[type] = activity }
                    found[select.text(0), default: [:]][kind] = all
                }
            }
            return found
        }
    }
}

/// Counting facts by their moments. It walks through all of a table: for who asks now and then, not for every pass.
private enum ActivityRows {
    /// When a fact of a kind begins. A line begins with its order, and a reading is a moment.
    private static let beginnings: [FactKind: String] = [
        .order: "placed_at", .parcel: "shipped_at", .refund: "opened_at", .rating: "rated_at", .case: "opened_at",
        .penalty: "issued_at",
    ]
    /// Moments that are promises, and no events.
    private static let promises: Set = ["ship_by", "deliver_by", "appeal_by", "due_at", "expires_at"]

    static let queries: [(FactKind, String)] = FactTable.all.compactMap { table in
        guard let beginning = beginnings[table.kind] else { return nil }
        let events = table.columns.filter { $0.member.type == .time && !promises.contains($0.name) }.map(\.name)
        func isWithin(_ column: String) -> String { "coalesce(\(column) >= ?1 AND \(column) < ?2, 0)" }
        let last = events.count == 1 ? events[0] : "max(\(events.map { "coalesce(\($0), 0)" }.joined(separator: ", ")))"
        // A change that no member tells of is a change too.
        let silent = "(updated_at > coalesce(\(last), 0)) * \(isWithin("updated_at"))"
        // What came at one moment is one change: a refund that is told when the money is back was opened then too.
        let apart = events.enumerated().map { place, event in
            ([isWithin(event)] + events[..<place].map { "(\(event) IS NOT \($0))" }).joined(separator: " * ")
        }
        let changes = (apart + ["coalesce(\(silent), 0)"]).joined(separator: " + ")
        let type = table.kind == .refund ? "\(table.name).type" : "NULL"
        return (
            table.kind,
            """
            SELECT stores.id, sum(\(isWithin(beginning))), sum(\(changes)), \(type) FROM \(table.name)
            JOIN stores ON stores.number = \(table.name).store WHERE deleted = 0 GROUP BY \(table.name).store, 4
            """
        )
    }
}
