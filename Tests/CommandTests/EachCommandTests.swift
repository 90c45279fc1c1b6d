import Foundation
import TestSupport
import Testing

@Suite("A rule for each product, from a real ledger", .timeLimit(.minutes(2)))
struct EachCommandTests {
    @Test("check judges by the worst product, and explain names it")
    func products() async throws {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: UTC
            metrics:
              late: count(line where shipped_at > ship_by by ship_by over 30d)
              due: count(line by ship_by over 30d)
            rules:
              late: {require: late / due < 50%, given: due >= 10, each: product}
            """)
        try folder.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}]\n")
        let lines = ["red", "blue"].flatMap { product in
            (0..<20).map { number in
                let shipped = product == "blue" && number < 12 ? "2026-02-21T10:00:00Z" : "2026-02-20T08:00:00Z"
                return
                    #"{"kind":"line","store":"a","id":"\#(product)\#(number)","product":"\#(product)","ship_by":"2026-02-20T10:00:00Z","shipped_at":"\#(shipped)"}"#
            }
        }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        let imported = try await folder.run("import", "--complete-until", "2026-03-02T00:00:00Z", "facts.jsonl")
        try #require(imported.status == 0, "\(imported.error)")
        let checked = try await folder.run("check", "--at", "2026-03-02T00:00:00Z", "--format", "json")
        #expect(checked.status == 2, "12 of 20 of the blue ones are late, and 12 of all 40 would be 30 %: \(checked)")
        let explained = try await folder.run("explain", "--store", "a", "--at", "2026-03-02T00:00:00Z")
        #expect(explained.output.contains("product blue: breach  due 20, late 12"), "\(explained.output)")
        #expect(explained.output.contains("and 1 more") && !explained.output.contains("product red"))
        // Its figures are those of the blue ones, and so are the facts behind it.
        let page = try await folder.run(
            "explain", "--store", "a", "--at", "2026-03-02T00:00:00Z", "--format", "json")
        let report = try #require(JSONSerialization.jsonObject(with: Data(page.output.utf8)) as? [String: Any])
        let rule = try list(report["rules"])[0]
        for metric in try list(rule["metrics"]) {
            let expected = metric["metric"] as? String == "late" ? 12 : 20
            #expect(metric["value"] as? Int == expected)
            #expect(try list(metric["figures"]).map { $0["value"] as? Int } == [expected])
        }
        #expect(try list(rule["evidence"]).allSatisfy { ($0["id"] as? String)?.hasPrefix("blue") ?? false })
        #expect(try list(rule["evidence"]).count == 12)
    }
}
