import Foundation
import TestSupport
import Testing

@Suite("rules check and rules list read packs")
struct RulesCommandTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var given: String
        var pack: String
        var status: Int32
        /// What standard error must say; nothing: it must be empty.
        var words: [String] = []
        /// What it must not say.
        var silent: [String] = []
        var testDescription: String { given }
    }

    /// No source of it grows old.
    private static let undated = Sample.pack.replacing("handbook, read 2026-01-05", with: "handbook, section 3")

    static let packs: [Row] = [
        Row(given: "a good pack", pack: undated, status: 0),
        Row(
            given: "a source that nobody has read for long",
            pack: undated.replacing("handbook, section 4", with: "handbook, read 2019-12-31"), status: 0,
            words: ["pack.yaml:", "a source was last read on 2019-12-31, more than 180 days ago"]),
        Row(
            given: "a metric that nothing uses", pack: "pack: p\nmetrics:\n  n: count(order by paid_at over 30d)\n",
            status: 0, words: ["pack.yaml:3:3: warning: no rule and no other metric uses the metric 'n'"]),
        Row(
            given: "limits that never and always hold, and a preference behind its limit",
            pack: """
                pack: p
                metrics: {n: count(order by paid_at over 30d)}
                rules:
                  never: {require: n >= 0}
                  always: {require: n < 0}
                  behind: {require: n < 10, prefer: n < 20}
                """, status: 0,
            words: [
                "pack.yaml:4:20: warning: rule 'never' never fails",
                "pack.yaml:5:21: warning: rule 'always' always fails",
                "pack.yaml:6:37: warning: 'prefer' of rule 'behind' never warns",
            ]),
        Row(
            given: "the latest reading without today's",
            pack: """
                pack: p
                rules:
                  r: {require: latest(value of measure where name == "s" by at over 7d) > 4}
                """, status: 0,
            words: ["pack.yaml:3:16: warning: rule 'r' takes the latest reading, but none of today's"]),
        Row(
            given: "a title in one language, a share held against more than 1, a source read long ago in words",
            pack: """
                pack: p
                metrics:
                  late: count(order where shipped_at > ship_by by ship_by over 30d)
                  due: count(order by ship_by over 30d)
                rules:
                  share: {title: {en: Late}, require: late / due < 5}
                  mean: {require: "mean(tracked of order by ship_by over 30d) >= 95", source: "handbook, read 2 January 2024"}
                  other: {require: late / 2 < 5}
                """, status: 0,
            words: [
                "pack.yaml:6:18: warning: rules.share.title is there in one language only; add zh",
                "pack.yaml:6:39: warning: rule 'share' compares the share late / due with 5, and no share is more than 1",
                "warning: rule 'mean' compares the share", "a source was last read on 2024-01-02",
            ]),
        Row(
            given:
                "shares of two kinds, of two anchors and of money held against more than 1, and quotients that are none",
            pack: """
                pack: p
                metrics:
                  orders: count(order by paid_at over 30d)
                  refunds: count(refund by refunded_at over 30d)
                  refunded: count(order by min(refunded_at of refund) over 30d)
                  late: count(order where shipped_at > ship_by by shipped_at over 30d)
                  money: sum(amount of refund by refunded_at over 30d) / sum(amount of order by paid_at over 30d)
                  parcels: count(parcel by shipped_at over 30d)
                rules:
                  kinds: {require: refunds / orders <= 5}
                  anchors: {require: refunded / orders <= 5}
                  narrower: {require: late / orders <= 5}
                  money: {require: money < 2}
                  parcels: {require: parcels / orders <= 3}
                  growth: {require: orders / (orders offset 30d) <= 2}
                  pace: {require: "count(order by shipped_at over 30d) / orders <= 1.2"}
                  most: {require: "max(late / orders, 0) < 3"}
                  several: {require: count(case by opened_at over 30d) / orders <= 1.5}
                  times: {require: sum(refunded_at - opened_at of refund by refunded_at over 30d) / sum(delivered_at - paid_at of order by paid_at over 30d) < 2}
                """, status: 0,
            words: [
                "rule 'kinds' compares the share refunds / orders with 5", "rule 'anchors' compares the share",
                "rule 'narrower' compares the share", "rule 'money' compares the share money with 2",
                "rule 'most' compares the share",
            ], silent: ["'parcels'", "'growth'", "'pace'", "'several'", "'times'"]),
        Row(
            given: "sources that say when they were read in other words",
            pack: """
                pack: p
                metrics: {n: count(order by paid_at over 30d)}
                rules:
                  a: {require: n < 3, source: "handbook (2024-02-01)"}
                  b: {require: n < 4, source: "手册 2024-03-01 阅读"}
                  c: {require: n < 5, source: "handbook, read on 1 April 2024"}
                  d: {require: n < 6, source: "handbook (read Jan 2, 2024)"}
                  e: {require: n < 7, source: "读于2024-05-01"}
                  f: {require: n < 8, source: "2024年6月1日查阅"}
                  h: {require: n < 10, source: "handbook, retrieved 2024/09/01"}
                  i: {require: n < 11, source: "2024-10-01 read"}
                  j: {require: n < 12, source: "read 2024-11-01; checked again 2099-01-01"}
                  g: {require: n < 9, source: "page of 2024-07-01, in force from 2024-08-01"}
                """, status: 0,
            words: [
                "a source was last read on 2024-02-01", "a source was last read on 2024-03-01",
                "a source was last read on 2024-04-01", "a source was last read on 2024-01-02",
                "a source was last read on 2024-05-01", "a source was last read on 2024-06-01",
                "a source was last read on 2024-09-01", "a source was last read on 2024-10-01",
            ], silent: ["2024-07-01,", "2024-11-01"]),
        Row(
            given: "a rung that lies behind the one before it, and a latest rating without today's",
            pack: """
                pack: p
                metrics: {rate: mean(tracked of order by ship_by over 30d)}
                rules:
                  r: {levels: {green: rate <= 4%, yellow: rate <= 2%, red: rate >= 0}, aim: yellow}
                  z: {require: latest(score of rating by rated_at over 30d) > 3}
                """, status: 0,
            words: [
                "level 'yellow' of rule 'r' is reached by none of the figures tried",
                "rule 'z' takes the latest reading, but none of today's",
            ]),
        Row(
            given: "a preference behind a limit that the platform shows each store",
            pack: """
                pack: p
                parameters: {limit: {type: rate, measure: shown}}
                metrics: {rate: mean(tracked of order by ship_by over 30d)}
                rules: {r: {require: rate <= limit, prefer: rate <= 1.2 * limit}}
                """, status: 0, words: ["pack.yaml:4:45: warning: 'prefer' of rule 'r' never warns"]),
        Row(given: "the smallest pack", pack: "pack: bare\n", status: 0),
        Row(
            given: "a parameter without a value",
            pack: "pack: p\nparameters: {limit: {type: number}}\nrules: {r: {require: 1 < limit}}\n", status: 0),
        Row(
            given: "a parameter that nothing reads", pack: "pack: p\nparameters:\n  spare: {type: number}\n", status: 0,
            words: ["pack.yaml:3:3: warning:", "spare"]),
        Row(given: "an empty file", pack: "", status: 1, words: ["pack.yaml:1:1: error:", "empty"]),
        Row(
            given: "metrics in a circle", pack: "pack: p\nmetrics:\n  a: b + 1\n  b: a + 1\n", status: 1,
            words: ["pack.yaml:3:3: error:", "a → b → a", "^"]),
        Row(given: "a key twice", pack: "pack: p\npack: q\n", status: 1, words: ["error:", "twice"]),
        Row(given: "broken YAML", pack: "pack: {p\n", status: 1, words: ["pack.yaml:", "error:", "YAML"]),
    ]

    @Test("a pack is right, warned of or wrong", arguments: packs)
    func check(_ row: Row) async throws {
        let folder = try Workplace()
        try folder.write("pack.yaml", row.pack)
        let ended = try await folder.run("rules", "check", "pack.yaml")
        #expect(ended.status == row.status)
        for words in row.words { #expect(ended.error.contains(words), "\(ended.error)") }
        for words in row.silent { #expect(!ended.error.contains(words), "\(ended.error)") }
        if row.words.isEmpty { #expect(ended.error == "") }
        let isWarned = ended.status == 0 && !row.words.isEmpty
        let strict = try await folder.run("rules", "check", "--deny-warnings", "pack.yaml")
        #expect(strict.status == (isWarned ? 1 : row.status), "--deny-warnings turns a warning into a failure")
    }

    @Test("everything that is wrong is said at once, with place, caret and the nearest right name")
    func everythingWrong() async throws {
        let folder = try Workplace()
        try folder.write(
            "wrong.yaml",
            """
            pack: wrong
            metrics:
              late: count(order by plced_at over 30d)
              paid: count(order by paid_at over 30d)
              odd: paid + "x"
              退款: 1
            rules:
              limit: {require: paid < limt}
              typo: {requires: paid > 2}
              number: {require: paid}
            """)
        let ended = try await folder.run("rules", "check", "wrong.yaml")
        #expect(ended.status == 1)
        try expectGolden(ended.error, "rules-check.txt")
        #expect(ended.output.contains("0 packs, 7 errors, 0 warnings"))
    }

    @Test("a folder means the .yaml files directly in it")
    func folder() async throws {
        let folder = try Workplace()
        try folder.write("packs/good.yaml", Self.undated)
        for name in ["packs/deeper/bad.yaml", "packs/bad.txt", "packs/bad.yml", "packs/bad.yaml~"] {
            try folder.write(name, "pack: {")
        }
        let ended = try await folder.run("rules", "check", "packs")
        #expect(ended.status == 0 && ended.error == "", "\(ended.error)")
        try folder.write("packs/bad.yaml", "pack: {")
        #expect(try await folder.run("rules", "check", "packs").status == 1)
    }

    @Test("two packs of one name are an error, which names the other")
    func twice() async throws {
        let folder = try Workplace()
        try folder.write("one.yaml", "pack: same\n")
        try folder.write("two.yaml", "pack: same\n")
        let ended = try await folder.run("rules", "check", "one.yaml", "two.yaml")
        #expect(ended.status == 1)
        #expect(ended.error.contains("two.yaml:1:1: error:") && ended.error.contains("one.yaml"), "\(ended.error)")
    }

    @Test("the packs within the program are right")
    func builtIn() async throws {
        let folder = try Workplace()
        let checked = try await folder.run("rules", "check", "--deny-warnings")
        #expect(checked.status == 0, "\(checked.error)")
        let listed = try await folder.run("rules", "list")
        #expect(listed.status == 0)
        #expect(listed.output.contains("marketplace") && listed.output.contains("dispute-refunds"))
    }

    @Test("rules list says on whose word each limit rests, in the reader's language")
    func list() async throws {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        let english = try await folder.run("rules", "list", "shop.yaml")
        #expect(english.status == 0 && english.error == "")
        try expectGolden(english.output, "rules-list.txt")
        let chinese = try await folder.run("rules", "list", "shop.yaml", environment: ["LANG": "zh_CN.UTF-8"])
        for words in ["规则包", "近30天纠纷", "近90天描述评分"] { #expect(chinese.output.contains(words)) }
    }

    @Test("a path that is not there is wrong usage", arguments: ["check", "list"])
    func missing(_ command: String) async throws {
        let ended = try await Workplace().run("rules", command, "nowhere.yaml")
        #expect(ended.status == 64 && ended.error.contains("nowhere.yaml"))
    }

    @Test("held against a ledger's past: limits that never or always held, windows longer than what is known")
    func history() async throws {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            metrics:
              paid: count(order by paid_at over 7d)
              disputes: count(refund where disputed by refunded_at over 60d)
            rules:
              many: {require: paid >= 5}
              more: {require: paid >= 500}
              some: {require: paid >= 70}
              disputes: {require: disputes < 3}
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}, {id: b, pack: shop}]\n")
        let now = Date()
        func day(_ back: Int) -> String {
            String(ISO8601DateFormatter().string(from: now.addingTimeInterval(TimeInterval(-86_400 * back))).prefix(10))
        }
        // Ten orders a day for 100 days, seventy a week; of late nine. Everything is known of the last 100 days, of refunds
        // of the last 30.
        var (orders, refunds): ([String], [String]) = ([], [])
        for store in ["a", "b"] {
            for back in 1...100 {
                for number in 0..<(back < 20 ? 9 : 10) {
                    orders.append(
                        #"{"kind":"order","store":"\#(store)","id":"\#(back)-\#(number)","paid_at":"\#(day(back))T10:00:00Z"}"#
                    )
                }
            }
            refunds.append(#"{"kind":"refund","store":"\#(store)","id":"r","refunded_at":"\#(day(5))T10:00:00Z"}"#)
        }
        try folder.write("orders.jsonl", orders.joined(separator: "\n") + "\n")
        try folder.write("refunds.jsonl", refunds.joined(separator: "\n") + "\n")
        for (file, back) in [("orders.jsonl", 100), ("refunds.jsonl", 30)] {
            let imported = try await folder.run("import", "--complete-from", "\(day(back))T00:00:00Z", file)
            try #require(imported.status == 0, "\(imported.error)")
        }
        let plain = try await folder.run("rules", "check", "shop.yaml")
        #expect(plain.status == 0 && plain.error == "")
        let ended = try await folder.run("rules", "check", "--history", "shop.yaml")
        #expect(ended.status == 0 && ended.output == "1 pack, 0 errors, 3 warnings\n", "\(ended.everything)")
        // 13 weekly looks at two stores.
        #expect(
            ended.error.contains(
                "shop.yaml:6:19: warning: the limit of rule 'many' held every one of 26 times that the 2 stores could be judged"
            ), "\(ended.error)")
        #expect(ended.error.contains("shop.yaml:7:19: warning: the limit of rule 'more' held none of 26 times"))
        #expect(!ended.error.contains("'some'"))
        // Sixty days back from today, of which the first thirty are not known.
        #expect(
            ended.error.contains(
                "rule 'disputes' looks back to \(day(60)), and every refund is known from \(day(30)) on only: until the 30 days between have left its window, it is unknown"
            ),
            "\(ended.error)")
        #expect(try await folder.run("rules", "check", "--history", "--deny-warnings", "shop.yaml").status == 1)
        // The same pack as configured.
        #expect(
            try await folder.run("rules", "check", "--history").error.contains("the limit of rule 'more' held none"))
    }
}
