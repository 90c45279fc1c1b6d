package import Alerts
import GRDB

extension SQLiteLedger {
    package func alerts(of stores: [String]) async throws(LedgerError) -> [Alert] {
        try await read("Reading the alerts of \(stores.count) stores") { database in
            let select = try PreparedStatement(database, AlertRows.select + " WHERE store = ?1 ORDER BY rule")
            defer { select.reset() }
            var result: [Alert] = []
            for store in stores {
                select.bind(store, at: 1)
                while try select.step() { result.append(try AlertRows.read(select)) }
            }
            return result
        }
    }

    package func openAlerts() async throws(LedgerError) -> [Alert] {
        try await read("Reading the open alerts") { database in
            let select = try PreparedStatement(
                database, AlertRows.select + " WHERE state <> '\(Alert.State.resolved.rawValue)' ORDER BY store, rule")
            defer { select.reset() }
            var result: [Alert] = []
            while try select.step() { result.append(try AlertRows.read(select)) }
            return result
        }
    }

    package func openAlertCounts() async throws(LedgerError) -> [Alert.State: Int] {
        try await read("Counting the alerts") { database in
            let select = try PreparedStatement(
                database,
                """
                SELECT state, count(*) FROM alerts WHERE state <> '\(Alert.State.resolved.rawValue)' GROUP BY state
                """)
            defer { select.reset() }
            var result: [Alert.State: Int] = [:]
            while try select.step() {
                if let state = Alert.State(rawValue: select.text(0)) { result[state] = Int(select.integer(1)) }
            }
            return result
        }
    }

    package func commit(_ changes: [AlertChange], _ moves: StandingMoves) async throws(LedgerError) {
        try await write("Committing \(changes.count) alerts") { database in
            for change in changes {
                try AlertRows.put(change.alert, database)
                if let event = change.event { try AlertRows.put(event, database) }
                for item in change.items { try NoticeItemRows.put(item, database) }
            }
            try StandingRows.put(moves.standings, database)
            try StandingRows.put(moves.changes, database)
        }
    }

    package func events(_ selection: EventSelection, limit: Int) async throws(LedgerError) -> [AlertEvent] {
        try await read("Reading what happened to alerts") { database in
            let select: PreparedStatement
            switch selection {
            case .all:
                select = try PreparedStatement(
                    database, AlertRows.selectEvents + " ORDER BY at DESC, episode, number DESC LIMIT ?1")
            case .alert(let key):
                select = try PreparedStatement(
                    database,
                    AlertRows.selectEvents
                        + " WHERE store = ?2 AND rule = ?3 ORDER BY at DESC, episode, number DESC LIMIT ?1")
                select.bind(key.store, at: 2)
                select.bind(key.rule, at: 3)
            case .withheld(let reason):
                select = try PreparedStatement(
                    database,
                    AlertRows.selectEvents + " WHERE withheld = ?2 ORDER BY at DESC, episode, number DESC LIMIT ?1")
                select.bind(reason.rawValue, at: 2)
            case .episode(let episode):
                select = try PreparedStatement(
                    database, AlertRows.selectEvents + " WHERE episode = ?2 ORDER BY number DESC LIMIT ?1")
                select.bind(episode, at: 2)
            }
            select.bind(Int64(limit), at: 1)
            defer { select.reset() }
            var result: [AlertEvent] = []
            while try select.step() { result.append(try AlertRows.readEvent(select)) }
            return result
        }
    }
}
