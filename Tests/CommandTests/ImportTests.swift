import Foundation
import TestSupport
import Testing

@Suite("import takes JSON Lines, packed or not, from files and from a pipe")
struct ImportTests {
    private static let text = Sample.facts.joined(separator: "\n") + "\n"

    private func state(_ folder: Workplace) async throws -> [String] {
        let facts = try await folder.run("export")
        let figures = try await folder.run("metrics", "--at", Sample.at, "--format", "csv")
        let standings = try await folder.run("check", "--at", Sample.at, "--format", "json")
        #expect(facts.status == 0 && figures.status == 0 && standings.status == 2)
        return [facts, figures, standings].map(\.output)
    }

    /// What zstd packs can only be had where it is installed.
    static let ways = ["jsonl", "gz", "-"] + (Tool.exists("zstd") ? ["zst"] : [])

    @Test("the same facts give the same ledger, whichever way they come", arguments: ways)
    func same(_ way: String) async throws {
        let plain = try Workplace.watchingEveryStore()
        try plain.write("facts.jsonl", Self.text)
        let first = try await plain.run("import", "--complete-until", Sample.complete, "facts.jsonl")
        try #require(first.status == 0)

        let folder = try Workplace.watchingEveryStore()
        var file = "facts.jsonl"
        switch way {
        case "gz":
            file = "facts.jsonl.gz"
            try folder.write(file, bytes: try await packed(by: "gzip"))
        case "zst":
            file = "facts.jsonl.zst"
            try folder.write(file, bytes: try await packed(by: "zstd"))
        case "-": file = "-"
        default: try folder.write(file, Self.text)
        }
        let ended = try await folder.run(
            "import", "--complete-until", Sample.complete, file, input: way == "-" ? Self.text : nil)
        #expect(ended.status == 0 && ended.error.contains("\(Sample.facts.count) new"), "\(ended.error)")
        #expect(ended.output == "", "what it did is no result")
        #expect(try await state(folder) == state(plain))
        #expect(try await folder.run("verify").status == 0)
    }

    private func packed(by name: String) async throws -> [UInt8] {
        let tool = try #require(Tool(name))
        return try await tool.run(["-c"], input: Array(Self.text.utf8))
    }

