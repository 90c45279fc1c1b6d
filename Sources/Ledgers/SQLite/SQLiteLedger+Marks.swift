package import Facts
import GRDB

extension SQLiteLedger {
    package func keep(_ marks: [Mark], audit: [AuditEntry]) async throws(LedgerError) -> Int {
        try await write("Keeping \(marks.count) marks") { database in
            try AuditRows.append(audit, database)
            var (kept, moved): (Int, Set<Int64>) = (0, [])
            for mark in marks {
                let row = try StoreRow.find(mark.store, database) ?? StoreRow.make(mark.store, plan: nil, database)
                guard try MarkRows.put(mark, store: row.number, database) else { continue }
                kept += 1
                moved.insert(row.number)
            }
            guard !moved.isEmpty else { return 0 }
            let revision = try LedgerRow.raiseRevision(database)
            for number in moved { try StoreRow.setRevision(revision, of: number, database) }
            return kept
        }
    }

    package func marks(of store: String) async throws(LedgerError) -> [Mark] {
        try await read("Reading the marks of \(store)") { database in
            guard let row = try StoreRow.find(store, database) else { return [] }
            return try MarkRows.read(store: row.number, id: store, database)
        }
    }

    package func markedStores() async throws(LedgerError) -> [String] {
        try await read("Looking for marked stores") { database in
            try String.fetchAll(
                database,
                sql: "SELECT id FROM stores WHERE EXISTS (SELECT 1 FROM marks WHERE store = stores.number) ORDER BY id")
        }
    }

    package func fact(_ key: FactKey, of store: String) async throws(LedgerError) -> Fact? {
        try await read("Looking for \(key.kind.name) \(key.id)") { database in
            guard let row = try StoreRow.find(store, database) else { return nil }
            return try FactStatements(database).stored(key.kind, id: key.id, store: row.number, storeID: store)?.live
        }
    }

    package func files(of store: String, holding keys: [FactKey]) async throws(LedgerError) -> [OrderFile] {
        try await read("Reading the files of \(keys.count) facts of \(store)") { database in
            guard let row = try StoreRow.find(store, database) else { return [] }
            return try FileReading(store: row.number, storeID: store, statements: FactStatements(database))
                .files(holding: keys)
        }
    }

    package func markedFiles(of store: String, at moment: Timestamp) async throws(LedgerError) -> MarkedFiles? {
        try await read("Reading the marked facts of \(store)") { database in
            guard let row = try StoreRow.find(store, database) else { return nil }
            let marks = MarksInForce(try MarkRows.read(store: row.number, id: store, database), at: moment)
            guard !marks.isEmpty else { return nil }
            return try MarkedFiles.read(marks, row, id: store, FactStatements(database))
        }
    }
}

extension MarkedFiles {
    static func read(
        _ marks: MarksInForce, _ row: StoreRow, id: String, _ statements: FactStatements
    ) throws -> MarkedFiles {
        let keys = marks.byFact.keys.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
        let reading = FileReading(store: row.number, storeID: id, statements: statements)
        return MarkedFiles(marks: marks, files: try reading.files(holding: keys))
    }
}
