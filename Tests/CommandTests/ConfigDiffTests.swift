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
