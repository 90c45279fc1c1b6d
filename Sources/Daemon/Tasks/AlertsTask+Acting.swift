package import Alerts
package import Facts
import Language
import Ledgers
package import Rules

/// What people do about alerts, through the ledger: the daemon, if there is one, sees it within half a minute.
extension AlertsTask {
    /// One alert with all that is known of it.
    package struct Shown: Sendable {
        package var alert: Alert
        package var events: [AlertEvent]
        package var told: [Told]
        package var word: Acknowledgement?
        package var silences: [Silence]
        /// The window of the store in which nobody wants to hear of it, and its end.
        package var window: (window: StoreWindow, end: Timestamp)?
        /// Of one that waits: how far it is from being told; nil where its rule asks for nothing of the kind.
        package var progress: Words?
    }

    /// What of an alert a receiver was to hear, and what became of it.
    package struct Told: Sendable {
        package enum Outcome: String, Sendable {
            case waits, withheld
            /// It is told, and its notice forgotten by now.
            case told
            case sending, taken
            case givenUp = "given_up"
        }

        package var receiver: String
        package var event: NoticeItem.Event
        package var madeAt: Timestamp
        package var outcome: Outcome
        /// Why it waits or was withheld.
        package var cause: String?
        package var because: String?
        package var notice: String?
        package var attempts: Int
        package var settledAt: Timestamp?
        /// What the last attempt was answered, or why the notice was given up.
        package var answer: String?

        /// As it stood at a moment: what came of it later is left out.
        init(_ item: ToldItem, asOf moment: Timestamp) {
            self.init(item)
            if let decided = item.decidedAt, decided > moment {
                // What held it then is known of what was withheld alone.
                (outcome, cause, notice, attempts, settledAt, answer) = (.waits, nil, nil, 0, nil, nil)
            } else if let settled = settledAt, settled > moment {
                // What it was answered then is known of the last attempt alone.
                if outcome == .taken, answer?.hasPrefix(NoticeSettlement.digested) != true { answer = nil }
                (outcome, settledAt) = (.sending, nil)
            }
        }

        init(_ item: ToldItem) {
            (receiver, event, madeAt) = (item.receiver, item.event, item.madeAt)
            (cause, because, notice, attempts) = (item.cause, item.because, item.notice, item.attempts)
            (settledAt, answer) = (item.settledAt, item.answer)
            outcome =
                switch (item.state, item.sending) {
                case (.waiting, _): .waits
                case (.withheld, _): .withheld
                case (.told, .owed): .sending
                case (.told, .taken): .taken
                case (.told, .abandoned): .givenUp
                case (.told, nil): .told
                }
        }
    }

    package func show(_ store: String, _ rule: String) async throws -> Shown {
        let assembly = try opening.assembly(.read)
        let alert = try await alert(store, rule, assembly)
        let (ledger, now) = (assembly.ledger, assembly.clock.now)
        let window = assembly.fleet.watched(store)?.window(at: now)
        let word = try await ledger.acknowledgements(of: [alert.episode]).first
        return Shown(
            alert: alert, events: try await ledger.events(.episode(alert.episode), limit: .max).reversed(),
            told: try await ledger.told(of: alert.episode).map(Told.init),
            word: word.flatMap { $0.isInForce(for: alert, at: now) ? $0 : nil },
            silences: try await ledger.silences(inForceAfter: now).filter {
                $0.isInForce(at: now) && $0.filter.fits(alert.key, alert.subject, standing: nil)
            }, window: window,
            progress: assembly.fleet.watched(store)?.pack.rule(rule).flatMap { Self.progress(of: alert, by: $0) })
    }

    private static func progress(of alert: Alert, by rule: Rule) -> Words? {
        guard alert.state == .pending else { return nil }
        var parts: [Words] = []
        if rule.for > .zero {
            let (elapsed, all) = (TimeSpan.seconds(alert.elapsed.microseconds / 1_000_000).written, rule.for.written)
            parts.append(Words(en: "for \(elapsed) of \(all)", zh: "已持续 \(elapsed)，需 \(all)"))
        }
        if rule.confirm > 1 {
            parts.append(
                Words(
                    en: "by \(alert.confirmed) of \(rule.confirm) looks at other data",
                    zh: "已由 \(alert.confirmed) 次不同数据确认，需 \(rule.confirm) 次"))
        }
        guard !parts.isEmpty else { return nil }
        return Words(en: "outside ok ", zh: "未达标：") + parts.joined(separator: Words(en: " and ", zh: "；"))
    }

    /// What of an episode receivers were to hear, in the order in which it was made.
    package func told(of episode: String) async throws -> [Told] {
        try await opening.assembly(.read).ledger.told(of: episode).map(Told.init)
    }

    /// What happened to alerts, the latest first.
    ///
    /// - Parameters:
    ///   - glob: only of stores whose id fits.
    ///   - rule: only of this rule.
    package func history(_ glob: String?, rule: String?, limit: Int) async throws -> [AlertEvent] {
        let assembly = try opening.assembly(.read)
        let pattern = glob.map { Glob($0) }
        let isAll = pattern == nil && rule == nil
        let events = try await assembly.ledger.events(.all, limit: isAll ? limit : .max)
        return Array(
            events.lazy.filter {
                pattern?.matches($0.key.store) ?? true && (rule == nil || $0.key.rule == rule)
            }.prefix(limit))
    }

