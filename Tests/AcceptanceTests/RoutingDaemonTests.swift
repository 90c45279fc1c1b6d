import Foundation
import TestSupport
import Testing

@Suite("Who hears what when: through the daemon", .serialized, .timeLimit(.minutes(3)))
struct RoutingDaemonTests {
    private static let rules = [
        "refunds: {require: refunds < refund_limit, severity: critical}",
        "few: {require: refunds < 2}",
    ]

    /// Stores `a` of team east and `b` of team west, each with as many refunds as two rules take amiss.
    private func site(_ receivers: [String], more: String = "") throws -> Site {
        let site = try Site(pack: Site.pack(rules: Self.rules))
        try site.configure(
            stores: "[{id: a, pack: shop, labels: {team: east}\(more)}, {id: b, pack: shop, labels: {team: west}}]",
            receivers: receivers)
        return site
    }

    /// What arrived: each message a line, its alerts in it.
    private func heard(_ hook: Hook) throws -> [String] {
        try hook.arrivals.map { arrival in
            let object = try JSONSerialization.jsonObject(with: Data(arrival.body)) as? [String: Any]
            let alerts = (object?["data"] as? [String: Any])?["alerts"] as? [[String: Any]] ?? []
            return alerts.map { "\($0["event"] ?? "") \($0["store"] ?? "") \($0["rule"] ?? "")" }.sorted()
                .joined(separator: " + ")
        }
    }

    @Test("a first look is one message to each; a receiver hears what it asked for; a step of escalation hears later")
    func first() async throws {
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            try await Hook.serving({ _ in .status(204) }) { boss, bossAddress in
                let site = try site([
                    "{id: ops, webhook: \"\(address)\", when: {labels: {team: east}}, except: {rule: few}}",
                    "{id: boss, webhook: \"\(bossAddress)\", after: 2s, when: {severity: critical}}",
                    "{id: none, webhook: \"\(address)\", when: {platform: taobao}}",
                ])
                try await site.take(Site.refunds(3, at: "a") + Site.refunds(3, at: "b"))
                try await RunningDaemon.running(site.config) { daemon in
                    try #require(await Wait.until(20) { boss.arrivals.count == 1 }, "\(daemon.log)")
                    #expect(try heard(hook) == ["firing a refunds"])
                    #expect(try heard(boss) == ["firing a refunds + firing b refunds"])
                    let acknowledged = try await Program.run(
                        "alerts", "ack", "a", "refunds", "--why", "calling", "--by", "mei", "--config", site.config)
                    #expect(acknowledged.status == 0 && acknowledged.output.contains("mei"), "\(acknowledged)")
                    try await site.take((1...3).map { Site.refund("r\($0)", at: "a", more: #","deleted":true"#) })
                    try #require(await Wait.until(20) { boss.arrivals.count == 2 }, "\(daemon.log)")
                    try #require(await Wait.until(20) { hook.arrivals.count == 2 }, "\(daemon.log)")
                    #expect(try heard(hook)[1] == "resolved a refunds")
                    #expect(try heard(boss)[1] == "resolved a refunds")
                    #expect(
                        try site.ask("SELECT receiver, state, count(*) FROM notice_items GROUP BY 1, 2 ORDER BY 1, 2")
                            == ["boss|told|3", "ops|told|2"])
                    let explained = try await Program.run(
                        "alerts", "route", "explain", "b", "refunds", "--config", site.config)
                    #expect(explained.output.contains("ops (webhook)\n  hears nothing: its when: does not fit"))
                    #expect(
                        explained.output.contains("boss (webhook): warning, breach\n  hears of what has gone on for 2s")
                    )
                    let shown = try await Program.run("alerts", "show", "b", "refunds", "--config", site.config)
                    #expect(shown.output.contains("firing") && shown.output.contains("attempt 1"), "\(shown)")
                    let history = try await Program.run(
                        "alerts", "history", "--store", "a", "--rule", "refunds", "--format", "json", "--config",
                        site.config)
                    let events = try JSONSerialization.jsonObject(with: Data(history.output.utf8)) as? [[String: Any]]
                    #expect(events?.map { $0["event"] as? String } == ["resolved", "firing"])
                }
            }
        }
    }

