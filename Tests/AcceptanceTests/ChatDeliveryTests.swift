import Foundation
import Simulation
import TestSupport
import Testing

@Suite("Chat services hear of alerts, each in its own form", .serialized, .timeLimit(.minutes(2)))
struct ChatDeliveryTests {
    fileprivate struct Row: Sendable, CustomTestStringConvertible {
        var service: ChatRobot.Service
        var secret: String?
        /// What the entry has beside its address.
        var more = ""
        /// In the service's own words, and within a 200 where it says so.
        var busy: ChatRobot.Answer
        var testDescription: String { service.rawValue }
    }

    fileprivate static let rows = [
        Row(
            service: .dingtalk, secret: "SECmade-up", more: ", secret: {env: CHAT_KEY}, language: zh",
            busy: .init(200, #"{"errcode":-1,"errmsg":"system busy"}"#)),
        Row(
            service: .feishu, secret: "made-up", more: ", secret: {env: CHAT_KEY}, language: both",
            busy: .init(200, #"{"code":99999,"msg":"internal"}"#)),
        Row(service: .wecom, secret: nil, busy: .init(200, #"{"errcode":-1,"errmsg":"system busy"}"#)),
        Row(service: .slack, secret: nil, busy: .init(200, #"{"ok":false,"error":"fatal_error"}"#)),
        Row(
            service: .telegram, secret: "-100200", more: ", chat: \"-100200\", evidence: masked",
            busy: .init(429, #"{"ok":false,"error_code":429,"parameters":{"retry_after":1}}"#)),
        Row(service: .teams, secret: nil, busy: .init(503, "")),
        Row(
            service: .pagerduty, secret: "made-up", more: ", secret: {env: CHAT_KEY}", busy: .init(500, "")),
        Row(
            service: .ntfy, secret: "made-up", more: ", secret: {env: CHAT_KEY}, evidence: counts",
            busy: .init(500, #"{"code":50001,"http":500}"#)),
    ]

    /// The others differ in what is sent, and not in how often: they are tried one message each.
    fileprivate static let watched = rows.filter { [.dingtalk, .feishu, .telegram, .ntfy].contains($0.service) }

    @Test(
        "a firing that was refused within a 200 comes again, then its resolve, and no secret is in the ledger",
        arguments: watched)
    fileprivate func heard(_ row: Row) async throws {
        let site = try Site()
        let robot = ChatRobot(row.service, secret: row.secret)
        await robot.plan([row.busy])
        let environment = ["CHAT_KEY": row.secret ?? ""]
        try await robot.serving { address in
            try site.configure(receivers: ["{id: ops, \(row.service.rawValue): \"\(address)\"\(row.more)}"])
            try await site.take(Site.refunds(3, at: "店铺@all"), environment: environment)
            try await RunningDaemon.running(site.config, environment: environment) { daemon in
                try #require(await Wait.until(20) { await robot.shown.count == 1 }, "\(daemon.log)")
                #expect(!daemon.lines(with: "'ops'", "failed").isEmpty)
                try await site.take(
                    (1...3).map { Site.refund("r\($0)", at: "店铺@all", more: #","deleted":true"#) },
                    environment: environment)
                try #require(await Wait.until(20) { await robot.shown.count == 2 }, "\(daemon.log)")
                let log = daemon.log
                #expect(!log.contains("made-up"), "\(log)")
            }
        }
        let shown = await robot.shown
        #expect(await robot.refusals == [row.busy.text])
        let isChinese = [.dingtalk, .feishu].contains(row.service)
        #expect(shown[0].hasPrefix(isChinese ? "【不达标】" : "[breach] "), "\(shown[0])")
        #expect(shown[0].contains("[breach] ") == (row.service != .dingtalk))
        #expect(shown[0].contains("店铺") && shown[0].contains("refunds"))
        #expect(shown[1].contains(isChinese ? "已恢复" : "ok again"), "\(shown[1])")
        switch row.service {
        case .telegram: #expect(shown[0].contains("r1") && !shown[0].contains("@all"))
        case .ntfy: #expect(!shown[0].contains("- refund"))
        default: #expect(shown[0].contains(isChinese ? "- 售后单 r1" : "- refund r1"), "\(shown[0])")
        }
        let ledger = try site.ask("SELECT hex(body) FROM notices").joined()
        #expect(!ledger.isEmpty && !ledger.contains(Data("made-up".utf8).map { String(format: "%02X", $0) }.joined()))
    }

    @Test("one test is sent, says that it is one, and is told of as the service takes it", arguments: rows)
    fileprivate func tried(_ row: Row) async throws {
        let site = try Site()
        let robot = ChatRobot(row.service, secret: row.secret)
        let environment = ["CHAT_KEY": row.secret ?? ""]
        try await robot.serving { address in
            try site.configure(receivers: ["{id: ops, \(row.service.rawValue): \"\(address)\"\(row.more)}"])
            let tried = try await Program.run(
                "alerts", "test", "ops", "--config", site.config, environment: environment)
            #expect(tried.status == 0 && tried.error.contains("took the test"), "\(tried.error)")
            let text = try #require(await robot.shown.first)
            #expect(text.hasPrefix("[test] ") || text.hasPrefix("【测试】"), "\(text)")
            await robot.plan([row.busy])
            let refused = try await Program.run(
                "alerts", "test", "ops", "--config", site.config, environment: environment)
            #expect(refused.status == 1 && refused.error.contains("'ops'") && refused.error.contains("failed"))
            let unknown = try await Program.run(
                "alerts", "test", "opps", "--config", site.config, environment: environment)
            #expect(unknown.status == 64 && unknown.error.contains("did you mean 'ops'?"), "\(unknown.error)")
        }
        // Of an incident beginning and end.
        #expect(await robot.requests == (row.service == .pagerduty ? 3 : 2))
    }

    @Test("who is not let in is told what to compare")
    func strangers() async throws {
        let site = try Site()
        for (service, words) in [(ChatRobot.Service.dingtalk, "310000"), (.feishu, "19021"), (.ntfy, "40301")] {
            let robot = ChatRobot(service, secret: "another")
            try await robot.serving { address in
                try site.configure(
                    receivers: ["{id: ops, \(service.rawValue): \"\(address)\", secret: {env: CHAT_KEY}}"])
                let tried = try await Program.run(
                    "alerts", "test", "ops", "--config", site.config, environment: ["CHAT_KEY": "made-up"])
                #expect(
                    tried.status == 1 && tried.error.contains(words) && tried.error.contains("compare"),
                    "\(tried.error)")
            }
            #expect(await robot.shown.isEmpty)
        }
    }

    @Test("alerts that go on are listed, with moments by the store's clock")
    func listed() async throws {
        let site = try Site()
        try site.configure(
            stores: "[{match: \"*\", pack: shop, timezone: Asia/Shanghai}]",
            receivers: ["{id: ops, webhook: \"http://127.0.0.1:9/hook\"}"])
        try await site.take(Site.refunds(3, at: "a"))
        try await RunningDaemon.running(site.config) { daemon in
            let isThere = await Wait.until(20) {
                (try? site.ask("SELECT count(*) FROM alerts").first) == "1"
            }
            #expect(isThere, "\(daemon.log)")
        }
        let table = try await Program.run("alerts", "list", "--config", site.config)
        #expect(table.status == 0 && table.output.contains("firing") && table.output.contains("refunds"), "\(table)")
        for words in [
            ["alerts", "list"], ["alerts", "show", "a", "refunds"], ["alerts", "history"], ["outbox", "list"],
        ] {
            let shown = try await Program.Running(words + ["--config", site.config]).finish()
            #expect(shown.status == 0 && shown.output.contains(" +08:00") && !shown.output.contains("Z "), "\(shown)")
        }
        let none = try await Program.run("alerts", "--store", "b*", "--format", "json", "--config", site.config)
        #expect(none.status == 0 && none.output == "[]\n", "\(none)")
    }

    @Test("what is owed is listed with why; a mended receiver need not be waited for, and a person may give up")
    func outbox() async throws {
        let site = try Site()
        let robot = ChatRobot(.wecom)
        let gone = ChatRobot.Answer(200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#)
        await robot.plan(Array(repeating: gone, count: 2))
        try await robot.serving { address in
            try site.configure(receivers: ["{id: ops, wecom: \"\(address)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { try await mend(robot, site, $0) }
        }
        // Nobody is there any more.
        try await site.take((1...3).map { Site.refund("r\($0)", at: "a", more: #","deleted":true"#) })
        try await RunningDaemon.running(site.config) { _ in
            _ = try await site.comes(
                to: ["1"], "SELECT count(*) FROM notices WHERE attempts > 0 AND state = 'owed'", within: 20)
        }
        let id = try #require(try site.ask("SELECT id FROM notices WHERE state = 'owed'").first)
        let wrong = try await Program.run("outbox", "drop", "nothing", "--why", "x", "--config", site.config)
        #expect(wrong.status == 64 && wrong.error.contains("no notice 'nothing' is owed"), "\(wrong)")
        let dropped = try await Program.run(
            "outbox", "drop", String(id.prefix(12)), "--why", "told by phone", "--config", site.config)
        #expect(dropped.status == 0, "\(dropped)")
        #expect(
            try site.ask("SELECT state || ' ' || because FROM notices WHERE id = '\(id)'") == [
                "abandoned given up: told by phone"
            ])
        let listed = try await Program.run(
            "outbox", "list", "--state", "abandoned", "--format", "json", "--config", site.config)
        #expect(listed.output.contains("told by phone") && listed.output.contains(id), "\(listed)")
    }

    /// What was refused twice is looked at, and sent without waiting.
    private func mend(_ robot: ChatRobot, _ site: Site, _ daemon: RunningDaemon) async throws {
        // The third attempt would come some seconds later; now it comes at the next look.
        _ = try await site.comes(to: ["2"], "SELECT attempts FROM notices", within: 20)
        let owed = try await Program.run("outbox", "--config", site.config)
        #expect(owed.output.contains("93000") && owed.output.contains("owed"), "\(owed)")
        let none = try await Program.run("outbox", "list", "--receiver", "b", "--config", site.config)
        #expect(none.status == 0 && none.output == "no such notice\n")
        let other = try await Program.run("outbox", "retry", "--receiver", "opps", "--config", site.config)
        #expect(other.status == 64 && other.error.contains("did you mean 'ops'?"), "\(other)")
        let hurried = try await Program.run("outbox", "retry", "--receiver", "ops", "--config", site.config)
        #expect(hurried.status == 0, "\(hurried)")
        #expect(await Wait.until(40) { await robot.shown.count == 1 }, "\(daemon.log)")
    }
}
