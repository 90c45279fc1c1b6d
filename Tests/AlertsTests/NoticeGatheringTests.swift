import Alerts
import Facts
import Rules
import TestSupport
import Testing

/// What waits for one receiver, written short: `a1 firing` is the first episode at rule a.
private struct Bench {
    var route = Route(receiver: "ops")
    var lastTold: [String: Timestamp] = [:]
    var acknowledged: [String: Timestamp?] = [:]
    var severity = Severity.major
    var isDaily = false
    /// Episodes that a silence holds.
    var silenced: Set<String> = []
    /// Stores are being judged: what first looks find is not whole.
    var isJudging = false

    /// - Parameter text: episode, event, minute, and what is known of it: `told`, a cause by which it was held, `first`.
    func waiting(_ lines: [String]) throws -> [NoticeGathering.Waiting] {
        try lines.enumerated().map { number, line in
            let words = line.split(separator: " ").map(String.init)
            let key = AlertKey(store: "s", rule: String(words[0].prefix(1)))
            let event = try #require(NoticeItem.Event(rawValue: words[1]))
            let known = words.dropFirst(3)
            let subject = AlertSubject(
                storeName: "S", platform: "pinduoduo", labels: ["team": words[0].hasPrefix("z") ? "west" : "east"],
                title: Words(en: "t", zh: "题"), severity: severity)
            let item = NoticeItem(
                id: line, receiver: "ops", key: key, episode: words[0], change: number + 1, event: event,
                standing: event == .resolved ? .ok : .breach,
                madeAt: start + .minutes(try #require(Int64(words[2]))),
                interest: known.contains("if_told") ? .ifTold : .owed,
                grouping: route.grouping?.name(key, subject) ?? "", isBeginning: known.contains("first"),
                isDaily: isDaily, body: [])
            return NoticeGathering.Waiting(
                item, subject, wasTold: known.contains("told"),
                held: known.lazy.compactMap(NoticeHold.Cause.init(rawValue:)).first)
        }
    }

    /// What is made of it at a minute, each notice a line, then what is withheld and what waits.
    func gather(_ minute: Int64, _ lines: String...) throws -> [String] {
        let (silenced, isJudging) = (silenced, isJudging)
        let gathering = NoticeGathering(route: route, lastTold: lastTold, acknowledged: acknowledged) { waiting in
            if isJudging, waiting.item.isBeginning { return NoticeHold(.firstLook, until: nil) }
            return silenced.contains(waiting.item.episode) ? NoticeHold(.silence, because: "sil_1", until: nil) : nil
        }
        let outcome = gathering.gather(try waiting(lines), at: start + .minutes(minute))
        func short(_ id: String) -> String { id.split(separator: " ").prefix(2).joined(separator: " ") }
        return outcome.notices.map { $0.map { short($0.id) }.joined(separator: " + ") }
            + outcome.withheld.map { "withheld \(short($0.key)): \($0.value.rawValue)" }.sorted()
            + outcome.holds.map { id, hold in
                let minutes = hold.until.map { ($0 - start).microseconds / 60_000_000 }
                return "waits \(short(id)): \(hold.cause.rawValue)" + (minutes.map { " until \($0)" } ?? "")
            }.sorted()
    }
}

@Suite("what waits for a receiver becomes notices")
struct NoticeGatheringTests {
    @Test("as it stands at first every event goes at once, by itself and in order")
    func plain() throws {
        let bench = Bench()
        #expect(
            try bench.gather(0, "a1 firing 0", "b1 firing 0", "a1 resolved 0") == [
                "a1 firing", "b1 firing", "a1 resolved",
            ])
    }

    @Test("what a first look finds is one message; where a service takes each alert by itself, it gets each")
    func beginnings() throws {
        var bench = Bench()
        let lines = ("a1 firing 0 first", "b1 firing 0 first", "c1 firing 0")
        #expect(try bench.gather(0, lines.0, lines.1, lines.2) == ["a1 firing + b1 firing", "c1 firing"])
        bench.route.bundles = false
        #expect(try bench.gather(0, lines.0, lines.1, lines.2) == ["a1 firing", "b1 firing", "c1 firing"])
    }

