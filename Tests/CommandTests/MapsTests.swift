import Foundation
import TestSupport
import Testing

@Suite("import --map takes exports and pages of back ends, and maps says what is right and wrong with maps")
struct MapsTests {
    private static let pack = """
        pack: shop
        timezone: Asia/Shanghai
        labels: [category]
        metrics:
          refunds: count(refund where not excluded by opened_at over 7d)
          score: latest(value of measure where name == "shop.score" by at over 30d including today)
        rules:
          refunds: {require: refunds < 3}
          score: {require: score >= 80, fresh: 9999d}
        """

    private static let map = """
        map: refunds
        pack: shop
        file: {format: csv, encoding: gb18030}
        zone: Asia/Shanghai
        numbers: {thousands: ","}
        covers: {file: "退款_{from}_{until}.csv"}
        facts:
          - kind: refund
            id: 售后编号
            members:
              order: 订单号
              opened_at: 申请时间
              amount: {column: 退款金额, unit: 元}
              reason: {column: 原因, words: {质量问题: quality}, else: other}
        """

    private static let rows = """
        店铺退款明细,,,,
        订单号,售后编号,申请时间,退款金额,原因
        ="2602250001",R1,2026-02-25 10:00:00,"1,234.50元",质量问题
        ="2602250002",R2,2026/2/26 9:05,8,不想要了
        ="2602250003",R3,26-02-26,8,不想要了
        ="2602250004",R4,03/02/2026,8,不想要了

        """

