import Alerts
import Facts
import Ledgers
import Logging
import Rules

/// Alerts about data: one for each source of each store that brings nothing, or nothing that can be used; one for a
/// whole source where most of its stores are so at once, which then speaks for them; and one for whatever lets us in and
/// ends soon.
///
/// They walk as all alerts do, by the clock in place of an evaluated moment. What was found at one moment is stepped and
/// committed together, so that nothing of one store is told before it is known whether its platform is down.
struct HealthPass {
    /// The last alert of every source that is open, and those that this process has seen end.
    private var known: [AlertKey: Alert] = [:]
    private var hasBegun = false
    private var passedAt: Timestamp?
    private var wroteAt: Timestamp?
    private var remindedAt: Timestamp?
    /// When more than half of a group's stores were last so.
    private var mostAt: [HealthSource.Group: Timestamp] = [:]

    /// Looking at all pulls costs some milliseconds, and evaluation may come round at each of them.
    private static let every = TimeSpan.seconds(5)
    /// How far the clocks of what is pending have come is written so often: so much is lost of it by a crash.
    private static let everyWrite = TimeSpan.minutes(1)
    /// Fewer stores than this are told one by one.
    private static let fewest = 3
    /// Once half of a group's stores are well again the others have so long to follow, before each is told by itself: they are
    /// asked again one after the other.
    private static let lingering = TimeSpan.minutes(30)

    /// What became of it.
    struct Outcome {
        var isToBeTold = false
        /// Stores of which nothing could be said, and nobody says why.
        var unaccounted: [String] = []
    }

    /// - Returns: nil where it is not time yet.
    ///
    /// - Parameter expiries: nil: nobody has looked for them yet, and what is open of them stays as it is.
    mutating func run(
        over stores: ResidentStores, _ expiries: ExpiryBook?, skew: ClockSkew.Reading? = nil, _ assembly: Assembly,
        clock: Timestamp, endsRemoved: Bool = true
    ) async throws -> Outcome? {
        if let passedAt, hasBegun, clock >= passedAt, clock < passedAt + Self.every { return nil }
        do {
            if !hasBegun { try await takeUp(assembly.ledger) }
            defer { hasBegun = true }
            return try await look(at: stores, expiries, skew, assembly, clock: clock, endsRemoved)
        } catch {
            // What was not kept has not happened.
            hasBegun = false
            throw error
        }
    }

