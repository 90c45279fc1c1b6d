import Foundation
import TestSupport
import Testing

@Suite("reconcile and calibrate on the command line")
struct ReconcileCommandTests {
    private static let pack = """
        pack: shop
        timezone: Asia/Shanghai
        kinds:
          dispute: refund where disputed and status == refunded
        metrics:
          paid: count(order by paid_at over 30d)
          disputes: count(order by min(refunded_at of dispute) over 30d)
          rate: disputes / paid
        titles:
          rate: {en: dispute rate, zh: 纠纷率}
        reconcile:
          rate:
            theirs: shop.rate
            step: 0.01%
            open: {en: by which day a dispute counts, zh: 纠纷按哪一天统计}
            variants:
              payment-day:
                title: {en: by the day of payment, zh: 按支付日}
                value: count(order where has(dispute) by paid_at over 30d) / paid
          paid: {theirs: shop.paid, step: 1}
          disputes: {theirs: shop.disputes, tolerance: 1}
        rules:
          rate: {require: rate < 50%, trust: neither, fresh: 30d}
          disputes: {require: disputes < 9}
        """

    private static let at = "2026-03-06T12:00:00+08:00"

    private static func fact(_ kind: String, _ id: String, _ members: String) -> String {
        #"{"kind":"\#(kind)","store":"s|1","id":"\#(id)",\#(members)}"#
    }

