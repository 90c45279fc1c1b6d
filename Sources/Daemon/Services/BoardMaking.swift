import Alerts
import Facts
import Ledgers
import Rules

/// Works out how all stores of a receiver stand.
struct BoardMaking {
    var assembly: Assembly
    var route: Route
    /// In whose zone the day is.
    var calendar: StoreCalendar
    /// What ends unless somebody renews it.
    var expiries: [Expiry]
    /// Called as the work goes on.
    var beat: () async -> Void

    /// Of rules in order the distance to their limit is worked out for so many: each takes a look into the ledger.
    private static let mostMeasured = 5_000
    private static let mostNear = 10
    private static let week = 7

    func board() async throws -> Board {
        let now = assembly.clock.now
        var board = Board(day: calendar.day(of: now))
        board.link = assembly.config.publicURL.map { $0 + "/" }
        var (measured, near): (Int, [Near]) = (0, [])
        let stores = try await assembly.watchedStores(nil).filter { route.wants($0.store) }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            await beat()
            try Task.checkCancellation()
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            for judged in try await judge.judge(group, at: nil, clock: now) {
                // What is only observed is told to nobody.
                guard judged.watched.observed != .all else { continue }
                board.standings[judged.evaluation.standing, default: 0] += 1
                board.due += dueReadings(of: judged, at: now)
                for rule in judged.evaluation.rules
                where rule.isInForce && !judged.watched.isObserved(rule.rule.id) {
                    try await take(rule, judged, &board, &near, &measured, at: now)
                }
            }
        }
        board.outside.sort { (-$0.standing.rank, $0.key) < (-$1.standing.rank, $1.key) }
        for one in near.sorted(by: Near.isNearer).prefix(Self.mostNear) {
            board.near.append(one.line)
            let leaving = try await leaving(behind: one.rule, one.watched, board.day, at: now)
            guard !leaving.isEmpty else { continue }
            board.leaving.append(.init(key: one.line.key, subject: one.line.subject, standing: .ok, words: leaving))
        }
        try await takeEvents(&board, since: now - .days(1))
        board.due += expiries.filter { $0.stage(at: now) != nil }.map { $0.words(at: now) }
        return board
    }

    /// A rule in order, and how many facts more it bears.
    private struct Near {
        var more: Int64
        var line: Board.Line
        var rule: RuleEvaluation
        var watched: Watched

        static func isNearer(_ one: Near, _ other: Near) -> Bool {
            (one.more, one.line.key) < (other.more, other.line.key)
        }
    }

    /// What rolls off within the week of the facts behind a rule.
    private func leaving(
        behind rule: RuleEvaluation, _ watched: Watched, _ day: LocalDay, at now: Timestamp
    ) async throws -> [Words] {
        let facts = try await Evidence.facts(behind: rule, watched, in: assembly, at: now)
        let days = facts.compactMap(\.leaves).filter { $0 <= day.advanced(by: Self.week) }.sorted()
        guard let first = days.first, let last = days.last else { return [] }
        let when =
            first == last
            ? Words(en: "on \(first)", zh: "\(first)") : Words(en: "from \(first) to \(last)", zh: "\(first) 至 \(last)")
        return [
            Words(
                en:
                    "\(days.count) of \(counted(facts.count, "fact")) behind it leave\(days.count == 1 ? "s" : "") the window \(when.en)",
                zh: "相关记录 \(facts.count) 条中有 \(days.count) 条将移出统计窗口：\(when.zh)")
        ]
    }

    private func take(
        _ rule: RuleEvaluation, _ judged: Judge.Judged, _ board: inout Board, _ near: inout [Near],
        _ measured: inout Int, at now: Timestamp
    ) async throws {
        let store = judged.watched.store
        let key = AlertKey(store: store.id, rule: rule.rule.id)
        let subject = AlertSubject(store: store, title: rule.rule.title, severity: rule.rule.severity)
        guard route.wants(key, subject, standing: nil) else { return }
        var line = Board.Line(key: key, subject: subject, standing: rule.announced, words: [])
        switch rule.standing {
        case .unjudged: return
        case .unknown:
            line.words = [rule.words]
            board.outside.append(line)
        case .warning, .breach:
            let prospects = try await Prospects.find(rule, judged.prepared, in: assembly, clock: now)
            line.words =
                [judged.figures(of: rule)] + prospects.headroom.prefix(1).map(\.words)
                + (prospects.outlook?.words.prefix(2) ?? [])
            board.outside.append(line)
            var leaving = try await leaving(behind: rule, judged.watched, board.day, at: now)
            if let worse = prospects.outlook?.leaving, worse.day < board.day.advanced(by: Self.week) {
                leaving += prospects.outlook?.words.suffix(1) ?? []
            }
            if !leaving.isEmpty {
                line.words = leaving
                board.leaving.append(line)
            }
            let contestable = try await Appeals(judged.watched, in: assembly, now: now).contestable(behind: rule)
            board.due += contestable.appeals.filter { !$0.isOpen }.compactMap { appeal in
                appeal.deadline.flatMap { deadline in
                    deadline < now + .days(Int64(Self.week)) ? self.words(of: appeal, until: deadline, store) : nil
                }
            }
        case .ok:
            // What counts for the store's standing, and no more of it than can be worked out.
            guard rule.rule.severity == .critical || rule.rule.severity == .major else { return }
            guard measured < Self.mostMeasured else {
                board.notMeasured += 1
                return
            }
            measured += 1
            let prospects = try await Prospects.find(rule, judged.prepared, in: assembly, clock: now)
            let closest = prospects.headroom.filter { $0.by == nil && $0.then != .ok }.min { $0.more < $1.more }
            guard let closest else { return }
            line.words = [judged.figures(of: rule), closest.words]
            near.append(Near(more: closest.more, line: line, rule: rule, watched: judged.watched))
            if near.count > 4 * Self.mostNear {
                near.sort(by: Near.isNearer)
                near.removeLast(near.count - Self.mostNear)
            }
        }
    }

    private func words(of appeal: Appeal, until deadline: Timestamp, _ store: Store) -> Words {
        Words(
            en: "\(store.name): \(appeal.kind.name) \(appeal.id) can be contested until \(deadline)",
            zh: "\(store.name)：\(appeal.kind.name) \(appeal.id) 可申诉至 \(deadline)")
    }

    /// Whether it happened by the clock since a moment.
    private func wasJudged(_ event: AlertEvent, since moment: Timestamp) async throws -> Bool {
        if event.at >= moment { return true }
        let last = try await assembly.ledger.standingChanges(of: event.key, until: assembly.clock.now, limit: 1).first
        return last.map { $0.judgedAt >= moment } ?? false
    }

    private func dueReadings(of judged: Judge.Judged, at now: Timestamp) -> [Words] {
        let watched = judged.watched
        let needs = watched.pack.measureNeeds(on: watched.calendar.day(of: now), watched.overrides)
        let count = needs.count { $0.lack(judged.prepared.state.newestMeasures, at: now) != nil }
        guard count > 0 else { return [] }
        return [
            Words(
                en: "\(watched.store.name): \(counted(count, "figure")) to enter (goodstanding measure due)",
                zh: "\(watched.store.name)：待录入 \(count) 项数据（goodstanding measure due）")
        ]
    }

    private func takeEvents(_ board: inout Board, since moment: Timestamp) async throws {
        let events = try await assembly.ledger.events(.all, limit: 10_000).filter {
            // An event bears the moment up to which its data reached, which may lie days back.
            $0.withheld == nil && $0.at >= moment - .days(Int64(Self.week))
        }
        let known = Dictionary(
            try await assembly.ledger.alerts(of: Array(Set(events.map(\.key.store)))).map { ($0.key, $0.subject) }
        ) { $1 }
        for event in events {
            guard let subject = known[event.key], route.wants(event.key, subject, standing: nil),
                try await wasJudged(event, since: moment)
            else { continue }
            if event.kind == .resolved { board.ended += 1 }
            guard event.kind == .firing || event.kind == .raised else { continue }
            board.worse.append(
                Board.Line(
                    key: event.key, subject: subject, standing: event.standing,
                    words: [Words(en: "since \(event.at)", zh: "始于 \(event.at)")]))
        }
    }
}