    private func workplace() throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Self.pack)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}, {id: b, pack: shop}]\n")
        try folder.write("refunds.yaml", Self.map)
        return folder
    }

    private func write(_ name: String, _ text: String, to folder: Workplace) async throws {
        let bytes = try await #require(Tool("iconv")).run(["-f", "UTF-8", "-t", "GB18030"], input: Array(text.utf8))
        try folder.write(name, bytes: bytes)
    }

    private func standing(_ rule: String, of store: String, at: String, _ folder: Workplace) async throws -> String? {
        let checked = try await folder.run("check", "--at", at, "--format", "json")
        return try Check(checked.output).stores[store]?.rules.first { $0.rule == rule }?.standing
    }

    @Test("an export goes in, wrong rows are set aside with their lines, and it proves what its name says and no more")
    func export() async throws {
        let folder = try workplace()
        let name = "退款_20260201_20260228.csv"
        try await write(name, Self.rows, to: folder)
        let ended = try await folder.run("import", "--map", "refunds.yaml", "--store", "a", name)
        #expect(ended.status == 0 && ended.output == "", "\(ended.everything)")
        #expect(
            ended.error.contains("2 facts of 1 store (2 new") && ended.error.contains("2 quarantined"), "\(ended.error)"
        )
        let exported = try await folder.run("export", "--kinds", "refund").output
        let first = try #require(exported.lines.first { $0.contains(#""id":"R1""#) })
        for part in [
            #""store":"a""#, #""order":"2602250001""#, #""opened_at":"2026-02-25T02:00:00Z""#, #""amount":"1234.5""#,
            #""reason":"quality""#,
        ] { #expect(first.contains(part), "\(first)") }
        #expect(exported.contains(#""opened_at":"2026-02-26T01:05:00Z""#))

        let kept = try await #require(Tool("sqlite3")).run([
            folder.file("ledger.db"), "select position || ' ' || reason from quarantine order by position",
        ])
        let reasons = String(decoding: kept, as: UTF8.self)
        #expect(reasons.contains("\(name): line 5 ") && reasons.contains("has a year of two digits"), "\(reasons)")
        #expect(reasons.contains("\(name): line 6 ") && reasons.contains("may be day 3 of month 2"), "\(reasons)")

        // The seven days before the first of March lie in it; those before the fifth of February reach out of it.
        #expect(try await standing("refunds", of: "a", at: "2026-03-01T01:00:00+08:00", folder) == "ok")
        #expect(try await standing("refunds", of: "a", at: "2026-02-05T01:00:00+08:00", folder) == "unknown")
        #expect(try await standing("refunds", of: "a", at: "2026-03-05T01:00:00+08:00", folder) == "unknown")
        #expect(try await standing("refunds", of: "b", at: "2026-03-01T01:00:00+08:00", folder) == "unknown")

        // January closes the gap before it.
        try await write("退款_20260101_20260131.csv", Self.rows.lines.prefix(2).joined(separator: "\n"), to: folder)
        let january = try await folder.run(
            "import", "--map", "refunds.yaml", "--store", "a", "退款_20260101_20260131.csv")
        #expect(january.status == 0 && january.error.contains("0 facts of 1 store"), "\(january.everything)")
        #expect(try await standing("refunds", of: "a", at: "2026-02-05T01:00:00+08:00", folder) == "ok")

        // The same again changes nothing.
        let before = try await folder.run("export", "--kinds", "refund").output
        let again = try await folder.run("import", "--map", "refunds.yaml", "--store", "a", name)
        #expect(again.error.contains("0 new") || again.error.contains("2 known"), "\(again.error)")
        #expect(try await folder.run("export", "--kinds", "refund").output == before)
        #expect(try await folder.run("verify").status == 0)
    }

    @Test("what the command line says goes before what the file says, each by itself")
    func told() async throws {
        let folder = try workplace()
        let name = "退款_20260201_20260228.csv"
        try await write(name, Self.rows, to: folder)
        let arguments = ["import", "--map", "refunds.yaml", "--store", "a"]
        // Refunds alone: still from the first of February.
        let kinds = try await folder.run(arguments + ["--kinds", "refund", name])
        #expect(kinds.status == 0, "\(kinds.everything)")
        #expect(try await standing("refunds", of: "a", at: "2026-02-05T01:00:00+08:00", folder) == "unknown")
        #expect(try await standing("refunds", of: "a", at: "2026-03-01T01:00:00+08:00", folder) == "ok")
        let from = try await folder.run(arguments + ["--complete-from", "2026-01-01T00:00:00+08:00", name])
        #expect(from.status == 0, "\(from.everything)")
        #expect(try await standing("refunds", of: "a", at: "2026-02-05T01:00:00+08:00", folder) == "ok")
        #expect(try await standing("refunds", of: "a", at: "2026-03-05T01:00:00+08:00", folder) == "unknown")
    }

    @Test("an export that does not say its days proves nothing until a person says where it begins")
    func silent() async throws {
        let folder = try workplace()
        try folder.write(
            "silent.yaml", Self.map.replacing("covers: {file: \"退款_{from}_{until}.csv\"}", with: "covers: none"))
        try await write("r.csv", Self.rows, to: folder)
        let arguments = ["import", "--map", "silent.yaml", "--store", "a"]
        let first = try await folder.run(arguments + ["r.csv"])
        #expect(first.status == 0 && first.error.contains("it makes nothing complete"), "\(first.everything)")
        #expect(try await standing("refunds", of: "a", at: "2026-03-01T01:00:00+08:00", folder) == "unknown")
        let until = try await folder.run(arguments + ["--complete-until", "2026-03-01T00:00:00+08:00", "r.csv"])
        #expect(until.error.contains("it makes nothing complete"), "\(until.everything)")
        let both = try await folder.run(
            arguments + [
                "--complete-from", "2026-02-01T00:00:00+08:00", "--complete-until", "2026-03-01T00:00:00+08:00",
                "r.csv",
            ])
        #expect(both.status == 0 && !both.error.contains("nothing complete"), "\(both.everything)")
        #expect(try await standing("refunds", of: "a", at: "2026-03-01T01:00:00+08:00", folder) == "ok")
    }

    @Test("a file that does not fit its map goes nowhere, and says what is wrong and what helps")
    func misfits() async throws {
        let folder = try workplace()
        let name = "退款_20260201_20260228.csv"
        try await write(name, Self.rows.replacing("售后编号", with: "售后单号"), to: folder)
        try await write("other.csv", Self.rows, to: folder)
        try folder.write("page.txt", "登录\n")
        for (arguments, status, words) in [
            (["--map", "refunds.yaml", "--store", "a", name], 1, "no row with the columns 售后编号 ('售后单号'?)"),
            (
                ["--map", "refunds.yaml", "--store", "a", "other.csv"], 1,
                "does not say what it covers: '退款_{from}_{until}.csv'"
            ),
            (["--map", "refunds.yaml", name], 64, "the map 'refunds' does not say whose the file is: say --store"),
            (["--map", "refunds.yaml", "--store", "c", name], 64, "no entry of the configuration watches a store 'c'"),
            (["--map", "douyin-experience-pag", "--store", "a", name], 64, "did you mean 'douyin-experience-page'?"),
            (["--map", "jd-stars-page", "--store", "a", "page.txt"], 1, "page.txt has no row with the columns 店铺星级"),
            (["--store", "a", name], 64, "--store is for --map"),
            (["--map", "refunds.yaml", "--store", "a", "none.csv"], 1, "Opening none.csv failed: No such file"),
        ] {
            let ended = try await folder.run(["import"] + arguments)
            #expect(ended.status == status && ended.error.contains(words), "\(arguments): \(ended.everything)")
        }
        #expect(try await folder.run("export").output.lines.allSatisfy { !$0.contains(#""kind":"refund""#) })
        let chinese = try await folder.run(
            ["import", "--map", "refunds.yaml", name], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.error.contains("请用 --store 指定"), "\(chinese.error)")
    }

    @Test("a page's figures are readings, and what waited for them is judged by them")
    func page() async throws {
        let folder = try workplace()
        try folder.write(
            "score.yaml",
            "map: score\npack: shop\nfile: {format: page}\nreadings:\n  at: {modified: true}\n  values: {shop.score: {column: 体验分, unit: 分}}\n"
        )
        try folder.write("page.txt", "店铺概览\n体验分\n82.5 分\n物流 99 分\n")
        let ended = try await folder.run("import", "--map", "score.yaml", "--store", "a", "page.txt")
        #expect(ended.status == 0 && ended.error.contains("1 fact of 1 store"), "\(ended.everything)")
        let metrics = try await folder.run("metrics", "--store", "a", "--format", "csv")
        #expect(metrics.output.contains("a,score,82.5\n"), "\(metrics.output)")
        let due = try await folder.run("measure", "due", "--store", "a", "--format", "json")
        #expect(!due.output.contains("shop.score"), "\(due.output)")
        #expect(
            try await folder.run("measure", "due", "--store", "b", "--format", "json").output.contains("shop.score"))
    }

    @Test("maps are listed, shown and checked, each slip with its place")
    func check() async throws {
        let folder = try workplace()
        let list = try await folder.run("maps", "list")
        #expect(list.status == 0 && list.output.contains("douyin-experience-page") && list.output.contains("refund"))
        let shown = try await folder.run("maps", "show", "amazon-returns")
        #expect(shown.status == 0 && shown.output.contains("map: amazon-returns\n"))
        let own = try await folder.run("maps", "check", "--deny-warnings")
        #expect(own.status == 0 && own.output.hasSuffix(" maps, 0 errors, 0 warnings\n"), "\(own.everything)")
        try folder.write(
            "bad.yaml",
            """
            map: m
            pack: douyin
            file: {format: csv}
            facts:
              - kind: refund
                id: 售后编号
                members: {reson: 原因, reason: {column: 原因, words: {坏了: qualty}}}
                labels: {size: 尺码}
            readings:
              at: 日期
              values: {douyin.scor: 总分}
            """)
        let bad = try await folder.run("maps", "check", "bad.yaml")
        #expect(bad.status == 1 && bad.output == "1 map, 2 errors, 2 warnings\n", "\(bad.everything)")
        for words in [
            "bad.yaml:7:15: error: 'reson' is not a member of refund; did you mean 'reason'?",
            "error: 'qualty' is none of", "did you mean 'quality'?",
            "bad.yaml:8:14: warning: the pack 'douyin' lets facts carry no label 'size'",
            "bad.yaml:11:12: warning: nothing of the pack 'douyin' reads a measure 'douyin.scor'; did you mean 'douyin.score'?",
        ] { #expect(bad.error.contains(words), "\(bad.error)") }
        let imported = try await folder.run("import", "--map", "bad.yaml", "--store", "a", "bad.yaml")
        #expect(imported.status == 64 && imported.error.contains("'reson' is not a member"), "\(imported.everything)")
    }
}
