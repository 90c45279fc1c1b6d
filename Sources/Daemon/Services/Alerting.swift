import Alerts
import Facts
import Ledgers
import Logging
import Notify
import Rollups
import Rules

/// From evaluations to what is to be committed: alerts stepped, events with the facts behind them, notices written.
struct Alerting {
    var assembly: Assembly
    var judge: Judge
    var clock: Timestamp

    /// Facts shown in a message; how many there are in all is said beside them.
    private static let evidenceLimit = 20

    /// What the steps of these stores change. Alerts that stay as they were are left out.
    ///
    /// - Parameter known: the last alert of every store and rule that ever left ok.
    func changes(after judged: [Judge.Judged], known: [AlertKey: Alert]) async throws -> [AlertChange] {
        var changes: [AlertChange] = []
        for judged in judged {
            for rule in judged.evaluation.rules {
                let key = AlertKey(store: judged.watched.store.id, rule: rule.rule.id)
                let last = known[key]
                // Most rules are fine and always were.
                guard last?.isOpen == true || rule.standing == .warning || rule.standing == .breach else { continue }
                let observation = try await observation(rule, judged, key, last)
                let step = AlertStep.step(last, observation)
                guard let alert = step.alert, alert != last || step.event != nil else { continue }
                changes.append(try await change(alert, step.event, rule, judged))
            }
        }
        // A rule that the pack no longer has resolves with that reason.
        let rules = Dictionary(
            judged.map { ($0.watched.store.id, Set($0.evaluation.rules.map(\.rule.id))) }, uniquingKeysWith: { $1 })
        let gone = known.filter { key, alert in
            alert.isOpen && rules[key.store].map { !$0.contains(key.rule) } ?? false
        }
        changes += gone.sorted { $0.key < $1.key }.map { removal($0.value, because: .ruleRemoved) }
        return changes
    }

    /// Open alerts of stores that nobody watches any more.
    func removals(known: [Alert]) -> [AlertChange] {
        known.filter { $0.isOpen && assembly.fleet.watched($0.key.store) == nil }.sorted { $0.key < $1.key }
            .map { removal($0, because: .storeRemoved) }
    }

    func log(_ made: [AlertChange]) {
        for change in made {
            guard let event = change.event else { continue }
            assembly.logger.notice(
                "\(event.kind.rawValue): store '\(event.key.store)', rule '\(event.key.rule)', \(event.standing.rawValue) (\(event.reason.rawValue))"
            )
        }
    }

    // MARK: One alert

    private func observation(
        _ rule: RuleEvaluation, _ judged: Judge.Judged, _ key: AlertKey, _ last: Alert?
    ) async throws -> Observation {
        var observation = Observation(rule, of: judged.watched.store, revision: judged.prepared.revision)
        // How many facts stand behind it tells, when it ends, whether some of them left the window.
        let hindsight = last?.hindsightMoment(for: observation)
        if let last, isSameEvidence(last.outside, observation, rule, judged.watched) {
            observation.evidenceTotal = last.outside.evidenceTotal
        } else if rule.standing == .warning || rule.standing == .breach || hindsight != nil {
            observation.evidenceTotal = try await Evidence.find(rule, judged.watched, in: assembly, at: clock, limit: 0)
                .total
        }
        if let moment = hindsight {
            let then = try await judge.judge([judged.watched], at: moment, clock: clock).first?.evaluation
            observation.hindsight = then?.rules.first { $0.rule.id == key.rule }?.standing
        }
        return observation
    }

    /// The same facts over the same days need not be counted again.
    private func isSameEvidence(
        _ before: OutsideReading, _ observation: Observation, _ rule: RuleEvaluation, _ watched: Watched
    ) -> Bool {
        // What a mark takes out may have come back without anything arriving.
        before.evidenceTotal != nil && !watched.countsMarks && before.revision == observation.revision
            && before.limit == observation.limit
            && watched.calendar.day(of: before.at) == watched.calendar.day(of: observation.at)
            && !rule.valued.readings.contains(where: \.dependsOnMoment)
    }

    private func change(
        _ alert: Alert, _ event: AlertEvent?, _ rule: RuleEvaluation, _ judged: Judge.Judged
    ) async throws -> AlertChange {
        guard let event else { return AlertChange(alert: alert, event: nil, notices: []) }
        let evidence = try await Evidence.find(rule, judged.watched, in: assembly, at: clock, limit: Self.evidenceLimit)
        var report = AlertReport(
            rule, of: judged.watched.store, title: judged.watched.pack.title, evidence: evidence.items,
            evidenceTotal: evidence.total)
        let prospects = try await Prospects.find(rule, judged.prepared, in: assembly, clock: clock)
        (report.headroom, report.outlook) = (prospects.headroom, prospects.outlook)
        report.announced = alert.announced
        return AlertChange(alert: alert, event: event, notices: notices(event, report))
    }

    private func removal(_ alert: Alert, because reason: AlertReason) -> AlertChange {
        let step = AlertStep.removal(of: alert, because: reason, at: clock)
        var report = AlertReport(subject: alert.subject)
        report.announced = alert.announced
        let owed = step.event.map { notices($0, report) } ?? []
        return AlertChange(alert: step.alert ?? alert, event: step.event, notices: owed)
    }

    private func notices(_ event: AlertEvent, _ report: AlertReport) -> [Notice] {
        let receivers = assembly.config.receivers
        let writings = Dictionary(receivers.map { ($0.id, $0.writing) }) { first, _ in first }
        return NoticePlan.notices(for: event, report, to: receivers.map(\.id), now: clock) { content in
            writings[content.receiver]?.bytes(of: content) ?? []
        }
    }
}
