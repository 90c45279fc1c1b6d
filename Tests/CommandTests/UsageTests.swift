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
        "moments far away are judged or refused, and stop nothing",
        arguments: ["1995-01-01T00:00:00Z", "2099-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
    func farAway(_ at: String) async throws {
        let sample = try await Sample()
        for command in [["check"], ["metrics"], ["explain", "--store", "shop-elm"]] {
            let ended = try await sample.folder.run(command + ["--at", at])
            let isRefused = ended.status == (command == ["check"] ? 3 : 64)
            let isAnswered = ended.status == (command == ["check"] ? 3 : 0)
            #expect(!ended.hasCrashed && (isRefused || isAnswered), "\(command[0]): \(ended.status) \(ended.error)")
        }
        // Of a time of which nothing is known nothing can be ok.
        let json = try await sample.folder.run("check", "--at", at, "--format", "json")
        #expect(!json.output.contains(#""standing":"ok""#))
    }
}
