import Foundation
import TestSupport
import Testing

@Suite("explain takes a standing down to its windows, numbers and facts")
struct ExplainTests {
    @Test("a page for people: windows with dates, the limit with its basis, the facts with the day each leaves")
    func page() async throws {
        let printed = try await Sample().at("explain", "--store", "shop-elm")
        #expect(printed.status == 0 && printed.error == "")
        try expectGolden(printed.output, "explain.txt")
    }

    @Test("of a store that nobody has heard of nothing is said, though a pattern would watch it")
    func nobody() async throws {
        let folder = try Workplace.watchingEveryStore()
        try #require(try await folder.run("import", "-", input: Sample.facts[0]).status == 0)
        let ended = try await folder.run("explain", "--store", "shop-oka")
        #expect(ended.status == 64 && ended.output == "", "\(ended.everything)")
        #expect(ended.error.contains("nothing is known of a store 'shop-oka'"), "\(ended.error)")
        #expect(ended.error.contains("did you mean"), "\(ended.error)")
    }

    @Test("the same for programs")
    func json() async throws {
        let printed = try await Sample().at("explain", "--store", "shop-elm", "disputes", "--format", "json")
        #expect(printed.status == 0 && printed.error == "")
        try expectGolden(printed.output.broken(before: "rule", "metric", "aggregate", "kind"), "explain.json")

        let report = try object(JSONSerialization.jsonObject(with: Data(printed.output.utf8)))
        let rules = try list(report["rules"])
        #expect(try rules.map { try string($0["rule"]) } == ["disputes"], "one rule was asked for")
        let figures = try list(list(rules[0]["metrics"])[0]["figures"])
        let window = try string(figures[0]["window"])
        for part in ["T-1", "T-30", "2026-01-31", "2026-03-01"] { #expect(window.contains(part), "\(window)") }
        // A fact of 10 February is counted for the last time on 12 March, 30 days later.
        let evidence = try list(rules[0]["evidence"]).map { [try string($0["id"]), try string($0["leaves"])] }
        #expect(
            evidence == [
                ["shop-elm/r1", "2026-03-13"], ["shop-elm/r2", "2026-03-15"], ["shop-elm/r3", "2026-04-01"],
            ])
    }

    @Test("a fact is among the evidence until the day it leaves")
    func leaving() async throws {
        let sample = try await Sample()
        let later = try await sample.folder.run(
            "import", "--complete-until", "2026-03-20T00:00:00+08:00", "facts.jsonl")
        try #require(later.status == 0, "\(later.error)")
        func ids(_ at: String) async throws -> [String] {
            let printed = try await sample.folder.run(
                "explain", "--store", "shop-elm", "disputes", "--format", "json", "--at", at)
            let report = try object(JSONSerialization.jsonObject(with: Data(printed.output.utf8)))
            return try list(list(report["rules"])[0]["evidence"]).map { try string($0["id"]) }
        }
        #expect(try await ids("2026-03-12T23:59:59+08:00") == ["shop-elm/r1", "shop-elm/r2", "shop-elm/r3"])
        #expect(try await ids("2026-03-13T00:00:00+08:00") == ["shop-elm/r2", "shop-elm/r3"])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var words: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let wrong: [Row] = [
        Row(arguments: ["explain", "--store", "shp-elm"], words: "did you mean 'shop-elm'"),
        Row(arguments: ["explain", "--store", "shop-elm", "dispute"], words: "did you mean 'disputes'"),
        Row(arguments: ["explain"], words: "--store"),
        Row(arguments: ["explain", "--store", "shop-elm", "--at", "tomorrow"], words: "tomorrow"),
    ]

    @Test("what is not there is said, with the nearest name", arguments: wrong)
    func misnamed(_ row: Row) async throws {
        let ended = try await Sample().folder.run(row.arguments)
        #expect(ended.status == 64 && ended.output == "")
        #expect(ended.error.contains(row.words), "\(ended.error)")
    }