    private static func shown(_ name: String, _ day: String, _ value: String) -> String {
        fact("measure", "\(name) \(day)", #""name":"\#(name)","at":"2026-\#(day)T09:00:00+08:00","value":\#(value)"#)
    }

    /// Ten orders of 10 February, the first disputed on the 20th; two of 10 January, disputed on 25 February.
    private static let facts =
        (1...10).map { fact("order", "o\($0)", #""paid_at":"2026-02-10T10:00:00+08:00""#) }
        + (1...2).map { fact("order", "p\($0)", #""paid_at":"2026-01-10T10:00:00+08:00""#) }
        + [("r1", "o1", "02-20"), ("r2", "p1", "02-25"), ("r3", "p2", "02-25")].map { id, order, day in
            fact(
                "refund", id,
                #""order":"\#(order)","opened_at":"2026-02-15T10:00:00+08:00","refunded_at":"2026-\#(day)T10:00:00+08:00","status":"refunded","disputed":true"#
            )
        }
        + [
            shown("shop.rate", "03-02", "0.3"), shown("shop.rate", "03-03", "0.1"), shown("shop.rate", "03-04", "0.1"),
            shown("shop.rate", "03-05", "0.1"), shown("shop.rate", "03-06", "0.1"),
            shown("shop.disputes", "03-06", "4"),
        ]

    private func shop(_ more: [String] = []) async throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Self.pack)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: \"s|1\", name: Shop, pack: shop}]\n")
        let imported = try await folder.run(
            "import", "--complete-until", Self.at, "-", input: (Self.facts + more).joined(separator: "\n"))
        try #require(imported.status == 0, "\(imported.error)")
        return folder
    }

    private func run(_ folder: Workplace, _ arguments: String..., language: String = "C.UTF-8") async throws
        -> Program.Outcome
    {
        try await folder.run(arguments, environment: ["LANG": language])
    }

    @Test("a table says how far they lie apart, since when, and what would come to theirs")
    func table() async throws {
        let folder = try await shop()
        for (language, name) in [("C.UTF-8", "reconcile.txt"), ("zh_CN.UTF-8", "reconcile.zh.txt")] {
            let printed = try await run(folder, "reconcile", "--at", Self.at, language: language)
            #expect(printed.status == 0 && printed.error == "")
            try expectGolden(printed.output, name)
        }
        let json = try await run(folder, "reconcile", "s|1", "--at", Self.at, "--format", "json")
        #expect(json.status == 0)
        try expectGolden(json.output.broken(before: "metric", "candidate"), "reconcile.json")
        let wrong = try await run(folder, "reconcile", "t")
        #expect(wrong.status == 64 && wrong.error.contains("no watched store fits 't'"))
    }

    @Test("check tells of what parts in every form, and explain of the figures behind a rule")
    func check() async throws {
        let folder = try await shop()
        let line =
            "ours 30%, theirs 10% as of 2026-03-06T09:00:00+08:00, apart since 2026-03-03T09:00:00+08:00; would be 10%, as theirs: by the day of payment"
        let table = try await run(folder, "check", "--at", Self.at)
        #expect(table.status == 3)
        #expect(table.output.contains("differs  s|1    rate    \(line)"), "\(table.output)")
        #expect(!table.output.contains("agrees"))
        #expect(try await run(folder, "check", "--at", Self.at, "--all").output.contains("agrees"))
        let nagios = try await run(folder, "check", "--at", Self.at, "--format", "nagios")
        #expect(nagios.output.contains("differs: s/1 rate: \(line)\n"), "\(nagios.output)")
        let junit = try await run(folder, "check", "--at", Self.at, "--format", "junit")
        #expect(junit.output.contains("<property name=\"reconcile.rate\" value=\"differs: ours 30%, theirs 10%"))
        let json = try await run(folder, "check", "--at", Self.at, "--format", "json")
        let stores = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])["stores"]
        let reconciled = try #require((stores as? [[String: Any]])?.first?["reconciled"] as? [[String: Any]])
        #expect(
            reconciled.map { "\($0["metric"] ?? "") \($0["standing"] ?? "")" } == ["rate differs", "disputes agrees"])
        #expect(json.output.contains(#""because":"reconcile_failed""#))
        let explained = try await run(folder, "explain", "--store", "s|1", "--at", Self.at, "rate")
        #expect(explained.output.contains("platform   rate differs: \(line)"), "\(explained.output)")
        let other = try await run(folder, "explain", "--store", "s|1", "--at", Self.at, "disputes")
        #expect(!other.output.contains("rate differs") && other.output.contains("disputes agrees"))
    }

    @Test("a definition of which nothing is known keeps no other from being told to fit")
    func leftOut() async throws {
        let folder = try await shop([Self.shown("shop.rate", "03-02", "0.1")])
        // Nobody tells when these orders were signed for.
        let signed = """
                  signed:
                    title: {en: of orders signed for, zh: 占签收订单}
                    value: disputes / count(order by delivered_at over 30d)
              paid: {theirs
            """
        try folder.write("shop.yaml", Self.pack.replacing("  paid: {theirs", with: signed))
        let told = try await run(folder, "calibrate", "s|1", "rate")
        #expect(
            told.output.hasSuffix(
                "fits all 5 figures: payment-day (by the day of payment); left out, as what it counts is not known: signed\n"
            ),
            "\(told.everything)")
        let json = try await run(folder, "calibrate", "s|1", "rate", "--format", "json")
        #expect(json.output.contains(#""fitting":["payment-day"]"#) && json.output.contains(#""compared":false"#))
    }

    @Test("of a page that names a day, what would come to its figure is named by such days too")
    func pageOfADay() async throws {
        let page = try Workplace()
        try page.write("shop.yaml", Self.pack)
        try page.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: \"s|1\", pack: shop}]\n"
        )
        let facts =
            Self.facts.filter { !$0.contains("shop.") } + [
                Self.fact("measure", "day", #""name":"shop.rate","at":"2026-02-24T00:00:00+08:00","value":0.3"#)
            ]
        _ = try await page.run(
            "import", "--complete-until", Self.at, "-", input: facts.joined(separator: "\n"))
        let printed = try await run(page, "reconcile", "--at", Self.at)
        // Ours is of the window that ends with the 24th: a day later three of ten are disputed.
        #expect(printed.output.contains("2026-02-24T00:00:00+08:00"), "\(printed.output)")
        #expect(printed.output.contains("as theirs: as of 2026-02-25, 1 day later"), "\(printed.output)")
    }

    @Test("calibrate says which definition fits, or that none does; with too few figures it ends with 1")
    func calibrate() async throws {
        let folder = try await shop()
        let none = try await run(folder, "calibrate", "s|1", "rate")
        #expect(none.status == 0 && none.error == "")
        try expectGolden(none.output, "calibrate-none.txt")
        let one = try await shop([Self.shown("shop.rate", "03-02", "0.1")])
        let fits = try await run(one, "calibrate", "s|1", "rate")
        #expect(fits.status == 0)
        #expect(fits.output.hasSuffix("fits all 5 figures: payment-day (by the day of payment)\n"), "\(fits.output)")
        let chinese = try await run(one, "calibrate", "s|1", "rate", language: "zh_CN.UTF-8")
        try expectGolden(chinese.output, "calibrate.zh.txt")
        let json = try await run(one, "calibrate", "s|1", "rate", "--format", "json")
        try expectGolden(json.output.broken(before: "meaning", "at"), "calibrate.json")
        let few = try await run(one, "calibrate", "s|1", "disputes")
        #expect(few.status == 1)
        #expect(
            few.output.contains("too few figures to tell: 1 figure of the platform's can be compared, 5 are needed"))
        for (arguments, words) in [
            (["s|1", "rates"], "has no metric 'rates'; did you mean 'rate'?"),
            (["s", "rate"], "no watched store is called 's'"),
        ] {
            let wrong = try await folder.run(["calibrate"] + arguments)
            #expect(wrong.status == 64 && wrong.error.contains(words), "\(wrong.error)")
        }
    }
}
