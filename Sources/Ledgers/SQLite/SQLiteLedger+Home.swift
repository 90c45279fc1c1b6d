package import Alerts
import GRDB

extension SQLiteLedger {
    package func home() async throws(LedgerError) -> LedgerHome? {
        try await read("Asking where the ledger was at work last") { database in
            let select = try PreparedStatement(database, "SELECT value FROM ledger WHERE name = 'home'")
            defer { select.reset() }
            return try select.step() ? LedgerHome(text: select.text(0)) : nil
        }
    }

    package func settle(at home: LedgerHome, audit: [AuditEntry]) async throws(LedgerError) {
        try await write("Noting where the ledger is at work") { database in
            let insert = try PreparedStatement(
                database, "INSERT OR REPLACE INTO ledger (name, value) VALUES ('home', ?1)")
            insert.bind(home.text, at: 1)
            try insert.run()
            try AuditRows.append(audit, database)
        }
    }

    package func note(_ note: LedgerNote) async throws(LedgerError) -> String? {
        try await read("Reading a note") { database in
            let select = try PreparedStatement(database, "SELECT value FROM ledger WHERE name = ?1")
            select.bind(note.rawValue, at: 1)
            defer { select.reset() }
            return try select.step() ? select.textIfAny(0) : nil
        }
    }

    package func keep(_ notes: [LedgerNote: String?], audit: [AuditEntry]) async throws(LedgerError) {
        try await write("Leaving notes") { database in
            for (note, text) in notes {
                let change = try PreparedStatement(
                    database,
                    text == nil
                        ? "DELETE FROM ledger WHERE name = ?1"
                        : "INSERT OR REPLACE INTO ledger (name, value) VALUES (?1, ?2)")
                change.bind(note.rawValue, at: 1)
                if let text { change.bind(text, at: 2) }
                try change.run()
            }
            try AuditRows.append(audit, database)
        }
    }

    package func owe(_ notices: [Notice]) async throws(LedgerError) -> Int {
        try await write("Keeping notices") { database in
            let before = database.totalChangesCount
            for notice in notices { try NoticeRows.put(notice, database) }
            return database.totalChangesCount - before
        }
    }
}
