import Facts
import GRDB
import Rollups

/// What a transaction does to one store: facts arrive or are taken out, order files change, and the difference moves
/// the store's buckets.
///
/// Facts are first settled in memory (`arrive`, `remove`), then `flush` reads what their order files held, computes the
/// change, and writes. All reading of a flush comes before its writing, so that "before" is what the tables say.
struct StoreCommit {
    let id: String
    let row: StoreRow
    let watched: WatchedStore?
    private let statements: FactStatements
    private let corrections: CorrectionRows
    /// When what arrives is learnt.
    private let now: Timestamp

    /// How the buckets of the plan moved, over all flushes.
    private(set) var change = RollupChange()
    /// Whether any row was written.
    private(set) var hasWritten = false
    /// Kinds of which the tables may hold facts of this store: no other needs to be asked for.
    var kindsPresent: FactKinds

    private struct Work {
        let key: FactKey
        /// As the table has it; nil when it has none.
        let original: StoredFact?
        /// As it will be; nil when the row goes.
        var current: StoredFact?
        var isChanged = false
    }
    /// In the order of arrival, so that a flush does the same thing every time.
    private var works: [Work] = []
    private var places: [FactKey: Int] = [:]
    /// Kinds of which orders are told whole, and what came of them since the last flush, by the order that it names.
    private let listed: FactKinds
    private var arrived: [ByteText: [FactKey]] = [:]

    /// How many facts may wait in memory for a flush.
    static let flushEvery = 5_000

    init(
        id: String, row: StoreRow, watched: WatchedStore?, kindsPresent: FactKinds, statements: FactStatements,
        corrections: CorrectionRows, listed: FactKinds = [], now: Timestamp
    ) {
        (self.id, self.row, self.watched) = (id, row, watched)
        (self.kindsPresent, self.statements) = (kindsPresent, statements)
        (self.corrections, self.listed, self.now) = (corrections, listed, now)
    }

    /// For so many facts to come.
    mutating func expect(_ count: Int) {
        works.reserveCapacity(min(count, StoreCommit.flushEvery))
        places.reserveCapacity(min(count, StoreCommit.flushEvery))
    }

    var isFull: Bool { works.count >= StoreCommit.flushEvery }

    /// A version of a fact. The outcome says whether it stands.
    mutating func arrive(_ fact: Fact, source: Int64) throws -> VersionOutcome {
        kindsPresent.insert(fact.kind)
        let place = try place(of: fact.key)
        let outcome = Fact.merging(
            fact, into: works[place].current?.fact, first: watched?.first[fact.kind] ?? [])
        switch outcome {
        case .inserted(let winner), .replaced(let winner), .amended(let winner):
            let known = works[place].original ?? works[place].current
            works[place].current = StoredFact(
                fact: winner, source: source, knownAt: known == nil ? now : known?.knownAt)
            works[place].isChanged = true
            if listed.contains(fact.kind), let order = winner.order {
                arrived[ByteText(order), default: []].append(fact.key)
            }
        case .unchanged, .conflict: break
        }
        return outcome
    }

    /// The facts of a kind that name an order, as they stand within this transaction; the kind is one of those listed.
    mutating func children(_ kind: FactKind, of order: String) throws -> [StoredFact] {
        var keys = (arrived[ByteText(order)] ?? []).filter { $0.kind == kind }
        if kindsPresent.contains(kind) {
            keys += try statements.children(kind, of: order, store: row.number, storeID: id).map(\.key)
        }
        var found: [StoredFact] = []
        for key in keys where !found.contains(where: { $0.fact.key == key }) {
            if let known = try standing(key), known.live?.names(order) == true { found.append(known) }
        }
        return found
    }

    /// The version that stands now, within this transaction.
    mutating func standing(_ key: FactKey) throws -> StoredFact? { try works[place(of: key)].current }

    /// Takes a fact out of the tables, as if it had never come.
    mutating func remove(_ key: FactKey) throws {
        let place = try place(of: key)
        guard works[place].current != nil else { return }
        works[place].current = nil
        works[place].isChanged = true
    }

    private mutating func place(of key: FactKey) throws -> Int {
        if let place = places[key] { return place }
        let stored = try statements.stored(key.kind, id: key.id, store: row.number, storeID: id)
        places[key] = works.count
        works.append(Work(key: key, original: stored, current: stored))
        return works.count - 1
    }

    // MARK: Flushing

    /// The changed facts of one order file.
    private struct Touch {
        let order: String
        var kinds = FactKinds()
        /// In `works`.
        var places: [Int] = []
    }