    @Test("with a window that is chosen the facts of the one in force are shown, and none that only choose it")
    func chosen() async throws {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: UTC
            windows:
              look_back: if(count(order by placed_at over 30d) >= 5, 10d, 60d)
            rules:
              refunds: {require: count(refund by opened_at over look_back offset 5d) < 1}
            """)
        try folder.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}]\n")
        let orders = (1...6).map {
            #"{"kind":"order","store":"a","id":"o\#($0)","placed_at":"2026-02-2\#($0)T10:00:00Z"}"#
        }
        let refunds = [("near", "02-20"), ("far", "01-20"), ("late", "02-27")].map { id, day in
            #"{"kind":"refund","store":"a","id":"\#(id)","opened_at":"2026-\#(day)T10:00:00Z"}"#
        }
        let imported = try await folder.run(
            "import", "--complete-until", "2026-03-02T00:00:00Z", "-",
            input: (orders + refunds).joined(separator: "\n") + "\n")
        try #require(imported.status == 0, "\(imported.error)")
        let page = try await folder.run("explain", "--store", "a", "--at", "2026-03-02T00:00:00Z")
        // Ten days that end five days before: 15 to 24 February.
        #expect(page.output.contains("1 fact behind it") && page.output.contains("near"), "\(page.output)")
        #expect(!page.output.contains("far") && !page.output.contains("order  o1"))
    }

    /// A rate of sevenths, whose parts are all rounded.
    @Test("what a change is made of adds up as it is printed: the parts to the change, and the groups to their part")
    func addsUp() async throws {
        let folder = try Workplace()
        try folder.write(
            "p.yaml",
            """
            pack: p
            rules:
              r:
                title: Disputes
                require: "disputes / paid <= 1%"
              wait: {title: Wait, require: "wait <= 1d"}
              rate: {title: Rate, require: "rate <= 1%"}
              lead: {title: Lead, require: "lead <= 1d"}
            metrics:
              disputes: count(refund where disputed by refunded_at over 30d)
              paid: count(order by paid_at over 30d)
              rate: disputes / paid
              wait: mean(refunded_at - opened_at of refund by refunded_at over 30d)
              lead: mean(opened_at - refunded_at of refund by refunded_at over 30d)
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [p.yaml]\nstores: [{id: a, pack: p, timezone: UTC}]\n")
        var (random, lines) = (SeededGenerator(seed: 7), [String]())
        for day in 1...31 {
            let on = "2026-03-\(day < 10 ? "0" : "")\(day)T"
            for number in 0..<Int.random(in: 1...9, using: &random) {
                lines.append(#"{"kind":"order","store":"a","id":"\#(day)-\#(number)","paid_at":"\#(on)10:00:00Z"}"#)
            }
            guard random.percent(60) else { continue }
            let (reason, product) = (random.pick(["quality", "late", "other"]), random.pick(["lamp", "chair"]))
            let hour = Int.random(in: 10...19, using: &random)
            lines.append(
                #"{"kind":"refund","store":"a","id":"r\#(day)","opened_at":"\#(on)09:00:00Z","refunded_at":"\#(on)\#(hour):37:00Z","disputed":true,"reason":"\#(reason)","product":"\#(product)"}"#
            )
        }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        try #require(try await folder.run("import", "facts.jsonl").status == 0)
        let page = try await folder.run(
            "explain", "--store", "a", "--at", "2026-04-01T00:00:00Z", "--since", "2026-03-17")
        /// The numbers that stand in a text before `%`, ` h` or nothing.
        func numbers(_ text: Substring, _ pattern: String) throws -> [Decimal] {
            try text.matches(of: Regex(pattern, as: (Substring, Substring).self)).map {
                try #require(Decimal(string: String($0.1)))
            }
        }
        let printed = page.output.split(separator: "\n")
        var (seen, groups) = (0, 0)
        for (place, line) in printed.enumerated() where line.hasPrefix("  changed") {
            let ends = try numbers(line, #"(-?[0-9.]+)(?: h|%)?(?: →|$| \()"#)
            try #require(ends.count == 2, "\(line)")
            let parts = printed[(place + 1)...].prefix { $0.hasPrefix("      ") && $0.contains(" → ") }
            var sum: Decimal = 0
            for part in parts {
                let effect = try #require(try numbers(part, #": ([+-][0-9.]+)"#).first, "\(part)")
                let own = try numbers(part, #"\(([+-][0-9.]+)(?: h|%)?\)"#)
                #expect(own.reduce(0, +) == effect, "\(part)")
                sum += effect
                groups += own.count
            }
            #expect(sum == ends[1] - ends[0], "\(page.output)")
            seen += 1
        }
        #expect(seen >= 5 && groups > 8 && page.output.contains("lead -"), "\(page.output)")
    }

    @Test("what a rule counts without a metric is told like one: with its figure, its window and in each part")
    func unnamed() async throws {
        let sample = try await Sample()
        try sample.folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: Asia/Shanghai
            rules:
              r: {require: "count(refund where disputed by refunded_at over 30d) / count(order by paid_at over 30d) < 1%"}
              e: {each: order, require: "count(refund where disputed by refunded_at over 30d) < 3"}
            """)
        let ended = try await sample.at("explain", "--store", "shop-elm", "--format", "json")
        let explained = try #require(JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
        let rules = try list(explained["rules"])
        let (rule, each) = (try #require(rules.first), try #require(rules.last))
        let metrics = try list(rule["metrics"])
        #expect(
            metrics.map { $0["metric"] as? String } == [
                "count(refund where disputed by refunded_at over 30d)", "count(order by paid_at over 30d)",
            ])
        for metric in metrics {
            let figures = try list(metric["figures"])
            #expect(figures.count == 1 && figures[0]["value"] as? Int == metric["value"] as? Int, "\(metric)")
            #expect((figures[0]["window"] as? String)?.contains("2026-01-31…2026-03-01") ?? false)
        }
        #expect((rule["headroom"] as? [[String: Any]])?.isEmpty == false)
        let parts = try list(each["parts"])
        #expect(!parts.isEmpty && parts.allSatisfy { ($0["values"] as? [String: Any])?.count == 1 }, "\(ended.output)")
        let table = try await sample.at("explain", "--store", "shop-elm", "r")
        #expect(
            table.output.contains("\n  count(refund where disputed by refunded_at over 30d) = 3\n      3  T-30…T-1"),
            "\(table.output)")
    }
}
