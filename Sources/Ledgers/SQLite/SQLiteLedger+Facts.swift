package import Facts
import GRDB

extension SQLiteLedger {
    package func commit(
        _ batch: FactBatch, under book: PlanBook, audit: @escaping @Sendable (CommitReceipt) -> [AuditEntry]
    ) async throws(LedgerError) -> CommitReceipt {
        let (numbers, known) = (numbers, marked.of(batch.source, batch.part))
        let attempt = "Committing \(batch.facts.count) facts from \(batch.source)"
        let (receipt, fresh, marks) = try await write(attempt) { database in
            let plans = PlanNumbering(database, known: numbers)
            let commit = try BatchCommit(database, batch, under: book, plans: plans, known: known)
            let receipt = try commit.run()
            try AuditRows.append(audit(receipt), database)
            return (receipt, plans.fresh, commit.marked)
        }
        numbers.remember(fresh)
        marked.note(marks, batch.source, batch.part)
        return receipt
    }

    package func pullRecord(of source: SourceName, store: String?) async throws(LedgerError) -> PullRecord {
        try await read("Reading where \(source) stands") { database in
            guard let number = try LedgerRow.findSource(source, database) else { return PullRecord() }
            var row: Int64 = 0
            if let store {
                guard let found = try StoreRow.find(store, database) else { return PullRecord() }
                row = found.number
            }
            return try PullRows.read(source: number, store: row, database) ?? PullRecord()
        }
    }

    package func pullRecords() async throws(LedgerError) -> [PulledSource: PullRecord] {
        try await read("Reading how the pulls go") { try PullRows.all($0) }
    }

    package func keep(state text: String, of source: SourceName, store: String?) async throws(LedgerError) {
        try await changePull(of: source, store) { $0.state = text }
    }

    package func noteFailure(
        of source: SourceName, store: String?, state text: String, at moment: Timestamp, because reason: String,
        trouble: PullTrouble?
    ) async throws(LedgerError) {
        try await changePull(of: source, store) { record in
            record.failures += 1
            record.state = text
            (record.failedAt, record.failure, record.trouble) = (moment, reason, trouble)
        }
    }

    private func changePull(
        of source: SourceName, _ store: String?, _ change: @escaping @Sendable (inout PullRecord) -> Void
    ) async throws(LedgerError) {
        try await write("Noting where the pull of \(source) stands") { database in
            let number = try LedgerRow.source(source, database)
            let row = try store.map { try StoreRow.find($0, database) ?? StoreRow.make($0, plan: nil, database) }
            var record = try PullRows.read(source: number, store: row?.number ?? 0, database) ?? PullRecord()
            change(&record)
            try PullRows.write(record, source: number, store: row?.number ?? 0, database)
        }
    }
}
