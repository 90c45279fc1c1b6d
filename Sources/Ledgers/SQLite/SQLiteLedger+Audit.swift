package import Facts
import GRDB

extension SQLiteLedger {
    @discardableResult
    package func append(_ entries: [AuditEntry]) async throws(LedgerError) -> [AuditRecord] {
        try await write("Writing into the audit") { try AuditRows.append(entries, $0) }
    }

    package func audit(
        since moment: Timestamp?, after number: Int64, limit: Int
    ) async throws(LedgerError) -> [AuditRecord] {
        try await read("Reading the audit") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT \(AuditRows.columns) FROM audit WHERE number > ?1 AND (?2 IS NULL OR at >= ?2)
                ORDER BY number LIMIT ?3
                """)
            select.bind(number, at: 1)
            select.bind(moment?.microseconds, at: 2)
            select.bind(Int64(limit), at: 3)
            return try AuditRows.all(select)
        }
    }

    package func audit(
        before number: Int64?, of stores: [String]?, limit: Int
    ) async throws(LedgerError) -> [AuditRecord] {
        try await read("Reading the audit") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT \(AuditRows.columns) FROM audit
                WHERE number < ?1 AND \(stores.isIn("store", at: 3)) ORDER BY number DESC LIMIT ?2
                """)
            select.bind(number ?? .max, at: 1)
            select.bind(Int64(limit), at: 2)
            if let stores { select.bind(stores.asJSON, at: 3) }
            return try AuditRows.all(select)
        }
    }
}

/// Records of the audit, to and from their rows.
enum AuditRows {
    static let columns = "number, at, who, way, act, store, subject, why, details, details_zh, before, digest"

    /// As it comes back: a line of the details is a line.
    static func kept(_ entry: AuditEntry) -> AuditEntry {
        func line(_ text: String) -> String {
            let plain = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
            // A line that is nothing would not come back as one.
            return plain.isEmpty ? "–" : String(String.UnicodeScalarView(plain))
        }
        var entry = entry
        entry.details = entry.details.map { Words(en: line($0.en), zh: line($0.zh)) }
        return entry
    }

    /// To the end of the chain, in whichever transaction it is called.
    @discardableResult
    static func append(_ entries: [AuditEntry], _ database: Database) throws -> [AuditRecord] {
        guard !entries.isEmpty else { return [] }
        let newest = try PreparedStatement(database, "SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1")
        var last = try newest.step() ? (number: newest.integer(0), digest: newest.text(1)) : nil
        newest.reset()
        var records: [AuditRecord] = []
        for entry in entries {
            let record = AuditRecord(kept(entry), after: last)
            try put(record, database)
            last = (record.number, record.digest)
            records.append(record)
        }
        return records
    }

    private static func put(_ record: AuditRecord, _ database: Database) throws {
        let insert = try PreparedStatement(
            database,
            "INSERT INTO audit (\(columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
        let entry = record.entry
        insert.bind(record.number, at: 1)
        insert.bind(entry.at.microseconds, at: 2)
        insert.bind(entry.who, at: 3)
        insert.bind(entry.way.rawValue, at: 4)
        insert.bind(entry.act, at: 5)
        insert.bind(entry.store, at: 6)
        insert.bind(entry.subject, at: 7)
        insert.bind(entry.why, at: 8)
        insert.bind(entry.details.map(\.en).joined(separator: "\n"), at: 9)
        insert.bind(entry.details.map(\.zh).joined(separator: "\n"), at: 10)
        insert.bind(record.before, at: 11)
        insert.bind(record.digest, at: 12)
        try insert.run()
    }

    static func all(_ select: PreparedStatement) throws -> [AuditRecord] {
        defer { select.reset() }
        var records: [AuditRecord] = []
        while try select.step() { records.append(try read(select)) }
        return records
    }

    private static func read(_ select: PreparedStatement) throws -> AuditRecord {
        let number = select.integer(0)
        guard let way = AuditEntry.Way(rawValue: select.text(3)) else {
            throw CorruptRow(table: "audit", id: "\(number)", column: "way")
        }
        func lines(_ column: Int32) -> [String] {
            let text = select.text(column)
            return text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        let (english, chinese) = (lines(8), lines(9))
        // Somebody has taken lines out of one of them: the chain tells so, and what is left is shown.
        let details = english.indices.map { Words(en: english[$0], zh: $0 < chinese.count ? chinese[$0] : "") }
        return AuditRecord(
            number: number,
            entry: AuditEntry(
                at: Timestamp(microseconds: select.integer(1)), who: select.text(2), way: way, act: select.text(4),
                store: select.textIfAny(5), subject: select.text(6), why: select.text(7), details: details),
            before: select.text(10), digest: select.text(11))
    }
}