    @Test("what a changed limit fires, raises, lowers and ends is one message, once all stores are judged")
    func edited() throws {
        var bench = Bench()
        let lines = (
            "a1 resolved 0 first told", "b1 raised 0 first told", "c1 firing 0 first", "d1 lowered 0 first told"
        )
        bench.isJudging = true
        #expect(
            try bench.gather(0, lines.0, lines.1, lines.2, lines.3, "e1 resolved 0 told").prefix(2)
                == ["e1 resolved", "waits a1 resolved: first_look"], "what ends by itself waits for nobody")
        bench.isJudging = false
        #expect(
            try bench.gather(0, lines.0, lines.1, lines.2, lines.3) == [
                "a1 resolved + b1 raised + c1 firing + d1 lowered"
            ])
        bench.route.grouping = Grouping(by: ["store"])
        #expect(
            try bench.gather(0, lines.0, lines.1, "e1 firing 0").prefix(1) == ["a1 resolved + b1 raised"],
            "a receiver's groups take nothing out of it")
        bench.silenced = ["a1", "b1"]
        #expect(
            try bench.gather(0, lines.0, lines.1, lines.2) == ["a1 resolved + c1 firing", "waits b1 raised: silence"],
            "whoever was told that it began hears of its end")
    }

    @Test("no message has more alerts than its receiver can take, and of each the order is kept")
    func most() throws {
        var bench = Bench()
        bench.route.mostTogether = 2
        #expect(
            try bench.gather(0, "a1 firing 0 first", "b1 firing 0 first", "a1 raised 0", "c1 firing 0 first") == [
                "a1 firing + b1 firing", "a1 raised + c1 firing",
            ])
        bench.route.grouping = Grouping(by: [])
        #expect(
            try bench.gather(9, "a1 firing 0", "b1 firing 0", "c1 firing 0") == [
                "a1 firing + b1 firing", "c1 firing",
            ])
    }

    @Test("a silence holds; over, what still goes on is one message, and what ended meanwhile is never told")
    func silence() throws {
        var bench = Bench()
        bench.silenced = ["a1"]
        #expect(
            try bench.gather(1, "a1 firing 0", "b1 firing 0") == ["b1 firing", "waits a1 firing: silence"])
        #expect(
            try bench.gather(1, "a1 raised 0", "a1 resolved 0 told") == [
                "waits a1 raised: silence", "waits a1 resolved: silence",
            ], "it began under the silence, as far as this receiver knows")
        #expect(
            try bench.gather(1, "a1 raised 0 told silence", "a1 resolved 1 told") == [
                "a1 resolved", "withheld a1 raised: superseded",
            ], "whoever was told that it began hears of its end, silence or not")
        bench.silenced = []
        #expect(
            try bench.gather(9, "a1 firing 0 silence", "b1 firing 1 silence", "b1 raised 2 silence") == [
                "a1 firing + b1 firing + b1 raised"
            ], "who never heard of it hears the whole of it, in order")
        #expect(
            try bench.gather(9, "a1 raised 1 told silence", "a1 lowered 2 told silence", "a1 reminder 3 told silence")
                == ["a1 lowered", "withheld a1 raised: superseded", "withheld a1 reminder: superseded"])
        #expect(
            try bench.gather(9, "a1 raised 1 silence", "a1 lowered 2 silence if_told") == [
                "withheld a1 lowered: over_before", "withheld a1 raised: over_before",
            ], "it stands where the receiver does not want to hear of it any more")
        #expect(
            try bench.gather(9, "a1 firing 0 silence", "a1 resolved 2 silence") == [
                "withheld a1 firing: over_before", "withheld a1 resolved: over_before",
            ])
    }

    @Test("nothing overtakes what was made before it about the same rule: a later episode waits behind an earlier one")
    func order() throws {
        var bench = Bench()
        bench.silenced = ["a1"]
        #expect(
            try bench.gather(0, "a1 firing 0", "a2 firing 1", "b1 firing 2") == [
                "b1 firing", "waits a1 firing: silence",
            ])
    }

    @Test("a group waits for its time, then for its interval; what is urgent does not")
    func groups() throws {
        var bench = Bench()
        bench.route.grouping = Grouping(by: ["platform", "team"])
        bench.route.grouping?.wait = .minutes(2)
        let lines = ("a1 firing 0", "b1 firing 1", "z1 firing 1")
        #expect(
            try bench.gather(1, lines.0, lines.1, lines.2) == [
                "waits a1 firing: group until 2", "waits b1 firing: group until 2", "waits z1 firing: group until 3",
            ])
        #expect(
            try bench.gather(2, lines.0, lines.1, lines.2) == [
                "a1 firing + b1 firing", "waits z1 firing: group until 3",
            ], "west is another group")
        let east = "platform=pinduoduo,team=east"
        bench.lastTold = [east: start + .minutes(2)]
        #expect(try bench.gather(6, "c1 firing 3") == ["waits c1 firing: group until 7"])
        #expect(try bench.gather(7, "c1 firing 3", "a1 resolved 4 told") == ["c1 firing + a1 resolved"])
        #expect(
            try bench.gather(4, "a1 resolved 3 told if_told") == ["a1 resolved"], "that all is over waits a minute")
        bench.severity = .critical
        #expect(try bench.gather(3, "c1 firing 3") == ["waits c1 firing: group until 7"])
        bench.route.grouping?.isUrgentAtOnce = true
        #expect(try bench.gather(3, "c1 firing 3") == ["c1 firing"])
        #expect(
            try bench.gather(99, "a1 firing 90", "a1 resolved 91") == ["a1 firing + a1 resolved"],
            "an undelivered firing is not replaced by its resolve")
    }

    @Test("at night what changes once a day waits for the morning, whole, in one message; what is critical does not")
    func night() throws {
        var bench = Bench()
        bench.isDaily = true
        // 2026-03-02T10:00Z is 18:00 in Shanghai; 22:00 is minute 240, 08:00 minute 840.
        bench.route.quiet = QuietHours(in: try #require(StoreCalendar(timezone: "Asia/Shanghai")))
        #expect(try bench.gather(239, "a1 firing 239") == ["a1 firing"])
        #expect(try bench.gather(240, "a1 firing 239") == ["waits a1 firing: quiet until 840"])
        #expect(try bench.gather(839, "a1 firing 239") == ["waits a1 firing: quiet until 840"])
        #expect(
            try bench.gather(840, "a1 firing 239 quiet", "b1 firing 500 quiet", "a1 resolved 600 quiet") == [
                "a1 firing + b1 firing + a1 resolved"
            ])
        #expect(try bench.gather(500, "a1 resolved 500 told") == ["waits a1 resolved: quiet until 840"])
        bench.severity = .critical
        #expect(try bench.gather(500, "a1 firing 500") == ["a1 firing"])
        (bench.severity, bench.isDaily) = (.minor, false)
        #expect(try bench.gather(500, "a1 firing 500") == ["a1 firing"], "it may change at any hour")
    }

    @Test("a step of escalation hears of what nobody looks after, and of nothing that is over")
    func escalation() throws {
        var bench = Bench()
        bench.route.after = .minutes(30)
        #expect(try bench.gather(29, "a1 firing 0") == ["waits a1 firing: escalation until 30"])
        #expect(try bench.gather(30, "a1 firing 0 escalation") == ["a1 firing"])
        #expect(
            try bench.gather(29, "a1 firing 0 escalation", "a1 raised 20 escalation") == [
                "waits a1 firing: escalation until 30", "waits a1 raised: escalation until 30",
            ])
        #expect(
            try bench.gather(30, "a1 firing 0 escalation", "a1 raised 20 escalation") == ["a1 firing + a1 raised"],
            "what swings is not put off by that")
        #expect(
            try bench.gather(20, "a1 firing 0 escalation", "a1 resolved 19") == [
                "withheld a1 firing: over_before", "withheld a1 resolved: over_before",
            ])
        #expect(try bench.gather(40, "a1 resolved 40 told if_told") == ["a1 resolved"])
        bench.acknowledged = ["a1": nil]
        #expect(try bench.gather(10, "a1 firing 0 escalation") == ["withheld a1 firing: acknowledged"])
        bench.acknowledged = ["a1": start + .minutes(240)]
        #expect(
            try bench.gather(40, "a1 firing 0 escalation") == ["waits a1 firing: escalation until 240"],
            "a word that ends holds it back until then")
    }

    @Test("whatever holds something, and why it is never told, is said in both languages")
    func titles() {
        for words in NoticeHold.Cause.allCases.map(\.title) + NoticeGathering.NeverTold.allCases.map(\.title) {
            #expect(!words.en.isEmpty && words.en.allSatisfy(\.isASCII), "\(words)")
            #expect(!words.zh.isEmpty && !words.zh.contains(where: \.isASCII), "\(words)")
        }
    }

    @Test("who never heard that something began does not hear of its end")
    func notTold() throws {
        let bench = Bench()
        #expect(
            try bench.gather(1, "a1 lowered 0 if_told", "a1 resolved 1 if_told") == [
                "withheld a1 lowered: not_told", "withheld a1 resolved: not_told",
            ])
    }

    /// Whatever waits and holds, each item is told, withheld or waiting, once; of an episode the order is kept.
    @Test("nothing is lost and nothing told twice", arguments: 0..<40)
    func everyItemOnce(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func one(_ of: Int) -> Int { Int(random.next() % UInt64(of)) }
        var bench = Bench()
        if one(2) == 0 { bench.route.grouping = Grouping(by: one(2) == 0 ? [] : ["store"]) }
        if one(3) == 0 { bench.route.after = .minutes(30) }
        bench.route.bundles = one(3) > 0
        var lines: [String] = []
        for rule in ["a", "b", "c"] {
            for episode in 1...(1 + one(2)) {
                let name = "\(rule)\(episode)"
                if one(3) == 0 { bench.silenced.insert(name) }
                if one(4) == 0 { bench.acknowledged[name] = .some(nil) }
                let told = one(3) == 0 ? " told" : ""
                let held = ["", " silence", " group", " quiet"][one(4)]
                for event in ["firing", "raised", "lowered", "resolved"].prefix(1 + one(4)) {
                    lines.append("\(name) \(event) \(lines.count)\(told)\(held)")
                }
            }
        }
        let waiting = try bench.waiting(lines)
        let silenced = bench.silenced
        let outcome = NoticeGathering(
            route: bench.route, lastTold: [:], acknowledged: bench.acknowledged
        ) { silenced.contains($0.item.episode) ? NoticeHold(.silence, until: nil) : nil }
        .gather(waiting, at: start + .minutes(40))
        let told = outcome.notices.flatMap { $0.map(\.id) }
        let decided = told + outcome.withheld.keys
        #expect(Set(decided).count == decided.count)
        #expect(Set(decided).isDisjoint(with: outcome.holds.keys))
        for rule in ["a", "b", "c"] {
            let places = told.filter { $0.hasPrefix(rule) }.compactMap { lines.firstIndex(of: $0) }
            #expect(places == places.sorted(), "of one rule in order")
            // What is not decided lies behind all that is.
            let rest = lines.filter { $0.hasPrefix(rule) && !decided.contains($0) }
            let first = rest.compactMap { lines.firstIndex(of: $0) }.min() ?? .max
            #expect(places.allSatisfy { $0 < first })
        }
        if !bench.route.bundles, bench.route.grouping == nil {
            #expect(outcome.notices.allSatisfy { $0.count == 1 })
        }
    }
}