    /// Somebody looks after an alert: no reminders, no further steps of escalation, until it ends or grows worse.
    package func acknowledge(
        _ store: String, _ rule: String, by: String?, why: String, until: String?
    ) async throws -> Acknowledgement {
        let (who, assembly) = (try WhoAndWhy.person(by), try opening.assembly())
        try WhoAndWhy.check(why)
        let (alert, now) = (try await alert(store, rule, assembly), assembly.clock.now)
        guard alert.isOpen, alert.wasAnnounced else {
            let state =
                alert.isOpen
                ? Words(en: "was not told to anybody yet", zh: "尚未通知任何人") : Words(en: "has ended", zh: "已结束")
            throw TaskError(
                Words(
                    en: "the alert of rule '\(rule)' at store '\(store)' \(state.en): nothing is to be acknowledged",
                    zh: "店铺“\(store)”规则“\(rule)”的告警\(state.zh)，无需确认"))
        }
        let calendar = assembly.fleet.watched(store)?.calendar ?? .utc
        let word = Acknowledgement(
            key: alert.key, episode: alert.episode, by: who, why: why, at: now,
            until: try until.map { try WhoAndWhy.end($0, in: calendar, after: now) }, change: alert.changes)
        let details = until.map { [Self.until($0)] } ?? []
        try await assembly.ledger.keep(
            word, audit: [assembly.entry(of: "ack", at: store, on: rule, by: who, why: why, details)])
        return word
    }

    /// Somebody answers for the breaches of a rule at a store: until a day they count as warnings, and stay visible.
    ///
    /// - Parameter until: the first local day without it; nil: nobody answers for them any more.
    package func accept(
        _ store: String, _ rule: String, by: String?, why: String, until: String?
    ) async throws -> Acceptance? {
        let (who, assembly) = (try WhoAndWhy.person(by), try opening.assembly())
        try WhoAndWhy.check(why)
        guard let watched = assembly.fleet.watched(store) else {
            let stores = try await assembly.watchedStores(nil).map(\.store.id)
            throw TaskError.unwatched(store, among: stores)
        }
        guard watched.pack.rule(rule) != nil else {
            throw TaskError.noRule(rule, in: watched.pack)
        }
        let now = assembly.clock.now
        let end = try until.map { try WhoAndWhy.end($0, in: watched.calendar, after: now) }
        let acceptance = end.map { end in
            // A moment within a day ends with that day.
            let day = watched.calendar.day(of: end)
            let isWhole = watched.calendar.startOfDay(day) == end
            return Acceptance(by: who, why: why, until: isWhole ? day : day.advanced(by: 1))
        }
        let details = [acceptance.map { Self.until("\($0.until)") } ?? Words(en: "no more", zh: "不再接受")]
        try await assembly.ledger.keep(
            acceptance, of: AlertKey(store: store, rule: rule), at: now,
            audit: [assembly.entry(of: "accept", at: store, on: rule, by: who, why: why, details)])
        return acceptance
    }

    /// What a silence is asked to be.
    package struct SilenceRequest: Sendable {
        package var filter: AlertFilter
        package var until: String?
        package var ends: Silence.End
        package var by: String?
        package var why: String

        package init(filter: AlertFilter, until: String?, ends: Silence.End, by: String?, why: String) {
            (self.filter, self.until, self.ends, self.by, self.why) = (filter, until, ends, by, why)
        }
    }

    /// A silence of more than this has to be said again.
    private static let longest = TimeSpan.days(90)

