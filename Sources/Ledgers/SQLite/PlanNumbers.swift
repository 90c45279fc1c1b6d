import GRDB
import Rollups
import Synchronization

/// A plan as the ledger knows it: numbers for its aggregates, and one for the whole set.
struct NumberedPlan: Sendable {
    let plan: RollupPlan
    /// In the table `plans`.
    let number: Int64
    /// By the index of an aggregate in the plan, its number in the table `aggregates`.
    let aggregates: [Int]
}

/// A row of `plans`: what a store's blocks hold and every commit keeps exact.
struct BuiltPlan: Sendable {
    let timezone: String
    let aggregates: Set<Int>
}

/// Plans that were numbered before. Rows of `plans` and `aggregates` are never changed nor deleted, so that what was
/// read once, in a transaction that was committed, holds for good, whoever else writes.
///
/// The lock guards two dictionaries and is never held across a wait or a call into SQLite.
final class PlanNumbers: Sendable {
    private struct State {
        var numbered: [ObjectIdentifier: NumberedPlan] = [:]
        var built: [Int64: BuiltPlan] = [:]
    }
    private let state = Mutex(State())

    func numbered(_ plan: RollupPlan) -> NumberedPlan? { state.withLock { $0.numbered[ObjectIdentifier(plan)] } }
    func built(_ number: Int64) -> BuiltPlan? { state.withLock { $0.built[number] } }

    /// To be called after the transaction in which they were numbered was committed.
    func remember(_ plans: [NumberedPlan]) {
        guard !plans.isEmpty else { return }
        state.withLock { state in
            // The entries hold their plans, so that an address is never another plan's. Plans of configurations long
            // gone are let go all at once.
            if state.numbered.count > 20_000 { state.numbered.removeAll() }
            for plan in plans { state.numbered[ObjectIdentifier(plan.plan)] = plan }
        }
    }

    func remember(_ built: BuiltPlan, _ number: Int64) { state.withLock { $0.built[number] = built } }
}

/// Numbers plans within one transaction.
final class PlanNumbering {
    private let database: Database
    private let known: PlanNumbers
    /// Numbered in this transaction; to be remembered when it is committed.
    private(set) var fresh: [NumberedPlan] = []
    private var local: [ObjectIdentifier: NumberedPlan] = [:]

    init(_ database: Database, known: PlanNumbers) { (self.database, self.known) = (database, known) }

    /// Writes what is new: within a writing transaction only.
    func numbered(_ plan: RollupPlan) throws -> NumberedPlan {
        if let known = known.numbered(plan) ?? local[ObjectIdentifier(plan)] { return known }
        var numbers: [Int] = []
        for aggregate in plan.aggregates {
            numbers.append(Int(try number(in: "aggregates", column: "text", of: aggregate.text)))
        }
        let result = NumberedPlan(
            plan: plan, number: try number(of: BuiltPlan(timezone: plan.timezone, aggregates: Set(numbers))),
            aggregates: numbers)
        local[ObjectIdentifier(plan)] = result
        fresh.append(result)
        return result
    }

    /// The same without writing: nil for an aggregate that has no number yet. Nothing keeps such a one.
    func aggregateNumbers(of plan: RollupPlan) throws -> [Int?] {
        if let known = known.numbered(plan) { return known.aggregates }
        let select = try PreparedStatement(database, "SELECT number FROM aggregates WHERE text = ?1")
        return try plan.aggregates.map { aggregate in
            select.bind(aggregate.text, at: 1)
            defer { select.reset() }
            return try select.step() ? Int(select.integer(0)) : nil
        }
    }

    func number(of built: BuiltPlan) throws -> Int64 {
        let aggregates = built.aggregates.sorted().map(String.init).joined(separator: ",")
        let select = try PreparedStatement(database, "SELECT number FROM plans WHERE timezone = ?1 AND aggregates = ?2")
        select.bind(built.timezone, at: 1)
        select.bind(aggregates, at: 2)
        if try select.step() {
            defer { select.reset() }
            return select.integer(0)
        }
        let insert = try PreparedStatement(database, "INSERT INTO plans (timezone, aggregates) VALUES (?1, ?2)")
        insert.bind(built.timezone, at: 1)
        insert.bind(aggregates, at: 2)
        try insert.run()
        return database.lastInsertedRowID
    }

    func built(_ number: Int64) throws -> BuiltPlan {
        if let known = known.built(number) { return known }
        let select = try PreparedStatement(database, "SELECT timezone, aggregates FROM plans WHERE number = ?1")
        select.bind(number, at: 1)
        guard try select.step() else { throw CorruptRow(table: "plans", id: "\(number)", column: "number") }
        defer { select.reset() }
        let built = BuiltPlan(
            timezone: select.text(0), aggregates: Set(select.text(1).split(separator: ",").compactMap { Int($0) }))
        return built
    }

    private func number(in table: String, column: String, of text: String) throws -> Int64 {
        let select = try PreparedStatement(database, "SELECT number FROM \(table) WHERE \(column) = ?1")
        select.bind(text, at: 1)
        if try select.step() {
            defer { select.reset() }
            return select.integer(0)
        }
        let insert = try PreparedStatement(database, "INSERT INTO \(table) (\(column)) VALUES (?1)")
        insert.bind(text, at: 1)
        try insert.run()
        return database.lastInsertedRowID
    }
}
