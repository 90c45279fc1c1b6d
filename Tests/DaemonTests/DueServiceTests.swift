import Alerts
import Facts
import Foundation
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("Figures that somebody has to enter are asked for once a day, at nine where the stores are")
struct DueServiceTests {
    private static let pack = """
        pack: shop
        timezone: UTC
        metrics: {score: latest(value of measure where name == "shop.score" by at over 30d)}
        rules: {score: {require: score >= 4}}
        """

    private func due(_ assembly: Assembly) async throws -> [String] {
        try await assembly.ledger.outbox(nil, limit: 10).filter { $0.notice.receiver == "ops" }.reversed().map {
            let body = try JSONSerialization.jsonObject(with: Data($0.notice.body)) as? [String: Any]
            let data = body?["data"] as? [String: Any]
            let figures = try #require(data?["figures"] as? [[String: Any]])
            return "\(body?["type"] ?? "") \(data?["day"] ?? "") \(data?["timezone"] ?? "") "
                + figures.map { "\($0["store"] ?? "")/\($0["name"] ?? "")" }.joined(separator: " ")
        }
    }

    @Test("a receiver at nine of its zone, one notice a day, also after a restart, and nothing where nothing is wanted")
    func due() async throws {
        let folder = try Folder([
            "shop.yaml": Self.pack,
            "goodstanding.yaml": """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores: [{id: a, pack: shop}, {id: b, pack: shop, timezone: Asia/Shanghai}, {id: c, pack: shop}]
            receivers: [{id: ops, webhook: "http://127.0.0.1:1/h"}, {id: duty, ntfy: "http://127.0.0.1:1/t", language: zh, zone: Asia/Shanghai}]
            """,
        ])
        var assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve)
        // 2026-06-01, one o'clock in UTC and nine in Shanghai.
        let clock = ManualClock(Timestamp(seconds: 1_780_275_600 - 60))
        assembly.clock = clock
        var looked: [String: LocalDay] = [:]
        #expect(try await DueService.tell(assembly, &looked) == 0, "a minute before nine")
        clock.advance(by: .minutes(1))
        #expect(try await DueService.tell(assembly, &looked) == 1, "most stores of the other's are in UTC")
        #expect(try await DueService.tell(assembly, &looked) == 0)
        clock.advance(by: .hours(8))
        #expect(try await DueService.tell(assembly, &looked) == 1)
        #expect(try await due(assembly) == ["due 2026-06-01 UTC a/shop.score b/shop.score c/shop.score"])
        let message = try #require(
            try await assembly.ledger.outbox(nil, limit: 10).first { $0.notice.receiver == "duty" })
        let text = String(decoding: message.notice.body, as: UTF8.self)
        #expect(text.contains("2026-06-01 需手工录入 3 家店铺的 3 项数据") && text.contains("- a："), "\(text)")
        looked = [:]
        #expect(try await DueService.tell(assembly, &looked) == 0, "a restart says nothing again")
        // All is entered but one.
        for store in ["a", "b"] {
            var fact = Fact(.measure, store: store, id: "m1")
            let (at, name, value) = (
                try #require(Schema[.measure].member("at")), try #require(Schema[.measure].member("name")),
                try #require(Schema[.measure].member("value"))
            )
            fact.numbers[at.slot] = clock.now.microseconds
            fact.numbers[value.slot] = 5_000_000
            fact.texts[name.slot] = "shop.score"
            _ = try await assembly.ledger.commit(
                FactBatch(source: .hand, facts: [fact], readAt: clock.now),
                under: assembly.fleet.planBook(at: clock.now))
        }
        clock.advance(by: .days(1))
        #expect(try await DueService.tell(assembly, &looked) == 2, "both have come to nine by now")
        #expect(try await due(assembly).last == "due 2026-06-02 UTC c/shop.score")
    }
}
