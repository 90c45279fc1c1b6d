import TestSupport
import Testing

@Suite("check ends with the codes of a monitoring plugin")
struct CheckExitCodeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var given: String
        var arguments: [String]
        var expected: Int32
        var testDescription: String { given }
    }

    static let standings: [Row] = [
        Row(given: "ok", arguments: ["--store", "shop-oak"], expected: 0),
        Row(given: "unjudged", arguments: ["--store", "shop-ivy"], expected: 0),
        Row(given: "warning", arguments: ["--store", "shop-fir"], expected: 1),
        Row(given: "breach", arguments: ["--store", "shop-elm"], expected: 2),
        Row(given: "stale", arguments: ["--store", "shop-fig"], expected: 3),
        Row(given: "never covered", arguments: ["--store", "silent"], expected: 3),
        // Breach is worse than unknown, unknown worse than warning.
        Row(given: "warning and unknown", arguments: ["--store", "shop-fi?"], expected: 3),
        Row(given: "breach and unknown", arguments: [], expected: 2),
    ]

    @Test("the worst store gives the code, in every format", arguments: standings)
    func standing(_ row: Row) async throws {
        let sample = try await Sample()
        for format in ["table", "json", "nagios", "junit"] {
            let arguments = ["check", "--at", Sample.at, "--format", format] + row.arguments
            let ended = try await sample.folder.run(arguments)
            #expect(ended.status == row.expected, "\(format): \(ended.error)")
        }
    }

    static let failures: [Row] = [
        Row(given: "unknown option", arguments: ["check", "--nope"], expected: 3),
        Row(given: "a format there is not", arguments: ["check", "--format", "xml"], expected: 3),
        Row(given: "a moment that is none", arguments: ["check", "--at", "yesterday"], expected: 3),
        Row(given: "a moment without offset", arguments: ["check", "--at", "2026-03-02T12:00:00"], expected: 3),
        Row(given: "an argument too many", arguments: ["check", "shop-oak"], expected: 3),
        Row(given: "no such configuration", arguments: ["check", "--config", "nowhere.yaml"], expected: 3),
        Row(given: "wrong configuration", arguments: ["check", "--config", "wrong.yaml"], expected: 3),
        Row(given: "no store fits", arguments: ["check", "--store", "nobody*"], expected: 3),
        Row(given: "nothing to judge", arguments: ["check", "--config", "none.yaml"], expected: 3),
        Row(given: "no ledger yet", arguments: ["check", "--config", "new.yaml"], expected: 3),
        Row(given: "no ledger at all", arguments: ["check", "--config", "lost.yaml"], expected: 3),
    ]

    @Test("what cannot be told is unknown, never ok and never a breach", arguments: failures)
    func failure(_ row: Row) async throws {
        let sample = try await Sample()
        let watching = "packs: [shop.yaml]\nstores: [{match: \"*\", pack: shop}]\n"
        try sample.folder.write("wrong.yaml", "database: sqlite:ledger.db\nstroes: []\n")
        try sample.folder.write("none.yaml", "database: sqlite:ledger.db\nstores: []\n")
        try sample.folder.write("new.yaml", "database: sqlite:new.db\n\(watching)")
        try sample.folder.write("lost.yaml", "database: sqlite:no/such/folder/ledger.db\n\(watching)")
        let ended = try await sample.folder.run(row.arguments)
        #expect(ended.status == row.expected)
        #expect(!ended.everything.isEmpty && !ended.hasCrashed, "it says what is wrong")
    }

    @Test("help is no failure")
    func help() async throws {
        let folder = try Workplace()
        #expect(try await folder.run("check", "--help").status == 0)
    }

    @Test(
        "NO_COLOR and a reader that is no terminal get no colour, a terminal gets some",
        .enabled(if: Tool.exists("script"), "script(1) is not installed: no terminal to print on"))
    func colour() async throws {
        let sample = try await Sample()
        let escape = "\u{1B}["
        let piped = try await sample.at("check")
        #expect(!piped.everything.contains(escape))
        let script = try #require(Tool("script"))
        func onTerminal(_ environment: String) async throws -> String {
            let config = sample.folder.file("goodstanding.yaml")
            let check = "'\(Program.path)' check --config '\(config)' --at \(Sample.at)"
            let shown = try await script.run(["-qec", "env \(environment) TERM=xterm \(check) || true", "/dev/null"])
            return String(decoding: shown, as: UTF8.self)
        }
        let coloured = try await onTerminal("-u NO_COLOR")
        #expect(coloured.contains(escape) && coloured.contains("breach"))
        let plain = try await onTerminal("NO_COLOR=1")
        #expect(!plain.contains(escape) && plain.contains("breach"))
    }
}
