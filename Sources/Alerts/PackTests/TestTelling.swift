import Facts
import Rollups
import Rules

/// What receivers hear along the moments of a test, by the steps of the daemon: an event becomes what each is to hear, and
/// what waits becomes messages as far as nothing holds it back (`NoticePlan`, `NoticeHolds`, `NoticeGathering`). Between two
/// moments what has waited for its hour goes at its hour.
struct TestTelling {
    /// What one receiver is to hear, as a ledger would keep it.
    private struct Kept {
        enum State { case waiting, told, withheld }

        var item: NoticeItem
        var state = State.waiting
        var hold: NoticeHold?
        /// When it was told.
        var at: Timestamp?
    }

    private let calendar: StoreCalendar
    private let windows: [StoreWindow]
    private var routing: PackTest.Routing
    private var kept: [Kept] = []
    /// What rules said when they were last decided.
    private var said: [String: String] = [:]
    private var heard: [String: [[NoticeItem]]] = [:]

    init(_ routing: PackTest.Routing, in calendar: StoreCalendar) {
        (self.routing, self.calendar, windows) = (routing, calendar, routing.windows)
    }

    /// By receiver, what it was told since the moment before.
    func messages(to receiver: String) -> [[String]] {
        (heard[receiver] ?? []).map { $0.map(Self.words).sorted() }
    }

    /// Why it was not told more.
    func holds(of receiver: String) -> [String] {
        kept.filter { $0.item.receiver == receiver && $0.state == .waiting }.compactMap { one in
            one.hold.map { "\(Self.words(one.item)) (\($0.cause.rawValue))" }
        }
    }

    private static func words(_ item: NoticeItem) -> String { "\(item.event.rawValue) \(item.key.rule)" }

    // MARK: Time

    /// Goes on to a moment: what is due before it is told.
    mutating func pass(to moment: Timestamp, _ alerts: [Alert]) {
        heard = [:]
        var now = Timestamp(microseconds: .min)
        // As often as something can wait for another hour.
        for _ in 0..<1000 {
            let wakes = kept.filter { $0.state == .waiting }.compactMap(\.hold?.until).filter {
                $0 > now && $0 < moment
            }
            guard let next = wakes.min() else { return }
            gather(alerts, at: next)
            now = next
        }
    }

    /// What an observation made of an alert is to be heard; the alert with what receivers know of it from then on.
    mutating func take(
        _ alert: Alert, _ event: AlertEvent?, _ evaluation: RuleEvaluation, _ store: Store, _ pack: Pack,
        at moment: Timestamp
    ) -> Alert {
        let isBeginning = isBeginning(evaluation, pack)
        var report = AlertReport(
            subject: AlertSubject(store: store, title: evaluation.rule.title, severity: evaluation.rule.severity))
        report.announced = alert.told ?? alert.announced
        guard let event else {
            remind(alert, report, evaluation, at: moment)
            return alert
        }
        let (known, told, isTold) = alert.telling(event, unless: nil)
        guard isTold else { return alert }
        let items = NoticePlan.items(
            for: .init(told, report), to: routing.routes, now: moment, isBeginning: isBeginning,
            isDaily: !evaluation.valued.readings.contains(where: \.dependsOnMoment)
        ) { _, _ in [] }
        items.forEach { put($0) }
        return items.isEmpty ? alert : known
    }

    /// What a rule finds when it is first decided, or says something else, was there before anybody looked.
    mutating func note(_ evaluation: RuleEvaluation, _ pack: Pack) { _ = isBeginning(evaluation, pack) }

    private mutating func isBeginning(_ evaluation: RuleEvaluation, _ pack: Pack) -> Bool {
        guard evaluation.standing != .unknown else { return false }
        let isShown = evaluation.rule.limits.contains { pack.parameter($0)?.measure != nil }
        let says = isShown ? "" : evaluation.limit
        return said.updateValue(says, forKey: evaluation.rule.id) != says
    }

