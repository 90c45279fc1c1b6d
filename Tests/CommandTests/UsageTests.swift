import TestSupport
import Testing

@Suite("Wrong usage ends with 64, and with words about how it is right")
struct UsageTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var words: [String]
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let rows: [Row] = [
        Row(arguments: ["chekc"], words: ["chekc"]),
        Row(arguments: ["--nope"], words: ["--nope"]),
        Row(arguments: ["rules", "chekc"], words: ["chekc"]),
        Row(arguments: ["rules", "check", "--nope"], words: ["--nope"]),
        Row(arguments: ["metrics", "--at", "yesterday"], words: ["yesterday", "--at"]),
        Row(arguments: ["metrics", "--at", "2026-03-02"], words: ["2026-03-02", "--at"]),
        Row(arguments: ["metrics", "--at", "2026-03-02T12:00:00"], words: ["--at"]),
        Row(arguments: ["metrics", "--at", "2026-02-30T12:00:00Z"], words: ["--at"]),
        Row(arguments: ["metrics", "--at", "9999-03-02T12:00:00Z"], words: ["--at"]),
        Row(arguments: ["metrics", "--at"], words: ["--at"]),
        Row(arguments: ["metrics", "--format", "xml"], words: ["xml", "csv"]),
        Row(arguments: ["metrics", "--log-level", "loud"], words: ["loud", "debug"]),
        Row(arguments: ["metrics", "extra"], words: ["extra"]),
        Row(arguments: ["explain"], words: ["--store"]),
        Row(arguments: ["import"], words: ["files"]),
        Row(arguments: ["export", "--kinds", ""], words: ["--kinds"]),
        Row(arguments: ["doctor", "--config"], words: ["--config"]),
        Row(arguments: ["report"], words: ["--from"]),
        Row(arguments: ["report", "--from", "2026-03-02", "--to", "2026-03-01"], words: ["--from"]),
        Row(arguments: ["report", "--from", "2026-02-30", "--to", "2026-03-01"], words: ["2026-02-30"]),
        Row(arguments: ["calendar", "--label", "team"], words: ["team", "--label"]),
        Row(arguments: ["grafana", "extra"], words: ["extra"]),
        Row(arguments: ["demo", "--stores", "0"], words: ["--stores"]),
        Row(arguments: ["demo", "--stores", "many"], words: ["many"]),
    ]

    @Test("it is told on standard error, and nothing is done", arguments: rows)
    func usage(_ row: Row) async throws {
        let folder = try Workplace.watchingEveryStore()
        let ended = try await folder.run(row.arguments)
        #expect(ended.status == 64 && !ended.hasCrashed, "\(ended.everything)")
        #expect(ended.output == "")
        for words in row.words { #expect(ended.error.contains(words), "\(ended.error)") }
    }

    /// Answers at the edges of what a moment may be: no crash, whatever they are worth.
    @Test(
        "a command that there is not is refused with the nearest one, and so is asking for its help",
        arguments: [
            (["chek"], "'chek'; did you mean 'check'?", 64),
            (["help", "imprt"], "'imprt'; did you mean 'import'?", 64),
            (["frobnicate"], "'frobnicate'; there are alerts, appeals, audit, auth, backtest,", 64),
        ] as [([String], String, Int32)])
    func unknownCommand(_ arguments: [String], _ words: String, _ status: Int32) async throws {
        let ended = try await Workplace().run(arguments)
        #expect(ended.status == status && ended.output == "" && ended.error.contains(words), "\(ended.error)")
    }

    @Test(
        "moments far away are judged or refused, and stop nothing",
        arguments: [
            ("1995-01-01T00:00:00Z", 0), ("2099-12-31T23:59:59Z", 0), ("1970-01-01T00:00:00Z", 64),
            ("0001-01-01T00:00:00Z", 64),
        ] as [(String, Int32)])
    func farAway(_ at: String, _ status: Int32) async throws {
        let sample = try await Sample()
        for command in [["check"], ["metrics"], ["explain", "--store", "shop-elm"]] {
            let ended = try await sample.folder.run(command + ["--at", at])
            let expected = command == ["check"] ? 3 : status
            #expect(ended.status == expected, "\(command[0]): \(ended.status) \(ended.error)")
        }
        // Of a time of which nothing is known nothing can be ok.
        let json = try await sample.folder.run("check", "--at", at, "--format", "json")
        #expect(!json.output.contains(#""standing":"ok""#))
    }
}
