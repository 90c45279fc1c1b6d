package import Facts
import Language
import Ledgers
import Rules
import Tables

/// Readings that people took from the back end, into the ledger: one from the command line, or many from a table.
///
/// Both come from the source `hand`. A table is no more than many readings at once, and what is set one by one later has
/// to be able to mend it.
package struct MeasureTask: Sendable {
    let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    /// What became of the readings.
    package struct Outcome: Sendable {
        package var taken: [Taken] = []
        /// What was not taken, each with its place.
        package var faults: [Words] = []
        /// What else is to be told: doubts, and what does not count.
        package var remarks: [Words] = []
        /// Some of it was not taken, or does not count.
        package var hasFailed = false
        /// Rows that nobody filled in.
        package var empty = 0
    }

    package struct Taken: Sendable {
        package var reading: HandReading
        package var store: Store
        package var calendar: StoreCalendar
        /// The newest reading until now.
        package var before: MeasureReading?
    }

    /// - Parameters:
    ///   - value: a number, or a share with `%`.
    ///   - at: a day of the store's or a moment; nil: now.
    package func set(
        _ name: String, of store: String, value: String, expected: String?, at: String?
    ) async throws -> Outcome {
        let assembly = try opening.assembly()
        let watched = try await self.watched(store, assembly)
        let reading: HandReading
        do throws(HandReading.Fault) {
            reading = try HandReading(
                of: watched, name, value: value, expected: expected ?? "", at: at ?? "", now: assembly.clock.now)
        } catch {
            throw TaskError(error.words, isUsage: true)
        }
        var outcome = Outcome()
        try await keep([(reading, watched)], assembly, &outcome) { _ in }
        return outcome
    }

    /// - Parameter file: as the command line names it; `-` is standard input.
    package func take(_ file: String, progress: @escaping @Sendable (Words) -> Void) async throws -> Outcome {
        let table: ReadingsTable
        do throws(TableError) {
            table = try ReadingsTable(try FileContents(argument: file))
        } catch {
            throw TaskError(error.words)
        }
        let assembly = try opening.assembly()
        var outcome = Outcome(empty: table.empty)
        var faults = table.faults.map { (line: $0.line, words: Words($0.words)) }
        var readings: [(HandReading, Watched)] = []
        var lines: [HandReading.Key: Int] = [:]
        let now = assembly.clock.now
        for entry in table.entries {
            do throws(HandReading.Fault) {
                guard let watched = assembly.fleet.watched(entry.store) else {
                    throw HandReading.Fault(words: Self.unwatched(entry.store, among: assembly.fleet.listedIDs))
                }
                let reading = try HandReading(
                    of: watched, entry.name, value: entry.value, expected: entry.expected, at: entry.at, now: now)
                if let line = lines.updateValue(entry.line, forKey: reading.key) {
                    throw HandReading.Fault(
                        words: Words(
                            en: "\(entry.name) of store '\(entry.store)' stands on line \(line) already",
                            zh: "店铺“\(entry.store)”的 \(entry.name) 已在第 \(line) 行出现"))
                }
                readings.append((reading, watched))
            } catch {
                faults.append((entry.line, error.words))
            }
        }
        outcome.faults = faults.sorted { $0.line < $1.line }.map {
            Words(en: "line \($0.line): ", zh: "第 \($0.line) 行：") + $0.words
        }
        outcome.hasFailed = !faults.isEmpty
        try await keep(readings, assembly, &outcome, progress: progress)
        return outcome
    }

    /// What came of taking a reading back.
    package struct Undone: Sendable {
        package var reading: HandReading
        package var store: Store
        package var calendar: StoreCalendar
        /// The newest reading from now on; nil: none is left.
        package var newest: MeasureReading?
    }

    /// Takes a reading back that somebody entered.
    ///
    /// - Parameter at: as for `set`; nil: the newest.
    package func undo(_ name: String, of store: String, at: String?) async throws -> Undone {
        let assembly = try opening.assembly()
        let watched = try await self.watched(store, assembly)
        let newest = try await newest(of: [watched], assembly)[watched.store.id]?[name]
        let moment: Timestamp
        do throws(HandReading.Fault) {
            try HandReading.check(name, of: watched.pack)
            if let at {
                moment = try HandReading.moment(at, in: watched.calendar, now: assembly.clock.now)
            } else {
                moment = newest?.at ?? assembly.clock.now
            }
        } catch {
            throw TaskError(error.words, isUsage: true)
        }
        var reading = HandReading(store: watched.store.id, name: name, at: moment)
        let key = FactKey(kind: .measure, id: reading.id)
        guard let known = try await assembly.ledger.fact(key, of: reading.store), !known.isDeleted else {
            let when = watched.calendar.text(of: moment)
            throw TaskError(
                newest == nil
                    ? Words(en: "there is no reading of \(name) at '\(store)'", zh: "店铺“\(store)”没有 \(name) 的读数")
                    : Words(
                        en: "nobody entered a reading of \(name) of \(when) at '\(store)'",
                        zh: "店铺“\(store)”没有人工录入的 \(name) 读数（\(when)）"), isUsage: true)
        }
        reading.value = known.number("value")
        let lock = try await assembly.importLock()
        defer { withExtendedLifetime(lock) {} }
        let adopted = try await assembly.adopt { _ in }
        let now = assembly.clock.now
        let updated = max(now, known.updatedAt.map { $0 + TimeSpan(microseconds: 1) } ?? now)
        let entry = assembly.entry(of: "unmeasure", at: reading.store, on: reading.id)
        let receipt = try await assembly.ledger.commit(
            FactBatch(
                source: .hand,
                facts: [Fact(.measure, store: reading.store, id: reading.id, updatedAt: updated, isDeleted: true)],
                readAt: now),
            under: assembly.fleet.planBook(at: now)
        ) { receipt in receipt.deleted == 1 ? [entry] : [] }
        try await assembly.adopt(except: adopted) { _ in }
        guard receipt.deleted == 1 else {
            throw TaskError(
                Words(
                    en: "the reading came from another source, which alone can take it back",
                    zh: "该读数来自其他来源，只能由该来源撤回"))
        }
        return Undone(
            reading: reading, store: watched.store, calendar: watched.calendar,
            newest: try await self.newest(of: [watched], assembly)[watched.store.id]?[name])
    }

    // MARK: Steps

    private func watched(_ store: String, _ assembly: Assembly) async throws -> Watched {
        if let watched = assembly.fleet.watched(store) { return watched }
        throw TaskError(
            Self.unwatched(store, among: try await assembly.watchedStores(nil).map(\.store.id)), isUsage: true)
    }

    private static func unwatched(_ store: String, among known: [String]) -> Words {
        let nearest = NearestName.nearest(to: store, among: known)
        return Words(
            en: "no entry of the configuration watches a store '\(store)'"
                + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
            zh: "配置中没有店铺“\(store)”" + (nearest.map { "；是否应为“\($0)”？" } ?? ""))
    }

    func keep(
        _ readings: [(HandReading, Watched)], _ assembly: Assembly, _ outcome: inout Outcome,
        progress: @escaping @Sendable (Words) -> Void
    ) async throws {
        guard !readings.isEmpty else { return }
        let lock = try await assembly.importLock()
        defer { withExtendedLifetime(lock) {} }
        // As before any other commit: every bucket it moves has to be exact.
        let adopted = try await assembly.adopt(progress: progress)
        let newest = try await newest(of: readings.map(\.1), assembly)
        var tally = Tally()
        for batch in stride(from: 0, to: readings.count, by: Self.batchSize) {
            let part = readings[batch..<min(readings.count, batch + Self.batchSize)]
            var facts: [Fact] = []
            for (reading, _) in part { facts.append(try await fact(reading, assembly)) }
            let entries = assembly.entries(of: part.map(\.0))
            let receipt = try await assembly.ledger.commit(
                FactBatch(source: .hand, facts: facts, readAt: assembly.clock.now),
                under: assembly.fleet.planBook(at: assembly.clock.now)
            ) { _ in entries }
            tally.add(receipt, [])
        }
        try await assembly.adopt(except: adopted, progress: progress)
        outcome.taken = readings.map { reading, watched in
            Taken(
                reading: reading, store: watched.store, calendar: watched.calendar,
                before: newest[watched.store.id]?[reading.name])
        }
        outcome.remarks += readings.compactMap { reading, watched in
            reading.doubt(in: watched.pack, before: newest[watched.store.id]?[reading.name])
        }
        if !tally.setAside.isEmpty {
            let count = tally.setAside.values.reduce(0, +)
            outcome.hasFailed = true
            outcome.remarks.append(
                Words(
                    en:
                        "\(counted(count, "reading")) set aside and not counted, as another source brings those measures there; "
                        + "`sources: {measure: hand}` of the store lets what people enter stand",
                    zh: "\(count) 条读数由其他来源提供，搁置不计；在店铺配置中写 `sources: {measure: hand}` 即以人工录入为准"))
        }
    }

    private static let batchSize = 5000

    /// What is said later stands, also where an earlier word came by a clock that ran ahead.
    private func fact(_ reading: HandReading, _ assembly: Assembly) async throws(LedgerError) -> Fact {
        let known = try await assembly.ledger.fact(FactKey(kind: .measure, id: reading.id), of: reading.store)
        let after = known?.updatedAt.map { $0 + TimeSpan(microseconds: 1) }
        return reading.fact(updatedAt: max(assembly.clock.now, after ?? assembly.clock.now))
    }

    func newest(
        of watched: [Watched], _ assembly: Assembly
    ) async throws(LedgerError) -> [String: [String: MeasureReading]] {
        var (stores, seen) = ([Watched](), Set<String>())
        for store in watched where seen.insert(store.store.id).inserted { stores.append(store) }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        var newest: [String: [String: MeasureReading]] = [:]
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            for prepared in try await judge.prepare(group, at: nil, clock: assembly.clock.now) {
                newest[prepared.watched.store.id] = prepared.state.newestMeasures
            }
        }
        return newest
    }
}

extension HandReading {
    /// What is the same fact.
    fileprivate struct Key: Hashable {
        var store: String
        var id: String
    }

    fileprivate var key: Key { Key(store: store, id: id) }
}
