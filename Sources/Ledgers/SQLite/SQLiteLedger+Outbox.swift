package import Alerts
package import Facts
import GRDB

extension SQLiteLedger {
    /// A notice made before `this` about the same alert, not settled. Those about several alerts have one name, and wait
    /// for one another only where they tell of the same (`earlierPart`).
    private static let earlier = """
        SELECT 1 FROM notices AS earlier INDEXED BY notices_owed
        WHERE earlier.state = 'owed' AND earlier.receiver = this.receiver AND earlier.store = this.store
            AND earlier.rule = this.rule AND earlier.number < this.number
            AND this.rule <> '\(Notice.several.rule)'
        """

    /// A message made before `this`, not settled, that tells of one of its alerts: one about several alerts has none of
    /// their names.
    private static let earlierPart = """
        SELECT 1 FROM notice_items AS mine
        JOIN notice_items AS other ON other.state = 'told' AND other.receiver = mine.receiver
            AND other.store = mine.store AND other.rule = mine.rule AND other.notice < mine.notice
        JOIN notices AS before ON before.number = other.notice AND before.state = 'owed'
        WHERE mine.state = 'told' AND mine.notice = this.number
        """

    /// A digest made before `this`, which is one itself, not settled: what it tells of is named by what waits for it alone.
    private static let earlierDigest = """
        SELECT 1 FROM notices AS digest INDEXED BY notices_owed
        WHERE digest.state = 'owed' AND digest.receiver = this.receiver AND digest.store = this.store
            AND digest.rule = this.rule AND digest.number < this.number AND this.rule = '\(Notice.several.rule)'
            AND EXISTS (SELECT 1 FROM notices AS part WHERE part.digest = digest.number)
            AND EXISTS (SELECT 1 FROM notices AS part WHERE part.digest = this.number)
        """

