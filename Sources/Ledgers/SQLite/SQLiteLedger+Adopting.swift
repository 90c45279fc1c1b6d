package import Facts
import GRDB
import Rollups

extension SQLiteLedger {
    package func adopt(
        _ book: PlanBook, for stores: [String], now: Timestamp,
        progress: @escaping @Sendable (AdoptProgress) async -> Void
    ) async throws(LedgerError) {
        try await makeIndexes(book, stores)
        var done = AdoptProgress(storesDone: 0, storesInAll: stores.count, facts: 0)
        var rest = stores[...]
        while !rest.isEmpty {
            let known = numbers
            let waiting = rest
            // Small stores together, until the transaction has held the writer for long enough.
            let outcome = try await write("Building rollups") { database in
                let step = try AdoptStep(database, book, known: known, now: now)
                return try step.run(waiting)
            }
            numbers.remember(outcome.fresh)
            done.storesDone += outcome.done
            done.facts += outcome.facts
            rest = rest.dropFirst(outcome.done)
            if let large = outcome.large {
                done.facts += try await adoptLarge(large, book, now)
                done.storesDone += 1
                rest = rest.dropFirst()
            }
            await progress(done)
        }
    }

    /// A store too large for one short transaction is counted while others write; if they wrote to this store in the
    /// meantime it is counted again, the last time with the writer held, so that it ends.
    private func adoptLarge(_ store: String, _ book: PlanBook, _ now: Timestamp) async throws(LedgerError) -> Int {
        let known = numbers
        for _ in 0..<3 {
            let counted = try await read("Building the rollups of \(store)") { database in
                try AdoptStep(database, book, known: known, now: now).count(store)
            }
            guard let counted else { return 0 }
            let fresh = try await write("Building the rollups of \(store)") { database in
                try AdoptStep(database, book, known: known, now: now).keep(counted, store)
            }
            if let fresh {
                numbers.remember(fresh)
                return counted.facts
            }
        }
        let outcome = try await write("Building the rollups of \(store)") { database in
            try AdoptStep(database, book, known: known, now: now).run([store], whatever: true)
        }
        numbers.remember(outcome.fresh)
        return outcome.facts
    }

    private func makeIndexes(_ book: PlanBook, _ stores: [String]) async throws(LedgerError) {
        var members: Set<IndexedMember> = []
        for store in stores { members.formUnion(book[store]?.indexed ?? []) }
        for indexed in members.sorted(by: { ($0.kind, $0.member) < ($1.kind, $1.member) }) {
            let table = FactTable[indexed.kind]
            guard let column = table.columns.first(where: { $0.member.name == indexed.member })?.name else { continue }
            let name = "\(table.name)_by_\(column)"
            let isThere = try await read("Looking for indexes") { database in
                try Bool.fetchOne(
                    database, sql: "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?", arguments: [name])
            }
            guard isThere == nil else { continue }
            try await write("Making the index \(name)") { database in
                try database.execute(
                    sql: """
                        CREATE INDEX IF NOT EXISTS "\(name)" ON \(table.name) (store, "\(column)")
                        WHERE "\(column)" IS NOT NULL
                        """)
            }
        }
    }
}

/// One transaction of adopting.
struct AdoptStep {
    private let database: Database
    private let book: PlanBook
    private let plans: PlanNumbering
    private let statements: FactStatements
    private let blocks: BlockRows
    private let setAside: SetAsideRows
    private let now: Timestamp

    /// Facts a transaction counts before it lets others write: a tenth of a second or so.
    static let limit = 20_000

    struct Outcome: Sendable {
        /// How many of the stores were dealt with, from the first on.
        var done = 0
        var facts = 0
        var fresh: [NumberedPlan] = []
        /// The next one, when it is too large to be dealt with so.
        var large: String?
    }

    /// A store's facts as of a revision, counted.
    struct Counted: Sendable {
        let revision: Int64
        let change: RollupChange
        let facts: Int
    }

    init(_ database: Database, _ book: PlanBook, known: PlanNumbers, now: Timestamp) throws {
        (self.database, self.book, self.now) = (database, book, now)
        plans = PlanNumbering(database, known: known)
        statements = FactStatements(database)
        blocks = try BlockRows(database)
        setAside = try SetAsideRows(database)
    }

    /// Deals with stores until enough was counted; `whatever`: also with large ones.
    func run(_ stores: ArraySlice<String>, whatever: Bool = false) throws -> Outcome {
        var outcome = Outcome()
        for id in stores {
            guard var row = try StoreRow.find(id, database) else {
                outcome.done += 1
                continue
            }
            row = try settleSources(row, id)
            if try lacks(row, id) {
                if !whatever, try isLarge(row) {
                    outcome.large = id
                    break
                }
                if let counted = try count(id) {
                    _ = try keep(counted, id)
                    outcome.facts += counted.facts
                }
            }
            outcome.done += 1
            if outcome.facts >= AdoptStep.limit || outcome.done >= 2_000 { break }
        }
        outcome.fresh = plans.fresh
        return outcome
    }

