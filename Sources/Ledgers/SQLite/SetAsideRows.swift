import Facts
import GRDB

/// Facts of a kind that another source holds at their store: kept in their interchange form, counted nowhere.
struct SetAsideRows {
    private let upsert: PreparedStatement
    private let select: PreparedStatement
    private let selectOne: PreparedStatement
    private let delete: PreparedStatement

    init(_ database: Database) throws {
        upsert = try PreparedStatement(
            database,
            """
            INSERT INTO set_aside (store, kind, id, source, measure, updated_at, fact, labels, first_known)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (store, kind, id, source)
            DO UPDATE SET measure = ?5, updated_at = ?6, fact = ?7, labels = ?8, first_known = ?9
            """)
        selectOne = try PreparedStatement(
            database,
            "SELECT id, fact, labels, first_known FROM set_aside WHERE store = ?1 AND kind = ?2 AND id = ?3 AND source = ?4"
        )
        select = try PreparedStatement(
            database,
            """
            SELECT id, fact, labels, first_known FROM set_aside
            WHERE store = ?1 AND kind = ?2 AND source = ?3 AND measure = ?4 AND id > ?5 ORDER BY id LIMIT ?6
            """)
        delete = try PreparedStatement(
            database, "DELETE FROM set_aside WHERE store = ?1 AND kind = ?2 AND source = ?3 AND measure = ?4")
    }

    /// By the rule of versions, as a fact that counts would be.
    func put(_ fact: Fact, measure: String, store: Int64, source: Int64, first: [Member]) throws {
        switch Fact.merging(fact, into: try one(fact.key, store: store, source: source), first: first) {
        case .inserted(let winner), .replaced(let winner), .amended(let winner):
            try write(winner, measure: measure, store: store, source: source)
        case .unchanged, .conflict: break
        }
    }

    private func one(_ key: FactKey, store: Int64, source: Int64) throws -> Fact? {
        selectOne.bind(store, at: 1)
        selectOne.bind(Int64(key.kind.rawValue), at: 2)
        selectOne.bind(key.id, at: 3)
        selectOne.bind(source, at: 4)
        guard try selectOne.step() else { return nil }
        defer { selectOne.reset() }
        var decoder = SetAsideRows.decoder
        return try fact(selectOne, key.kind, &decoder)
    }

    private func write(_ fact: Fact, measure: String, store: Int64, source: Int64) throws {
        upsert.bind(store, at: 1)
        upsert.bind(Int64(fact.kind.rawValue), at: 2)
        upsert.bind(fact.id, at: 3)
        upsert.bind(source, at: 4)
        upsert.bind(measure, at: 5)
        upsert.bind(fact.updatedAt?.microseconds, at: 6)
        upsert.bind(FactEncoder.line(fact), at: 7)
        // Beside the line, because decoding would ask a pack which labels it allows, and has no word for first known.
        upsert.bind(fact.labels.isEmpty ? nil : FlatJSON.text(fact.labels), at: 8)
        upsert.bind(fact.firstKnown.text(of: fact.kind), at: 9)
        try upsert.run()
    }

    /// Up to `limit` facts after the one called `id`, by id.
    func facts(
        _ kind: FactKind, measure: String, store: Int64, source: Int64, after id: String, limit: Int
    ) throws -> [Fact] {
        select.bind(store, at: 1)
        select.bind(Int64(kind.rawValue), at: 2)
        select.bind(source, at: 3)
        select.bind(measure, at: 4)
        select.bind(id, at: 5)
        select.bind(Int64(limit), at: 6)
        var decoder = SetAsideRows.decoder
        var result: [Fact] = []
        defer { select.reset() }
        while try select.step() {
            result.append(try fact(select, kind, &decoder))
        }
        return result
    }

    /// Buyers are hashed already, and a hash is kept as it is: the key has nothing to do here.
    private static var decoder: FactDecoder { FactDecoder(buyerKey: BuyerKey(bytes: [])) { _ in .unwatched } }

    private func fact(_ row: PreparedStatement, _ kind: FactKind, _ decoder: inout FactDecoder) throws -> Fact {
        guard case .fact(var fact) = decoder.decode(line: row.text(1)) else {
            throw CorruptRow(table: "set_aside", id: row.text(0), column: "fact")
        }
        if !row.isNull(2) { fact.labels = row.withText(2) { FlatJSON.object($0) } ?? [:] }
        if !row.isNull(3) { fact.firstKnown = [FirstKnown](text: row.text(3), of: kind) }
        return fact
    }

    func removeAll(_ kind: FactKind, measure: String, store: Int64, source: Int64) throws {
        delete.bind(store, at: 1)
        delete.bind(Int64(kind.rawValue), at: 2)
        delete.bind(source, at: 3)
        delete.bind(measure, at: 4)
        try delete.run()
    }
}
