import Foundation
import TestSupport
import Testing

@Suite("What a changed configuration would end is said before", .timeLimit(.minutes(1)))
struct ConfigDiffTests {
    private func folder() throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            "pack: shop\ntimezone: UTC\nmetrics: {refunds: count(refund by refunded_at over 30d)}\nrules: {refunds: {require: refunds < 3}}\n"
        )
        for (name, stores, more) in [("old", "a b c", ""), ("new", "a d", "observe: [shop]\n")] {
            let entries = stores.split(separator: " ").map { "{id: \($0), pack: shop}" }.joined(separator: ", ")
            try folder.write(
                "\(name).yaml", "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [\(entries)]\n\(more)")
        }
        return folder
    }

    @Test("stores that come and go, in the tongue of who asks, and that it waits")
    func text() async throws {
        let folder = try folder()
        let said = try await folder.run("config", "diff", "old.yaml", "new.yaml", environment: ["LANG": "en_US.UTF-8"])
        #expect(
            said.output == """
                store 'd' added
                store 'b' removed
                store 'c' removed
                configuration: observe was nothing, is shop
                there is no ledger yet, and no alert in it
                it would end 0 alerts and no longer watch 2 of 3 stores; it waits for: goodstanding config accept

                """, "\(said.everything)")
        let chinese = try await folder.run(
            "config", "diff", "old.yaml", "new.yaml", environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.status == 0 && chinese.output.hasPrefix("新增店铺 'd'\n移除店铺 'b'\n"), "\(chinese.everything)")
        let same = try await folder.run("config", "diff", "old.yaml", "old.yaml", environment: ["LANG": "en_US.UTF-8"])
        #expect(same.output.hasPrefix("nothing changes\n"), "\(same.everything)")
    }

    @Test("that a secret or an address is another is said, though nobody here may read it")
    func secrets() async throws {
        let folder = try folder()
        for (name, hook, key) in [("one", "{env: HOOK_ONE}", "key-one"), ("two", "{env: HOOK_TWO}", "key-two")] {
            try folder.write(
                "\(name).yaml",
                """
                database: sqlite:ledger.db
                packs: [shop.yaml]
                stores: [{id: a, pack: shop}]
                feeds: [{id: erp, url: "http://127.0.0.1:1/", headers: {X-Key: \(key)}}]
                receivers: [{id: ops, webhook: \(hook)}]

                """)
        }
        let said = try await folder.run("config", "diff", "one.yaml", "two.yaml", environment: ["LANG": "en_US.UTF-8"])
        #expect(
            said.output.hasPrefix("feed 'erp': its headers are others\nreceiver 'ops': its address is another\n"),
            "\(said.everything)")
        #expect(!said.everything.contains("key-"))
    }

    @Test("the same for programs, and accepting says what it lets pass")
    func json() async throws {
        let folder = try folder()
        let said = try await folder.run("config", "diff", "old.yaml", "new.yaml", "--format", "json")
        let found = try #require(JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any])
        #expect(found["stores_lost"] as? [String] == ["b", "c"] && found["needs_accept"] as? Bool == true)
        #expect((found["changes"] as? [[String: String]])?.first?["en"] == "store 'd' added")
        let accepted = try await folder.run(
            "config", "accept", "--config", "new.yaml", environment: ["LANG": "en_US.UTF-8"])
        #expect(
            accepted.status == 0 && accepted.output.hasPrefix("accepted: it would end 0 alerts"),
            "\(accepted.everything)")
    }
}
