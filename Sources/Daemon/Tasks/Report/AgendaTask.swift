import Alerts
package import Facts
import Ledgers
import Rules

/// What days to come bring for stores: when rules are well again or worse, when platforms look, what can be contested
/// until when, what ends unless it is renewed, and what is to be entered.
package struct AgendaTask: Sendable {
    private let opening: Opening
    private let choice: StoreChoice

    package init(_ opening: Opening, _ choice: StoreChoice) { (self.opening, self.choice) = (opening, choice) }

    package func run() async throws -> Agenda {
        let assembly = try opening.assembly(.read)
        return try await Self.agenda(of: try await choice.stores(in: assembly), choice, in: assembly)
    }

    static func agenda(
        of stores: [Watched], _ choice: StoreChoice, in assembly: Assembly
    ) async throws -> Agenda {
        let now = assembly.clock.now
        var agenda = Agenda(at: now, publicURL: assembly.config.publicURL)
        try await Judge(fleet: assembly.fleet, ledger: assembly.ledger).judge(stores, at: nil, clock: now) { judged in
            for store in judged {
                agenda.items += try await rules(of: store, in: assembly)
                agenda.items += try await appeals(of: store, in: assembly)
                agenda.items += figures(of: store)
            }
        }
        agenda.items += try await expiries(
            Set(stores.map(\.store.id)), isAll: choice.glob == nil && choice.label == nil, assembly)
        agenda.items.sort {
            ($0.day, $0.store?.id ?? "", $0.kind.rawValue, $0.rule ?? "", $0.id)
                < ($1.day, $1.store?.id ?? "", $1.kind.rawValue, $1.rule ?? "", $1.id)
        }
        return agenda
    }

    private static func id(_ kind: Agenda.Item.Kind, _ parts: String...) -> String {
        ContentID.agenda([kind.rawValue] + parts)
    }

    // MARK: Rules

    /// A rule in order is asked what leaves its window only where less of its limit is left than that: each asking is a
    /// look into the ledger.
    private static let near = Fraction(1, over: 5)

    private static func rules(of judged: Judge.Judged, in assembly: Assembly) async throws -> [Agenda.Item] {
        let store = judged.watched.store
        var items: [Agenda.Item] = []
        for rule in judged.evaluation.rules where rule.isInForce {
            let title = Words(en: "\(store.name): \(rule.rule.title.en)", zh: "\(store.name)：\(rule.rule.title.zh)")
            func add(_ kind: Agenda.Item.Kind, _ id: String, _ day: LocalDay, _ what: Words, _ details: Words) {
                items.append(
                    Agenda.Item(
                        id: id, kind: kind, store: store, rule: rule.rule.id, day: day, title: title + what,
                        details: details))
            }
            if let next = rule.assessment?.next {
                let stands = rule.assessment?.projected ?? rule.standing
                add(
                    .assessment, id(.assessment, store.id, rule.rule.id, "\(next)"), next,
                    Words(en: " is assessed", zh: " 考核日"),
                    Words(en: "as it stands now: \(stands.title.en)", zh: "按当前数据：\(stands.title.zh)"))
            }
            let isOutside = [.warning, .breach].contains(rule.standing)
            let isNear = rule.room.flatMap { room in near.map { room < $0 } } ?? false
            guard isOutside || rule.standing == .ok && isNear else { continue }
            let outlook = try await Prospects.find(rule, judged.prepared, in: assembly, clock: judged.clock).outlook
            guard let outlook else { continue }
            let details = outlook.words.joined(separator: Words(en: "; ", zh: "；"))
            if case .on(let day, let standing)? = outlook.recovery {
                // One for each rule: when the day moves it is the same that moved.
                add(
                    .recovery, id(.recovery, store.id, rule.rule.id), day,
                    Words(en: " is \(standing.title.en) again", zh: " 恢复为\(standing.title.zh)"), details)
            }
            if case .on(let day, let standing)? = outlook.rollOff {
                add(
                    .rollOff, id(.rollOff, store.id, rule.rule.id), day,
                    Words(en: " becomes \(standing.title.en)", zh: " 转为\(standing.title.zh)"), details)
            }
        }
        return items
    }

    // MARK: Appeals

    private static let factsNamed = 20

    /// One for each last day: what is contested is contested at one sitting.
    private static func appeals(of judged: Judge.Judged, in assembly: Assembly) async throws -> [Agenda.Item] {
        let (watched, store) = (judged.watched, judged.watched.store)
        let contest = Appeals(watched, in: assembly, now: judged.clock)
        var days: [LocalDay: (facts: Set<String>, rules: [Words])] = [:]
        for rule in judged.evaluation.rules where [.warning, .breach].contains(rule.standing) {
            for appeal in try await contest.contestable(behind: rule).appeals where !appeal.isOpen {
                guard let deadline = appeal.deadline else { continue }
                // Midnight is the end of the day before it.
                let day = watched.calendar.day(of: deadline - TimeSpan(microseconds: 1))
                days[day, default: ([], [])].facts.insert("\(appeal.kind.name) \(appeal.id)")
                if days[day]?.rules.contains(rule.rule.title) == false { days[day]?.rules.append(rule.rule.title) }
            }
        }
        return days.map { day, found in
            let named = found.facts.sorted().prefix(factsNamed).joined(separator: ", ")
            let rest = found.facts.count - min(found.facts.count, factsNamed)
            let rules = found.rules.joined(separator: Words(en: ", ", zh: "、"))
            return Agenda.Item(
                id: id(.appeal, store.id, "\(day)"), kind: .appeal, store: store, rule: nil, day: day,
                title: Words(
                    en: "\(store.name): last day to contest \(counted(found.facts.count, "fact"))",
                    zh: "\(store.name)：\(found.facts.count) 条数据的申诉截止日"),
                details: rules
                    + Words(
                        en: ": \(named)" + (rest > 0 ? " and \(rest) more" : ""),
                        zh: "：\(named)" + (rest > 0 ? " 等" : "")))
        }
    }

    // MARK: What is to be entered and renewed

    private static func figures(of judged: Judge.Judged) -> [Agenda.Item] {
        let (watched, store, now) = (judged.watched, judged.watched.store, judged.clock)
        let today = watched.calendar.day(of: now)
        var days: [LocalDay: [String]] = [:]
        let newest = judged.prepared.state.newestMeasures
        for need in watched.pack.measureNeeds(on: today, watched.overrides) {
            let last = need.names.compactMap { newest[$0] }.max { $0.at < $1.at }
            let due = last.map { watched.calendar.day(of: $0.at + need.freshFor) } ?? today
            days[max(due, today), default: []] += need.names.filter { days[max(due, today)]?.contains($0) != true }
        }
        return days.map { day, names in
            Agenda.Item(
                id: id(.figures, store.id, "\(day)"), kind: .figures, store: store, rule: nil, day: day,
                title: Words(
                    en: "\(store.name): \(counted(names.count, "figure")) to enter",
                    zh: "\(store.name)：待录入 \(names.count) 项数据"),
                details: Words(names.sorted().joined(separator: ", ")))
        }
    }

    private static func expiries(_ stores: Set<String>, isAll: Bool, _ assembly: Assembly) async throws -> [Agenda.Item]
    {
        try await assembly.expiries().filter { isAll || !stores.isDisjoint(with: $0.stores) }.map { expiry in
            let watched = expiry.stores.first.flatMap { assembly.fleet.watched($0) }
            return Agenda.Item(
                id: id(.expiry, expiry.name, expiry.account ?? "", expiry.place ?? "", expiry.stores.first ?? ""),
                kind: .expiry, store: watched?.store, rule: nil,
                day: (watched?.calendar ?? .utc).day(of: expiry.ends),
                title: expiry.title + Words(en: " ends", zh: "到期"), details: expiry.remedy)
        }
    }
}
