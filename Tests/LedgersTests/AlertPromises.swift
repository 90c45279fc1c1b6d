import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@Suite("A ledger's promises: alerts and the outbox")
struct AlertPromises {
    static let key = AlertKey(store: "s", rule: "late")

    static func alert(
        _ key: AlertKey = key, state: Alert.State = .firing, changes: Int = 1, episode: String = "ep_1"
    ) -> Alert {
        var alert = Alert(
            key: key, episode: episode, state: state, standing: .breach, announced: .warning, since: noon,
            firedAt: noon + .hours(1), endedAt: nil, elapsed: .minutes(3), observedAt: noon + .hours(2), isBlind: true,
            changes: changes, reason: .worsened, ending: nil,
            outside: OutsideReading(
                at: noon, limit: "late_share < 4%", isConfirmed: false, isAccepted: true, revision: 17, evidenceTotal: 5
            ),
            subject: AlertSubject(
                storeName: "North", platform: "marketplace", labels: ["team": "东"],
                title: Words(en: "Late", zh: "超时"), severity: .critical), told: .warning)
        alert.turning = .both
        return alert
    }

    static func event(_ number: Int, _ key: AlertKey = key, episode: String = "ep_1") -> AlertEvent {
        var event = AlertEvent(
            key: key, episode: episode, number: number, kind: number == 1 ? .firing : .raised, reason: .limit,
            standing: .breach, since: noon, at: noon + .hours(Int64(number)), judgedTo: day("2026-03-09"),
            turning: .news, withheld: number == 2 ? .outage : nil)
        event.madeAt = noon + .hours(Int64(number) + 5)
        return event
    }

    static func item(
        _ change: Int, to receiver: String = "ops", _ key: AlertKey = key, episode: String = "ep_1",
        event: NoticeItem.Event = .firing, interest: Route.Interest = .owed, grouping: String = ""
    ) -> NoticeItem {
        NoticeItem(
            id: ContentID.notice(receiver: receiver, episode: episode, change: change), receiver: receiver, key: key,
            episode: episode, change: change, event: event, standing: .breach, madeAt: noon, interest: interest,
            grouping: grouping, isBeginning: true, isDaily: false, body: Array("\(receiver) \(change)".utf8))
    }

    static func change(
        _ number: Int, _ key: AlertKey = key, to receivers: [String] = ["ops"], state: Alert.State = .firing
    ) -> AlertChange {
        AlertChange(
            alert: alert(key, state: state, changes: number, episode: "ep_\(key.rule)"),
            event: event(number, key, episode: "ep_\(key.rule)"),
            items: receivers.map { item(number, to: $0, key, episode: "ep_\(key.rule)") })
    }

    /// Committed, and each item a notice of its own.
    static func owe(_ changes: [AlertChange], _ ledger: any Ledger) async throws {
        try await ledger.commit(changes)
        let items = changes.flatMap(\.items)
        try await ledger.keep(
            GatheredItems(
                notices: items.map { item in (Notice(of: [item], at: noon) { items, _ in items[0].body }, [item.id]) },
                withheld: [:], holds: [:]), at: noon)
    }

    static func claim(
        _ ledger: any Ledger, at moment: Timestamp = noon, limit: Int = 10, receiver: String = "ops"
    ) async throws -> [String] {
        try await ledger.claimNotices(now: moment, limit: limit, lease: .minutes(1), receiver: receiver)
            .map { "\($0.notice.receiver) \($0.notice.key.rule) \($0.notice.change) attempt \($0.attempt)" }
    }

