import GRDB

/// The ledger's tables: numbered migrations, never edited once shipped, and the facts' tables, which follow `Schema`.
///
/// `PRAGMA user_version` holds the number of the last migration. A new member of a kind needs none: its column is added
/// when the ledger is next opened (`FactTable.adjust`). A new kind, or a change of what stands here, is a migration.
enum SQLiteSchema {
    /// `PRAGMA application_id`: "gstd". By it a ledger is told from any other SQLite file.
    static let applicationID = 0x6773_7464

    static var version: Int { migrations.count }

    /// Brings an opened ledger to this program's schema, in one transaction.
    static func migrate(_ database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        for (number, migration) in migrations.enumerated() where number >= found { try migration(database) }
        for table in FactTable.all { try table.adjust(database) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    private static let migrations: [@Sendable (Database) throws -> Void] = [
        makeTables, makeAlertTables, makeQuarantineIndex, countFinishes, composeStoreIDs,
        countFinishesBySource, makeHalfToldTable, tellHalfToldKinds, makeMarkTable, makeCorrectionTable,
        makeRoutingTables, tellWhatIsWithheld, tellWhatFlaps, tellWhatIsConfirmed, tellWhoKnowsOfBlindness,
        tellWhyInChinese, reviveDeadLetters,
        makeAuditTable, makeListIndexes, tellWhatTurned,
    ]
}