    private func lacks(_ row: StoreRow, _ id: String) throws -> Bool {
        guard let watched = book[id] else { return row.plan != nil }
        return try row.plan != plans.numbered(watched.plan).number
    }

    private func isLarge(_ row: StoreRow) throws -> Bool {
        var rest = AdoptStep.limit
        for table in FactTable.all {
            let select = try statements.statement(
                "SELECT count(*) FROM (SELECT 1 FROM \(table.name) WHERE store = ?1 LIMIT ?2)")
            select.bind(row.number, at: 1)
            select.bind(Int64(rest), at: 2)
            defer { select.reset() }
            if try select.step() { rest -= Int(select.integer(0)) }
            if rest <= 0 { return true }
        }
        return false
    }

    /// What the aggregates of the store's plan must hold. Only reads. Nil for a store never seen.
    func count(_ id: String) throws -> Counted? {
        guard let row = try StoreRow.find(id, database) else { return nil }
        var (change, facts) = (RollupChange(), 0)
        if let plan = book[id]?.plan, !plan.aggregates.isEmpty {
            let kinds = plan.aggregates.reduce(into: FactKinds()) { $0.formUnion($1.kindsRead) }
            let reading = FileReading(store: row.number, storeID: id, statements: statements)
            try reading.forEachStretch(of: kinds) { files in
                for file in files {
                    facts += file.children.count + (file.order == nil ? 0 : 1)
                    plan.change(from: OrderFile(), to: file, changed: .all, into: &change)
                }
            }
        }
        return Counted(revision: row.revision, change: change, facts: facts)
    }

    /// Writes what was counted, for the aggregates that the store lacks; nil when the store has moved since.
    func keep(_ counted: Counted, _ id: String) throws -> [NumberedPlan]? {
        guard let row = try StoreRow.find(id, database), row.revision == counted.revision else { return nil }
        guard let watched = book[id] else {
            try blocks.rebuild(RollupChange(), store: row.number, numbers: [], keeping: [])
            try StoreRow.setPlan(nil, of: row.number, database)
            return plans.fresh
        }
        let plan = try plans.numbered(watched.plan)
        var kept: Set<Int> = []
        if let number = row.plan {
            let built = try plans.built(number)
            if built.timezone == watched.plan.timezone { kept = built.aggregates.intersection(plan.aggregates) }
        }
        try blocks.rebuild(
            counted.change, store: row.number, numbers: plan.aggregates.map { kept.contains($0) ? nil : $0 },
            keeping: kept)
        try StoreRow.setPlan(plan.number, of: row.number, database)
        // Readers that hold the old figures have to come again.
        try StoreRow.setRevision(LedgerRow.raiseRevision(database), of: row.number, database)
        return plans.fresh
    }

    /// Gives each kind to the source that holds it by this configuration.
    private func settleSources(_ row: StoreRow, _ id: String) throws -> StoreRow {
        guard let watched = book[id] else { return row }
        let sources = try LedgerRow.sources(database)
        var names: [KindName: KindSources.Entry] = [:]
        let select = try PreparedStatement(
            database, "SELECT kind, measure, source, has_brought, stands FROM kind_sources WHERE store = ?1")
        select.bind(row.number, at: 1)
        while try select.step() {
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(0))) else { continue }
            let name = KindName(kind: kind, measure: select.text(1))
            if select.integer(3) != 0 { names[name, default: .init()].brought.insert(select.integer(2)) }
            if select.integer(4) != 0 { names[name, default: .init()].stands = select.integer(2) }
        }
        var moves: [(KindName, Int64)] = []
        for (name, entry) in names {
            let winner = watched.sources.source(
                of: name.kind, brought: entry.brought.compactMap { sources[$0] })
            guard let winner else { continue }
            let number = try LedgerRow.source(winner, database)
            if number != entry.stands { moves.append((name, number)) }
        }
        guard !moves.isEmpty else { return row }
        var kinds = try KindSources(store: row.number, sources: LedgerRow.sources(database), database)
        var store = StoreCommit(
            id: id, row: row, watched: watched, kindsPresent: .all, statements: statements,
            corrections: try CorrectionRows(database), now: now)
        for (name, number) in moves {
            try kinds.note(name.kind, measure: name.measure, brought: nil, standing: number)
            _ = try SourceSwitch(statements: statements, setAside: setAside, database: database)
                .turn(name, to: number, in: &store)
        }
        try RollupMove(plans: plans, blocks: blocks, database: database)
            .apply(store.change, to: row, watched, hasWritten: store.hasWritten)
        try StoreRow.setRevision(LedgerRow.raiseRevision(database), of: row.number, database)
        return try StoreRow.find(id, database) ?? row
    }
}