    package func claimNotices(
        now: Timestamp, limit: Int, lease: TimeSpan, receiver: String
    ) async throws(LedgerError) -> [ClaimedNotice] {
        try await write("Claiming notices") { database in
            // The head of the receiver's line about each alert, when its time has come and nobody else holds it. Read
            // in their order, so that as many are looked at as are lent, however many wait behind.
            let select = try PreparedStatement(
                database,
                """
                SELECT \(NoticeRows.columns), revived_at FROM notices AS this INDEXED BY notices_in_line
                WHERE state = 'owed' AND receiver = ?3 AND next_attempt_at <= ?1 AND digest IS NULL
                    AND (claimed_until IS NULL OR claimed_until <= ?1)
                    AND NOT EXISTS (\(Self.earlier)) AND NOT EXISTS (\(Self.earlierPart))
                    AND NOT EXISTS (\(Self.earlierDigest))
                ORDER BY number LIMIT ?2
                """)
            select.bind(now.microseconds, at: 1)
            select.bind(Int64(limit), at: 2)
            select.bind(receiver, at: 3)
            var (claimed, numbers): ([ClaimedNotice], [Int64]) = ([], [])
            defer { select.reset() }
            while try select.step() {
                let notice = NoticeRows.read(select)
                let revivedAt = select.integerIfAny(14).map(Timestamp.init(microseconds:))
                claimed.append(
                    ClaimedNotice(
                        notice: notice, attempt: Int(select.integer(8)) + 1,
                        since: max(revivedAt ?? notice.madeAt, notice.madeAt)))
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
                    INDEXED BY notices_in_line
                WHERE state = 'owed' AND receiver = ?1 AND digest IS NULL
                    AND NOT EXISTS (\(Self.earlier)) AND NOT EXISTS (\(Self.earlierPart))
                    AND NOT EXISTS (\(Self.earlierDigest))
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

    package func settle(_ attempts: [NoticeAttempt], audit: [AuditEntry]) async throws(LedgerError) {
        try await write("Settling notices") { database in
            let update = try PreparedStatement(
                database,
                """
                UPDATE notices SET state = ?2, next_attempt_at = coalesce(?3, next_attempt_at), settled_at = ?4,
                    -- Why it failed before is nothing of what was taken.
                    because = CASE ?2 WHEN 'taken' THEN ?5 ELSE coalesce(?5, because) END,
                    digest = CASE ?2 WHEN 'owed' THEN digest END, claimed_until = NULL, attempts = attempts + ?6
                WHERE id = ?1 AND state = 'owed'
                """)
            for attempt in attempts {
                try Self.settle(attempt, by: update)
                try Self.settleDigested(by: attempt, database)
            }
            try AuditRows.append(audit, database)
        }
    }

    /// What became of a digest becomes of what it tells; but where nobody took it in time that goes by itself.
    private static func settleDigested(by attempt: NoticeAttempt, _ database: Database) throws {
        let (state, at, because): (OutboxEntry.State, Timestamp, String?)
        switch attempt.settlement {
        case .released, .retry: return
        // What answered took the digest: of the part it is kept in which one it was told.
        case .taken(let moment, _): (state, at, because) = (.taken, moment, nil)
        case .abandoned(let moment, let why) where why.hasPrefix(NoticeSettlement.expired):
            (state, at, because) = (.owed, moment, nil)
        case .abandoned(let moment, let why): (state, at, because) = (.abandoned, moment, why)
        }
        let update = try PreparedStatement(
            database,
            """
            UPDATE notices SET digest = NULL, state = ?2,
                settled_at = CASE ?2 WHEN 'owed' THEN NULL ELSE ?3 END,
                -- What goes by itself after all begins anew: in the digest it had no turn of its own.
                because = CASE ?2 WHEN 'owed' THEN NULL ELSE coalesce(?4, because) END,
                attempts = CASE ?2 WHEN 'owed' THEN 0 ELSE attempts END,
                revived_at = CASE ?2 WHEN 'owed' THEN ?3 ELSE revived_at END,
                next_attempt_at = CASE ?2 WHEN 'owed' THEN ?3 ELSE next_attempt_at END
            WHERE digest = (SELECT number FROM notices WHERE id = ?1) AND state = 'owed'
            """)
        update.bind(attempt.notice, at: 1)
        update.bind(state.rawValue, at: 2)
        update.bind(at.microseconds, at: 3)
        update.bind(because, at: 4)
        try update.run()
    }

    private static func settle(_ attempt: NoticeAttempt, by update: PreparedStatement) throws {
        let state: OutboxEntry.State
        var (next, settled, because): (Timestamp?, Timestamp?, String?)
        // A release and a person's word are no attempts.
        var isAttempt = true
        switch attempt.settlement {
        case .released: (state, isAttempt) = (.owed, false)
        case .taken(let moment, let answer): (state, settled, because) = (.taken, moment, answer)
        case .abandoned(let moment, let why): (state, settled, because, isAttempt) = (.abandoned, moment, why, false)
        case .retry(let moment, let why): (state, next, because) = (.owed, moment, why)
        }
        update.bind(attempt.notice, at: 1)
        update.bind(state.rawValue, at: 2)
        update.bind(next?.microseconds, at: 3)
        update.bind(settled?.microseconds, at: 4)
        update.bind(because, at: 5)
        update.bind(isAttempt ? 1 : 0, at: 6)
        try update.run()
    }

    /// A notice, and what it waits for: the digest that tells of it, and those about the same alerts that were made before
    /// it.
    private static let itAndEarlier = """
        number IN (
            SELECT number FROM notices WHERE id = ?2
            UNION SELECT digest FROM notices WHERE id = ?2
            UNION SELECT earlier.number FROM notices AS this
                JOIN notices AS earlier ON earlier.receiver = this.receiver AND earlier.store = this.store
                    AND earlier.rule = this.rule AND earlier.number < this.number
                    AND this.rule <> '\(Notice.several.rule)'
                WHERE this.id = ?2 AND earlier.state = 'owed'
            UNION SELECT other.notice FROM notices AS this
                JOIN notice_items AS mine ON mine.notice = this.number AND mine.state = 'told'
                JOIN notice_items AS other ON other.state = 'told' AND other.receiver = mine.receiver
                    AND other.store = mine.store AND other.rule = mine.rule AND other.notice < mine.notice
                WHERE this.id = ?2)
        """

    package func hurry(
        _ notices: OwedNotices, at moment: Timestamp, audit: @escaping @Sendable (Int) -> [AuditEntry]
    ) async throws(LedgerError) -> Int {
        try await write("Having the outbox sent") { database in
            // One that somebody wants is wanted though its time has come: it may wait for a pause of its receiver.
            let (condition, name): (String, String?) =
                switch notices {
                case .one(let id): (Self.itAndEarlier, id)
                case .owedTo(let receiver): ("next_attempt_at > ?1 AND (?2 IS NULL OR receiver = ?2)", receiver)
                }
            let update = try PreparedStatement(
                database,
                """
                UPDATE notices SET next_attempt_at = min(next_attempt_at, ?1), hurried_at = ?1
                WHERE state = 'owed' AND \(condition)
                """)
            update.bind(moment.microseconds, at: 1)
            update.bind(name, at: 2)
            try update.run()
            let count = database.changesCount
            try AuditRows.append(audit(count), database)
            return count
        }
    }

    package func isHurried(owedTo receiver: String, since moment: Timestamp) async throws(LedgerError) -> Bool {
        try await read("Asking whether a notice is wanted at once") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT 1 FROM notices INDEXED BY notices_in_line WHERE state = 'owed' AND receiver = ?1
                    AND (hurried_at > ?2 OR revived_at > ?2) LIMIT 1
                """)
            select.bind(receiver, at: 1)
            select.bind(moment.microseconds, at: 2)
            defer { select.reset() }
            return try select.step()
        }
    }

    /// A later word about one of the same alerts, which the receiver has: `this` would undo it.
    private static let overtaken = """
        EXISTS (
            SELECT 1 FROM notices AS later WHERE later.receiver = this.receiver AND later.store = this.store
                AND later.rule = this.rule AND later.number > this.number AND later.state = 'taken'
                AND this.rule <> '\(Notice.several.rule)')
        OR EXISTS (
            SELECT 1 FROM notice_items AS mine
            JOIN notice_items AS other ON other.state = 'told' AND other.receiver = mine.receiver
                AND other.store = mine.store AND other.rule = mine.rule AND other.notice > mine.notice
            JOIN notices AS later ON later.number = other.notice AND later.state = 'taken'
            WHERE mine.state = 'told' AND mine.notice = this.number)
        -- A digest, whose parts went by themselves when it was given up.
        OR this.rule = '\(Notice.several.rule)'
            AND NOT EXISTS (SELECT 1 FROM notice_items AS part WHERE part.notice = this.number)
        """

    package func revive(
        _ letters: DeadLetters, at moment: Timestamp, audit: @escaping @Sendable (RevivedLetters) -> [AuditEntry]
    ) async throws(LedgerError) -> RevivedLetters {
        try await write("Having dead letters sent again") { database in
            let (condition, name): (String, String?) =
                switch letters {
                case .one(let id): ("id = ?1", id)
                case .expired(let receiver):
                    ("because LIKE '\(NoticeSettlement.expired)%' AND (?1 IS NULL OR receiver = ?1)", receiver)
                }
            let select = try PreparedStatement(
                database,
                "SELECT number, \(Self.overtaken) FROM notices AS this WHERE state = 'abandoned' AND \(condition)")
            select.bind(name, at: 1)
            var (numbers, result): ([Int64], RevivedLetters) = ([], RevivedLetters())
            while try select.step() {
                if case .expired = letters, select.integer(1) != 0 {
                    result.overtaken += 1
                } else {
                    numbers.append(select.integer(0))
                }
            }
            select.reset()
            let update = try PreparedStatement(
                database,
                """
                UPDATE notices SET state = 'owed', attempts = 0, next_attempt_at = ?2, revived_at = ?2,
                    settled_at = NULL, claimed_until = NULL, digest = NULL
                WHERE number = ?1
                """)
            for number in numbers {
                update.bind(number, at: 1)
                update.bind(moment.microseconds, at: 2)
                try update.run()
            }
            result.revived = numbers.count
            try AuditRows.append(audit(result), database)
            return result
        }
    }

    package func notices(_ choice: NoticeChoice, limit: Int) async throws(LedgerError) -> [NoticeHead] {
        try await read("Listing the outbox") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT \(NoticeRows.headColumns) FROM notices
                WHERE made_at <= ?2 AND (?3 IS NULL OR receiver = ?3)
                    AND \(choice.id.isEmpty ? "?4 IS NOT ?5" : "id >= ?4 AND id < ?5")
                    AND \(choice.stores.isIn("store", at: 6)) \(choice.state.map { "AND " + Self.condition($0) } ?? "")
                ORDER BY made_at DESC, number DESC LIMIT ?1
                """)
            select.bind(Int64(limit), at: 1)
            select.bind(choice.until?.microseconds ?? .max, at: 2)
            select.bind(choice.receiver, at: 3)
            select.bind(choice.id, at: 4)
            // No id goes on with a greater character.
            select.bind(choice.id + "\u{10FFFF}", at: 5)
            if let stores = choice.stores { select.bind(stores.asJSON, at: 6) }
            defer { select.reset() }
            var result: [NoticeHead] = []
            while try select.step() { result.append(try NoticeRows.readHead(select)) }
            return result
        }
    }

    package func outbox(_ state: OutboxEntry.State?, limit: Int) async throws(LedgerError) -> [OutboxEntry] {
        try await read("Listing the outbox") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT \(NoticeRows.columns) FROM notices \(state.map { "WHERE " + Self.condition($0) } ?? "")
                ORDER BY number DESC LIMIT ?1
                """)
            select.bind(Int64(limit), at: 1)
            defer { select.reset() }
            var result: [OutboxEntry] = []
            while try select.step() { result.append(try NoticeRows.readEntry(select)) }
            return result
        }
    }

    /// Written out, so that the index of the state is used.
    private static func condition(_ state: OutboxEntry.State) -> String {
        state == .owed ? "state = 'owed'" : "state = '\(state.rawValue)' AND state <> 'owed'"
    }

    package func outboxCounts() async throws(LedgerError) -> [String: OutboxCount] {
        try await read("Counting the outbox") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT receiver, count(*), sum(attempts > 0), min(made_at) FROM notices INDEXED BY notices_owed
                WHERE state = 'owed' AND digest IS NULL GROUP BY receiver
                """)
            var result: [String: OutboxCount] = [:]
            while try select.step() {
                result[select.text(0)] = OutboxCount(
                    owed: Int(select.integer(1)), delayed: Int(select.integer(2)),
                    since: Timestamp(microseconds: select.integer(3)))
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
