import Facts
import GRDB
import Rollups

/// The transaction that commits one batch.
///
/// 1. Facts are taken store by store, within a store in the order of arrival: an import of many stores touches each
///    part of each table once.
/// 2. For each kind the source that holds it is settled; facts from another are set aside.
/// 3. The others go through `StoreCommit`, which writes them and gives the change of the buckets.
/// 4. Buckets, quarantine, coverage and cursor are written, and the revisions raised.
final class BatchCommit {
    let database: Database
    let batch: FactBatch
    let book: PlanBook
    let plans: PlanNumbering
    private(set) var receipt = CommitReceipt()
    /// What was marked as half told.
    private(set) var marked: [(number: Int64, kinds: FactKinds)] = []
    /// Kinds that moved, set aside or not, by store.
    private var moved: [(number: Int64, kinds: FactKinds)] = []
    /// Of the ledger, once this batch has raised it.
    private var revision: Int64?
    /// What is marked already.
    private let known: [Int64: FactKinds]

    private let statements: FactStatements
    private let blocks: BlockRows
    private let corrections: CorrectionRows
    private let setAside: SetAsideRows
    private var sources: [Int64: SourceName]
    let source: Int64
    /// Pulls of the source that finished before this batch.
    private let finishes: Int64
    /// Whether something of the source that names no store lies in quarantine.
    private let isAnyUnattributed: Bool
    /// Facts of this batch that may be what was set aside without a store.
    private var perhapsUnattributed: [(key: FactKey, store: Int64, numbers: [Int64])] = []

    init(
        _ database: Database, _ batch: FactBatch, under book: PlanBook, plans: PlanNumbering, known: [Int64: FactKinds]
    ) throws {
        (self.database, self.batch, self.book, self.plans, self.known) = (database, batch, book, plans, known)
        statements = FactStatements(database)
        blocks = try BlockRows(database)
        corrections = try CorrectionRows(database)
        setAside = try SetAsideRows(database)
        source = try LedgerRow.source(batch.source, database)
        sources = try LedgerRow.sources(database)
        finishes = try CoverageRows.finishes(of: source, database)
        isAnyUnattributed = try QuarantineRows.isAnyUnattributed(source: source, database)
    }

    func run() throws -> CommitReceipt {
        try CorrectionRows.note(since: batch.readAt, isLater: false, database)
        var (places, stores): ([String: Int], [(id: String, facts: [Int])]) = ([:], [])
        for (index, fact) in batch.facts.enumerated() {
            if let place = places[fact.store] {
                stores[place].facts.append(index)
            } else {
                places[fact.store] = stores.count
                stores.append((fact.store, [index]))
            }
        }
        // By number: neighbours in the tables are written together.
        var rows: [(row: StoreRow, id: String, facts: [Int], isNew: Bool)] = []
        for store in stores {
            if let row = try StoreRow.find(store.id, database) {
                rows.append((row, store.id, store.facts, false))
            } else {
                rows.append((try make(store.id), store.id, store.facts, true))
            }
        }
        rows.sort { $0.row.number < $1.row.number }
        for (row, id, facts, isNew) in rows {
            let (change, hasChanged, kinds) = try commit(facts, to: row, id)
            if !kinds.isEmpty { moved.append((row.number, kinds)) }
            guard hasChanged || isNew else { continue }
            try note(change, of: id, row)
        }
        // Once all are written: stores may number their orders alike, and what may be another's stays open.
        for (key, store, numbers) in perhapsUnattributed
        where !(try QuarantineRows.isElsewhere(key, than: store, source: source, database)) {
            try QuarantineRows.settle(numbers, at: batch.readAt, database)
        }
        let (rejected, quarantined) = try commitRejections()
        receipt.quarantined += quarantined
        let mended = try batch.reread.map { try settle($0) } ?? []
        for id in rejected.union(mended) where receipt.stores[id] == nil {
            if let row = try StoreRow.find(id, database) { try note(of: id, row) }
        }
        if let finish = batch.finish {
            let covered = try CoverageRows.extend(by: finish, source: source, database) { try self.findOrMake($0) }
            for (id, row) in covered where receipt.stores[id] == nil {
                try note(of: id, row)
            }
            // Coverage of a whole feed moves every store of it; those hear of it by the ledger's own revision.
            if case .all = finish.stores { _ = try raised() }
        }
        switch batch.part {
        case .whole: break
        case .more(let telling):
            marked = moved.filter { !$0.kinds.isSubset(of: known[$0.number] ?? []) }
            try HalfToldRows.put(marked, source: source, of: telling, database)
        case .last(let telling, let stores, let kinds, let lacking):
            try HalfToldRows.end(source: source, of: telling, stores, kinds, lacking: lacking, database)
        case .broken(let telling, let ids, let kinds):
            let rows = try ids.map { (id: $0, row: try self.findOrMake($0)) }
            try HalfToldRows.put(
                rows.map { (number: $0.row.number, kinds: kinds) }, source: source, of: telling, database)
            for (id, row) in rows where receipt.stores[id] == nil {
                try note(of: id, row)
            }
        }
        let isNews = moved.contains { !$0.kinds.subtracting(FactKinds(.measure)).isEmpty }
        try PullRows.commit(batch, source: source, isNews: isNews, database) { try self.findOrMake($0).number }
        receipt.revision = try revision ?? LedgerRow.revision(database)
        return receipt
    }

