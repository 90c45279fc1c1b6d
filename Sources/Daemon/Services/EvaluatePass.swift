import Alerts
import Facts
import Ledgers
import Logging
import Rules

/// One pass of evaluation: looks at every store whose time has come, and commits what becomes of its alerts.
struct EvaluatePass {
    var assembly: Assembly
    var clock: Timestamp
    /// The receivers that are to hear once more of what goes on.
    var reminding: [AlertKey: Reminders.Reminder] = [:]
    /// Whether alerts end whose store or rule the configuration no longer has.
    var endsRemoved = true
    /// Alerts that a changed rule would end, and nobody has said that this is meant: they go on though they stand clear.
    var kept: Set<AlertKey> = []
    /// Called as the work goes on.
    var beat: () async -> Void

    struct Outcome {
        /// The stores that were looked at.
        var evaluated: [String] = []
        /// Somebody is to be told of something.
        var isToBeTold = false
        /// What became of some alerts could not be kept, and is worked out anew in the next pass.
        var failure: LedgerError?
    }

    /// - Parameter isFirst: under this configuration, or after a pass that failed: of the alerts nothing is known yet.
    /// - Throws: what the ledger throws. What this pass has not judged is still owed, and the next one sees to it.
    func run(over stores: inout ResidentStores, isFirst: Bool) async throws -> Outcome {
        var outcome = Outcome()
        let alerting = Alerting(
            assembly: assembly, judge: Judge(fleet: assembly.fleet, ledger: assembly.ledger), clock: clock,
            endsRemoved: endsRemoved)
        if isFirst { outcome.isToBeTold = try await takeUp(alerting, &stores) }
        let due = stores.due(at: clock)
        for start in stride(from: 0, to: due.count, by: Judge.groupSize) {
            try Task.checkCancellation()
            await beat()
            let group = due[start..<min(due.count, start + Judge.groupSize)]
            let wanting = stores.screen(group, clock: clock)
            let changes = try await judge(wanting, alerting, &stores, &outcome.failure)
            outcome.isToBeTold = outcome.isToBeTold || changes.contains { !$0.items.isEmpty }
            Memory.trim(afterGroup: start)
        }
        outcome.evaluated = due
        return outcome
    }

    /// Learns which alerts are open, and ends those of stores that nobody watches any more.
    ///
    /// - Returns: whether somebody is to be told.
    private func takeUp(_ alerting: Alerting, _ stores: inout ResidentStores) async throws -> Bool {
        let open = try await assembly.ledger.openAlerts()
        stores.note(open, of: nil)
        let removed = alerting.removals(known: open)
        guard !removed.isEmpty else { return false }
        try await assembly.ledger.commit(removed)
        alerting.log(removed)
        return removed.contains { !$0.items.isEmpty }
    }

    /// Evaluates stores in full and commits what becomes of their alerts. A store that cannot be read is unknown, and
    /// holds up no other.
    private func judge(
        _ wanting: [Judge.Prepared], _ alerting: Alerting, _ stores: inout ResidentStores,
        _ failure: inout LedgerError?
    ) async throws -> [AlertChange] {
        guard !wanting.isEmpty else { return [] }
        do {
            let resident = stores
            let ids = wanting.map(\.watched.store.id)
            // Nobody else writes alerts.
            var known = Dictionary(try await assembly.ledger.alerts(of: ids).map { ($0.key, $0) }) { $1 }
            let judged = try await alerting.judge.judge(wanting, clock: clock, resident: resident.sums)
            var journal = try await StandingJournal.read(judged, assembly)
            var changes = try await alerting.changes(
                after: judged, known: known, beginnings: journal.beginnings, reminding: reminding)
            // Of what is half told an alert does not hear: it stands as it stood until all is there.
            let held = Set(judged.flatMap(\.held))
            changes.removeAll { held.contains($0.alert.key) }
            changes.removeAll { kept.contains($0.alert.key) && $0.alert.standsClear }
            for store in judged { stores.note(store) }
            if !changes.isEmpty || !journal.moves.isEmpty {
                // What stands behind an event was read after its figures: where something came between, it is worked
                // out anew.
                let moved = try await assembly.ledger.changes(since: stores.revision).stores
                let overtaken = judged.filter { moved[$0.watched.store.id] ?? 0 > $0.prepared.revision }
                let ids = Set(overtaken.map(\.watched.store.id))
                changes.removeAll { ids.contains($0.alert.key.store) }
                journal.remove(ids)
                stores.owe(ids)
            }
            if !changes.isEmpty || !journal.moves.isEmpty {
                do throws(LedgerError) {
                    // After the first that could not be kept the others would only wait as long.
                    if let failure { throw failure }
                    try await assembly.ledger.commit(changes, journal.moves)
                } catch {
                    guard error.isPassing else { throw error }
                    // A disk that is full for one: where the stores stand is shown all the same.
                    failure = error
                    stores.owe(Set(changes.map(\.alert.key.store)).union(journal.moves.standings.keys))
                    return []
                }
                alerting.log(changes)
            }
            for change in changes { known[change.alert.key] = change.alert }
            // What was opened just now waits for time as well.
            stores.note(known.values, of: ids)
            return changes
        } catch let error as LedgerError where wanting.count > 1 && !error.isPassing {
            assembly.logger.debug("judging \(wanting.count) stores one by one: \(error)")
            var changes: [AlertChange] = []
            for store in wanting {
                await beat()
                changes += try await judge([store], alerting, &stores, &failure)
            }
            return changes
        } catch let error as LedgerError where !error.isPassing {
            let id = wanting[0].watched.store.id
            let isNew = stores.noteFailure(of: id, at: clock)
            assembly.logger.log(
                level: isNew ? .error : .debug, "store '\(id)' cannot be judged and is unknown: \(error)")
            if isNew { try await blind(id) }
            return []
        }
    }

    /// Of a store that cannot be read the clocks of its alerts stop, as far as those can be read.
    private func blind(_ id: String) async throws {
        do throws(LedgerError) {
            let open = try await assembly.ledger.alerts(of: [id]).filter { $0.isOpen && !$0.isBlind }
            try await assembly.ledger.commit(
                open.map { AlertChange(alert: AlertStep.blinding($0), event: nil, items: []) })
        } catch {
            guard !error.isPassing else { throw error }
            assembly.logger.debug("the alerts of store '\(id)': \(error)")
        }
    }
}

extension Alert {
    fileprivate var standsClear: Bool { state == .recovering || state == .resolved }
}

extension RuleEvaluation {
    /// It rests on what is half told.
    var isHeld: Bool { if case .halfTold = because { true } else { false } }
}

extension Judge.Judged {
    fileprivate var held: [AlertKey] {
        evaluation.rules.filter(\.isHeld).map { AlertKey(store: watched.store.id, rule: $0.rule.id) }
    }
}
