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

    package func settle(at home: LedgerHome) async throws(LedgerError) {
        try await write("Noting where the ledger is at work") { database in
            let insert = try PreparedStatement(
                database, "INSERT OR REPLACE INTO ledger (name, value) VALUES ('home', ?1)")
            insert.bind(home.text, at: 1)
            try insert.run()
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