    private mutating func look(
        at stores: ResidentStores, _ expiries: ExpiryBook?, _ skew: ClockSkew.Reading?, _ assembly: Assembly,
        clock: Timestamp, _ endsRemoved: Bool
    ) async throws -> Outcome {
        let look = HealthLook(
            fleet: assembly.fleet, records: try await assembly.ledger.pullRecords(), clock: clock)
        var findings = stores.all.flatMap { look.findings(of: $0) } + stores.unread.compactMap { look.unread($0) }
        func stands(_ group: HealthSource.Group) -> Bool {
            known[AlertKey(store: "", rule: HealthReport.rule(group.id))]?.isOpen ?? false
        }
        look.weigh(&findings, stands: stands, fewest: Self.fewest)
        let outages = Outage.all(findings, fewest: Self.fewest) { group in
            // After a restart nobody knows since when.
            guard stands(group) else { return false }
            let since = mostAt[group] ?? clock
            return since <= clock && clock < since + Self.lingering
        }
        for (group, outage) in outages {
            if outage.isMost || outage.isOne && mostAt[group] == nil { mostAt[group] = clock }
            if !outage.isOne { mostAt[group] = nil }
        }
        var ending = expiries?.findings(in: assembly.fleet, at: clock) ?? [:]
        if let skew { ending[ClockSkew.key] = skew.finding }
        try await learn(
            findings.filter { $0.report != nil }.map(\.key) + ending.filter { $0.value.standing != .ok }.keys,
            assembly.ledger)
        let alerting = Alerting(
            assembly: assembly, judge: Judge(fleet: assembly.fleet, ledger: assembly.ledger), clock: clock)
        let reminding = try await reminding(assembly, clock: clock)
        let writes = wroteAt.map { clock < $0 || clock >= $0 + Self.everyWrite } ?? true
        var changes: [AlertChange] = []
        var standing: Set<HealthSource.Group> = []
        func take(_ change: AlertChange?) {
            guard let change else { return }
            let isWorthIt =
                change.isWorthWriting(after: known[change.alert.key]) || writes && change.alert.state == .pending
            known[change.alert.key] = change.alert
            if isWorthIt { changes.append(change) }
        }
        for (group, outage) in outages.sorted(by: { $0.key.id < $1.key.id }) {
            take(
                step(
                    outage.key, outage.observation(at: clock), outage.report, alerting,
                    unless: outage.isObserved ? .observed : nil, reminding: reminding[outage.key]
                ) {
                    findings.filter {
                        $0.source.group(of: $0.watched) == group || $0.source.refusal(of: $0.watched) == group
                    }.map {
                        Route.Member(key: $0.key, subject: $0.observation(at: clock).subject)
                    }
                })
            if outage.isOne, known[outage.key]?.isOpen ?? false { standing.insert(group) }
        }
        for finding in findings {
            let isSpokenFor = !finding.groups.isDisjoint(with: standing)
            take(
                step(
                    finding.key, finding.observation(at: clock), finding.report, alerting,
                    unless: isSpokenFor ? .outage : finding.watched.isObserved(nil) ? .observed : nil,
                    reminding: reminding[finding.key]))
        }
        for (key, finding) in ending.sorted(by: { $0.key < $1.key }) {
            take(
                step(
                    key, finding.observation(at: clock, key: key), finding.report, alerting,
                    unless: finding.isObserved ? .observed : nil, reminding: reminding[key]
                ) { finding.members })
        }
        if endsRemoved {
            let looked = Set(findings.map(\.key)).union(outages.values.map(\.key)).union(ending.keys)
            for change in removals(looked, expiries, stores, alerting) { take(change) }
        }
        if !changes.isEmpty {
            changes.sort { $0.alert.key < $1.alert.key }
            try await assembly.ledger.commit(changes)
            alerting.log(changes)
        }
        (passedAt, wroteAt) = (clock, writes ? clock : wroteAt)
        // What waits to be told, or is told to nobody, is not announced; what an outage speaks for is, once that is told.
        var announced = Set(
            known.values.lazy.filter { $0.state == .firing && $0.told != nil && !$0.key.isExpiry }.map(\.key.store))
        for finding in findings {
            for group in finding.groups where standing.contains(group) {
                guard let key = outages[group]?.key, known[key]?.told != nil else { continue }
                announced.insert(finding.key.store)
            }
        }
        return Outcome(
            isToBeTold: changes.contains { !$0.items.isEmpty },
            unaccounted: stores.all.filter { store in
                (!store.isJudged || store.standing == .unknown)
                    && !announced.contains(store.prepared.watched.store.id)
            }.map(\.prepared.watched.store.id).sorted())
    }

    /// Clocks stood still while nobody looked: what is open is blind until it is looked at.
    private mutating func takeUp(_ ledger: any Ledger) async throws {
        let open = try await ledger.openAlerts().filter(\.key.isHealth)
        known = Dictionary(open.map { ($0.key, AlertStep.blinding($0)) }) { $1 }
    }

    /// What ended before keeps the next from bearing its name.
    private mutating func learn(_ opening: [AlertKey], _ ledger: any Ledger) async throws {
        let stores = Set(opening.lazy.filter { [known] in known[$0] == nil }.map(\.store))
        guard !stores.isEmpty else { return }
        for alert in try await ledger.alerts(of: stores.union([""]).sorted())
        where alert.key.isHealth && known[alert.key] == nil {
            known[alert.key] = alert
        }
    }

