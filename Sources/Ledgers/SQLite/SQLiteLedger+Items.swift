package import Alerts
package import Facts
import GRDB
import Rules

extension SQLiteLedger {
    package func waitingItems(
        for receiver: String, withBodies: Bool
    ) async throws(LedgerError) -> [WaitingItem] {
        try await read("Reading what waits for a receiver") {
            try NoticeItemRows.waiting(for: receiver, withBodies: withBodies, $0)
        }
    }

    package func bodies(ofItems ids: [String]) async throws(LedgerError) -> [String: [UInt8]] {
        try await read("Reading what items say") { try NoticeItemRows.bodies(of: ids, $0) }
    }

    package func keep(_ gathered: GatheredItems, at moment: Timestamp) async throws(LedgerError) {
        try await write("Making notices") { database in
            let number = try PreparedStatement(database, "SELECT number FROM notices WHERE id = ?1")
            defer { number.reset() }
            let tell = try PreparedStatement(
                database,
                """
                UPDATE notice_items SET state = 'told', notice = ?2, decided_at = ?3, body = x'', cause = NULL,
                    because = NULL
                WHERE id = ?1 AND state = 'waiting'
                """)
            for (notice, items) in gathered.notices {
                try NoticeRows.put(notice, database)
                number.bind(notice.id, at: 1)
                guard try number.step() else { continue }
                let place = number.integer(0)
                number.reset()
                for item in items {
                    tell.bind(item, at: 1)
                    tell.bind(place, at: 2)
                    tell.bind(moment.microseconds, at: 3)
                    try tell.run()
                }
            }
            let withhold = try PreparedStatement(
                database,
                """
                UPDATE notice_items SET state = 'withheld', because = trim(cause || ' ' || coalesce(because, '')),
                    cause = ?2, decided_at = ?3, body = x''
                WHERE id = ?1 AND state = 'waiting'
                """)
            for (item, why) in gathered.withheld {
                withhold.bind(item, at: 1)
                withhold.bind(why.rawValue, at: 2)
                withhold.bind(moment.microseconds, at: 3)
                try withhold.run()
            }
            let hold = try PreparedStatement(
                database, "UPDATE notice_items SET cause = ?2, because = ?3 WHERE id = ?1 AND state = 'waiting'")
            for (item, why) in gathered.holds {
                hold.bind(item, at: 1)
                hold.bind(why.cause.rawValue, at: 2)
                hold.bind(why.because, at: 3)
                try hold.run()
            }
        }
    }

    package func owedItems(to receiver: String, at now: Timestamp) async throws(LedgerError) -> [OwedItem] {
        try await read("Reading what a receiver is owed") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT notices.id, items.store, items.rule, items.event, items.standing
                FROM notices INDEXED BY notices_in_line
                JOIN notice_items AS items ON items.notice = notices.number AND items.state = 'told'
                WHERE notices.state = 'owed' AND notices.receiver = ?1
                    AND (notices.claimed_until IS NULL OR notices.claimed_until <= ?2) AND notices.digest IS NULL
                ORDER BY notices.number, items.number
                """)
            select.bind(receiver, at: 1)
            select.bind(now.microseconds, at: 2)
            defer { select.reset() }
            var result: [OwedItem] = []
            while try select.step() {
                guard let event = NoticeItem.Event(rawValue: select.text(3)),
                    let standing = Standing(rawValue: select.text(4))
                else { throw CorruptRow(table: "notice_items", id: select.text(0), column: "event, standing") }
                result.append(
                    OwedItem(
                        notice: select.text(0), key: AlertKey(store: select.text(1), rule: select.text(2)),
                        event: event,
                        standing: standing))
            }
            return result
        }
    }

    package func keep(
        _ digest: Notice, inPlaceOf notices: [String]
    ) async throws(LedgerError) {
        try await write("Making a digest") { database in
            try NoticeRows.put(digest, database)
            let join = try PreparedStatement(
                database,
                """
                UPDATE notices SET digest = (SELECT number FROM notices WHERE id = ?2), because = ?3
                WHERE id = ?1 AND state = 'owed'
                """)
            for notice in notices {
                join.bind(notice, at: 1)
                join.bind(digest.id, at: 2)
                join.bind(NoticeSettlement.digested + digest.id, at: 3)
                try join.run()
            }
        }
    }

    package func lastTold(_ receiver: String, groups: [String]) async throws(LedgerError) -> [String: Timestamp] {
        try await read("Reading when groups were told of last") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT max(decided_at) FROM notice_items
                WHERE state = 'told' AND grouping <> '' AND receiver = ?1 AND grouping = ?2
                """)
            defer { select.reset() }
            var result: [String: Timestamp] = [:]
            for group in groups {
                select.bind(receiver, at: 1)
                select.bind(group, at: 2)
                if try select.step() { result[group] = select.integerIfAny(0).map(Timestamp.init(microseconds:)) }
                select.reset()
            }
            return result
        }
    }

    package func lastTold(
        of episodes: [String]
    ) async throws(LedgerError) -> [String: [String: Timestamp]] {
        try await read("Reading when alerts were told of last") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT receiver, max(made_at) FROM notice_items AS this WHERE episode = ?1 AND state <> 'withheld'
                GROUP BY receiver
                HAVING max(state = 'waiting' OR EXISTS (
                    SELECT 1 FROM notices WHERE number = this.notice AND notices.state = 'owed')) = 0
                """)
            defer { select.reset() }
            var result: [String: [String: Timestamp]] = [:]
            for episode in episodes {
                select.bind(episode, at: 1)
                while try select.step() {
                    result[episode, default: [:]][select.text(0)] = Timestamp(microseconds: select.integer(1))
                }
                select.reset()
            }
            return result
        }
    }

    package func told(of episode: String) async throws(LedgerError) -> [ToldItem] {
        try await read("Reading what was told of an alert") { try NoticeItemRows.history(of: episode, $0) }
    }

    package func knowsNotice(_ id: String) async throws(LedgerError) -> Bool {
        try await read("Looking for a notice") { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM notices WHERE id = ?)", arguments: [id]) ?? false
        }
    }

    package func standings(of stores: [String]) async throws(LedgerError) -> [String: [String: String]] {
        try await read("Reading where stores stood") { database in
            var result: [String: [String: String]] = [:]
            for store in stores { result[store] = try StandingRows.read(of: store, database) }
            return result
        }
    }

    package func standingChanges(
        of key: AlertKey, until moment: Timestamp, limit: Int
    ) async throws(LedgerError) -> [StandingChange] {
        try await read("Reading how a standing changed") { database in
            try StandingRows.changes(of: key, until: moment, limit: limit, database)
        }
    }

    package func standingChanges(
        of store: String, during range: Range<Timestamp>
    ) async throws(LedgerError) -> [StandingChange] {
        try await read("Reading how the standings of a store changed") { database in
            try StandingRows.changes(of: store, during: range, database)
        }
    }
}