    @Test("silenced, nobody hears; after it what goes on is one message, and what ended is none")
    func silenced() async throws {
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            let site = try site(["{id: ops, webhook: \"\(address)\"}"])
            let wrong = try await Program.run(
                "alerts", "silence", "--until", "2h", "--why", "x", "--config", site.config)
            #expect(wrong.status == 64 && wrong.error.contains("say what"), "\(wrong)")
            try await site.take(Site.refunds(1, at: "a"))
            let silence = try await Program.run(
                "alerts", "silence", "--store", "*", "--until", "2h", "--why", "盘点", "--by", "mei", "--config",
                site.config)
            #expect(silence.status == 0 && silence.output.hasPrefix("sil_"), "\(silence)")
            try await RunningDaemon.running(site.config) { daemon in
                try await site.take(Site.refunds(3, at: "a") + Site.refunds(3, at: "b"))
                let held = "SELECT count(*) FROM notice_items WHERE state = 'waiting' AND cause = 'silence'"
                #expect(try await site.comes(to: ["4"], held), "\(daemon.log)")
                try await site.take([Site.refund("r3", at: "b", more: #","deleted":true"#)])
                #expect(try await site.comes(to: ["5"], held), "\(daemon.log)")
                #expect(hook.arrivals.isEmpty)
                let shown = try await Program.run("alerts", "show", "a", "refunds", "--config", site.config)
                #expect(shown.output.contains("silenced by mei") && shown.output.contains("盘点"), "\(shown)")
                let listed = try await Program.run("alerts", "silences", "--config", site.config)
                #expect(listed.output.contains("store=*") && listed.output.contains("mei"), "\(listed)")
                let ended = try await Program.run(
                    "alerts", "unsilence", String(silence.output.prefix(10)), "--why", "it is mended", "--config",
                    site.config)
                #expect(ended.status == 0, "\(ended)")
                try #require(await Wait.until(60) { hook.arrivals.count == 1 }, "\(daemon.log)")
                #expect(try heard(hook) == ["firing a few + firing a refunds + firing b few"])
                #expect(
                    try site.ask("SELECT store, rule, cause FROM notice_items WHERE state = 'withheld' ORDER BY number")
                        == ["b|refunds|over_before", "b|refunds|over_before"])
                let check = try await Program.run("check", "--config", site.config)
                #expect(check.status == 2, "a silence changes no standing")
            }
        }
    }

    @Test("while a store is worked on only what is critical is told; in a group nobody hears alone; reminders come")
    func windows() async throws {
        let until = Date(timeIntervalSinceNow: 3 * 86_400).formatted(.iso8601.year().month().day())
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            let site = try site(
                ["{id: ops, webhook: \"\(address)\", group: {by: [team], wait: 1s, interval: 2s}, remind: 5s}"],
                more: ", maintenance: [{from: 2026-01-01, until: \(until)}]")
            try await site.take(Site.refunds(1, at: "a") + Site.refunds(1, at: "b"))
            try await RunningDaemon.running(site.config) { daemon in
                #expect(try await site.comes(to: ["2"], "SELECT count(*) FROM standings"), "\(daemon.log)")
                try await site.take(Site.refunds(3, at: "a") + Site.refunds(3, at: "b"))
                try #require(await Wait.until(20) { hook.arrivals.count >= 2 }, "\(daemon.log)")
                #expect(Set(try heard(hook).prefix(2)) == ["firing a refunds", "firing b few + firing b refunds"])
                try #require(
                    await Wait.until(30) {
                        (try? heard(hook))?.contains { $0.contains("reminder a refunds") } ?? false
                    },
                    "\(daemon.log)")
                #expect(
                    try site.ask(
                        "SELECT DISTINCT store, rule, cause FROM notice_items WHERE state = 'waiting' AND cause <> 'group'"
                    )
                        == ["a|few|maintenance"])
            }
        }
    }

    @Test("an accepted breach is a warning, told as such, until it is taken back; and what was known when can be asked")
    func accepted() async throws {
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            let site = try site(["{id: ops, webhook: \"\(address)\", when: {store: a, rule: refunds}}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until(20) { hook.arrivals.count == 1 }, "\(daemon.log)")
                await Pause.milliseconds(1100)
                let before = Date.now.formatted(.iso8601)
                let wrong = try await Program.run(
                    "alerts", "accept", "a", "refunds", "--why", "x", "--config", site.config)
                #expect(wrong.status == 64 && wrong.error.contains("--until"), "\(wrong)")
                let accepted = try await Program.run(
                    "alerts", "accept", "a", "refunds", "--until", "14d", "--why", "new warehouse", "--by", "mei",
                    "--config", site.config)
                #expect(accepted.status == 0 && accepted.output.contains("mei answers for 'refunds'"), "\(accepted)")
                try #require(await Wait.until(20) { hook.arrivals.count == 2 }, "\(daemon.log)")
                #expect(try heard(hook)[1] == "lowered a refunds")
                let announced = "SELECT announced FROM alerts WHERE rule = 'refunds' AND store = 'a'"
                #expect(try site.ask(announced) == ["warning"])
                let undone = try await Program.run(
                    "alerts", "accept", "a", "refunds", "--undo", "--why", "it works", "--config", site.config)
                #expect(undone.status == 0, "\(undone)")
                try #require(await Wait.until(20) { hook.arrivals.count == 3 }, "\(daemon.log)")
                #expect(try heard(hook)[2] == "raised a refunds")
                #expect(try site.ask(announced) == ["breach"])

                func why(_ store: String, at: String? = nil) async throws -> [String: Any] {
                    let more = at.map { ["--at", $0] } ?? []
                    let running = try Program.Running(
                        ["alerts", "why-not", store, "refunds", "--format", "json", "--config", site.config] + more)
                    let answer = await running.finish()
                    return try #require(
                        try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any],
                        "\(answer.error)")
                }
                let then = try await why("a", at: before)
                let known = try #require(then["standing"] as? [String: Any])
                #expect(known["standing"] as? String == "breach" && known["limit"] as? String == "refunds < 3")
                #expect((known["values"] as? [String: String]) == ["refunds": "3"])
                let (english, chinese) = (known["because"] as? String, known["because_zh"] as? String)
                #expect(english?.allSatisfy(\.isASCII) == true && chinese?.allSatisfy(\.isASCII) == false)
                #expect((then["told"] as? [[String: Any]])?.map { $0["event"] as? String } == ["firing"])
                let other = try await why("b")
                #expect(
                    (other["reasons"] as? [[String: String]])?.first?["en"]?
                        .hasPrefix("nothing was known: no finished pull") == true,
                    "\(other)")
                let early = try await why("a", at: "2026-01-01T00:00:00Z")
                let reason = try #require((early["reasons"] as? [[String: String]])?.first)
                #expect(reason["en"]?.hasPrefix("it had not been judged") == true)
                #expect(reason["zh"]?.hasPrefix("当时尚未考核") == true)
                #expect((then["told"] as? [[String: Any]])?.map { $0["outcome"] as? String } == ["taken"])
            }
        }
    }

    @Test("one alert holds back another of the same store")
    func inhibited() async throws {
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            let site = try site(["{id: ops, webhook: \"\(address)\"}"])
            let text = try String(contentsOfFile: site.config, encoding: .utf8)
            try site.folder.write(
                "goodstanding.yaml",
                text + "inhibit: [{source: {rule: refunds}, target: {rule: few}, equal: [store]}]\n")
            try await site.take(Site.refunds(1, at: "a") + Site.refunds(2, at: "b"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until(20) { hook.arrivals.count == 1 }, "\(daemon.log)")
                #expect(try heard(hook) == ["firing b few"])
                try await site.take(Site.refunds(3, at: "a"))
                try #require(await Wait.until(20) { hook.arrivals.count == 2 }, "\(daemon.log)")
                #expect(try heard(hook)[1] == "firing a refunds")
                #expect(
                    try await site.comes(
                        to: ["a few|inhibited|a refunds"],
                        "SELECT store || ' ' || rule, cause, because FROM notice_items WHERE state = 'waiting'"))
                try await site.take([Site.refund("r3", at: "a", more: #","deleted":true"#)])
                try #require(await Wait.until(60) { hook.arrivals.count == 4 }, "\(daemon.log)")
                #expect(Set(try heard(hook)[2...]) == ["resolved a refunds", "firing a few"])
            }
        }
    }

    @Test("who wants a board a day gets one, with what is outside, what is near, and what grew worse; and nothing else")
    func board() async throws {
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            let site = try site(["{id: desk, webhook: \"\(address)\", digest: \"00:00\", zone: UTC}"])
            try await site.take(Site.refunds(3, at: "a") + Site.refunds(1, at: "b"))
            for _ in 0..<2 {
                try await RunningDaemon.running(site.config) { daemon in
                    try #require(await Wait.until(90) { hook.arrivals.count == 1 }, "\(daemon.log)")
                    let answer = try await Program.run("outbox", "list", "--config", site.config)
                    #expect(answer.status == 0)
                    await Pause.milliseconds(300)
                }
            }
            #expect(hook.arrivals.count == 1, "one a day, over restarts")
            let message = try #require(
                try JSONSerialization.jsonObject(with: Data(hook.arrivals[0].body)) as? [String: Any])
            #expect(message["type"] as? String == "board")
            let data = try #require(message["data"] as? [String: Any])
            #expect((data["stores"] as? [String: Int])?.filter { $0.value > 0 } == ["breach": 1, "ok": 1])
            func lines(_ name: String) -> [String] {
                (data[name] as? [[String: Any]] ?? []).map { "\($0["store"] ?? "") \($0["rule"] ?? "")" }
            }
            #expect(lines("outside") == ["a few", "a refunds"])
            #expect(lines("near") == ["b few", "b refunds"], "one more, two more")
            #expect(lines("worse").sorted() == ["a few", "a refunds"])
            #expect(try site.ask("SELECT count(*) FROM notice_items") == ["0"])
        }
    }
}