    @Test("the same file again changes nothing, and neither does half of it")
    func again() async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write("facts.jsonl", Self.text)
        try folder.write("half.jsonl", Sample.facts.prefix(15).joined(separator: "\n"))
        try #require(
            try await folder.run("import", "--complete-until", Sample.complete, "facts.jsonl").status == 0)
        let before = try await state(folder)
        for file in ["facts.jsonl", "half.jsonl"] {
            let again = try await folder.run("import", "--complete-until", Sample.complete, file)
            #expect(again.status == 0 && again.error.contains("0 new, 0 updated"), "\(again.error)")
        }
        #expect(try await state(folder) == before)
        #expect(try await folder.run("verify").status == 0)
    }

    @Test("several files at once; one that is not there fails, and the others go in")
    func several() async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write("a.jsonl", Sample.facts[0] + "\n")
        try folder.write("b.jsonl", Sample.facts[1] + "\n")
        let ended = try await folder.run("import", "a.jsonl", "missing.jsonl", "b.jsonl")
        #expect(ended.status == 1 && ended.error.contains("missing.jsonl"))
        #expect(
            try await folder.run("export").output.lines.count { $0.contains("updated_at") || $0.contains("\"id\"") }
                == 2)
    }

    @Test("what could not be read is told with its line and reason, the first few of many")
    func quarantined() async throws {
        let folder = try Workplace.watchingEveryStore()
        func bad(_ id: Int) -> String { #"{"kind":"order","store":"s","id":"\#(id)","units":-\#(id)}"# }
        try folder.write("one.jsonl", Sample.facts[0] + "\n" + bad(7) + "\n")
        let one = try await folder.run("import", "one.jsonl")
        #expect(one.status == 0 && one.error.contains("1 quarantined (line 2: units is negative: -7)"), "\(one.error)")
        let checked = try await folder.run("check")
        #expect(
            checked.output.contains("1 fact of 1 store could not be read and count nowhere"), "\(checked.everything)")
        try folder.write("many.jsonl", (1...5).map(bad).joined(separator: "\n"))
        let many = try await folder.run("import", "many.jsonl")
        #expect(
            many.error.contains(
                "5 quarantined (line 1: units is negative: -1; line 2: units is negative: -2; "
                    + "line 3: units is negative: -3; …)"), "\(many.error)")
    }

    @Test("lines that name no store may be of any: what a store does not bear of them keeps it from being complete")
    func unattributed() async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - {id: strict, pack: marketplace, timezone: UTC, currency: CNY, quarantine_limit: 2}
              - {id: scarred, pack: marketplace, timezone: UTC, currency: CNY}
              - {id: sound, pack: marketplace, timezone: UTC, currency: CNY}
            """)
        func nameless(_ ids: ClosedRange<Int>) -> [String] { ids.map { #"{"kind":"order","store":5,"id":"\#($0)"}"# } }
        let own = (1...8).map { #"{"kind":"order","store":"scarred","id":"bad-\#($0)","units":-1}"# }
        let good = ["strict", "scarred", "sound"].flatMap {
            Sample.store($0, orders: 5, disputes: [], scores: [5, 5, 5])
        }
        func take(_ files: [[String]]) async throws -> String {
            for (number, lines) in files.enumerated() {
                try folder.write("\(number).jsonl", lines.joined(separator: "\n"))
            }
            let names = files.indices.map { "\($0).jsonl" }
            let ended = try await folder.run(
                ["import", "--complete-until", Sample.complete, "--kinds", "order,refund,rating"] + names)
            #expect(ended.status == 0, "\(ended.error)")
            return ended.error
        }
        func unknown() async throws -> [String] {
            let table = try await folder.run("check", "--at", Sample.at, "--format", "json").output
            return try Check(table).stores.filter { $0.value.standing == "unknown" }.keys.sorted()
        }
        let some = try await take([good + own, nameless(1...3) + good.suffix(1)])
        #expect(
            some.contains("3 facts that name no store may be of any, so the file makes only 1 of 3 stores complete"))
        #expect(try await unknown() == ["scarred", "strict"])
        let again = try await take([good, nameless(1...3) + good.suffix(1), nameless(1...3) + good.suffix(1)])
        #expect(again.contains("3 facts that name"), "the same again is nothing more: \(again)")
        let none = try await take([good + nameless(1...8), nameless(4...11) + good.suffix(1)])
        #expect(none.contains("11 facts that name no store may be of any, so the file makes nothing complete"))
    }

    @Test("half of a file is judged by nobody until that file is imported whole, whatever else is")
    func brokenOff() async throws {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            "pack: shop\ntimezone: UTC\nmetrics: {n: count(refund by refunded_at over 30d)}\nrules: {n: {require: n < 3}}\n"
        )
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}, {id: b, pack: shop}]\n")
        func refund(_ id: Int, _ store: String, _ more: String = "") -> String {
            #"{"kind":"refund","store":"\#(store)","id":"\#(id)","refunded_at":"2026-02-20T10:00:00Z"\#(more)}"#
        }
        func take(_ file: String) async throws -> Program.Outcome {
            try await folder.run("import", "--complete-until", "2026-03-02T00:00:00Z", file)
        }
        func standings() async throws -> [String: String] {
            let report = try await folder.run("check", "--at", "2026-03-02T00:00:00Z", "--format", "json").output
            return try Check(report).stores.mapValues(\.standing)
        }
        try folder.write("both.jsonl", ((1...3).map { refund($0, "a") } + [refund(1, "b")]).joined(separator: "\n"))
        try folder.write("other.jsonl", refund(2, "b"))
        #expect(try await take("both.jsonl").status == 0)
        #expect(try await standings() == ["a": "breach", "b": "ok"])
        // A correction: two are taken back and, far behind, two others come.
        let correction =
            [1, 2].map { #"{"kind":"refund","store":"a","id":"\#($0)","deleted":true}"# }
            + (0..<60_000).map { #"{"kind":"order","store":"a","id":"\#($0 &* 2_654_435_761)"}"# }
            + [refund(4, "a"), refund(5, "a")]
        try folder.write("correction.jsonl", correction.joined(separator: "\n"))
        let whole = try await #require(Tool("gzip")).run(["-c", folder.file("correction.jsonl")])
        try folder.write("correction.jsonl.gz", bytes: Array(whole.prefix(whole.count * 9 / 10)))
        let cut = try await take("correction.jsonl.gz")
        #expect(cut.status == 1 && cut.error.contains("half told until the same file is imported"), "\(cut.error)")
        #expect(try await standings() == ["a": "unknown", "b": "ok"])
        let explained = try await folder.run("explain", "--store", "a", "--at", "2026-03-02T00:00:00Z")
        #expect(explained.output.contains("is under way, or broke off in its middle"), "\(explained.output)")
        for (file, status) in [("other.jsonl", 0), ("nowhere.jsonl", 1)] as [(String, Int32)] {
            #expect(try await take(file).status == status)
            #expect(try await standings() == ["a": "unknown", "b": "ok"], "\(file)")
        }
        try folder.write("correction.jsonl.gz", bytes: whole)
        #expect(try await take(folder.file("correction.jsonl.gz")).status == 0)
        #expect(try await standings() == ["a": "breach", "b": "ok"])
    }

    @Test("one import at a time: the second waits, says so, and then is taken in whole", .timeLimit(.minutes(2)))
    func twoAtOnce() async throws {
        let folder = try Workplace.watchingEveryStore()
        func lines(_ store: String, _ count: Int) -> String {
            (0..<count).map { #"{"kind":"rating","store":"\#(store)","id":"\#($0)","score":5}"# }.joined(
                separator: "\n")
        }
        try folder.write("long.jsonl", lines("a", 150_000))
        let long = try Program.Running(["import", "long.jsonl"], folder: folder.path)
        let lock = folder.file("ledger.db.import-lock")
        while !FileManager.default.fileExists(atPath: lock) { try await Task.sleep(for: .milliseconds(2)) }
        let short = try await folder.run("import", "-", input: lines("b", 1))
        let first = await long.finish()
        #expect(first.status == 0 && first.error.contains("150000 new"), "\(first.error)")
        #expect(short.status == 0 && short.error.contains("1 new"), "\(short.error)")
        #expect(short.error.contains("another import is under way (process \(long.pid))"), "\(short.error)")
        #expect(try await folder.run("verify").status == 0)
    }

    @Test("a member that nobody knows is dropped, and its name told with the nearest known one")
    func unknownMembers() async throws {
        let folder = try Workplace.watchingEveryStore()
        let lines = [
            #"{"kind":"rating","store":"s","id":"1","rated_ta":"2026-02-20T00:00:00Z","score":5}"#,
            #"{"kind":"order","store":"s","id":"2","score":5,"Zhang San":1,"phone":{"rated_at":3}}"#,
        ]
        let ended = try await folder.run("import", "-", input: lines.joined(separator: "\n"))
        #expect(ended.status == 0)
        #expect(
            ended.error.contains(
                "dropped, as the schema does not know them: order.phone, order.score, "
                    + "rating.rated_ta (did you mean 'rated_at'?)\n"), "\(ended.error)")
    }

    struct Usage: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var words: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let usage: [Usage] = [
        Usage(arguments: [], words: "files"),
        Usage(arguments: ["facts.jsonl", "--kinds", "ordr"], words: "ordr"),
        Usage(arguments: ["facts.jsonl", "--complete-until", "today"], words: "today"),
        Usage(
            arguments: [
                "facts.jsonl", "--complete-from", "2026-03-02T00:00:00Z", "--complete-until", "2026-03-01T00:00:00Z",
            ], words: "--complete-from"),
    ]

    @Test("wrong usage is told, and nothing goes in", arguments: usage)
    func wrongUsage(_ row: Usage) async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write("facts.jsonl", Self.text)
        let ended = try await folder.run(["import"] + row.arguments)
        #expect(ended.status == 64 && ended.error.contains(row.words), "\(ended.error)")
        let exported = try await folder.run("export")
        #expect(exported.output == "" && exported.status == 1, "there is no ledger yet")
    }

    @Test("a file makes complete what it says, and no more")
    func coverage() async throws {
        let store = Sample.store("s", orders: 5, disputes: [], scores: [5, 5, 5])
        func standing(_ options: String...) async throws -> Int32 {
            let folder = try Workplace.watchingEveryStore()
            let imported = try await folder.run(["import", "-"] + options, input: store.joined(separator: "\n"))
            try #require(imported.status == 0, "\(imported.error)")
            return try await folder.run("check", "--at", Sample.at).status
        }
        // No refund occurs in it: whether there was one is not known, unless the file is said to bring them.
        #expect(try await standing("--complete-until", Sample.complete) == 3)
        #expect(try await standing("--complete-until", Sample.complete, "--kinds", "order,refund,rating") == 0)
        // It ends or begins within the window.
        #expect(
            try await standing("--complete-until", "2026-02-20T00:00:00Z", "--kinds", "order,refund,rating") == 3)
        #expect(
            try await standing(
                "--complete-until", Sample.complete, "--complete-from", "2026-02-15T00:00:00Z", "--kinds",
                "order,refund,rating") == 3)
    }
}