    /// A batch of nothing but "nothing new" moves the cursor, and no revision.
    private func raised() throws -> Int64 {
        if let revision { return revision }
        let new = try LedgerRow.raiseRevision(database)
        revision = new
        return new
    }

    private func note(_ change: RollupChange = RollupChange(), of id: String, _ row: StoreRow) throws {
        let revision = try raised()
        try StoreRow.setRevision(revision, of: row.number, database)
        receipt.stores[id] = CommitReceipt.StoreChange(
            before: row.revision, revision: revision, plan: book[id]?.plan, change: change)
    }

    private func make(_ id: String) throws -> StoreRow {
        let plan = try book[id].map { try plans.numbered($0.plan).number }
        return try StoreRow.make(id, plan: plan, database)
    }

    func findOrMake(_ id: String) throws -> StoreRow { try StoreRow.find(id, database) ?? make(id) }

    // MARK: One store

    private func commit(_ facts: [Int], to found: StoreRow, _ id: String) throws -> (
        RollupChange, hasChanged: Bool, moved: FactKinds
    ) {
        let watched = book[id]
        var lists = batch.wholes.filter { $0.store == id }[...]
        var row = found
        if row.plan == nil, let watched, !(try row.mayHaveFacts(database)) {
            // Known by name only, from a rejection or a failed pull: whatever plan it is given is built already.
            row.plan = try plans.numbered(watched.plan).number
            try StoreRow.setPlan(row.plan, of: row.number, database)
        }
        var kinds = try KindSources(store: row.number, sources: sources, database)
        var store = StoreCommit(
            id: id, row: row, watched: watched, kindsPresent: kinds.kindsPresent, statements: statements,
            corrections: corrections, listed: FactKinds(lists.map(\.kind)), now: batch.readAt)
        store.expect(facts.count)
        let precedence = watched?.sources ?? .unwatched
        // Of every kind but measures, which are held by name.
        var settledKinds = [Int64?](repeating: nil, count: FactKind.allCases.count)
        var settled: [String: Int64] = [:]
        let isAnyOpen = try QuarantineRows.isAnyOpen(store: row.number, database)
        var (hasChanged, moved) = (false, FactKinds())
        func takeLists(before place: Int) throws {
            while let list = lists.first, list.factsBefore <= place {
                lists.removeFirst()
                let standing =
                    try settledKinds[Int(list.kind.rawValue)] ?? kinds.entry(list.kind, measure: "").stands
                guard standing == source, try takeBack(what: list, in: &store) else { continue }
                moved.insert(list.kind)
            }
        }
        for index in facts {
            try takeLists(before: index)
            let fact = batch.facts[index]
            if isAnyOpen {
                let numbers = try QuarantineRows.open(fact.key, store: row.number, source: nil, database)
                if !numbers.isEmpty {
                    try QuarantineRows.settle(numbers, at: batch.readAt, database)
                    hasChanged = true
                }
            }
            if isAnyUnattributed {
                let numbers = try QuarantineRows.open(fact.key, store: nil, source: source, database)
                if !numbers.isEmpty { perhapsUnattributed.append((fact.key, row.number, numbers)) }
            }
            var name = KindName(kind: fact.kind, measure: "")
            if fact.kind == .measure {
                // A tombstone carries no name; it is held by what it takes back.
                name.measure =
                    try fact.isDeleted
                    ? store.standing(fact.key)?.fact.measureName ?? "" : fact.measureName
            }
            let standing: Int64
            let isMeasure = fact.kind == .measure
            if let known = isMeasure ? settled[name.measure] : settledKinds[Int(fact.kind.rawValue)] {
                standing = known
            } else {
                standing = try settle(name, precedence, &kinds, &store)
                if isMeasure {
                    settled[name.measure] = standing
                } else {
                    settledKinds[Int(fact.kind.rawValue)] = standing
                }
            }
            guard standing == source else {
                try setAside.put(
                    fact, measure: name.measure, store: row.number, source: source,
                    first: watched?.first[fact.kind] ?? [])
                receipt.setAside[fact.kind, default: 0] += 1
                moved.insert(fact.kind)
                continue
            }
            let outcome = try store.arrive(fact, source: source)
            if outcome.isNews { moved.insert(fact.kind) }
            count(outcome)
            if store.isFull { try store.flush() }
        }
        try takeLists(before: .max)
        try store.flush()
        hasChanged = hasChanged || store.hasWritten
        try RollupMove(plans: plans, blocks: blocks, database: database)
            .apply(store.change, to: row, watched, hasWritten: store.hasWritten)
        return (store.change, hasChanged, moved)
    }