    /// The receivers that are to hear once more of what goes on.
    private mutating func reminding(
        _ assembly: Assembly, clock: Timestamp
    ) async throws -> [AlertKey: Reminders.Reminder] {
        let reminders = Reminders(assembly: assembly, clock: clock)
        guard remindedAt.map({ clock < $0 || $0 + reminders.every <= clock }) ?? true else {
            return [:]
        }
        remindedAt = clock
        return try await reminders.due { $0.isHealth }
    }

    private func step(
        _ key: AlertKey, _ observation: Observation, _ report: HealthReport?, _ alerting: Alerting,
        unless withholding: Withholding?, reminding: Reminders.Reminder?, members: () -> [Route.Member] = { [] }
    ) -> AlertChange? {
        let last = known[key]
        guard last?.isOpen ?? false || observation.standing != .ok else { return nil }
        let step = AlertStep.step(last, observation).raised(from: last, at: observation.at)
        guard let alert = step.alert else { return nil }
        func told() -> AlertReport {
            var told = AlertReport(subject: alert.subject)
            told.announced = alert.told ?? alert.announced
            if let last, last.episode == alert.episode { told.announcedSeverity = last.subject.severity }
            guard let report else { return told }
            (told.health, told.values) = (report, report.values(at: observation.at))
            (told.consequence, told.remedy) = (report.consequence, report.remedy)
            return told
        }
        if let event = step.event {
            return alerting.told(alert, event, told(), unless: withholding, members: members())
        }
        // What was withheld is told once nothing speaks for it any more.
        if withholding == nil, alert.state == .firing, let late = alert.catchingUp(at: observation.at) {
            let owed = alerting.items(.init(late.event, told()), members: members())
            if !owed.isEmpty { return AlertChange(alert: late.alert, event: nil, items: owed) }
        }
        guard withholding == nil, alert.state == .firing, let reminding else {
            return AlertChange(alert: alert, event: nil, items: [])
        }
        var again = NoticeContent.Told(alert.reminder(at: observation.at, judgedTo: nil), told(), isReminder: true)
        again.report.ending = reminding.ending
        return AlertChange(
            alert: alert, event: nil, items: alerting.items(again, to: reminding.receivers, members: members()))
    }

    /// Of sources that bring a store nothing any more by the configuration, of stores that nobody watches, and of what
    /// nobody says any more that it ends.
    private func removals(
        _ looked: Set<AlertKey>, _ expiries: ExpiryBook?, _ stores: ResidentStores, _ alerting: Alerting
    ) -> [AlertChange] {
        known.values.filter { alert in
            guard alert.isOpen, !looked.contains(alert.key) else { return false }
            // As long as no server answers nobody knows.
            if alert.key == ClockSkew.key { return false }
            if alert.key.isExpiry { return expiries.map { !$0.unseen.contains(alert.key) } ?? false }
            return alert.key.store.isEmpty || stores.holds(alert.key.store)
        }.sorted { $0.key < $1.key }.map { alerting.removal($0, because: .ruleRemoved) }
    }
}

extension AlertChange {
    /// Something happened; that it was looked at once more is nothing.
    fileprivate func isWorthWriting(after last: Alert?) -> Bool {
        guard event == nil, items.isEmpty, var last else { return true }
        (last.observedAt, last.isBlind, last.elapsed) = (alert.observedAt, alert.isBlind, alert.elapsed)
        (last.outside.at, last.outside.revision) = (alert.outside.at, alert.outside.revision)
        return alert != last
    }
}

extension HealthLook.Finding {
    func observation(at clock: Timestamp) -> Observation {
        Observation(
            key: key, standing: report?.cause.standing ?? .ok, at: clock, judgedTo: nil, limit: "covered",
            isConfirmed: true, revision: clock.microseconds,
            timing: AlertTiming(for: patience, keep: .zero, damping: .standard),
            subject: AlertSubject(
                store: watched.store, title: report?.title ?? Words(en: "data", zh: "数据"), severity: .major))
    }
}
