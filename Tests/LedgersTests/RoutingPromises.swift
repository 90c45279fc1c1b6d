import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@Suite("A ledger's promises: what receivers are to hear, silences, acknowledgements")
struct RoutingPromises {
    private static func notice(_ items: [NoticeItem]) -> (Notice, [String]) {
        (Notice(of: items, at: noon) { items, _ in Array(items.map(\.body).joined()) }, items.map(\.id))
    }

    @Test(
        "items become notices once, keep their order across bundles, and are gone from the line",
        arguments: LedgerKind.allCases)
    func bundles(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let (late, dsr) = (AlertKey(store: "s", rule: "late"), AlertKey(store: "s", rule: "dsr"))
            let changes = [
                AlertPromises.change(1, late), AlertPromises.change(1, dsr), AlertPromises.change(2, late),
                AlertPromises.change(2, dsr),
            ]
            try await ledger.commit(changes)
            let items = try await ledger.waitingItems(for: "ops").map(\.item)
            #expect(items == changes.flatMap(\.items))
            let gathered = GatheredItems(
                notices: [Self.notice([items[0], items[1]]), Self.notice([items[2]])], withheld: [:],
                holds: [items[3].id: NoticeHold(.silence, because: "sil_1", until: nil)])
            try await ledger.keep(gathered, at: noon)
            try await ledger.keep(gathered, at: noon)
            let waiting = try await ledger.waitingItems(for: "ops")
            #expect(waiting.map(\.item) == [items[3]])
            #expect(waiting.map(\.cause) == [.silence])
            #expect(waiting.map(\.wasTold) == [true])
            #expect(try await ledger.outbox(.owed, limit: 9).count == 2)

            #expect(try await AlertPromises.claim(ledger) == ["ops several: 0 attempt 1"], "late 2 is behind it")
            let bundle = try #require(
                try await ledger.outbox(.owed, limit: 9).first { $0.notice.key == Notice.several })
            #expect(bundle.notice.body == Array("ops 1ops 1".utf8))
            #expect(try await ledger.nextAttempt(of: "ops") == noon + .minutes(1), "lent until then")
            try await ledger.settle(bundle.notice.id, .taken(at: noon))
            #expect(try await AlertPromises.claim(ledger) == ["ops late 2 attempt 1"])
            let told = try await ledger.told(of: "ep_dsr")
            #expect(told.map(\.state) == [.told, .waiting])
            #expect(told.map(\.sending) == [.taken, nil])
            #expect(told[1].cause == "silence" && told[1].because == "sil_1")
        }
    }

    @Test("a bundle waits for what was made before it about one of its alerts", arguments: LedgerKind.allCases)
    func behind(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            try await AlertPromises.owe([AlertPromises.change(1)], ledger)
            let other = AlertKey(store: "s", rule: "dsr")
            try await ledger.commit([AlertPromises.change(2), AlertPromises.change(1, other)])
            let items = try await ledger.waitingItems(for: "ops").map(\.item)
            try await ledger.keep(
                GatheredItems(notices: [Self.notice(items)], withheld: [:], holds: [:]), at: noon)
            #expect(try await AlertPromises.claim(ledger) == ["ops late 1 attempt 1"])
            try await ledger.settle(ContentID.notice(receiver: "ops", episode: "ep_late", change: 1), .taken(at: noon))
            #expect(try await AlertPromises.claim(ledger) == ["ops several: 0 attempt 1"])
        }
    }

    @Test(
        "what is for those only who heard before is kept for them, and for nobody else", arguments: LedgerKind.allCases)
    func ifTold(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            func resolve(_ receiver: String) -> NoticeItem {
                AlertPromises.item(2, to: receiver, event: .resolved, interest: .ifTold)
            }
            try await ledger.commit([
                AlertChange(
                    alert: AlertPromises.alert(), event: AlertPromises.event(1),
                    items: [AlertPromises.item(1), AlertPromises.item(1, to: "late")])
            ])
            // Of `late` the beginning was withheld.
            let first = AlertPromises.item(1, to: "late").id
            try await ledger.keep(GatheredItems(notices: [], withheld: [first: .acknowledged], holds: [:]), at: noon)
            try await ledger.commit([
                AlertChange(
                    alert: AlertPromises.alert(changes: 2), event: AlertPromises.event(2),
                    items: ["ops", "late", "boss"].map(resolve))
            ])
            #expect(try await ledger.waitingItems(for: "ops").map(\.item.change) == [1, 2])
            #expect(try await ledger.waitingItems(for: "late").isEmpty)
            #expect(try await ledger.waitingItems(for: "boss").isEmpty)
            #expect(try await ledger.lastTold(of: ["ep_1"]).isEmpty, "something still waits")
            let items = try await ledger.waitingItems(for: "ops").map(\.item)
            let (notice, ids) = Self.notice(items)
            try await ledger.keep(GatheredItems(notices: [(notice, ids)], withheld: [:], holds: [:]), at: noon)
            #expect(try await ledger.lastTold(of: ["ep_1"]).isEmpty, "it is owed")
            try await ledger.settle(notice.id, .taken(at: noon))
            #expect(try await ledger.lastTold(of: ["ep_1"]) == ["ep_1": ["ops": noon]])
        }
    }

    @Test("when a group was told of last", arguments: LedgerKind.allCases)
    func groups(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let item = AlertPromises.item(1, grouping: "team=east")
            try await ledger.commit([
                AlertChange(alert: AlertPromises.alert(), event: AlertPromises.event(1), items: [item])
            ])
            #expect(try await ledger.lastTold("ops", groups: ["team=east"]).isEmpty)
            try await ledger.keep(
                GatheredItems(notices: [Self.notice([item])], withheld: [:], holds: [:]), at: noon + .minutes(7))
            #expect(
                try await ledger.lastTold("ops", groups: ["team=east", "team=west"])
                    == ["team=east": noon + .minutes(7)])
            #expect(try await ledger.lastTold("duty", groups: ["team=east"]).isEmpty)
        }
    }

    @Test(
        "what waits is looked at without what it says, and that is read of what is told", arguments: LedgerKind.allCases
    )
    func bodies(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            try await ledger.commit([
                AlertPromises.change(1, to: ["ops"]), AlertPromises.change(1, .init(store: "s", rule: "dsr")),
            ])
            let bare = try await ledger.waitingItems(for: "ops", withBodies: false).map(\.item)
            #expect(bare.count == 2 && bare.allSatisfy(\.body.isEmpty))
            let whole = try await ledger.waitingItems(for: "ops").map(\.item)
            #expect(whole.allSatisfy { !$0.body.isEmpty })
            #expect(try await ledger.bodies(ofItems: [whole[1].id, "none"]) == [whole[1].id: whole[1].body])
        }
    }

    @Test(
        "where the rules of a store stood that nobody watches any more is forgotten once that is long ago",
        arguments: LedgerKind.allCases)
    func removedStores(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            func change(_ store: String, _ at: Timestamp) -> StandingChange {
                StandingChange(
                    key: AlertKey(store: store, rule: "late"), judgedAt: at, at: at, before: nil, standing: .ok,
                    judgedTo: nil, limit: "", values: [:], because: Words(""), pack: "", configuration: "")
            }
            let (old, late) = (noon, noon + .days(300))
            try await ledger.commit(
                [],
                StandingMoves(
                    standings: ["watched": ["late": "1 ok"], "gone": ["late": "1 ok"], "left": ["late": "1 ok"]],
                    changes: [change("watched", old), change("gone", old), change("left", old), change("left", late)]))
            func kept() async throws -> [String] {
                let stores = ["gone", "left", "watched"]
                let standings = try await ledger.standings(of: stores).keys.sorted()
                var changed: [String] = []
                for store in stores {
                    let key = AlertKey(store: store, rule: "late")
                    if try await !ledger.standingChanges(of: key, until: late, limit: 1).isEmpty {
                        changed.append(store)
                    }
                }
                #expect(standings == changed)
                return standings
            }
            // Kept for 310 days longer than all else: what lies 401 days back goes.
            try await ledger.forget(before: noon + .days(309), owedTo: [], watching: ["watched"])
            #expect(try await kept() == ["gone", "left", "watched"])
            try await ledger.forget(before: noon + .days(311), owedTo: [])
            #expect(try await kept() == ["gone", "left", "watched"], "whoever asks says which stores there are")
            try await ledger.forget(before: noon + .days(311), owedTo: [], watching: ["watched"])
            #expect(try await kept() == ["left", "watched"])
        }
    }

    @Test("silences and acknowledgements come back as they went in", arguments: LedgerKind.allCases)
    func words(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            var filter = AlertFilter()
            (filter.rules, filter.platforms) = (["late*"], ["pinduoduo"])
            filter.stores = ["pdd-*", "上海"]
            filter.labels = ["team": ["east", ""], "label.x": ["\"y\""]]
            (filter.severities, filter.standings) = ([.major, .info], [.warning])
            var silence = Silence(
                id: "sil_1", filter: filter, from: noon, until: noon + .hours(1), ends: .worse, by: "mei", why: "盘点")
            try await ledger.keep(silence)
            #expect(try await ledger.silences(inForceAfter: noon) == [silence])
            #expect(try await ledger.silences(inForceAfter: noon + .hours(1)).isEmpty)
            (silence.endedAt, silence.endedBy, silence.endedWhy) = (noon + .minutes(3), "li", "盘点结束")
            try await ledger.keep(silence)
            #expect(try await ledger.silences(inForceAfter: noon + .minutes(3)).isEmpty)
            #expect(try await ledger.silences(inForceAfter: nil) == [silence])

            let word = Acknowledgement(
                key: AlertPromises.key, episode: "ep_1", by: "mei", why: "on it", at: noon, until: nil, change: 1)
            try await ledger.keep(word)
            #expect(try await ledger.acknowledgements(of: ["ep_1", "ep_2"]) == [word])
            #expect(try await ledger.acknowledgements(of: ["ep_2"]).isEmpty)
            #expect(try await ledger.acknowledgements(of: nil) == [word])
        }
    }

    @Test(
        "what people said, and waits for receivers that are no more, is forgotten once it is over",
        arguments: LedgerKind.allCases)
    func forgetting(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            func silence(_ id: String, until: Timestamp?, endedAt: Timestamp? = nil) -> Silence {
                Silence(
                    id: id, filter: AlertFilter(), from: noon, until: until, ends: .time, by: "a", why: "w",
                    endedAt: endedAt)
            }
            let later = noon + .days(100)
            for one in [
                silence("over", until: noon + .days(1)), silence("ended", until: nil, endedAt: noon + .days(1)),
                silence("goes on", until: nil), silence("long", until: later + .days(1)),
            ] { try await ledger.keep(one) }
            let ended = AlertKey(store: "s", rule: "ended")
            try await ledger.commit([
                AlertPromises.change(1, to: ["ops", "gone"]), AlertPromises.change(1, ended, state: .resolved),
            ])
            for key in [AlertPromises.key, ended] {
                try await ledger.keep(
                    Acknowledgement(
                        key: key, episode: "ep_\(key.rule)", by: "a", why: "w", at: noon, until: nil, change: 1))
            }
            _ = try await ledger.commit(.of([order("1", store: "s")]), under: .empty)
            for (rule, until) in [("late", "2026-03-10"), ("dsr", "2036-03-10")] {
                try await ledger.keep(
                    Acceptance(by: "a", why: "w", until: day(until)), of: AlertKey(store: "s", rule: rule), at: noon)
            }
            try await ledger.forget(before: later, owedTo: ["ops"])
            #expect(try await ledger.silences(inForceAfter: nil).map(\.id) == ["goes on", "long"])
            #expect(try await ledger.acknowledgements(of: nil).map(\.episode) == ["ep_late"])
            #expect(try await ledger.waitingItems(for: "ops").count == 2, "it may be told yet")
            #expect(try await ledger.waitingItems(for: "gone").isEmpty)
            #expect(try await ledger.reading("s", CoveragePromises.watched).accepted.keys.sorted() == ["dsr"])
        }
    }

    @Test("where rules stand, and how that changed, is kept with what their alerts do", arguments: LedgerKind.allCases)
    func standings(_ kind: LedgerKind) async throws {
        func change(_ hour: Int64, _ standing: Standing, before: Standing?) -> StandingChange {
            StandingChange(
                key: AlertPromises.key, judgedAt: noon + .hours(hour), at: noon, before: before, standing: standing,
                judgedTo: day("2026-03-09"), limit: "rate < 1%", values: ["rate": "1.3%", "n": "4"],
                because: Words(en: "rate is over", zh: "比率超标"), pack: "p1", configuration: "c1")
        }
        try await kind.with { ledger in
            #expect(try await ledger.standings(of: ["s"]).isEmpty)
            let first = change(0, .ok, before: nil)
            try await ledger.commit(
                [AlertPromises.change(1)], StandingMoves(standings: ["s": ["late": "1 ok"]], changes: [first]))
            let second = change(1, .breach, before: .ok)
            let moves = StandingMoves(standings: ["s": ["late": "1 breach"], "t": ["late": "1 ok"]], changes: [second])
            try await ledger.commit([], moves)
            try await ledger.commit([], moves)
            #expect(try await ledger.standings(of: ["s", "u"]) == ["s": ["late": "1 breach"]])
            let key = AlertPromises.key
            #expect(try await ledger.standingChanges(of: key, until: noon + .days(9), limit: 9) == [second, first])
            #expect(try await ledger.standingChanges(of: key, until: noon + .minutes(59), limit: 9) == [first])
            #expect(try await ledger.standingChanges(of: key, until: noon - .seconds(1), limit: 9).isEmpty)
        }
    }

    @Test(
        "how a store stood during a time: what changed in it, and what stood at its beginning",
        arguments: LedgerKind.allCases)
    func standingsDuring(_ kind: LedgerKind) async throws {
        func change(_ store: String, _ rule: String, _ hour: Int64, _ standing: Standing) -> StandingChange {
            StandingChange(
                key: AlertKey(store: store, rule: rule), judgedAt: noon + .hours(hour), at: noon, before: nil,
                standing: standing, judgedTo: nil, limit: "x < 1", values: [:], because: Words(""), pack: "p",
                configuration: "c")
        }
        let changes = [
            change("s", "b", 0, .ok), change("s", "b", 1, .warning), change("s", "b", 3, .breach),
            change("s", "b", 5, .ok), change("s", "a", 4, .ok), change("s", "c", 9, .ok), change("t", "b", 2, .ok),
        ]
        try await kind.with { ledger in
            try await ledger.commit([], StandingMoves(standings: [:], changes: changes))
            func during(_ from: Int64, _ until: Int64) async throws -> [StandingChange] {
                try await ledger.standingChanges(of: "s", during: noon + .hours(from)..<noon + .hours(until))
            }
            #expect(try await during(2, 5) == [changes[4], changes[1], changes[2]])
            #expect(try await during(3, 6) == [changes[4], changes[1], changes[2], changes[3]])
            #expect(try await during(-2, 0).isEmpty)
            #expect(try await during(20, 21) == [changes[4], changes[3], changes[5]])
        }
    }
}