    @Test(
        "an alert, its event and what is to be heard of it come back as they went in, and twice is once",
        arguments: LedgerKind.allCases)
    func commit(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let change = AlertChange(
                alert: Self.alert(), event: Self.event(1), items: [Self.item(1), Self.item(1, to: "duty")])
            try await ledger.commit([change])
            try await ledger.commit([change])
            #expect(try await ledger.openAlerts() == [Self.alert()])
            #expect(try await ledger.alerts(of: ["other", "s"]) == [Self.alert()])
            #expect(try await ledger.alerts(of: ["other"]).isEmpty)
            #expect(try await ledger.openAlertCounts() == [.firing: 1])
            #expect(try await ledger.events(.all, limit: 10) == [Self.event(1)])
            #expect(try await ledger.waitingItems(for: "ops").map(\.item) == [change.items[0]])
            #expect(try await ledger.waitingItems(for: "duty").map(\.item) == [change.items[1]])
            // A step without an event replaces the alert and nothing else.
            try await ledger.commit([AlertChange(alert: Self.alert(state: .recovering), event: nil, items: [])])
            #expect(try await ledger.alerts(of: ["s"]).map(\.state) == [.recovering])
            #expect(try await ledger.openAlertCounts() == [.recovering: 1])
            try await ledger.commit([AlertChange(alert: Self.alert(changes: 2), event: Self.event(2), items: [])])
            #expect(try await ledger.events(.alert(Self.key), limit: 10).map(\.number) == [2, 1])
            #expect(try await ledger.events(.episode("ep_1"), limit: 1).map(\.number) == [2])
        }
    }

    @Test(
        "a rule goes by another name with all that is known of it; what is known by that name already stays",
        arguments: LedgerKind.allCases)
    func renames(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let (new, taken) = (AlertKey(store: "s", rule: "slow"), AlertKey(store: "s", rule: "taken"))
            let change = StandingChange(
                key: Self.key, judgedAt: noon, at: noon, before: nil, standing: .breach, judgedTo: nil, limit: "",
                values: [:], because: Words(""), pack: "p", configuration: "c")
            let moves = StandingMoves(standings: ["s": ["late": "said", "dsr": "other"]], changes: [change])
            try await ledger.commit([Self.change(1), Self.change(1, taken)], moves)
            try await ledger.keep(
                Acknowledgement(
                    key: Self.key, episode: "ep_late", by: "a", why: "w", at: noon, until: nil, change: 1))
            let rename = RuleRename(store: "s", from: "late", to: "slow")
            #expect(try await ledger.rename([RuleRename(store: "other", from: "late", to: "slow")]) == 0)
            #expect(try await ledger.rename([rename]) == 1)
            #expect(try await ledger.rename([rename]) == 0, "once")
            #expect(try await ledger.openAlerts().map(\.key) == [new, taken])
            #expect(try await ledger.events(.alert(new), limit: 9).map(\.episode) == ["ep_late"])
            #expect(try await ledger.waitingItems(for: "ops").map(\.item.key) == [new, taken])
            #expect(try await ledger.acknowledgements(of: nil).map(\.key) == [new])
            #expect(try await ledger.standings(of: ["s"]) == ["s": ["slow": "said", "dsr": "other"]])
            #expect(try await ledger.standingChanges(of: new, until: noon, limit: 9).map(\.standing) == [.breach])
            #expect(try await ledger.rename([RuleRename(store: "s", from: "slow", to: "taken")]) == 0)
            #expect(try await ledger.openAlerts().map(\.key) == [new, taken])
        }
    }

    @Test("of one receiver and alert only the earliest unsettled notice is lent", arguments: LedgerKind.allCases)
    func order(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let other = AlertKey(store: "s", rule: "dsr")
            try await Self.owe([Self.change(1, to: ["ops", "duty"]), Self.change(2), Self.change(1, other)], ledger)
            #expect(try await Self.claim(ledger) == ["ops late 1 attempt 1", "ops dsr 1 attempt 1"])
            #expect(try await Self.claim(ledger).isEmpty)
            #expect(try await Self.claim(ledger, receiver: "duty") == ["duty late 1 attempt 1"])
            let first = ContentID.notice(receiver: "ops", episode: "ep_late", change: 1)
            let second = ContentID.notice(receiver: "ops", episode: "ep_late", change: 2)
            try await ledger.settle(first, .retry(at: noon + .seconds(5), because: "503"))
            // Neither before its time, nor the one behind it.
            #expect(try await Self.claim(ledger).isEmpty)
            #expect(try await ledger.nextAttempt(of: "ops") == noon + .seconds(5))
            #expect(try await ledger.nextAttempt(of: "duty") == noon + .minutes(1))
            #expect(try await ledger.nextAttempt(of: "nobody") == nil)
            #expect(try await ledger.outboxCounts()["ops"]?.delayed == 1)
            #expect(try await Self.claim(ledger, at: noon + .seconds(5)) == ["ops late 1 attempt 2"])
            try await ledger.settle(first, .taken(at: noon, answer: "200 errcode 0"))
            // Why it failed before is nothing of what was taken.
            #expect(try await ledger.outbox(.taken, limit: 9).map(\.because) == ["200 errcode 0"])
            #expect(try await Self.claim(ledger, at: noon + .seconds(6)) == ["ops late 2 attempt 1"])
            // What is settled stays so.
            try await ledger.settle(first, .retry(at: noon, because: "late word"))
            #expect(try await ledger.outbox(.taken, limit: 9).map(\.notice.id) == [first])
            #expect(
                try await ledger.outboxCounts().mapValues { OutboxCount(owed: $0.owed, delayed: $0.delayed) } == [
                    "ops": OutboxCount(owed: 2), "duty": OutboxCount(owed: 1),
                ])
            try await ledger.settle(second, .released)
            // An attempt that was broken off says nothing, and does not count.
            #expect(try await Self.claim(ledger, at: noon + .seconds(7)) == ["ops late 2 attempt 1"])
        }
    }

    @Test("old notices are forgotten, but not those that somebody still waits for", arguments: LedgerKind.allCases)
    func forgetting(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            // More than are looked at in one transaction, taken and owed by turns. Every rule has its episode.
            for number in 1...600 {
                let key = AlertKey(store: "s", rule: "late-\(number)")
                try await Self.owe([Self.change(1, key, to: ["ops", "gone"], state: .resolved)], ledger)
            }
            let all = try await ledger.outbox(nil, limit: 2000)
            #expect(all.count == 1200)
            var kept: Set<String> = []
            for (index, entry) in all.enumerated() where entry.notice.receiver == "ops" {
                if index % 4 < 2 {
                    try await ledger.settle(entry.notice.id, .taken(at: noon))
                } else {
                    kept.insert(entry.notice.id)
                }
            }
            #expect(try await ledger.forget(before: noon, owedTo: ["ops"]) == 0, "made at noon, not before it")
            #expect(try await ledger.forget(before: noon + .seconds(1), owedTo: ["ops"]) == 1200 - kept.count)
            #expect(Set(try await ledger.outbox(nil, limit: 2000).map(\.notice.id)) == kept)
            #expect(kept.count == 300)
        }
    }

    @Test(
        "what a receiver took last of each alert is found again, and of one that goes on it is kept",
        arguments: LedgerKind.allCases)
    func lastTaken(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let (open, ended) = (AlertKey(store: "s", rule: "open"), AlertKey(store: "s", rule: "ended"))
            func take(_ number: Int, _ key: AlertKey, _ state: Alert.State = .firing) async throws {
                let id = ContentID.notice(receiver: "am", episode: "ep_\(key.rule)", change: number)
                try await Self.owe(
                    [
                        AlertChange(
                            alert: Self.alert(key, state: state, changes: number, episode: "ep_\(key.rule)"),
                            event: Self.event(number, key, episode: "ep_\(key.rule)"),
                            items: [Self.item(number, to: "am", key, episode: "ep_\(key.rule)")])
                    ], ledger)
                try await ledger.settle(id, .taken(at: noon))
            }
            for number in 1...2 { try await take(number, open) }
            try await take(1, ended)
            // Owed, and nobody's yet.
            try await Self.owe([Self.change(3, open, to: ["am"])], ledger)
            func last(_ since: Timestamp, by receiver: String = "am") async throws -> [String] {
                try await ledger.lastTaken(by: receiver, since: since).map { "\($0.key.rule) \($0.change)" }
            }
            #expect(try await last(noon + .days(1)) == ["open 2", "ended 1"])
            try await take(2, ended, .resolved)
            #expect(try await last(noon) == ["open 2", "ended 2"])
            #expect(try await last(noon + .seconds(1)) == ["open 2"])
            #expect(try await last(noon, by: "ops") == [])
            try await ledger.forget(before: noon + .days(90), owedTo: ["am"])
            #expect(try await last(noon) == ["open 2"])
        }
    }

    @Test("what a sender that crashed had claimed is lent again when its lease is over, or when claims are released")
    func lease() async throws {
        let ledger = try SQLiteLedger.inMemory()
        try await Self.owe([Self.change(1)], ledger)
        #expect(try await Self.claim(ledger).count == 1)
        #expect(try await Self.claim(ledger, at: noon + .seconds(59)).isEmpty)
        #expect(try await Self.claim(ledger, at: noon + .seconds(60)) == ["ops late 1 attempt 1"])
        #expect(try await Self.claim(ledger, at: noon + .seconds(61)).isEmpty)
        try await ledger.releaseClaims()
        #expect(try await Self.claim(ledger, at: noon + .seconds(61)) == ["ops late 1 attempt 1"])
    }

    @Test("claims can be limited, and are one receiver's")
    func limits() async throws {
        let ledger = try SQLiteLedger.inMemory()
        try await Self.owe(
            (0..<5).map { Self.change(1, AlertKey(store: "s", rule: "r\($0)"), to: ["ops", "du\"ty"]) }, ledger)
        #expect(
            try await Self.claim(ledger, limit: 2, receiver: "du\"ty") == [
                "du\"ty r0 1 attempt 1", "du\"ty r1 1 attempt 1",
            ])
        #expect(try await Self.claim(ledger, receiver: "nobody").isEmpty)
        #expect(try await Self.claim(ledger, limit: 100).count == 5)
    }

    /// Thousands wait where a receiver was down for a day: each look at them all would be thousands of looks at thousands.
    @Test("claiming the head of a line takes no longer when the line is long")
    func longLine() async throws {
        func milliseconds(behind count: Int) async throws -> Double {
            let ledger = try SQLiteLedger.inMemory()
            try await Self.owe((0..<count).map { Self.change(1, AlertKey(store: "s", rule: "r\($0)")) }, ledger)
            var times: [Double] = []
            for _ in 0..<15 {
                let began = ContinuousClock.now
                #expect(try await Self.claim(ledger, limit: 16).count == 16)
                times.append((ContinuousClock.now - began) / .milliseconds(1))
                try await ledger.releaseClaims()
            }
            return times.sorted()[times.count / 2]
        }
        let (short, long) = (try await milliseconds(behind: 100), try await milliseconds(behind: 6000))
        #expect(long < short * 8, "\(long) ms where 6,000 wait, \(short) ms where 100 do")
    }
}
