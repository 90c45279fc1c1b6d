import Foundation
import TestSupport
import Testing

/// A dataset, and how the oracle's rows are found among our metrics. The oracle was computed elsewhere, by other
/// programs, from the same files.
struct Dataset: Sendable, CustomTestStringConvertible {
    var name: String
    var day: String
    /// Midnight of the day in the dataset's zone: what `--at` is given.
    var at: String
    var oracle: String
    /// The oracle's metric → our metrics for numerator and denominator (nil: the metric itself over 1) and for the
    /// value.
    var metrics: [String: (numerator: String, denominator: String?, scale: Decimal)]
    var testDescription: String { "\(name) on \(day)" }

    private static let olist: [String: (numerator: String, denominator: String?, scale: Decimal)] = [
        "orders_30d": ("orders_30d", nil, 1), "canceled_30d": ("canceled_30d", nil, 1),
        "cancel_rate_30d": ("canceled_30d", "orders_30d", 1), "review_count_90d": ("review_count_90d", nil, 1),
        "review_avg_90d": ("review_sum_90d", "review_count_90d", 1),
        "negative_review_rate_60d": ("negative_reviews_60d", "reviews_60d", 1),
        "on_time_delivery_rate_90d": ("on_time_90d", "delivered_90d", 1),
        "late_handover_rate_30d": ("late_30d", "shipped_30d", 1),
    ]
    // The oracle counts money in thousandths of a pound.
    private static let retail: [String: (numerator: String, denominator: String?, scale: Decimal)] = [
        "orders_30d": ("orders_30d", nil, 1), "refunds_30d": ("refunds_30d", nil, 1),
        "refund_rate_30d": ("refunds_30d", "orders_30d", 1),
        "refund_amount_rate_30d": ("refund_amount_30d", "order_amount_30d", 1000),
    ]

    static let all = [
        Dataset(
            name: "olist", day: "2018-01-15", at: "2018-01-15T00:00:00-02:00",
            oracle: "olist/oracle/olist_2018-01-15.csv.gz", metrics: olist),
        Dataset(
            name: "olist", day: "2018-05-15", at: "2018-05-15T00:00:00-03:00",
            oracle: "olist/oracle/olist_2018-05-15.csv.gz", metrics: olist),
        Dataset(
            name: "online-retail", day: "2011-02-01", at: "2011-02-01T00:00:00Z",
            oracle: "online-retail/oracle/retail_2011-02-01.csv", metrics: retail),
        Dataset(
            name: "online-retail", day: "2011-10-01", at: "2011-10-01T00:00:00+01:00",
            oracle: "online-retail/oracle/retail_2011-10-01.csv", metrics: retail),
    ]

    static func pack(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Packs/\(name).yaml").path
    }
}

@Suite(
    "Real data gives the figures that others computed from it",
    .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
struct RealDataTests {
    @Test("every figure of the oracle, after import and after a pull", arguments: ["olist", "online-retail"])
    func figures(_ name: String) async throws {
        let facts = "\(name)/facts.jsonl.gz"
        let folder = try Workplace()

        // By import.
        try folder.write(
            "imported.yaml",
            """
            database: sqlite:imported.db
            packs: [\(Dataset.pack(name))]
            stores: [{match: "*", pack: \(name)}]
            """)
        let imported = try await Program.run("import", "--config", folder.file("imported.yaml"), SharedData.path(facts))
        try #require(imported.status == 0, "\(imported.error)")

        // By a feed, page after page through libcurl.
        let lines = try SharedData.text(facts).split(separator: "\n").map(String.init)
        let feed = FeedServer(lines: lines, pageSize: 1000)
        try await feed.serving { address in
            try folder.write(
                "pulled.yaml",
                """
                database: sqlite:pulled.db
                packs: [\(Dataset.pack(name))]
                stores: [{match: "*", pack: \(name)}]
                feeds: [{id: erp, url: "\(address)/facts"}]
                """)
            let pulled = try await Program.run("pull", "--config", folder.file("pulled.yaml"))
            #expect(pulled.status == 0, "\(pulled.error)")
        }

        for dataset in Dataset.all where dataset.name == name {
            for config in ["imported.yaml", "pulled.yaml"] {
                let printed = try await Program.run(
                    "metrics", "--config", folder.file(config), "--at", dataset.at, "--format", "csv")
                try #require(printed.status == 0, "\(printed.error)")
                let differences = try compare(printed.output, with: dataset)
                #expect(
                    differences.isEmpty,
                    "\(dataset.testDescription), \(config): \(differences.count) differ, such as \(differences.prefix(5))"
                )
            }
        }

        let verified = try await Program.run("verify", "--config", folder.file("imported.yaml"))
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
    }

    /// Every row of the oracle that our figures do not equal.
    private func compare(_ csv: String, with dataset: Dataset) throws -> [String] {
        var ours: [String: [String: String]] = [:]
        for line in csv.split(separator: "\n").dropFirst() {
            let fields = CSV.fields(line)
            ours[fields[0], default: [:]][fields[1]] = fields[2]
        }
        var differences: [String] = []
        var count = 0
        for line in try SharedData.text(dataset.oracle).split(separator: "\n").dropFirst() {
            let fields = CSV.fields(line)
            let (store, metric) = (fields[0], fields[2])
            let names = try #require(
                dataset.metrics[metric], "the oracle has a metric this test does not know: \(metric)")
            count += 1
            let found = ours[store] ?? [:]
            let numerator = found[names.numerator].flatMap { Decimal(string: $0) }.map { $0 * names.scale }
            let denominator =
                names.denominator == nil
                ? 1 : found[names.denominator!].flatMap { Decimal(string: $0) }.map { $0 * names.scale }
            if numerator != Decimal(string: fields[3]) || denominator != Decimal(string: fields[4]) {
                differences.append(
                    "\(store) \(metric): \(found[names.numerator] ?? "-")/\(names.denominator.map { found[$0] ?? "-" } ?? "1"), not \(fields[3])/\(fields[4])"
                )
            }
            let value = found[metric].flatMap(Double.init)
            if abs((value ?? .infinity) - (Double(fields[5]) ?? .nan)) > 0.000_001 {
                differences.append("\(store) \(metric): \(found[metric] ?? "-"), not \(fields[5])")
            }
        }
        try #require(count > 50, "the oracle has rows")
        return differences
    }
}

enum CSV {
    /// The fields of a line, quotes undone.
    static func fields(_ line: some StringProtocol) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
