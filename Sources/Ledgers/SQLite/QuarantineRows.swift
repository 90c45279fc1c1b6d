import Crypto
import Facts
import GRDB

/// What could not become a fact. A pull that meets the same bad fact again and again counts it once.
enum QuarantineRows {
    /// Counts against its store for this long.
    static let counted = TimeSpan.days(30)

    /// Returns its number, and whether it was not in quarantine before or had been read well in between.
    static func put(
        _ placed: PlacedRejection, source: Int64, store: Int64?, at moment: Timestamp, _ database: Database
    ) throws -> (number: Int64, isNew: Bool) {
        let rejection = placed.rejection
        let fingerprint = fingerprint(of: rejection, source: source)
        let select = try PreparedStatement(
            database, "SELECT number, read_well_at IS NULL FROM quarantine WHERE fingerprint = ?1")
        select.bind(bytes: fingerprint, at: 1)
        if try select.step() {
            let (number, isOpen) = (select.integer(0), select.integer(1) != 0)
            select.reset()
            let update = try PreparedStatement(
                database,
                """
                UPDATE quarantine SET at = max(at, ?2), position = ?3, reason = ?4, excerpt = ?5, times = times + 1,
                    read_well_at = NULL WHERE number = ?1
                """)
            update.bind(number, at: 1)
            update.bind(moment.microseconds, at: 2)
            update.bind(placed.position, at: 3)
            update.bind(rejection.reason, at: 4)
            update.bind(rejection.text, at: 5)
            try update.run()
            return (number, !isOpen)
        }
        let insert = try PreparedStatement(
            database,
            """
            INSERT INTO quarantine (fingerprint, source, store, kind, id, position, reason, excerpt, first_at, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
            """)
        insert.bind(bytes: fingerprint, at: 1)
        insert.bind(source, at: 2)
        insert.bind(store, at: 3)
        insert.bind(rejection.kind?.name, at: 4)
        insert.bind(rejection.id, at: 5)
        insert.bind(placed.position, at: 6)
        insert.bind(rejection.reason, at: 7)
        insert.bind(rejection.text, at: 8)
        insert.bind(moment.microseconds, at: 9)
        try insert.run()
        return (database.lastInsertedRowID, true)
    }

