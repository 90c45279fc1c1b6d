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
    /// Whether alerts end whose store or rule the configuration no longer has.
    var endsRemoved = true

    /// Facts shown in a message; how many there are in all is said beside them.
    private static let evidenceLimit = 20

    /// What the steps of these stores change. Alerts that stay as they were are left out.
    ///
    /// - Parameters:
    ///   - known: the last alert of every store and rule that ever left ok.
    ///   - beginnings: the rules that are decided for the first time at a store, or say something else than before: what
    ///     comes of these is told together.
    ///   - reminding: the receivers that are to hear once more of what goes on.
    func changes(
        after judged: [Judge.Judged], known: [AlertKey: Alert], beginnings: Set<AlertKey> = [],
        reminding: [AlertKey: Reminders.Reminder] = [:]
    ) async throws -> [AlertChange] {
        var changes: [AlertChange] = []
        for judged in judged {
            for rule in judged.evaluation.rules {
                let key = AlertKey(store: judged.watched.store.id, rule: rule.rule.id)
                let last = known[key]
                // Most rules are fine and always were.
                guard last?.isOpen == true || rule.standing == .warning || rule.standing == .breach else { continue }
                let observation = try await observation(rule, judged, key, last)
                let step = AlertStep.step(last, observation)
                guard let alert = step.alert else { continue }
                let reminding = step.event == nil && alert.state == .firing ? reminding[key] : nil
                if step.event == nil, let late = try await late(alert, rule, judged) {
                    changes.append(late)
                    continue
                }
                if step.event == nil, let blind = try await outlasted(alert, rule, judged) {
                    changes.append(blind)
                    continue
                }
                guard alert != last || step.event != nil || reminding != nil else { continue }
                // Also what comes of a changed limit only after a while, for `for` and `keep`.
                let isByEdit =
                    step.event?.reason == .limitChanged && !judged.watched.pack.showsLimit(of: rule.rule)
                changes.append(
                    try await change(
                        alert, step.event, rule, judged, isBeginning: isByEdit || beginnings.contains(key),
                        reminding: reminding))
            }
        }
        guard endsRemoved else { return changes }
        // A rule that the pack no longer has resolves with that reason.
        let rules = Dictionary(
            judged.map { ($0.watched.store.id, Set($0.evaluation.rules.map(\.rule.id))) }, uniquingKeysWith: { $1 })
        let gone = known.filter { key, alert in
            alert.isOpen && !key.isHealth && rules[key.store].map { !$0.contains(key.rule) } ?? false
        }
        changes += gone.sorted { $0.key < $1.key }.map { removal($0.value, because: .ruleRemoved) }
        return changes
    }

    /// Open alerts of stores that nobody watches any more.
    func removals(known: [Alert]) -> [AlertChange] {
        guard endsRemoved else { return [] }
        // An alert that speaks for many stores names none.
        return known.filter { $0.isOpen && !$0.key.store.isEmpty && assembly.fleet.watched($0.key.store) == nil }
            .sorted { $0.key < $1.key }
            .map { removal($0, because: .storeRemoved) }
    }

    func log(_ made: [AlertChange]) {
        for change in made {
            guard let event = change.event else { continue }
            let withheld = event.withheld.map { "; nobody is told: \($0.rawValue)" } ?? ""
            assembly.logger.notice(
                "\(event.kind.rawValue): \(event.key.words), \(event.standing.rawValue) (\(event.reason.rawValue))\(withheld)"
            )
        }
    }

    // MARK: One alert

    private func observation(
        _ rule: RuleEvaluation, _ judged: Judge.Judged, _ key: AlertKey, _ last: Alert?
    ) async throws -> Observation {
        var observation = Observation(rule, of: judged.watched.store, revision: judged.prepared.revision)
        // How many facts stand behind it tells, when it ends, whether some of them left the window.
        let then = last?.hindsightMoment(for: observation)
        var hindsight: RuleEvaluation?
        if let last, isSameEvidence(last.outside, observation, rule, judged.watched) {
            observation.evidenceTotal = last.outside.evidenceTotal
        } else if rule.standing == .warning || rule.standing == .breach || then != nil {
            observation.evidenceTotal = try await Evidence.find(rule, judged.watched, in: assembly, at: clock, limit: 0)
                .total
        }
        if let moment = then {
            let past = try await judge.judge([judged.watched], at: moment, clock: clock).first?.evaluation
            hindsight = past?.rules.first { $0.rule.id == key.rule }
            observation.hindsight = hindsight?.standing
        }
        if let last, let moment = last.turningMoment(for: observation),
            try await !isCorrectedInPart(last.outside, hindsight, judged.watched)
        {
            observation.turning = try await turning(of: rule, since: moment, judged)
        }
        return observation
    }

    /// Some of the facts that harmed then are known otherwise now, or are gone: neither age nor what came did it alone.
    private func isCorrectedInPart(
        _ before: OutsideReading, _ hindsight: RuleEvaluation?, _ watched: Watched
    ) async throws -> Bool {
        guard let hindsight, let known = before.evidenceTotal else { return false }
        return try await Evidence.find(hindsight, watched, in: assembly, at: clock, limit: 0).total < known
    }

    private func turning(
        of rule: RuleEvaluation, since then: Timestamp, _ judged: Judge.Judged
    ) async throws -> Turning? {
        let state = judged.prepared.state
        var valuations = PackValuations()
        let day = state.calendar.day(of: rule.coveredMoment)
        let set = valuations.valuation(of: state.pack, for: state.store, on: day, state.terms).metrics
        let needs = Evaluation.turningNeeds(of: rule, since: then, state)
        let sums = try await judge.readings(
            [(judged.watched, needs)], at: rule.coveredMoment, clock: clock, marksAt: clock)[0].sums
        return Evaluation.turning(of: rule, since: then, state, sums: sums, set: set)
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
        _ alert: Alert, _ event: AlertEvent?, _ rule: RuleEvaluation, _ judged: Judge.Judged, isBeginning: Bool,
        reminding: Reminders.Reminder?
    ) async throws -> AlertChange {
        let reminder = reminding.map { _ in alert.reminder(at: rule.coveredMoment, judgedTo: rule.judgedTo) }
        guard let told = event ?? reminder else {
            return AlertChange(alert: alert, event: nil, items: [])
        }
        var report = try await report(on: alert, rule, judged)
        report.ending = reminding?.ending
        let isDaily = !rule.valued.readings.contains(where: \.dependsOnMoment)
        guard let event else {
            return AlertChange(
                alert: alert, event: nil,
                items: items(.init(told, report, isReminder: true), to: reminding?.receivers, isDaily: isDaily))
        }
        return self.told(
            alert, event, report, unless: judged.watched.isObserved(rule.rule.id) ? .observed : nil,
            isBeginning: isBeginning, isDaily: isDaily)
    }

    /// What there is to say about a rule beyond its event.
    private func report(
        on alert: Alert, _ rule: RuleEvaluation, _ judged: Judge.Judged
    ) async throws -> AlertReport {
        let evidence = try await Evidence.find(rule, judged.watched, in: assembly, at: clock, limit: Self.evidenceLimit)
        var report = AlertReport(
            rule, of: judged.watched.store, title: judged.watched.pack.title, evidence: evidence.items,
            evidenceTotal: evidence.total)
        let prospects = try await Prospects.find(rule, judged.prepared, in: assembly, clock: clock)
        (report.headroom, report.outlook) = (prospects.headroom, prospects.outlook)
        report.announced = alert.told ?? alert.announced
        report.blindSince = alert.isBlind ? alert.observedAt : nil
        return report
    }

    /// What becomes of an alert of which nobody has known for longer than its rule bears how it stands; nil: it is known,
    /// or that was told.
    private func outlasted(
        _ alert: Alert, _ rule: RuleEvaluation, _ judged: Judge.Judged
    ) async throws -> AlertChange? {
        guard let limit = rule.rule.blindLimit else { return nil }
        switch AlertStep.outlasted(alert, limit: limit, at: clock) {
        case nil: return nil
        case .givenUp(let alert): return AlertChange(alert: alert, event: nil, items: [])
        case .told(let alert):
            let isKnown = alert.told != nil && !judged.watched.isObserved(rule.rule.id)
            let listening = Set(assembly.config.receivers.filter { $0.route.digest == nil }.map(\.id))
            let told = NoticeContent.Told(
                alert.reminder(at: rule.coveredMoment, judgedTo: rule.judgedTo),
                try await report(on: alert, rule, judged), isReminder: true)
            return AlertChange(alert: alert, event: nil, items: isKnown ? items(told, to: listening) : [])
        }
    }

    /// What was withheld, as of a store that was only observed, is told once nothing withholds it any more, as what a first
    /// look finds is; nil: there is nothing of the kind, or nobody to hear it.
    private func late(
        _ alert: Alert, _ rule: RuleEvaluation, _ judged: Judge.Judged
    ) async throws -> AlertChange? {
        guard alert.state == .firing, alert.isUntold, !judged.watched.isObserved(rule.rule.id),
            assembly.config.receivers.contains(where: { $0.route.digest == nil }),
            var late = alert.catchingUp(at: max(rule.coveredMoment, alert.since))
        else { return nil }
        late.event.judgedTo = rule.judgedTo
        let report = try await report(on: late.alert, rule, judged)
        let owed = items(.init(late.event, report), isBeginning: true)
        return owed.isEmpty ? nil : AlertChange(alert: late.alert, event: nil, items: owed)
    }

    func removal(_ alert: Alert, because reason: AlertReason) -> AlertChange {
        let step = AlertStep.removal(of: alert, because: reason, at: clock)
        guard let event = step.event else {
            return AlertChange(alert: step.alert ?? alert, event: nil, items: [])
        }
        var report = AlertReport(subject: alert.subject)
        report.announced = alert.told ?? alert.announced
        // The configuration is what all that it ends have in common: that is one message.
        return told(step.alert ?? alert, event, report, unless: nil, isBeginning: true)
    }

    /// An alert and its event with what is to be heard of it, or with the reason why nobody is told.
    func told(
        _ alert: Alert, _ event: AlertEvent, _ report: AlertReport, unless withholding: Withholding?,
        isBeginning: Bool = false, isDaily: Bool = false, members: [Route.Member] = []
    ) -> AlertChange {
        var event = event
        event.madeAt = clock
        let (known, kept, isTold) = alert.telling(event, unless: withholding)
        let owed =
            isTold
            ? items(.init(kept, report), isBeginning: isBeginning, isDaily: isDaily, members: members) : []
        // Where there is nobody to tell, nobody knows.
        return AlertChange(alert: owed.isEmpty ? alert : known, event: kept, items: owed)
    }

    /// What receivers are to hear of an event.
    ///
    /// - Parameter receivers: only these; nil: all.
    func items(
        _ told: NoticeContent.Told, to receivers: Set<String>? = nil, isBeginning: Bool = false, isDaily: Bool = false,
        members: [Route.Member] = []
    ) -> [NoticeItem] {
        let entries = assembly.config.receivers.filter { receivers?.contains($0.id) ?? true }
        let writings = Dictionary(entries.map { ($0.id, $0.writing) }) { first, _ in first }
        var told = told
        told.report.link = PageLink.to(told.event.key, under: assembly.config.publicURL)
        told.report.calendar = assembly.fleet.watched(told.event.key.store)?.calendar
        return NoticePlan.items(
            for: told, to: entries.map(\.route), now: clock, isBeginning: isBeginning, isDaily: isDaily,
            members: members
        ) { receiver, id in
            writings[receiver]?.part(told, id: id) ?? []
        }
    }
}
