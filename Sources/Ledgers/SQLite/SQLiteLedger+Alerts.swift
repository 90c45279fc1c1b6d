package import Alerts
package import Facts
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

    package func events(
        _ selection: EventSelection, of stores: [String]?, until moment: Timestamp?, limit: Int
    ) async throws(LedgerError) -> [AlertEvent] {
        try await read("Reading what happened to alerts") { database in
            let (condition, names, order): (String, [String], String) =
                switch selection {
                case .all: ("1", [], "at DESC, episode, number DESC")
                case .alert(let key):
                    ("store = ?4 AND rule = ?5", [key.store, key.rule], "at DESC, episode, number DESC")
                case .withheld(let reason): ("withheld = ?4", [reason.rawValue], "at DESC, episode, number DESC")
                case .episode(let episode): ("episode = ?4", [episode], "number DESC")
                }
            let select = try PreparedStatement(
                database,
                """
                \(AlertRows.selectEvents) WHERE \(condition) AND at <= ?2 AND \(stores.isIn("store", at: 3))
                ORDER BY \(order) LIMIT ?1
                """)
            select.bind(Int64(limit), at: 1)
            select.bind(moment?.microseconds ?? .max, at: 2)
            if let stores { select.bind(stores.asJSON, at: 3) }
            for (index, name) in names.enumerated() { select.bind(name, at: Int32(4 + index)) }
            defer { select.reset() }
            var result: [AlertEvent] = []
            while try select.step() { result.append(try AlertRows.readEvent(select)) }
            return result
        }
    }
}