    /// What is the same thing: the fact, where it can be told; else the same text from the same source.
    private static func fingerprint(of rejection: Rejection, source: Int64) -> [UInt8] {
        var hash = SHA256()
        func add(_ text: String) {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(text.utf8))
        }
        add("\(source)")
        if let store = rejection.store, let kind = rejection.kind, let id = rejection.id {
            for part in [store, kind.name, id] { add(part) }
        } else {
            for part in [rejection.store ?? "", rejection.reason, rejection.text] { add(part) }
            if rejection.repeated > 0 { add("\(rejection.repeated)") }
        }
        return Array(hash.finalize().prefix(16))
    }

    /// Whether a store has entries that were not read well since.
    static func isAnyOpen(store: Int64, _ database: Database) throws -> Bool {
        let select = try PreparedStatement(
            database, "SELECT 1 FROM quarantine WHERE store = ?1 AND read_well_at IS NULL LIMIT 1")
        select.bind(store, at: 1)
        defer { select.reset() }
        return try select.step()
    }

    /// The open entries of one fact, or, without a store, of what may be it: of its kind, id and source.
    ///
    /// - Parameter source: nil: whoever brought it.
    static func open(_ key: FactKey, store: Int64?, source: Int64?, _ database: Database) throws -> [Int64] {
        let select = try PreparedStatement(
            database,
            """
            SELECT number FROM quarantine WHERE store IS ?1 AND id = ?2 AND kind = ?3 AND read_well_at IS NULL
                AND source = coalesce(?4, source)
            """)
        select.bind(store, at: 1)
        select.bind(key.id, at: 2)
        select.bind(key.kind.name, at: 3)
        select.bind(source, at: 4)
        var numbers: [Int64] = []
        while try select.step() { numbers.append(select.integer(0)) }
        return numbers
    }

    /// The open entries of a store, or without one of none, that stem from an earlier reading of a file.
    static func left(
        by reread: Reread, source: Int64, store: Int64?, _ database: Database
    ) throws -> [Int64] {
        let select = try PreparedStatement(
            database,
            """
            SELECT number FROM quarantine WHERE store IS ?1 AND source = ?2 AND read_well_at IS NULL AND at < ?3
                AND substr(position, 1, length(?4)) = ?4
            """)
        select.bind(store, at: 1)
        select.bind(source, at: 2)
        select.bind(reread.since.microseconds, at: 3)
        select.bind("\(reread.file): ", at: 4)
        var numbers: [Int64] = []
        while try select.step() { numbers.append(select.integer(0)) }
        return numbers
    }

    static func isAnyUnattributed(source: Int64, _ database: Database) throws -> Bool {
        let select = try PreparedStatement(
            database, "SELECT 1 FROM quarantine WHERE store IS NULL AND read_well_at IS NULL AND source = ?1 LIMIT 1")
        select.bind(source, at: 1)
        defer { select.reset() }
        return try select.step()
    }

    /// Whether the source has brought such a kind of another store too, and a fact of that kind and id is known there.
    static func isElsewhere(_ key: FactKey, than store: Int64, source: Int64, _ database: Database) throws -> Bool {
        // The facts' tables are looked up by store and id.
        let select = try PreparedStatement(
            database,
            """
            SELECT 1 FROM (
                SELECT DISTINCT store FROM kind_sources
                WHERE source = ?3 AND kind = ?4 AND has_brought = 1 AND store <> ?1
            ) AS others CROSS JOIN \(FactTable[key.kind].name) AS facts
                ON facts.store = others.store AND facts.id = ?2
            LIMIT 1
            """)
        select.bind(store, at: 1)
        select.bind(key.id, at: 2)
        select.bind(source, at: 3)
        select.bind(Int64(key.kind.rawValue), at: 4)
        defer { select.reset() }
        return try select.step()
    }

    /// The fact was read well: its entries count no longer.
    static func settle(_ numbers: [Int64], at moment: Timestamp, _ database: Database) throws {
        let update = try PreparedStatement(database, "UPDATE quarantine SET read_well_at = ?2 WHERE number = ?1")
        for number in numbers {
            update.bind(number, at: 1)
            update.bind(moment.microseconds, at: 2)
            try update.run()
        }
    }

    /// How many count, and when the oldest of them counts no longer.
    typealias Count = (count: Int, eases: Timestamp?)

    static func sum(_ a: Count, _ b: Count) -> Count {
        (a.count + b.count, [a.eases, b.eases].compactMap { $0 }.min())
    }

    /// By source, those that name no store.
    static func countUnattributed(now: Timestamp, _ database: Database) throws -> [Int64: Count] {
        let select = try PreparedStatement(
            database,
            """
            SELECT source, count(*), min(at) FROM quarantine
            WHERE store IS NULL AND read_well_at IS NULL AND at > ?1 GROUP BY source
            """)
        select.bind((now - counted).microseconds, at: 1)
        var result: [Int64: Count] = [:]
        while try select.step() {
            result[select.integer(0)] = (
                Int(select.integer(1)), select.integerIfAny(2).map { Timestamp(microseconds: $0) + counted }
            )
        }
        return result
    }

    /// - Parameter position: how the positions begin.
    static func countUnattributed(
        source: Int64, position: String, since moment: Timestamp, _ database: Database
    ) throws -> Int {
        let select = try PreparedStatement(
            database,
            """
            SELECT count(*) FROM quarantine WHERE store IS NULL AND read_well_at IS NULL AND source = ?1 AND at >= ?2
                AND substr(position, 1, length(?3)) = ?3
            """)
        select.bind(source, at: 1)
        select.bind(moment.microseconds, at: 2)
        select.bind(position, at: 3)
        defer { select.reset() }
        return try select.step() ? Int(select.integer(0)) : 0
    }

    /// Those that name a store and count against it.
    static func count(store: Int64, now: Timestamp, _ database: Database) throws -> Count {
        let select = try PreparedStatement(
            database, "SELECT count(*), min(at) FROM quarantine WHERE store = ?1 AND read_well_at IS NULL AND at > ?2")
        select.bind(store, at: 1)
        select.bind((now - counted).microseconds, at: 2)
        defer { select.reset() }
        guard try select.step() else { return (0, nil) }
        return (Int(select.integer(0)), select.integerIfAny(1).map { Timestamp(microseconds: $0) + counted })
    }

    /// Returns how many were deleted, no more than `limit`.
    static func forget(before moment: Timestamp, limit: Int, _ database: Database) throws -> Int {
        let delete = try PreparedStatement(
            database,
            "DELETE FROM quarantine WHERE number IN (SELECT number FROM quarantine WHERE at < ?1 LIMIT ?2)")
        delete.bind(moment.microseconds, at: 1)
        delete.bind(Int64(limit), at: 2)
        try delete.run()
        return database.changesCount
    }
}
