import Foundation
import TestSupport
import Testing

@Suite("metrics prints every figure of every watched store")
struct MetricsTests {
    @Test("a table says which figures are not wholly covered")
    func table() async throws {
        let printed = try await Sample().at("metrics")
        #expect(printed.status == 0 && printed.error == "")
        try expectGolden(printed.output, "metrics.txt")
    }

    @Test("CSV is sorted by store, then metric, with a row for every watched store and metric")
    func csv() async throws {
        let printed = try await Sample().at("metrics", "--format", "csv")
        #expect(printed.status == 0 && printed.error == "")
        try expectGolden(printed.output, "metrics.csv")
        let rows = CSV.records(printed.output)
        #expect(rows.first == ["store", "metric", "value"])
        let keys = rows.dropFirst().map { [$0[0], $0[1]] }
        #expect(keys == keys.sorted { $0.lexicographicallyPrecedes($1) })
        let metrics = ["dispute_orders", "dispute_rate", "paid_orders", "ratings", "score"]
        let stores = ["shop-elm", "shop-fig", "shop-fir", "shop-ivy", "shop-oak", "silent"]
        #expect(keys == stores.flatMap { store in metrics.map { [store, $0] } })
    }

    @Test("texts that only look alike are two, in comparisons as in what is told apart")
    func lookalikes() async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: UTC
            metrics:
              composed: count(refund where product == "\u{E9}" by refunded_at over 30d)
              other: count(refund where product != "\u{E9}" by refunded_at over 30d)
              listed: count(refund where product in ("x", "\u{E9}") by refunded_at over 30d)
              products: distinct(product of refund by refunded_at over 30d)
              late: count(refund where product == "\u{E9}" and refunded_at > opened_at + 1h by refunded_at over 30d)
            """)
        let facts = ["\u{E9}", "e\u{301}", "x"].enumerated().map { index, product in
            #"{"kind":"refund","store":"s","id":"\#(index)","product":"\#(product)","opened_at":"2026-02-20T00:00:00Z","refunded_at":"2026-02-21T00:00:00Z"}"#
        }
        try #require(try await folder.run("import", "-", input: facts.joined(separator: "\n")).status == 0)
        let printed = try await folder.run("metrics", "--at", "2026-03-02T00:00:00Z", "--format", "csv")
        #expect(
            printed.output.lines.dropFirst().prefix(5) == [
                "s,composed,1", "s,late,1", "s,listed,2", "s,other,2", "s,products,3",
            ])
    }

    @Test("numbers are the shortest that read back the same, and missing is empty")
    func numbers() async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: UTC
            metrics:
              nothing: mean(score of rating by rated_at over 30d)
              whole: count(order by paid_at over 30d)
              third: whole / 3
              small: 1 / 3000000
              negative: 0 - whole / 8
              large: sum(amount of order by paid_at over 30d)
              cents: mean(amount of order by paid_at over 30d)
              wait: mean(shipped_at - paid_at of order by paid_at over 30d)
              healthy: whole > 0
            """)
        let times = #""paid_at":"2026-02-20T00:00:00Z","shipped_at":"2026-02-21T12:00:00Z""#
        let order = #"{"kind":"order","store":"s","id":"o",\#(times),"amount":"9000000000.01"}"#
        try #require(try await folder.run("import", "-", input: order).status == 0)
        let printed = try await folder.run("metrics", "--at", "2026-03-02T00:00:00Z", "--format", "csv")
        let expected = [
            "s,cents,9000000000.01", "s,healthy,true", "s,large,9000000000.01", "s,negative,-0.125", "s,nothing,",
            "s,small,3.3333333333333335e-07", "s,third,0.3333333333333333", "s,wait,129600", "s,whole,1",
        ]
        for (line, expected) in zip(printed.output.lines.dropFirst(), expected) {
            let value = String(line.split(separator: ",", omittingEmptySubsequences: false).last ?? "")
            let wanted = String(expected.split(separator: ",", omittingEmptySubsequences: false).last ?? "")
            if let number = Double(wanted) {
                #expect(Double(value) == number && value.count <= wanted.count, "\(line), not \(expected)")
            } else {
                #expect(line == expected)
            }
        }
        #expect(printed.output.lines.count == expected.count + 2)
    }

    @Test("JSON marks what is not wholly covered")
    func json() async throws {
        let printed = try await Sample().at("metrics", "--format", "json")
        #expect(printed.status == 0 && printed.error == "")
        try expectGolden(printed.output.broken(before: "store"), "metrics.json")
        let report = try object(JSONSerialization.jsonObject(with: Data(printed.output.utf8)))
        #expect(try string(report["at"]) == "2026-03-02T04:00:00Z")
        for store in try list(report["stores"]) {
            let isCovered = !["shop-fig", "silent"].contains(try string(store["store"]))
            for (metric, figure) in try object(store["metrics"]) {
                #expect(try object(figure)["covered"] as? Bool == isCovered, "\(store["store"] ?? "") \(metric)")
            }
        }
    }

    @Test("a glob picks stores, and says so when none fits")
    func glob() async throws {
        let sample = try await Sample()
        let some = try await sample.at("metrics", "--format", "csv", "--store", "shop-fi?")
        #expect(Set(CSV.records(some.output).dropFirst().map { $0[0] }) == ["shop-fig", "shop-fir"])
        let none = try await sample.at("metrics", "--store", "nobody*")
        #expect(none.status == 64 && none.error.contains("nobody*") && none.output == "")
    }

    /// Every reducer and every sort of span, by hand: a penalty of 3 points from 10 February to 12 March and one of 5 from
    /// 1 to 20 February; four ratings, two of them by one buyer.
    @Test("what is in force, distinct values, extremes, the latest, ranks, hours and offsets")
    func everySpan() async throws {
        let folder = try Workplace()
        try folder.write(
            "wide.yaml",
            """
            pack: wide
            timezone: UTC
            metrics:
              points: sum(points of penalty where not excluded from issued_at until expires_at)
              points_before: sum(points of penalty from issued_at until expires_at) offset 15d
              buyers: distinct(buyer of rating by rated_at over 30d)
              best: max(score of rating by rated_at over 30d)
              worst: min(score of rating by rated_at over 30d)
              middle: percentile(score of rating by rated_at over 30d, 50)
              last: latest(score of rating by rated_at over 30d)
              recent: count(rating by rated_at over 24h)
              this_month: count(rating by rated_at over month to date)
              january: count(rating by rated_at over 1mo offset 1mo)
            rules: {points: {require: points < 8}}
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [wide.yaml]\nstores: [{match: \"*\", pack: wide}]\n")
        func rating(_ id: Int, _ at: String, _ score: Int, _ buyer: String) -> String {
            #"{"kind":"rating","store":"s","id":"\#(id)","rated_at":"\#(at)","score":\#(score),"buyer":"\#(buyer)"}"#
        }
        let lines = [
            #"{"kind":"penalty","store":"s","id":"1","issued_at":"2026-02-10T00:00:00Z","expires_at":"2026-03-12T00:00:00Z","points":3}"#,
            #"{"kind":"penalty","store":"s","id":"2","issued_at":"2026-02-01T00:00:00Z","expires_at":"2026-02-20T00:00:00Z","points":5}"#,
            rating(1, "2026-01-10T10:00:00Z", 5, "ann"), rating(2, "2026-02-20T10:00:00Z", 1, "bob"),
            rating(3, "2026-03-01T10:00:00Z", 4, "cid"), rating(4, "2026-03-01T20:00:00Z", 2, "bob"),
        ]
        #expect(try await folder.run("import", "-", input: lines.joined(separator: "\n")).status == 0)
        let ended = try await folder.run("metrics", "--format", "csv", "--at", "2026-03-02T12:00:00Z")
        let expected = [
            "best": "4", "buyers": "2", "january": "1", "last": "2", "middle": "2", "this_month": "2", "points": "3",
            "points_before": "8", "recent": "1", "worst": "1",
        ]
        #expect(
            ended.output.lines
                == ["store,metric,value"] + expected.sorted { $0.key < $1.key }.map { "s,\($0.key),\($0.value)" } + [
                    ""
                ],
            "\(ended.everything)")
        for command in [["check"], ["explain", "--store", "s"], ["verify"], ["rules", "check", "wide.yaml"]] {
            let ended = try await folder.run(command)
            #expect(!ended.hasCrashed, "\(command): \(ended.everything)")
        }
    }
}

enum CSV {
    /// The records of a whole text as RFC 4180 has them: quoted fields may hold commas, quotes and line ends.
    static func records(_ text: String) -> [[String]] {
        var records = [[""]]
        var isQuoted = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"":
                // A quote written twice within quotes is one.
                if !isQuoted, !records[records.count - 1].last!.isEmpty { add("\"", to: &records) }
                isQuoted.toggle()
            case "," where !isQuoted: records[records.count - 1].append("")
            case "\n" where !isQuoted: records.append([""])
            default: add(scalar, to: &records)
            }
        }
        return records.filter { $0 != [""] }
    }

    private static func add(_ scalar: Unicode.Scalar, to records: inout [[String]]) {
        let record = records.count - 1
        records[record][records[record].count - 1].unicodeScalars.append(scalar)
    }
}
