import Facts
import GRDB
import Rollups

/// The readings of one transaction.
final class ReadingStep {
    private let database: Database
    private let now: Timestamp
    private let plans: PlanNumbering
    private let known: PlanNumbers
    private let statements: FactStatements
    private let blocks: BlockRows
    private let sources: [Int64: SourceName]
    private let numbers: [SourceName: Int64]
    private let everywhere: [Int64: [FactKind: CoverageInterval]]
    private let finishes: [Int64: [FactKind: Int64]]
    /// Mostly nothing is.
    private let isAnyHalfTold: Bool
    /// In most ledgers nobody ever marked anything.
    private let isAnyMarked: Bool
    private let isAnyAccepted: Bool
    /// Of feeds: what could not be read and names no store.
    private let unattributed: [Int64: QuarantineRows.Count]

    init(_ database: Database, now: Timestamp, known: PlanNumbers) throws {
        (self.database, self.now, self.known) = (database, now, known)
        plans = PlanNumbering(database, known: known)
        statements = FactStatements(database)
        blocks = try BlockRows(database)
        sources = try LedgerRow.sources(database)
        numbers = Dictionary(uniqueKeysWithValues: sources.map { ($1, $0) })
        everywhere = try CoverageRows.read(store: 0, database)
        finishes = try CoverageRows.finishes(database)
        isAnyHalfTold = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM half_told)") ?? false
        isAnyMarked = try MarkRows.isAny(database)
        isAnyAccepted = try AcceptanceRows.isAny(database)
        let feeds = sources.filter { if case .feed = $0.value { true } else { false } }
        unattributed = try QuarantineRows.countUnattributed(now: now, database).filter { feeds[$0.key] != nil }
    }

    func reading(of request: ReadingRequest) throws -> StoreReading {
        guard let row = try StoreRow.find(request.store, database) else {
            return StoreReading(
                store: request.store, revision: 0, sums: StoreSums(), coverage: Coverage(), coveredBy: [:],
                quarantined: 0, newestMeasures: [:], sources: [:])
        }
        let standing = try StandingSources(row.number, sources, finishes: finishes, database)
        let (coverage, coveredBy, unsettled) = try coverage(row, standing, request.sources)
        var quarantine = try QuarantineRows.count(store: row.number, now: now, database)
        for source in standing.bringers {
            // What names no store may be any store's of its feed.
            if let more = unattributed[source] { quarantine = QuarantineRows.sum(quarantine, more) }
        }
        let halfTold = try isAnyHalfTold ? HalfToldRows.read(store: row.number, database) : [:]
        let measures = try halfTold.isEmpty ? [] : HalfToldRows.measures(store: row.number, database)
        let marks = try isAnyMarked ? marks(row, request) : nil
        return StoreReading(
            store: request.store, revision: row.revision,
            sums: StoreSums(
                cells: try cells(row, request), files: try files(row, request)),
            coverage: coverage, coveredBy: coveredBy,
            quarantined: quarantine.count, quarantineEases: quarantine.eases,
            newestMeasures: standing.hasMeasures ? try newestMeasures(row, until: request.at) : [:],
            sources: standing.byKind, unsettled: unsettled,
            halfTold: Dictionary(
                uniqueKeysWithValues: halfTold.compactMap { number, kinds in sources[number].map { ($0, kinds) } }),
            halfToldMeasures: measures,
            accepted: try isAnyAccepted ? AcceptanceRows.read(of: request.store, database) : [:], marks: marks,
            marked: try request.needs.isEmpty
                ? nil : marks.map { try MarkedFiles.read($0, row, id: request.store, statements) })
    }

    private func marks(_ row: StoreRow, _ request: ReadingRequest) throws -> MarksInForce? {
        let all = try MarkRows.read(store: row.number, id: request.store, database)
        let marks = MarksInForce(all, at: request.marksAt ?? now)
        return marks.isEmpty ? nil : marks
    }

    // MARK: Cells

    private func cells(_ row: StoreRow, _ request: ReadingRequest) throws -> [Aggregate: DayCells] {
        guard !request.needs.cells.isEmpty else { return [:] }
        let built = try self.built(row, request.plan)
        let numbers = try numbersOfPlan(request.plan)
        // By the ledger's number: where the cells of a block go.
        var (places, wanted): ([Int: Int], [(aggregate: Aggregate, cells: DayCells)]) = ([:], [])
        var unbuilt: [Aggregate: Range<LocalDay>] = [:]
        var (first, last): (LocalDay?, LocalDay?)
        for (aggregate, days) in request.needs.cells {
            guard let index = request.plan.index(of: aggregate), let number = numbers[index], built.contains(number)
            else {
                unbuilt[aggregate] = days
                continue
            }
            places[number] = wanted.count
            wanted.append((aggregate, DayCells(days: days)))
            first = min(first ?? days.lowerBound, days.lowerBound)
            last = max(last ?? days.upperBound, days.upperBound)
        }
        if let first, let last {
            var place = 0
            try blocks.forEach(store: row.number, blocks: RollupBlock.numbers(of: first..<last)) { number in
                guard let found = places[number] else { return false }
                place = found
                return true
            } _: { _, day, cell in
                wanted[place].cells.add(cell, on: day)
            }
        }
        var result = Dictionary(uniqueKeysWithValues: wanted.map { ($0.aggregate, $0.cells) })
        if !unbuilt.isEmpty {
            let plan = RollupPlan(unbuilt.keys, calendar: request.plan.calendar)
            let counted = try recount(row, id: request.store, plan)
            for (aggregate, days) in unbuilt {
                var cells = DayCells(days: days)
                if let index = plan.index(of: aggregate) {
                    for (day, cell) in counted[index] ?? [:] { cells.add(cell, on: day) }
                }
                result[aggregate] = cells
            }
        }
        return result
    }

    /// The numbers of the aggregates that the store's blocks hold exactly, in the days of the plan's zone.
    private func built(_ row: StoreRow, _ plan: RollupPlan) throws -> Set<Int> {
        guard let number = row.plan else { return [] }
        let built = try plans.built(number)
        known.remember(built, number)
        return built.timezone == plan.timezone ? built.aggregates : []
    }

    private var numbersByPlan: [ObjectIdentifier: [Int?]] = [:]

    private func numbersOfPlan(_ plan: RollupPlan) throws -> [Int?] {
        if let numbers = numbersByPlan[ObjectIdentifier(plan)] { return numbers }
        let numbers = try plans.aggregateNumbers(of: plan)
        numbersByPlan[ObjectIdentifier(plan)] = numbers
        return numbers
    }

    /// From the facts, in stretches; by the index of the aggregate in the plan.
    func recount(_ row: StoreRow, id: String, _ plan: RollupPlan) throws -> [Int: [LocalDay: Cell]] {
        var result: [Int: [LocalDay: Cell]] = [:]
        let kinds = plan.aggregates.reduce(into: FactKinds()) { $0.formUnion($1.kindsRead) }
        let reading = FileReading(store: row.number, storeID: id, statements: statements)
        try reading.forEachStretch(of: kinds) { files in
            for (index, days) in Recount.cells(of: files, plan: plan) {
                for (day, cell) in days { result[index, default: [:]][day, default: .zero] += cell }
            }
        }
        return result
    }

    /// What the blocks hold of the plan's aggregates; those not built are left out.
    func kept(_ row: StoreRow, _ plan: RollupPlan) throws -> [Int: [LocalDay: Cell]] {
        let built = try self.built(row, plan)
        let numbers = try numbersOfPlan(plan)
        var (indexes, result): ([Int: Int], [Int: [LocalDay: Cell]]) = ([:], [:])
        for (index, number) in numbers.enumerated() {
            guard let number, built.contains(number) else { continue }
            indexes[number] = index
            result[index] = [:]
        }
        try blocks.forEach(store: row.number, blocks: nil) {
            indexes[$0] != nil
        } _: { number, day, cell in
            if let index = indexes[number] { result[index]?[day] = cell }
        }
        return result
    }

    /// What the blocks hold from a day on; of aggregates not built, what the facts give.
    func buckets(of request: BucketRequest) throws -> StoreBuckets {
        guard let row = try StoreRow.find(request.store, database) else {
            return StoreBuckets(revision: 0, change: RollupChange())
        }
        let plan = request.plan
        let built = try self.built(row, plan)
        var (indexes, unbuilt): ([Int: Int], [Aggregate]) = ([:], [])
        for (index, number) in try numbersOfPlan(plan).enumerated() {
            if let number, built.contains(number) {
                indexes[number] = index
            } else {
                unbuilt.append(plan.aggregates[index])
            }
        }
        var change = RollupChange()
        var index = 0
        let first = RollupBlock.number(of: request.from)
        try blocks.forEach(store: row.number, blocks: first..<Int32.max) { number in
            guard let found = indexes[number] else { return false }
            index = found
            return true
        } _: { _, day, cell in
            change.add(cell, aggregate: index, day: day)
        }
        if !unbuilt.isEmpty {
            let rest = RollupPlan(unbuilt, calendar: plan.calendar)
            for (place, days) in try recount(row, id: request.store, rest) {
                guard let index = plan.index(of: rest.aggregates[place]) else { continue }
                for (day, cell) in days { change.add(cell, aggregate: index, day: day) }
            }
        }
        return StoreBuckets(revision: row.revision, change: change)
    }

    // MARK: The rest

    private func files(_ row: StoreRow, _ request: ReadingRequest) throws -> [Aggregate: [OrderFile]] {
        guard !request.needs.facts.isEmpty else { return [:] }
        let reading = FileReading(store: row.number, storeID: request.store, statements: statements)
        var result: [Aggregate: [OrderFile]] = [:]
        for need in request.needs.facts { result[need.aggregate] = try reading.files(for: need) }
        return result
    }

    private func coverage(
        _ row: StoreRow, _ standing: StandingSources, _ precedence: SourcePrecedence
    ) throws -> (Coverage, by: [FactKind: SourceName], unsettled: FactKinds) {
        let own = try CoverageRows.read(store: row.number, database)
        func interval(_ source: Int64, _ kind: FactKind) -> CoverageInterval? {
            if let interval = own[source]?[kind] { return interval }
            return standing.isVouched(kind, by: source) ? everywhere[source]?[kind] : nil
        }
        var (coverage, coveredBy, unsettled): (Coverage, [FactKind: SourceName], FactKinds) = (Coverage(), [:], [])
        for kind in FactKind.allCases where kind != .measure {
            let brought = standing.bringers(of: kind).compactMap { sources[$0] }
            if !brought.isEmpty, let holder = precedence.source(of: kind, brought: brought),
                !(numbers[holder].map { standing.stands(kind, byNoneBut: $0) } ?? false)
            {
                unsettled.insert(kind)
                continue
            }
            if let source = standing.standing(kind) {
                coverage[kind] = interval(source, kind)
                coveredBy[kind] = sources[source]
                continue
            }
            // Nobody brought one yet. Who would hold the kind speaks; else the first who covers it: that there is none
            // is known too.
            let candidates: [SourceName]
            if let holder = precedence.source(of: kind, brought: []) {
                candidates = [holder]
            } else {
                candidates =
                    precedence.candidates + sources.values.sorted().filter { !precedence.candidates.contains($0) }
            }
            for candidate in candidates {
                guard let number = numbers[candidate], let found = interval(number, kind) else { continue }
                (coverage[kind], coveredBy[kind]) = (found, candidate)
                break
            }
        }
        return (coverage, coveredBy, unsettled)
    }

    private func newestMeasures(_ row: StoreRow, until moment: Timestamp?) throws -> [String: MeasureReading] {
        // From name to name through the index, so that a long history costs no more than a short one.
        let nextName = try statements.statement(
            "SELECT min(name) FROM measures WHERE store = ?1 AND name > ?2 AND deleted = 0")
        let newest = try statements.statement(
            """
            SELECT at, value FROM measures WHERE store = ?1 AND name = ?2 AND at <= ?3 AND deleted = 0
            ORDER BY at DESC, id DESC LIMIT 1
            """)
        var (result, name): ([String: MeasureReading], String) = ([:], "")
        while true {
            nextName.bind(row.number, at: 1)
            nextName.bind(name, at: 2)
            guard try nextName.step(), let found = nextName.textIfAny(0) else { break }
            nextName.reset()
            newest.bind(row.number, at: 1)
            newest.bind(found, at: 2)
            newest.bind(moment?.microseconds ?? Int64.max, at: 3)
            if try newest.step(), let at = newest.integerIfAny(0) {
                result[found] = MeasureReading(
                    at: Timestamp(microseconds: at), value: newest.integerIfAny(1).map(FixedPoint.init(millionths:)))
            }
            newest.reset()
            name = found
        }
        nextName.reset()
        return result
    }
}
