import TestSupport
import Testing

@Suite("A bad fact stops no good one, and is set aside with its reason")
struct BadFactsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var what: String
        /// The bad line; built when the test runs, for some are large.
        var line: @Sendable () -> [UInt8]
        /// What `doctor` says of it.
        var reason: String
        var testDescription: String { what }

        init(_ what: String, _ line: @autoclosure @escaping @Sendable () -> String, reason: String) {
            (self.what, self.line, self.reason) = (what, { Array(line().utf8) }, reason)
        }

        init(_ what: String, bytes: @autoclosure @escaping @Sendable () -> [UInt8], reason: String) {
            (self.what, self.line, self.reason) = (what, bytes, reason)
        }
    }

    /// An order of the store `s` with these members as well.
    private static func order(_ members: String) -> String { #"{"kind":"order","store":"s","id":"bad",\#(members)}"# }

    private static func order(withinID bytes: [UInt8]) -> [UInt8] {
        Array(#"{"kind":"order","store":"s","id":"bad"#.utf8) + bytes + Array(#""}"#.utf8)
    }

    static let rows: [Row] = [
        Row("no JSON", "this is a sentence", reason: "JSON"),
        Row("JSON that is cut off", #"{"kind":"order","store":"s","id":"ba"#, reason: "cut off"),
        Row("a list", "[1, 2]", reason: "object"),
        Row("a time without offset", order(#""paid_at":"2026-02-01T10:00:00""#), reason: "offset"),
        Row("30 February", order(#""paid_at":"2026-02-30T10:00:00Z""#), reason: "RFC 3339"),
        Row("the year 0022", order(#""paid_at":"0022-02-01T10:00:00Z""#), reason: "1995 to 2100"),
        Row("the year 9999", order(#""paid_at":"9999-02-01T10:00:00Z""#), reason: "1995 to 2100"),
        Row("a negative amount", order(#""amount":"-3.00","currency":"CNY""#), reason: "negative"),
        Row("an absurd amount", order(#""amount":"99999999999999999999","currency":"CNY""#), reason: "too large"),
        Row("an absurd power", order(#""amount":1e300,"currency":"CNY""#), reason: "too large"),
        Row("an amount that is none", order(#""amount":"NaN","currency":"CNY""#), reason: "number"),
        Row("another currency", order(#""amount":"3","currency":"EUR""#), reason: "EUR"),
        Row("a wrong type", order(#""tracked":"yes""#), reason: "tracked"),
        Row("an unknown word", order(#""status":"payed""#), reason: "payed"),
        Row("an unknown kind", #"{"kind":"ordr","store":"s","id":"bad"}"#, reason: "ordr"),
        Row("no store", #"{"kind":"order","id":"bad"}"#, reason: "store"),
        Row("an empty id", #"{"kind":"order","store":"s","id":""}"#, reason: "id"),
        Row("an id of 201 bytes", #"{"kind":"order","store":"s","id":"\#(repeated("x", 201))"}"#, reason: "200"),
        Row("a store of 201 bytes", #"{"kind":"order","store":"\#(repeated("店", 67))","id":"bad"}"#, reason: "200"),
        Row("a store given twice", #"{"kind":"order","store":"s","store":"t","id":"bad"}"#, reason: "twice"),
        Row("NUL, escaped", #"{"kind":"order","store":"s","id":"bad\u0000"}"#, reason: "NUL"),
        Row("NUL, as it is", bytes: order(withinID: [0]), reason: "character"),
        Row("invalid UTF-8", bytes: order(withinID: [0xFF, 0xFE]), reason: "UTF-8"),
        Row("half a surrogate", #"{"kind":"order","store":"s","id":"bad\ud800"}"#, reason: "id must be"),
        Row("deep nesting", order("\"x\":\(repeated("[", 100_000))\(repeated("]", 100_000))"), reason: "deep"),
        Row("a line of 100 MB", order("\"note\":\"\(repeated("x", 100_000_000))\""), reason: "bytes long"),
        Row("bytes of no meaning", bytes: (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37 | 128) }, reason: "JSON"),
    ]

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test("of a bad and a good line the good one goes in, and the ledger stays exact", arguments: rows)
    func line(_ row: Row) async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write("mixed.jsonl", bytes: row.line() + Array("\n\(Self.good("beside"))\n".utf8))
        let ended = try await folder.run("import", "mixed.jsonl")
        #expect(ended.status == 0 && !ended.hasCrashed, "\(ended.error.prefix(500))")
        #expect(ended.error.contains("1 new") && ended.error.contains("1 quarantined"), "\(ended.error.prefix(500))")
        #expect(ended.error.utf8.count < 2000, "a bad line is not printed whole")

        let doctor = try await folder.run("doctor")
        let findings = doctor.output.lines.filter { $0.contains("mixed.jsonl") && $0.contains("line 1") }
        #expect(findings.count == 1 && findings[0].contains(row.reason), "\(doctor.output.prefix(2000))")
        try await expectSound(folder, holding: ["beside"])
    }

    struct File: Sendable, CustomTestStringConvertible {
        var what: String
        var name: String
        /// nil: there is none.
        var bytes: (@Sendable () async throws -> [UInt8])?
        var status: Int32
        var words: [String]
        /// What goes in nevertheless.
        var holding: [String] = []
        var testDescription: String { what }
    }

    static let files: [File] = [
        File(what: "an empty file", name: "f.jsonl", bytes: { [] }, status: 0, words: ["empty"]),
        File(
            what: "empty lines", name: "f.jsonl", bytes: { Array("\n\n  \n".utf8) }, status: 1,
            words: ["nothing in it is a fact"]),
        File(
            what: "a binary file", name: "f.jsonl", bytes: { (0..<20_000).map { UInt8(truncatingIfNeeded: $0 * 7) } },
            status: 1, words: ["nothing in it is a fact"]),
        File(
            what: "a text", name: "f.jsonl", bytes: { Array("Dear reader,\nthese are no facts.\n".utf8) }, status: 1,
            words: ["nothing in it is a fact"]),
        File(what: "no such file", name: "f.jsonl", bytes: nil, status: 1, words: ["f.jsonl", "No such file"]),
        File(what: "a folder", name: ".", bytes: nil, status: 1, words: ["folder"]),
        File(
            what: "a .gz that is none", name: "f.jsonl.gz", bytes: { Array(good("x").utf8) }, status: 1,
            words: ["gzip"]),
        File(
            what: "a .zst that is none", name: "f.jsonl.zst", bytes: { Array(good("x").utf8) }, status: 1,
            words: ["zst"]),
        File(
            what: "a .gz that is cut off", name: "f.jsonl.gz", bytes: { try await cut("gzip") }, status: 1,
            words: ["cut off"], holding: ["first"]),
        File(what: "an empty .gz", name: "f.jsonl.gz", bytes: { [] }, status: 1, words: ["cut off"]),
        File(
            what: "a .gz of nothing", name: "f.jsonl.gz",
            bytes: { try await #require(Tool("gzip")).run(["-c"]) }, status: 0, words: ["empty"]),
        File(
            what: "a last line without end", name: "f.jsonl", bytes: { Array("\(good("a"))\n\(good("b"))".utf8) },
            status: 0, words: ["2 new"], holding: ["a", "b"]),
        File(
            what: "lines of another system", name: "f.jsonl",
            bytes: { Array("\u{FEFF}\(good("a"))\r\n\(good("b"))\r\n".utf8) }, status: 0, words: ["2 new"],
            holding: ["a", "b"]),
    ]

    @Test("a file that cannot be read to its end says so, and the next one goes in", arguments: files)
    func file(_ row: File) async throws {
        let folder = try Workplace.watchingEveryStore()
        if let bytes = row.bytes { try folder.write(row.name, bytes: try await bytes()) }
        let ended = try await folder.run("import", row.name)
        #expect(ended.status == row.status && !ended.hasCrashed, "\(ended.error)")
        for words in row.words { #expect(ended.error.contains(words), "\(ended.error)") }
        try await expectSound(folder, holding: row.holding)
    }

    /// A good file still goes in, all that should be there is there, and every bucket equals its facts.
    private func expectSound(_ folder: Workplace, holding ids: [String]) async throws {
        try folder.write("good.jsonl", Self.good("after") + "\n")
        let after = try await folder.run("import", "good.jsonl")
        #expect(after.status == 0 && after.error.contains("1 new"), "\(after.error)")
        let facts = try await folder.run("export").output
        for id in ids + ["after"] { #expect(facts.contains("\"id\":\"\(id)\""), "\(facts.prefix(500))") }
        #expect(!facts.contains("bad"))
        let verified = try await folder.run("verify")
        #expect(verified.status == 0, "\(verified.everything)")
    }

    private static func good(_ id: String) -> String {
        #"{"kind":"order","store":"s","id":"\#(id)","paid_at":"2026-02-01T10:00:00+08:00","status":"paid"}"#
    }

    /// Enough lines, of many digits, that something comes out before the end that is missing.
    private static func cut(_ tool: String) async throws -> [UInt8] {
        var random = SeededGenerator(seed: 3)
        let numbers = (0..<20_000).map { _ in UInt64.random(in: 0...UInt64.max, using: &random) }
        let lines = [good("first")] + numbers.map { good("\($0)") }
        let packed = try await #require(Tool(tool)).run(["-c"], input: Array(lines.joined(separator: "\n").utf8))
        return Array(packed.dropLast(2000))
    }
}