    private mutating func remind(
        _ alert: Alert, _ report: AlertReport, _ evaluation: RuleEvaluation, at moment: Timestamp
    ) {
        guard alert.state == .firing, alert.wasAnnounced else { return }
        let due = routing.routes.filter { route in
            guard let remind = route.remind, route.wants(alert.key, alert.subject, standing: alert.announced) else {
                return false
            }
            let known = kept.filter {
                $0.item.episode == alert.episode && $0.item.receiver == route.receiver && $0.state != .withheld
            }
            guard let last = known.map(\.item.madeAt).max(), !known.contains(where: { $0.state == .waiting }) else {
                return false
            }
            return last + remind <= moment
        }
        let event = alert.reminder(at: evaluation.coveredMoment, judgedTo: evaluation.judgedTo)
        let told = NoticeContent.Told(event, report, isReminder: true)
        for item in NoticePlan.items(for: told, to: due, now: moment, writing: { _, _ in [] }) { put(item) }
    }

    /// What is owed to those only who heard before is kept where something of the episode was, or is to be, told.
    private mutating func put(_ item: NoticeItem) {
        let isWanted =
            item.interest == .owed
            || kept.contains {
                $0.item.episode == item.episode && $0.item.receiver == item.receiver && $0.state != .withheld
            }
        if isWanted { kept.append(Kept(item: item)) }
    }

    // MARK: Gathering

    /// Tells what nothing holds back.
    ///
    /// - Parameter alerts: all there ever were.
    mutating func gather(_ alerts: [Alert], at now: Timestamp) {
        endSilences(alerts, at: now)
        let open = alerts.filter(\.isOpen)
        let subjects = Dictionary(alerts.map { ($0.key, $0.subject) }) { $1 }
        let (windows, calendar) = (windows, calendar)
        let holds = NoticeHolds(silences: routing.silences, inhibitions: routing.inhibitions, open: open) { _ in
            (windows, calendar)
        }
        for route in routing.routes { gather(route, subjects, holds, at: now) }
    }

    private mutating func gather(
        _ route: Route, _ subjects: [AlertKey: AlertSubject], _ holds: NoticeHolds, at now: Timestamp
    ) {
        let own = kept.filter { $0.item.receiver == route.receiver }
        let waiting = own.filter { $0.state == .waiting }.compactMap { one in
            subjects[one.item.key].map { subject in
                NoticeGathering.Waiting(
                    one.item, subject,
                    wasTold: own.contains { $0.item.episode == one.item.episode && $0.state == .told },
                    held: one.hold?.cause)
            }
        }
        let told = own.filter { $0.state == .told && !$0.item.grouping.isEmpty }
        let lastTold = Dictionary(told.compactMap { one in one.at.map { (one.item.grouping, $0) } }) { max($0, $1) }
        let outcome = NoticeGathering(
            route: route, lastTold: lastTold, acknowledged: [:], hold: { holds.hold($0, at: now) }
        ).gather(waiting, at: now)
        let sent = Set(outcome.notices.joined().map(\.id))
        for place in kept.indices where kept[place].item.receiver == route.receiver && kept[place].state == .waiting {
            let id = kept[place].item.id
            if sent.contains(id) {
                (kept[place].state, kept[place].at, kept[place].hold) = (.told, now, nil)
            } else if outcome.withheld[id] != nil {
                kept[place].state = .withheld
            } else {
                kept[place].hold = outcome.holds[id]
            }
        }
        heard[route.receiver, default: []] += outcome.notices
    }

    /// Those that were to last until all that they fit is over.
    private mutating func endSilences(_ alerts: [Alert], at now: Timestamp) {
        for place in routing.silences.indices {
            let silence = routing.silences[place]
            if silence.ends == .resolved, silence.isInForce(at: now),
                !alerts.contains(where: { $0.isOpen && silence.filter.fits($0.key, $0.subject, standing: nil) })
            {
                routing.silences[place].endedAt = now
            }
        }
    }
}
