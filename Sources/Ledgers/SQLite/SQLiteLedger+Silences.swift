package import Alerts
package import Facts
import GRDB
package import Rules

extension SQLiteLedger {
    package func keep(_ silence: Silence, audit: [AuditEntry]) async throws(LedgerError) {
        try await write("Keeping a silence") { database in
            try AuditRows.append(audit, database)
            let insert = try PreparedStatement(
                database,
                """
                INSERT OR REPLACE INTO silences (id, filter, begins_at, until, ends, made_by, why, ended_at, ended_by, ended_why)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                """)
            insert.bind(silence.id, at: 1)
            insert.bind(FilterText.text(of: silence.filter), at: 2)
            insert.bind(silence.from.microseconds, at: 3)
            insert.bind(silence.until?.microseconds, at: 4)
            insert.bind(silence.ends.rawValue, at: 5)
            insert.bind(silence.by, at: 6)
            insert.bind(silence.why, at: 7)
            insert.bind(silence.endedAt?.microseconds, at: 8)
            insert.bind(silence.endedBy, at: 9)
            insert.bind(silence.endedWhy, at: 10)
            try insert.run()
        }
    }

    package func silences(inForceAfter moment: Timestamp?) async throws(LedgerError) -> [Silence] {
        try await read("Reading the silences") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT id, filter, begins_at, until, ends, made_by, why, ended_at, ended_by, ended_why FROM silences
                WHERE ?1 IS NULL OR (until IS NULL OR until > ?1) AND (ended_at IS NULL OR ended_at > ?1)
                ORDER BY begins_at, id
                """)
            select.bind(moment?.microseconds, at: 1)
            defer { select.reset() }
            var result: [Silence] = []
            while try select.step() {
                guard let filter = FilterText.filter(of: select.text(1)) else {
                    throw CorruptRow(table: "silences", id: select.text(0), column: "filter")
                }
                guard let ends = Silence.End(rawValue: select.text(4)) else {
                    throw CorruptRow(table: "silences", id: select.text(0), column: "ends")
                }
                var silence =
                    Silence(
                        id: select.text(0), filter: filter, from: Timestamp(microseconds: select.integer(2)),
                        until: select.integerIfAny(3).map(Timestamp.init(microseconds:)), ends: ends,
                        by: select.text(5), why: select.text(6),
                        endedAt: select.integerIfAny(7).map(Timestamp.init(microseconds:)))
                (silence.endedBy, silence.endedWhy) = (select.textIfAny(8), select.textIfAny(9))
                result.append(silence)
            }
            return result
        }
    }

    package func keep(_ word: Acknowledgement, audit: [AuditEntry]) async throws(LedgerError) {
        try await write("Keeping an acknowledgement") { database in
            try AuditRows.append(audit, database)
            let insert = try PreparedStatement(
                database,
                """
                INSERT OR REPLACE INTO acknowledgements (episode, store, rule, made_by, why, at, until, change)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """)
            insert.bind(word.episode, at: 1)
            insert.bind(word.key.store, at: 2)
            insert.bind(word.key.rule, at: 3)
            insert.bind(word.by, at: 4)
            insert.bind(word.why, at: 5)
            insert.bind(word.at.microseconds, at: 6)
            insert.bind(word.until?.microseconds, at: 7)
            insert.bind(Int64(word.change), at: 8)
            try insert.run()
        }
    }

    package func keep(
        _ acceptance: Acceptance?, of key: AlertKey, at moment: Timestamp, audit: [AuditEntry]
    ) async throws(LedgerError) {
        try await write("Keeping that a breach is accepted") { database in
            try AuditRows.append(audit, database)
            if let acceptance {
                try AcceptanceRows.put(acceptance, key, at: moment, database)
            } else {
                try AcceptanceRows.remove(key, database)
            }
            // Who has the store in memory looks at it anew.
            guard let row = try StoreRow.find(key.store, database) else { return }
            try StoreRow.setRevision(try LedgerRow.raiseRevision(database), of: row.number, database)
        }
    }

    package func acknowledgements(of episodes: [String]?) async throws(LedgerError) -> [Acknowledgement] {
        try await read("Reading the acknowledgements") { database in
            // What grew worse since takes the word back, whatever it did afterwards.
            let select = try PreparedStatement(
                database,
                """
                SELECT episode, store, rule, made_by, why, at, until, change FROM acknowledgements AS word
                WHERE (?1 IS NULL OR episode = ?1) AND NOT EXISTS (
                    SELECT 1 FROM alert_events AS event WHERE event.episode = word.episode
                        AND event.number > word.change AND event.kind = 'raised')
                ORDER BY episode
                """)
            defer { select.reset() }
            var result: [Acknowledgement] = []
            func read() throws {
                while try select.step() {
                    let episode = select.text(0)
                    result.append(
                        Acknowledgement(
                            key: AlertKey(store: select.text(1), rule: select.text(2)), episode: episode,
                            by: select.text(3), why: select.text(4), at: Timestamp(microseconds: select.integer(5)),
                            until: select.integerIfAny(6).map(Timestamp.init(microseconds:)),
                            change: Int(select.integer(7))))
                }
                select.reset()
            }
            guard let episodes else {
                select.bind(nil as String?, at: 1)
                try read()
                return result
            }
            for episode in Set(episodes).sorted() {
                select.bind(episode, at: 1)
                try read()
            }
            return result
        }
    }
}

/// A filter as text in its column.
enum FilterText {
    private static let separator = "\n"

    static func text(of filter: AlertFilter) -> String {
        var parts: [String: String] = [:]
        for (name, values) in [("platform", filter.platforms), ("store", filter.stores), ("rule", filter.rules)]
        where !values.isEmpty {
            parts[name] = values.joined(separator: separator)
        }
        for (name, values) in filter.labels { parts["label." + name] = values.joined(separator: separator) }
        if !filter.severities.isEmpty { parts["severity"] = words(filter.severities) }
        if !filter.standings.isEmpty { parts["standing"] = words(filter.standings) }
        return FlatJSON.text(parts)
    }

    /// nil for what `text` does not write.
    static func filter(of text: String) -> AlertFilter? {
        guard let parts = FlatJSON.object(Array(text.utf8)) else { return nil }
        var filter = AlertFilter()
        for (name, value) in parts {
            let values = value.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
            switch name {
            case "platform": filter.platforms = values
            case "store": filter.stores = values
            case "rule": filter.rules = values
            // A word too few would make it fit more than was said.
            case "severity":
                filter.severities = values.compactMap(Severity.init(rawValue:))
                guard filter.severities.count == values.count else { return nil }
            case "standing":
                filter.standings = values.compactMap(Standing.init(rawValue:))
                guard filter.standings.count == values.count else { return nil }
            default:
                guard name.hasPrefix("label.") else { return nil }
                filter.labels[String(name.dropFirst(6))] = values
            }
        }
        return filter
    }

    private static func words(_ values: [some RawRepresentable<String>]) -> String {
        values.map(\.rawValue).joined(separator: separator)
    }
}
