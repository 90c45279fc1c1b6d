package import Facts
import GRDB

extension SQLiteLedger {
    /// Rows looked at in one transaction.
    private static let step = 500

    /// What was shown is asked for after a season, and for more than a year in all.
    private static let longerForStandings = TimeSpan.days(310)

    private static func forgetWords(before moment: Timestamp, _ database: Database) throws {
        let day = StoreCalendar.utc.day(of: moment)
        try database.execute(
            sql: """
                DELETE FROM silences WHERE ended_at < ?1 OR until < ?1;
                DELETE FROM acknowledgements WHERE at < ?1 AND NOT EXISTS (
                    SELECT 1 FROM alerts WHERE alerts.episode = acknowledgements.episode AND state <> 'resolved');
                """, arguments: [moment.microseconds, moment.microseconds])
        try database.execute(sql: "DELETE FROM acceptances WHERE until < ?", arguments: ["\(day)"])
    }

    package func forget(
        before moment: Timestamp, owedTo receivers: Set<String>, watching stores: Set<String>?
    ) async throws(LedgerError) -> Int {
        var (forgotten, last): (Int, Int64?) = (0, 0)
        while let after = last {
            let (deleted, reached) = try await write("Forgetting old notices") { database in
                try NoticeRows.forget(
                    before: moment, owedTo: receivers, after: after, limit: Self.step, database)
            }
            (forgotten, last) = (forgotten + deleted, reached)
        }
        while true {
            let deleted = try await write("Forgetting what was told") { database in
                try NoticeItemRows.forget(before: moment, owedTo: receivers, limit: Self.step, database)
            }
            if deleted < Self.step { break }
        }
        // A person said each of these: there are few.
        try await write("Forgetting silences, acknowledgements and acceptances that are over") { database in
            try Self.forgetWords(before: moment, database)
        }
        while true {
            let deleted = try await write("Forgetting how standings changed") { database in
                try StandingRows.forget(before: moment - Self.longerForStandings, limit: Self.step, database)
            }
            forgotten += deleted
            if deleted < Self.step { break }
        }
        if let stores {
            forgotten += try await write("Forgetting where stores stood that nobody watches") { database in
                try StandingRows.forget(allBut: stores, before: moment - Self.longerForStandings, database)
            }
        }
        while true {
            let deleted = try await write("Forgetting old quarantine") { database in
                try QuarantineRows.forget(before: moment, limit: Self.step, database)
            }
            forgotten += deleted
            if deleted < Self.step { break }
        }
        while true {
            let deleted = try await write("Forgetting what facts said before") { database in
                try CorrectionRows.forget(before: moment, limit: Self.step, database)
            }
            forgotten += deleted
            if deleted < Self.step { return forgotten }
        }
    }
}