    /// - Returns: the silence, and the alerts that go on and that it fits.
    package func silence(_ request: SilenceRequest) async throws -> (silence: Silence, alerts: [Alert]) {
        let (who, assembly) = (try WhoAndWhy.person(request.by), try opening.assembly())
        try WhoAndWhy.check(request.why)
        let now = assembly.clock.now
        guard !request.filter.isEmpty else {
            throw TaskError(
                Words(
                    en: "a silence of everything is none; say what: --store, --rule, --platform, …",
                    zh: "不能静默全部告警；请指定范围：--store、--rule、--platform 等"), isUsage: true)
        }
        // A day is the stores' where they live in one zone.
        let zones = Set(
            try await assembly.watchedStores(nil).filter { watched in
                var filter = request.filter
                (filter.rules, filter.severities, filter.standings) = ([], [], [])
                let subject = AlertSubject(store: watched.store, title: Words(en: "", zh: ""), severity: .major)
                return filter.fits(AlertKey(store: watched.store.id, rule: ""), subject, standing: nil)
            }.map(\.calendar))
        if let day = request.until, LocalDay(day) != nil, zones.count > 1 {
            let names = zones.map(\.timezone).sorted().prefix(3).joined(separator: ", ")
            throw TaskError(
                Words(
                    en:
                        "the stores that this fits live in \(zones.count) time zones (\(names)\(zones.count > 3 ? ", …" : "")), and \(day) begins at another moment in each; give a moment with its offset such as \(day)T00:00:00+08:00, a span such as 2d, or a silence for each zone",
                    zh:
                        "涉及的店铺分布在 \(zones.count) 个时区（\(names)\(zones.count > 3 ? " 等" : "")），\(day) 在各时区开始的时刻不同；请给出带时差的时刻（如 \(day)T00:00:00+08:00）或时长（如 2d），或按时区分别静默"
                ), isUsage: true)
        }
        let calendar = zones.count == 1 ? zones.first ?? .utc : .utc
        let until = try request.until.map { try WhoAndWhy.end($0, in: calendar, after: now) }
        guard until != nil || request.ends != .time else {
            throw TaskError(
                Words(
                    en: "until when? --until 2h, or --ends resolved", zh: "请说明截止时间：--until 2h，或 --ends resolved"),
                isUsage: true)
        }
        if let until, until > now + Self.longest {
            throw TaskError(
                Words(
                    en: "a silence lasts 90 days at most; what is not wanted at all is an `except:` of a receiver",
                    zh: "静默最长 90 天；长期不需要的告警请在接收方的 `except:` 中排除"))
        }
        let alerts = try await assembly.ledger.openAlerts().filter {
            request.filter.fits($0.key, $0.subject, standing: $0.announced)
        }
        guard request.ends != .resolved || !alerts.isEmpty else {
            throw TaskError(
                Words(
                    en: "nothing that goes on fits: there is no end to wait for; say --until",
                    zh: "没有符合条件的进行中告警，无从等待其结束；请用 --until 指定截止时间"), isUsage: true)
        }
        let silence = Silence(
            id: ContentID.silence(by: who, why: request.why, at: now), filter: request.filter, from: now,
            until: until, ends: request.ends, by: who, why: request.why)
        let single = request.filter.stores.count == 1 ? assembly.fleet.watched(request.filter.stores[0])?.store.id : nil
        let entry = assembly.entry(
            of: "silence", at: single, on: request.filter.words, by: who, why: request.why,
            [Words(silence.id), request.until.map(Self.until) ?? Words("ends: \(request.ends.rawValue)")])
        try await assembly.ledger.keep(silence, audit: [entry])
        return (silence, alerts)
    }

    /// Ends silences before their time: one by the beginning of its id.
    ///
    /// - Parameter why: nil: nobody says.
    package func unsilence(_ id: String, by: String? = nil, why: String? = nil) async throws -> Silence {
        let (who, assembly) = (try WhoAndWhy.person(by), try opening.assembly())
        if let why { try WhoAndWhy.check(why) }
        let now = assembly.clock.now
        let fitting = try await assembly.ledger.silences(inForceAfter: now).filter { $0.id.hasPrefix(id) }
        guard var silence = fitting.first, fitting.count == 1 else {
            throw TaskError(
                fitting.isEmpty
                    ? Words(
                        en: "no silence '\(id)' is in force; see goodstanding alerts silences",
                        zh: "没有生效中的静默“\(id)”；见 goodstanding alerts silences")
                    : Words(
                        en: "\(fitting.count) silences begin with '\(id)'; give more of it",
                        zh: "有 \(fitting.count) 条静默以“\(id)”开头，请给出更多字符"), isUsage: true)
        }
        (silence.endedAt, silence.endedBy, silence.endedWhy) = (now, who, why)
        let entry = assembly.entry(
            of: "unsilence", on: silence.id, by: who, why: why ?? "", [Words(silence.filter.words)])
        try await assembly.ledger.keep(silence, audit: [entry])
        return silence
    }

    /// - Parameter all: those that are over too.
    package func silences(all: Bool) async throws -> [Silence] {
        let assembly = try opening.assembly(.read)
        return try await assembly.ledger.silences(inForceAfter: all ? nil : assembly.clock.now)
    }

    private static func until(_ text: String) -> Words { Words(en: "until \(text)", zh: "至 \(text)") }

    private func alert(_ store: String, _ rule: String, _ assembly: Assembly) async throws -> Alert {
        let known = try await assembly.ledger.alerts(of: [store])
        if let alert = known.first(where: { $0.key.rule == rule }) { return alert }
        guard assembly.fleet.watched(store) != nil || !known.isEmpty else {
            let stores = try await assembly.watchedStores(nil).map(\.store.id)
            throw TaskError.unwatched(store, among: stores)
        }
        let rules = known.map(\.key.rule)
        let hint = NearestName.words(for: rule, among: rules)
        let named =
            rules.isEmpty
            ? Words(en: "; it never had one", zh: "；从未有过告警")
            : Words(
                en: "; it had alerts of \(rules.joined(separator: ", "))",
                zh: "；曾有告警的规则：\(rules.joined(separator: "、"))")
        throw TaskError(
            Words(en: "store '\(store)' never had an alert of rule '\(rule)'", zh: "店铺“\(store)”从未有过规则“\(rule)”的告警")
                + (hint.en.isEmpty ? named : hint), isUsage: true)
    }
}
