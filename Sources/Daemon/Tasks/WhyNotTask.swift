package import Alerts
package import Facts
import Language
import Ledgers
import Rules

/// What was known of a rule at a store at a moment, what was shown, and who was told or why not.
package struct WhyNotTask: Sendable {
    private let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    package struct Answer: Sendable {
        package var key: AlertKey
        package var at: Timestamp
        /// Where the rule stood, and since when; nil: nobody had judged it.
        package var standing: StandingChange?
        /// The change after it; nil when it stands there still.
        package var next: StandingChange?
        /// The last that happened to its alert until then; nil: nothing ever had.
        package var event: AlertEvent?
        /// What of that episode receivers were to hear until then.
        package var told: [AlertsTask.Told]
        /// Why nothing was sent, as far as it was not.
        package var reasons: [Words]
    }

    package func run(_ store: String, _ rule: String, at moment: Timestamp?) async throws -> Answer {
        let assembly = try opening.assembly(.read)
        let key = AlertKey(store: store, rule: rule)
        let ledger = assembly.ledger
        let at = moment ?? assembly.clock.now
        let standing = try await ledger.standingChanges(of: key, until: at, limit: 1).first
        let later = try await ledger.standingChanges(of: key, until: Timestamp(microseconds: .max), limit: .max)
        let alert = try await ledger.alerts(of: [store]).first { $0.key == key }
        let events = try await ledger.events(.alert(key), limit: .max)
        if standing == nil, later.isEmpty, alert == nil, assembly.fleet.watched(store)?.pack.rule(rule) == nil {
            let stores = try await assembly.watchedStores(nil).map(\.store.id)
            let rules = assembly.fleet.watched(store)?.pack.rules.map(\.id) ?? []
            throw TaskError(
                rules.isEmpty
                    ? Words(
                        en: "no entry of the configuration watches a store '\(store)'", zh: "配置中没有监控店铺“\(store)”的条目")
                        + NearestName.words(for: store, among: stores)
                    : Words(en: "the store's pack has no rule '\(rule)'", zh: "店铺的规则包中没有规则“\(rule)”")
                        + NearestName.words(for: rule, among: rules),
                isUsage: true)
        }
        // By the clock: what happened bears the moment up to which its data reached as well, which may lie days before
        // anybody knew. Of an old event that moment is all there is, and before anything was judged there was none.
        let event = standing == nil ? nil : events.first { ($0.madeAt ?? $0.at) <= at }
        var told: [AlertsTask.Told] = []
        if let event {
            told = try await ledger.told(of: event.episode).filter { $0.madeAt <= at }
                .map { AlertsTask.Told($0, asOf: at) }
        }
        let reasons =
            reasons(standing, event, told, try await data(of: key, at, assembly), at, assembly)
            + (try await silences(of: told, ledger))
        return Answer(
            key: key, at: at, standing: standing, next: later.last { $0.judgedAt > at }, event: event, told: told,
            reasons: reasons)
    }

    /// Who said that it is not to be told, where a silence holds or held it.
    private func silences(of told: [AlertsTask.Told], _ ledger: any Ledger) async throws -> [Words] {
        let because = told.filter { $0.outcome == .waits || $0.outcome == .withheld }.compactMap(\.because)
        let named = Set(because.flatMap { $0.split(separator: " ").map(String.init) })
        guard !named.isEmpty else { return [] }
        return try await ledger.silences(inForceAfter: nil).filter { named.contains($0.id) }.map { silence in
            Words(
                en: "silenced by \(silence.by) until \(silence.endWords.en) (\(silence.id)): \(silence.why)",
                zh: "已被 \(silence.by) 静默至\(silence.endWords.zh)（\(silence.id)）：\(silence.why)")
        }
    }

    /// What spoke of a store's data at a moment, or would have.
    private func data(of key: AlertKey, _ at: Timestamp, _ assembly: Assembly) async throws -> Words {
        let platform = HealthSource(name: .platform)
        let groups =
            assembly.fleet.watched(key.store).map { watched in
                [platform.group(of: watched), platform.refusal(of: watched)].compactMap { $0 }
            } ?? []
        let feeds = ([SourceName.push] + assembly.config.feeds.map { .feed($0.id) }).map {
            HealthReport.rule(HealthSource(name: $0).id)
        }
        let rules = Set(feeds + groups.map { HealthReport.rule($0.id) })
        let known = try await assembly.ledger.alerts(of: ["", key.store]).filter { alert in
            alert.key.isHealth && !alert.key.isExpiry
                && (alert.key.store == key.store || rules.contains(alert.key.rule))
                && alert.since <= at && alert.endedAt.map { at < $0 } ?? true
        }
        if known.contains(where: { $0.firedAt.map { $0 <= at } ?? false }) {
            return Words(en: "; an alert of its data speaks of that", zh: "；由数据告警通知")
        }
        return known.isEmpty
            ? Words("")
            : Words(en: "; the alert of its data waits until that has lasted", zh: "；数据告警尚在等待持续时间")
    }

    private func reasons(
        _ standing: StandingChange?, _ event: AlertEvent?, _ told: [AlertsTask.Told], _ data: Words, _ at: Timestamp,
        _ assembly: Assembly
    ) -> [Words] {
        guard let standing else {
            return [
                Words(
                    en: "it had not been judged: the daemon did not run yet, or kept no changes of standings then",
                    zh: "当时尚未考核：守护进程未运行，或尚未记录达标变化")
            ]
        }
        let isOn = event.map { $0.kind != .resolved } ?? false
        var reasons: [Words] = []
        if !isOn {
            switch standing.standing {
            case .ok: reasons.append(Words(en: "it was in order", zh: "当时达标"))
            case .unjudged:
                reasons.append(Words(en: "it was not judged: ", zh: "当时不考核：") + standing.because)
            case .unknown:
                reasons.append(
                    Words(
                        en: "nothing was known: \(standing.because.en)", zh: "当时数据未知：\(standing.because.zh)") + data)
            case .warning, .breach:
                reasons.append(
                    Words(
                        en:
                            "it had not been outside for as long as `for:` asks or as often as `confirm:` does, or its alert had just ended",
                        zh: "尚未达到 for: 要求的持续时间或 confirm: 要求的次数，或告警刚刚结束"))
            }
        }
        switch isOn ? event?.withheld : nil {
        case .observed?:
            reasons.append(Words(en: "the store or the rule is only observed", zh: "店铺或规则处于仅观察模式"))
        case .outage?:
            reasons.append(
                Words(
                    en: "one alert spoke for all stores of the source", zh: "由同一来源的总告警统一通知"))
        case .flapping?:
            reasons.append(Words(en: "it comes and goes, which was told once", zh: "反复波动，已通知过一次"))
        case .untold?, nil: break
        }
        if isOn, told.isEmpty, reasons.isEmpty {
            reasons.append(
                assembly.config.receivers.isEmpty
                    ? Words(en: "the configuration has no receiver", zh: "配置中没有接收方")
                    : Words(
                        en: "no receiver wanted to hear of it; see goodstanding alerts route explain",
                        zh: "没有接收方订阅；见 goodstanding alerts route explain"))
        }
        return reasons
    }
}
