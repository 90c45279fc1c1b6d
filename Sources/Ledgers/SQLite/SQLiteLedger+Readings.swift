package import Facts
import GRDB
package import Rollups

extension SQLiteLedger {
    package func readings(
        _ requests: [ReadingRequest], now: Timestamp
    ) async throws(LedgerError) -> [StoreReading] {
        let numbers = numbers
        return try await read("Reading the figures of \(requests.count) stores") { database in
            let reader = try ReadingStep(database, now: now, known: numbers)
            return try requests.map(reader.reading)
        }
    }

    package func buckets(_ requests: [BucketRequest]) async throws(LedgerError) -> [StoreBuckets] {
        let numbers = numbers
        return try await read("Reading the day buckets of \(requests.count) stores") { database in
            let reader = try ReadingStep(database, now: Timestamp(microseconds: 0), known: numbers)
            return try requests.map(reader.buckets)
        }
    }

    package func files(of store: String, for need: FactNeed) async throws(LedgerError) -> [OrderFile] {
        try await read("Reading the facts behind a figure of \(store)") { database in
            guard let row = try StoreRow.find(store, database) else { return [] }
            return try FileReading(store: row.number, storeID: store, statements: FactStatements(database))
                .files(for: need)
        }
    }

    package func verify(
        _ store: String, under plan: RollupPlan
    ) async throws(LedgerError) -> RollupVerification {
        let numbers = numbers
        return try await read("Counting the facts of \(store) anew") { database in
            var result = RollupVerification(differences: [], unbuilt: [])
            guard let row = try StoreRow.find(store, database) else { return result }
            let reader = try ReadingStep(database, now: Timestamp(microseconds: 0), known: numbers)
            let counted = try reader.recount(row, id: store, plan)
            let kept = try reader.kept(row, plan)
            for (index, aggregate) in plan.aggregates.enumerated() {
                guard let kept = kept[index] else {
                    result.unbuilt.append(aggregate)
                    continue
                }
                let counted = counted[index] ?? [:]
                for day in Set(kept.keys).union(counted.keys).sorted() {
                    let (a, b) = (kept[day] ?? .zero, counted[day] ?? .zero)
                    guard a != b else { continue }
                    result.differences.append(RollupDifference(aggregate: aggregate, day: day, kept: a, counted: b))
                }
            }
            return result
        }
    }
}
