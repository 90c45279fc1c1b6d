import Facts
import GRDB

/// One row of a fact's table.
struct StoredFact {
    var fact: Fact
    /// The number of the source that brought it.
    var source: Int64
    /// When its first version was committed; nil: before that was written down.
    var knownAt: Timestamp?

    /// What counts and belongs to a file: the fact, unless it is a tombstone.
    var live: Fact? { fact.isDeleted ? nil : fact }
}

extension FactTable {
    /// The row at hand of a statement made of one of `select…`.
    func read(_ row: PreparedStatement, store: String) throws -> StoredFact {
        var fact = Fact(
            kind, store: store, id: row.text(0), updatedAt: row.integerIfAny(1).map(Timestamp.init(microseconds:)),
            isDeleted: row.integer(2) != 0)
        if !row.isNull(4) {
            guard let labels = row.withText(4, { FlatJSON.object($0) }) else { throw corrupt(fact.id, "labels") }
            fact.labels = labels
        }
        for (index, place) in places.enumerated() {
            let column = FactTable.membersFrom + Int32(truncatingIfNeeded: index)
            guard !row.isNull(column) else { continue }
            switch place.storage {
            case .number: fact.numbers[place.slot] = row.integer(column)
            case .text: fact.texts[place.slot] = row.text(column)
            case .word:
                let words = columns[index].words
                let word = row.withText(column) { text in words.firstIndex { $0.elementsEqual(text) } }
                guard let word else { throw corrupt(fact.id, columns[index].name) }
                fact.numbers[place.slot] = Int64(word)
            }
        }
        if !row.isNull(5) { fact.firstKnown = [FirstKnown](text: row.text(5), of: kind) }
        return StoredFact(
            fact: fact, source: row.integer(3), knownAt: row.integerIfAny(6).map(Timestamp.init(microseconds:)))
    }

    /// Binds all of a row to `insert`, `update` or `updateWithinOrder`.
    func bind(_ stored: StoredFact, store: Int64, to statement: PreparedStatement) {
        let fact = stored.fact
        statement.bind(store, at: 1)
        statement.bind(fact.id, at: 2)
        statement.bind(fact.updatedAt?.microseconds, at: 3)
        statement.bind(fact.isDeleted ? 1 : 0, at: 4)
        statement.bind(stored.source, at: 5)
        statement.bind(fact.labels.isEmpty ? nil : FlatJSON.text(fact.labels), at: 6)
        statement.bind(fact.firstKnown.text(of: kind), at: 7)
        statement.bind(stored.knownAt?.microseconds, at: 8)
        for (index, place) in places.enumerated() {
            let parameter = FactTable.membersFromParameter + Int32(truncatingIfNeeded: index)
            if place.storage == .text {
                statement.bind(fact.texts[place.slot], at: parameter)
                continue
            }
            let number = fact.numbers[place.slot]
            if number == Fact.missing {
                statement.bindNull(at: parameter)
            } else if place.storage == .number {
                statement.bind(number, at: parameter)
            } else {
                statement.bind(utf8: columns[index].words[Int(number)], at: parameter)
            }
        }
    }

    private func corrupt(_ id: String, _ column: String) -> CorruptRow {
        CorruptRow(table: name, id: id, column: column)
    }
}

/// A row that this program did not write so.
struct CorruptRow: Error, CustomStringConvertible {
    let table: String
    let id: String
    let column: String
    var description: String { "the column \(column) of \(id) in the table \(table) holds what no fact can" }
}