    mutating func flush() throws {
        defer {
            works.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
            arrived.removeAll(keepingCapacity: true)
        }
        if let plan = watched?.plan, !plan.aggregates.isEmpty { try computeChange(under: plan) }
        for place in works.indices where works[place].isChanged { try write(works[place]) }
    }

    private mutating func computeChange(under plan: RollupPlan) throws {
        var (touches, byOrder): ([Touch], [ByteText: Int]) = ([], [:])
        for place in works.indices where works[place].isChanged {
            let (before, after) = (works[place].original?.live, works[place].current?.live)
            guard StoreCommit.countsDifferently(before, after) else { continue }
            let kind = works[place].key.kind
            let (from, to) = (before?.order, after?.order)
            // A fact that names no order is a file of its own.
            let alone = (before.flatMap { from == nil ? $0 : nil }, after.flatMap { to == nil ? $0 : nil })
            if alone.0 != nil || alone.1 != nil {
                plan.change(
                    from: OrderFile(children: alone.0.map { [$0] } ?? []),
                    to: OrderFile(children: alone.1.map { [$0] } ?? []), changed: FactKinds(kind), into: &change)
            }
            func touch(_ order: String?) {
                guard let order else { return }
                let index = byOrder[ByteText(order)] ?? touches.count
                if index == touches.count {
                    byOrder[ByteText(order)] = index
                    touches.append(Touch(order: order))
                }
                touches[index].kinds.insert(kind)
                touches[index].places.append(place)
            }
            touch(from)
            if from.map(ByteText.init) != to.map(ByteText.init) { touch(to) }
        }
        for touch in touches {
            let before = try fileBefore(touch, plan.kindsNeeded(for: touch.kinds))
            plan.change(from: before, to: fileAfter(touch, before), changed: touch.kinds, into: &change)
        }
    }

    /// Versions that differ in nothing but their time count alike.
    private static func countsDifferently(_ before: Fact?, _ after: Fact?) -> Bool {
        guard let before, let after else { return before != nil || after != nil }
        return before.numbers != after.numbers || before.texts != after.texts || before.labels != after.labels
    }

    /// The file as the tables have it: all facts of the kinds needed, and of the others those that change.
    private func fileBefore(_ touch: Touch, _ needed: FactKinds) throws -> OrderFile {
        var file = OrderFile()
        if needed.contains(.order) || touch.kinds.contains(.order) {
            if let place = places[FactKey(kind: .order, id: touch.order)] {
                file.order = works[place].original?.live
            } else if kindsPresent.contains(.order) {
                file.order = try statements.stored(.order, id: touch.order, store: row.number, storeID: id)?.live
            }
        }
        let whole = needed.intersection(kindsPresent)
        for kind in StoreCommit.kindsOfChildren where whole.contains(kind) {
            file.children += try statements.children(kind, of: touch.order, store: row.number, storeID: id)
        }
        for place in touch.places {
            let kind = works[place].key.kind
            guard kind != .order, !needed.contains(kind), let fact = works[place].original?.live,
                fact.names(touch.order)
            else { continue }
            file.children.append(fact)
        }
        return file
    }

    private static let kindsOfChildren = FactKind.allCases.filter { $0 != .order && $0.belongsToOrder }

    private func fileAfter(_ touch: Touch, _ before: OrderFile) -> OrderFile {
        var file = before
        if !file.children.isEmpty {
            let changed = Set(touch.places.map { works[$0].key })
            file.children.removeAll { changed.contains($0.key) }
        }
        for place in touch.places {
            let isOrder = works[place].key.kind == .order
            guard let fact = works[place].current?.live, fact.names(touch.order) else {
                if isOrder { file.order = nil }
                continue
            }
            if isOrder { file.order = fact } else { file.children.append(fact) }
        }
        return file
    }

    private mutating func write(_ work: Work) throws {
        hasWritten = true
        if let original = work.original, StoreCommit.countsDifferently(original.live, work.current?.live) {
            try corrections.note(original, work.current, store: row.number, at: now)
        }
        switch (work.original, work.current) {
        case (nil, let current?): try statements.insert(current, store: row.number)
        case (let original?, let current?):
            try statements.update(
                current, store: row.number,
                movesOrder: original.fact.order.map(ByteText.init) != current.fact.order.map(ByteText.init))
        case (.some, nil): try statements.delete(work.key.kind, id: work.key.id, store: row.number)
        case (nil, nil): break
        }
    }
}

extension Fact {
    /// Whether it belongs to the order's file.
    fileprivate func names(_ order: String) -> Bool { self.order?.isSameBytes(as: order) ?? false }
}
