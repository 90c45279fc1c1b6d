import Foundation
import TestSupport
import Testing

/// `rules/maps/README.md` is what a person has who writes a map.
@Suite("The page about reading exports")
struct ReadingExportsTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "rules/maps/README.md")

    private func blocks(_ language: String) throws -> [String] {
        try String(contentsOf: Self.page, encoding: .utf8).components(separatedBy: "```\(language)\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
    }

    @Test("its example does what it says")
    func example() async throws {
        let folder = try Workplace()
        let name = "退款_20260201_20260228.csv"
        let table = try #require(blocks("csv").first)
        let bytes = try await #require(Tool("iconv")).run(["-f", "UTF-8", "-t", "GB18030"], input: Array(table.utf8))
        try folder.write(name, bytes: bytes)
        try folder.write("refunds.yaml", try #require(blocks("yaml").first))
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\nstores: [{id: pdd-flagship, pack: pinduoduo}, {id: pdd-outlet, pack: pinduoduo}]\n"
        )
        let checked = try await folder.run("maps", "check", "--deny-warnings", "refunds.yaml")
        #expect(checked.status == 0, "\(checked.everything)")
        let imported = try await folder.run("import", "--map", "refunds.yaml", name)
        #expect(imported.status == 0 && imported.error.contains("2 facts of"), "\(imported.everything)")
        #expect(imported.error.contains("1 quarantined"), "\(imported.everything)")
        let exported = try await folder.run("export", "--kinds", "refund").output
        for part in [
            #""id":"R1","order":"2602250001","opened_at":"2026-02-25T02:00:00Z""#, #""amount":"1234.5""#,
            #""id":"R2","order":"2602260007","opened_at":"2026-02-26T01:05:00Z""#, #""reason":"changed_mind""#,
        ] { #expect(exported.contains(part), "\(exported)") }
        #expect(!exported.contains(#""id":"R3""#))

        try folder.write(
            "decided.yaml",
            try #require(blocks("yaml").first) + blocks("yaml")[1])
        let again = try await folder.run("import", "--map", "decided.yaml", name)
        #expect(again.status == 0 && !again.error.contains("quarantined"), "\(again.everything)")
        #expect(
            try await folder.run("export", "--kinds", "refund").output.contains(#""opened_at":"2026-02-04T16:00:00Z""#))
    }

    /// The example's map for files that are UTF-8, with the rows given below its header.
    private func mapped(_ rows: String...) throws -> (folder: Workplace, name: String) {
        let folder = try Workplace()
        let map = try #require(blocks("yaml").first).replacing("gb18030", with: "utf-8")
        try folder.write("refunds.yaml", map)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\nstores: [{id: pdd-flagship, pack: pinduoduo, quarantine_limit: 1}, {id: pdd-outlet, pack: pinduoduo}]\n"
        )
        let name = "退款_20260201_20260228.csv"
        try folder.write(name, Self.table(rows))
        return (folder, name)
    }

    private static func table(_ rows: [String]) -> String {
        "店铺,订单号,售后编号,申请时间,退款金额,原因\n" + rows.map { "\($0)\n" }.joined()
    }

    @Test("once a file is mended, what could not be read of it before counts no longer; another file mends nothing")
    func mended() async throws {
        let wrong = [
            "旗舰店,1,,2026-02-25 10:00:00,8元,质量问题", "旗舰店,2,,2026-02-25 10:00:00,8元,质量问题", "某店,3,R3,2026-02-25,8元,质量问题",
        ]
        let right = [
            "旗舰店,1,R1,2026-02-25 10:00:00,8元,质量问题", "旗舰店,2,R2,2026-02-25 10:00:00,8元,质量问题",
            "旗舰店,3,R3,2026-02-25,8元,质量问题",
        ]
        let (folder, name) = try mapped(wrong[0], wrong[1], wrong[2], "旗舰店,9,R9,2026-02-25,8元,质量问题")
        func quarantined() async throws -> Int {
            try await folder.run("doctor").output.lines.count { $0.contains("quarantine: ") }
        }
        let first = try await folder.run("import", "--map", "refunds.yaml", name)
        #expect(first.error.contains("3 quarantined"), "\(first.everything)")
        let checked = try await folder.run("check")
        #expect(try await quarantined() == 3 && checked.output.contains("2 facts of 1 store could not be read"))
        // Another month is another file.
        try folder.write("退款_20260101_20260131.csv", Self.table(["旗舰店,8,R8,2026-01-25,8元,质量问题"]))
        _ = try await folder.run("import", "--map", "refunds.yaml", "退款_20260101_20260131.csv")
        #expect(try await quarantined() == 3)
        try folder.write(name, Self.table([right[0], wrong[1], right[2]]))
        _ = try await folder.run("import", "--map", "refunds.yaml", name)
        #expect(try await quarantined() == 1, "what is wrong in it still counts still")
        try folder.write(name, Self.table(right))
        let last = try await folder.run("import", "--map", "refunds.yaml", name)
        #expect(last.status == 0 && !last.error.contains("quarantined"), "\(last.everything)")
        #expect(try await quarantined() == 0)
        #expect(!(try await folder.run("check").output.contains("could not be read")))
    }

    @Test("a store that nothing watches, as a slip in the map's words makes one, is told with the nearest")
    func unwatched() async throws {
        let (folder, name) = try mapped("旗舰店,1,R1,2026-02-25 10:00:00,8元,质量问题")
        let map = try #require(blocks("yaml").first).replacing("gb18030", with: "utf-8")
        try folder.write("refunds.yaml", map.replacing("旗舰店: pdd-flagship", with: "旗舰店: pdd-flagshp"))
        let told = try await folder.run("import", "--map", "refunds.yaml", name)
        #expect(
            told.error.contains("no entry of the configuration watches 'pdd-flagshp'; did you mean 'pdd-flagship'?"),
            "\(told.everything)")
        let chinese = try await folder.run(
            ["import", "--map", "refunds.yaml", name], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.error.contains("配置中没有店铺 'pdd-flagshp'（是否应为 'pdd-flagship'？）"), "\(chinese.everything)")
        try folder.write("refunds.yaml", map)
        #expect(!(try await folder.run("import", "--map", "refunds.yaml", name).error.contains("watches")))
    }

    @Test("a file of another name is refused, unless the command line says what it covers")
    func anotherName() async throws {
        let folder = try Workplace()
        let table = try #require(blocks("csv").first)
        try folder.write("refunds.csv", table)
        try folder.write(
            "refunds.yaml", try #require(blocks("yaml").first).replacing("gb18030", with: "utf-8") + blocks("yaml")[1])
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\nstores: [{id: pdd-flagship, pack: pinduoduo}, {id: pdd-outlet, pack: pinduoduo}]\n"
        )
        let refused = try await folder.run("import", "--map", "refunds.yaml", "refunds.csv")
        #expect(refused.status == 1 && refused.error.contains("say --complete-from"), "\(refused.everything)")
        let imported = try await folder.run(
            "import", "--map", "refunds.yaml", "--complete-from", "2026-02-01T00:00:00+08:00", "--complete-until",
            "2026-03-01T00:00:00+08:00", "refunds.csv")
        #expect(imported.status == 0 && imported.error.contains("3 facts of"), "\(imported.everything)")
        #expect(!imported.error.contains("nothing says which days"), "\(imported.everything)")
        let coverage = try await folder.run("export").output.lines.filter { $0.contains(#""coverage""#) }
        #expect(
            coverage.count == 2
                && coverage.allSatisfy {
                    $0.contains("2026-01-31T16:00:00Z") && $0.contains("2026-02-28T16:00:00Z")
                }, "\(coverage)")
    }

    @Test("its page is read")
    func aPage() async throws {
        let folder = try Workplace()
        try folder.write("score.yaml", try #require(blocks("yaml").last))
        try folder.write("page.txt", "体验分概览\n更新时间：2026-09-09 11:00:37（今日已更新）\n我的总分\n82 分\n平台求助率 0.6522 %\n")
        try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores: [{id: dy, pack: douyin}]\n")
        let imported = try await folder.run("import", "--map", "score.yaml", "--store", "dy", "page.txt")
        #expect(imported.status == 0, "\(imported.everything)")
        let exported = try await folder.run("export", "--kinds", "measure").output
        #expect(exported.contains(#""at":"2026-09-09T03:00:37Z","value":82"#), "\(exported)")
        #expect(exported.contains(#""value":0.006522"#))
    }

    @Test("it has every key of a map, and none that does not exist")
    func keys() async throws {
        let printed = try await Workplace().run("schema", "map")
        let schema = try JSONSerialization.jsonObject(with: Data(printed.output.utf8))
        var keys: Set<String> = []
        Self.collect(schema, &keys)
        #expect(keys.contains("short_rows"), "the schema is read")
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let reference = try #require(text.range(of: "## 4."))
        let quoted = Set(
            text[reference.upperBound...].split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) })
        #expect(keys.subtracting(quoted).sorted() == [], "keys that the page lacks")
        let firsts = text[reference.upperBound...].split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap {
            line in
            line.dropFirst(2).prefix { $0 != "|" }.split(separator: "`").map(String.init).filter { $0 != " " }
        }
        #expect(Set(firsts).subtracting(keys) == [], "keys that there are not")
    }

    /// Of every object, but not the members of facts, which their own schema has.
    private static func collect(_ value: Any, _ keys: inout Set<String>) {
        if let values = value as? [Any] { values.forEach { collect($0, &keys) } }
        guard let object = value as? [String: Any] else { return }
        if let properties = object["properties"] as? [String: Any] {
            keys.formUnion(properties.keys)
            for (key, inner) in properties where key != "members" { collect(inner, &keys) }
            for (key, inner) in object where key != "properties" { collect(inner, &keys) }
        } else {
            for inner in object.values { collect(inner, &keys) }
        }
    }
}
