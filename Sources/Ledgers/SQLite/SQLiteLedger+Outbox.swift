package import Alerts
package import Facts
import GRDB

extension SQLiteLedger {
    package func claimNotices(
        now: Timestamp, limit: Int, lease: TimeSpan, receiver: String
    ) async throws(LedgerError) -> [ClaimedNotice] {
        try await write("Claiming notices") { database in
            // The head of the receiver's line about each alert, when its time has come and nobody else holds it.
            let select = try PreparedStatement(
                database,
                """
                SELECT \(NoticeRows.columns) FROM notices AS this INDEXED BY notices_owed
                WHERE state = 'owed' AND receiver = ?3 AND next_attempt_at <= ?1
                    AND (claimed_until IS NULL OR claimed_until <= ?1) AND NOT EXISTS (
                        SELECT 1 FROM notices AS earlier
                        WHERE earlier.state = 'owed' AND earlier.receiver = this.receiver AND earlier.store = this.store
                            AND earlier.rule = this.rule AND earlier.number < this.number)
                ORDER BY number LIMIT ?2
                """)
            select.bind(now.microseconds, at: 1)
            select.bind(Int64(limit), at: 2)
            select.bind(receiver, at: 3)
            var (claimed, numbers): ([ClaimedNotice], [Int64]) = ([], [])
            defer { select.reset() }
            while try select.step() {
                claimed.append(ClaimedNotice(notice: NoticeRows.read(select), attempt: Int(select.integer(8)) + 1))
                numbers.append(select.integer(13))
            }
            let update = try PreparedStatement(
                database, "UPDATE notices SET claimed_until = ?2 WHERE number = ?1")
            for number in numbers {
                update.bind(number, at: 1)
                update.bind((now + lease).microseconds, at: 2)
                try update.run()
            }
            return claimed
        }
    }

    package func nextAttempt(of receiver: String) async throws(LedgerError) -> Timestamp? {
        try await read("Asking when the next notice is due") { database in
            // Those behind another about the same alert wait for it.
            let select = try PreparedStatement(
                database,
                """
                SELECT min(max(next_attempt_at, coalesce(claimed_until, next_attempt_at))) FROM notices AS this
                WHERE state = 'owed' AND receiver = ?1 AND NOT EXISTS (
                    SELECT 1 FROM notices AS earlier
                    WHERE earlier.state = 'owed' AND earlier.receiver = this.receiver AND earlier.store = this.store
                        AND earlier.rule = this.rule AND earlier.number < this.number)
                """)
            select.bind(receiver, at: 1)
            defer { select.reset() }
            return try select.step() ? select.integerIfAny(0).map(Timestamp.init(microseconds:)) : nil
        }
    }

    package func releaseClaims() async throws(LedgerError) {
        try await write("Taking back the notices that were lent") { database in
            try PreparedStatement(
                database, "UPDATE notices SET claimed_until = NULL WHERE state = 'owed' AND claimed_until IS NOT NULL"
            ).run()
        }
    }

    package func settle(_ notice: String, _ settlement: NoticeSettlement) async throws(LedgerError) {
        try await write("Settling a notice") { database in
            let update = try PreparedStatement(
                database,
                """
                UPDATE notices SET state = ?2, next_attempt_at = coalesce(?3, next_attempt_at), settled_at = ?4,
                    because = coalesce(?5, because), claimed_until = NULL, attempts = attempts + ?6
                WHERE id = ?1 AND state = 'owed'
                """)
            update.bind(notice, at: 1)
            // A release and a person's word are no attempts.
            let isAttempt =
                switch settlement {
                case .taken, .retry: true
                case .released, .abandoned: false
                }
            update.bind(isAttempt ? 1 : 0, at: 6)
            switch settlement {
            case .released:
                update.bind(OutboxEntry.State.owed.rawValue, at: 2)
            case .taken(let moment):
                update.bind(OutboxEntry.State.taken.rawValue, at: 2)
                update.bind(moment.microseconds, at: 4)
            case .abandoned(let moment, let because):
                update.bind(OutboxEntry.State.abandoned.rawValue, at: 2)
                update.bind(moment.microseconds, at: 4)
                update.bind(because, at: 5)
            case .retry(let moment, let because):
                update.bind(OutboxEntry.State.owed.rawValue, at: 2)
                update.bind(moment.microseconds, at: 3)
                update.bind(because, at: 5)
            }
            try update.run()
        }
    }

    package func hurry(owedTo receiver: String?, at moment: Timestamp) async throws(LedgerError) -> Int {
        try await write("Having the outbox sent") { database in
            let update = try PreparedStatement(
                database,
                """
                UPDATE notices SET next_attempt_at = ?1
                WHERE state = 'owed' AND next_attempt_at > ?1 AND (?2 IS NULL OR receiver = ?2)
                """)
            update.bind(moment.microseconds, at: 1)
            update.bind(receiver, at: 2)
            try update.run()
            return database.changesCount
        }
    }

    package func outbox(_ state: OutboxEntry.State?, limit: Int) async throws(LedgerError) -> [OutboxEntry] {
        try await read("Listing the outbox") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT \(NoticeRows.columns) FROM notices WHERE ?1 IS NULL OR state = ?1 ORDER BY number DESC LIMIT ?2
                """)
            select.bind(state?.rawValue, at: 1)
            select.bind(Int64(limit), at: 2)
            defer { select.reset() }
            var result: [OutboxEntry] = []
            while try select.step() { result.append(try NoticeRows.readEntry(select)) }
            return result
        }
    }

    package func outboxCounts() async throws(LedgerError) -> [String: OutboxCount] {
        try await read("Counting the outbox") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT receiver, count(*), sum(attempts > 0) FROM notices INDEXED BY notices_owed
                WHERE state = 'owed' GROUP BY receiver
                """)
            var result: [String: OutboxCount] = [:]
            while try select.step() {
                result[select.text(0)] = OutboxCount(
                    owed: Int(select.integer(1)), delayed: Int(select.integer(2)))
            }
            return result
        }
    }

    package func lastTaken(by receiver: String, since moment: Timestamp) async throws(LedgerError) -> [Notice] {
        try await read("Reading what a receiver was told last") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT \(NoticeRows.columns) FROM notices AS this WHERE number IN (
                    SELECT max(number) FROM notices INDEXED BY notices_by_state
                    WHERE receiver = ?1 AND state = 'taken' GROUP BY store, rule
                ) AND (made_at >= ?2 OR \(NoticeRows.goesOn))
                ORDER BY number
                """)
            select.bind(receiver, at: 1)
            select.bind(moment.microseconds, at: 2)
            defer { select.reset() }
            var result: [Notice] = []
            while try select.step() { result.append(NoticeRows.read(select)) }
            return result
        }
    }
}