    /// Finds who holds a kind now that this source brings it, and moves facts when that is another than before.
    private func settle(
        _ name: KindName, _ precedence: SourcePrecedence, _ kinds: inout KindSources, _ store: inout StoreCommit
    ) throws -> Int64 {
        let entry = try kinds.entry(name.kind, measure: name.measure)
        let brought = entry.brought.union([source])
        let winner = precedence.source(
            of: name.kind, brought: kinds.names(brought))
        var standing = source
        if let winner { standing = try number(of: winner) }
        if entry.stands != standing || !entry.brought.contains(source) {
            try kinds.note(
                name.kind, measure: name.measure, brought: source, standing: standing, finishes: finishes)
        }
        if let before = entry.stands, before != standing {
            let moved = try SourceSwitch(statements: statements, setAside: setAside, database: database)
                .turn(name, to: standing, in: &store)
            if moved > 0 { receipt.displaced[name.kind, default: 0] += moved }
        }
        return standing
    }

    private func number(of name: SourceName) throws -> Int64 {
        if let known = sources.first(where: { $0.value == name }) { return known.key }
        let number = try LedgerRow.source(name, database)
        sources[number] = name
        return number
    }

    func count(_ outcome: VersionOutcome) {
        if case .inserted(let fact) = outcome { noteLateness(of: fact) }
        if case .replaced(let fact) = outcome { noteLateness(of: fact) }
        switch outcome {
        case .inserted: receipt.inserted += 1
        case .replaced(let fact) where fact.isDeleted: receipt.deleted += 1
        case .replaced, .amended: receipt.updated += 1
        case .unchanged: receipt.unchanged += 1
        case .conflict:
            receipt.unchanged += 1
            receipt.conflicts += 1
        }
    }

    private func noteLateness(of fact: Fact) {
        guard let told = batch.toldUntil, let changed = fact.updatedAt, changed < told else { return }
        receipt.lateSince = min(receipt.lateSince ?? changed, changed)
    }
}

/// A kind, or one name of `measure`.
struct KindName: Hashable {
    let kind: FactKind
    /// Empty for every other kind.
    var measure: String
}

extension Fact {
    /// Of a measure: what was read. Empty when it has no name.
    var measureName: String {
        guard let slot = Fact.measureNameSlot else { return "" }
        return texts[slot] ?? ""
    }
    private static let measureNameSlot = Schema[.measure].member("name")?.slot
}
