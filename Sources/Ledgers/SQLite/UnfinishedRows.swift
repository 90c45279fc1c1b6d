import Facts
import GRDB

/// Which sources are in the middle of telling something, and since which revision of the ledger: of the stores that a
/// source brought those that moved since then are half told. A row stays when a pull or an import breaks off.
enum UnfinishedRows {
    static func begin(_ source: Int64, since revision: Int64, _ database: Database) throws {
        let insert = try PreparedStatement(database, "INSERT OR IGNORE INTO unfinished (source, since) VALUES (?1, ?2)")
        insert.bind(source, at: 1)
        insert.bind(revision, at: 2)
        try insert.run()
    }

    static func end(_ source: Int64, _ database: Database) throws {
        let delete = try PreparedStatement(database, "DELETE FROM unfinished WHERE source = ?1")
        delete.bind(source, at: 1)
        try delete.run()
    }

    /// By source, the revision at which it began.
    static func read(_ database: Database) throws -> [Int64: Int64] {
        let select = try PreparedStatement(database, "SELECT source, since FROM unfinished")
        var result: [Int64: Int64] = [:]
        while try select.step() { result[select.integer(0)] = select.integer(1) }
        return result
    }
}
