import Foundation
import Glibc
import TestSupport
import Testing

@Suite("A bad configuration is refused with words, by every command")
struct BadConfigurationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var what: String
        /// The file's text; without it the row makes it otherwise.
        var text: String?
        var make: @Sendable (Workplace) throws -> Void = { _ in }
        var words: [String]
        /// Commands that ask nobody anything pass over it.
        var isOfSecrets = false
        var testDescription: String { what }
    }

    private static let database = "database: sqlite:ledger.db\n"
    private static let nothing = database + "stores: []\n"

    static let rows: [Row] = [
        Row(what: "an unknown key", text: database + "stroes: []\n", words: ["c.yaml:2:1:", "'stroes'", "'stores'"]),
        Row(what: "a wrong type", text: database + "stores: {id: a}\n", words: ["c.yaml:2:9:", "list"]),
        Row(what: "a member that is missing", text: "stores: []\n", words: ["c.yaml:1:1:", "database"]),
        Row(
            what: "a secret that is not set",
            text: nothing + "receivers: [{id: o, webhook: \"https://o.example\", secret: {env: NOT_SET}}]\n",
            words: ["c.yaml:3:", "NOT_SET"], isOfSecrets: true),
        Row(
            what: "a secret file that is not there",
            text: nothing + "feeds: [{id: e, url: \"https://e.example\", headers: {Cookie: {file: lost}}}]\n",
            words: ["c.yaml:3:", "lost"], isOfSecrets: true),
        Row(what: "no such file", words: ["c.yaml", "does not exist"]),
        Row(what: "an empty file", text: "", words: ["c.yaml:1:1:", "empty"]),
        Row(what: "only comments", text: "# to be written\n", words: ["c.yaml:1:1:", "empty"]),
        Row(
            what: "a binary file",
            make: { try $0.write("c.yaml", bytes: (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37) }) },
            words: ["c.yaml:1:1:", "UTF-8"]),
        Row(
            what: "NUL in a text", text: "database: sqlite:a\u{0}b.db\nstores: []\n",
            words: ["c.yaml:", "error:"]),
        Row(what: "a folder", make: { try $0.write("c.yaml/file", "") }, words: ["c.yaml", "folder"]),
        Row(what: "broken YAML", text: database + "stores: [{id: a\n", words: ["c.yaml:", "YAML"]),
        Row(what: "a list", text: "- database\n- stores\n", words: ["c.yaml:1:1:", "mapping"]),
        Row(what: "a key twice", text: database + database + "stores: []\n", words: ["c.yaml:", "twice"]),
        Row(what: "an anchor", text: "database: &d sqlite:a.db\nstores: []\n", words: ["c.yaml:1:11:", "anchor"]),
        Row(
            what: "nesting without end", text: database + "stores: " + String(repeating: "[", count: 20_000),
            words: ["c.yaml:", "error:"]),
        Row(
            what: "metrics in a circle", text: nothing + "packs: [p.yaml]\n",
            make: { try $0.write("p.yaml", "pack: p\nmetrics:\n  a: b + 1\n  b: a + 1\n") },
            words: ["p.yaml:3:3:", "a → b → a"]),
        Row(
            what: "a pack that is not there", text: nothing + "packs: [lost.yaml]\n",
            words: ["c.yaml:3:9:", "lost.yaml"]),
        Row(
            what: "an unknown zone", text: database + "stores: [{id: a, pack: marketplace, timezone: Mars/Olympus}]\n",
            words: ["c.yaml:2:47:", "'Mars/Olympus'"]),
        Row(
            what: "two stores of one id",
            text: database + "stores:\n"
                + String(repeating: "  - {id: a, pack: marketplace, timezone: UTC}\n", count: 2),
            words: ["c.yaml:4:5:", "'a'", "line 3"]),
        Row(
            what: "two feeds of one id",
            text: nothing + "feeds:\n" + String(repeating: "  - {id: e, url: \"https://e.example\"}\n", count: 2),
            words: ["c.yaml:5:", "'e'"]),
        Row(
            what: "a pack there is not", text: database + "stores: [{id: a, pack: marketplce, timezone: UTC}]\n",
            words: ["c.yaml:2:", "'marketplce'", "'marketplace'"]),
        Row(
            what: "a database there is not", text: "database: oracle://db\nstores: []\n",
            words: ["c.yaml:1:11:", "oracle://db"]),
        Row(
            what: "an address that is none", text: nothing + "feeds: [{id: e, url: \"file:///etc/passwd\"}]\n",
            words: ["c.yaml:3:", "no web address"]),
        Row(
            what: "an id of 201 bytes",
            text: database + "stores: [{id: \(String(repeating: "x", count: 201)), pack: marketplace}]\n",
            words: ["c.yaml:2:", "200"]),
    ]

    @Test("it says what is wrong and where, and does nothing", arguments: rows)
    func refused(_ row: Row) async throws {
        let folder = try Workplace()
        if let text = row.text { try folder.write("c.yaml", text) }
        try row.make(folder)
        try folder.write("facts.jsonl", Sample.facts[0] + "\n")
        for (arguments, status) in [
            (["config", "check"], 64), (["check"], 3), (["import", "facts.jsonl"], 64), (["doctor"], 64), (["run"], 64),
        ] as [([String], Int32)] {
            // Who asks nobody anything needs no secret.
            if row.isOfSecrets, arguments == ["check"] || arguments[0] == "import" { continue }
            let ended = try await folder.run(arguments + ["--config", "c.yaml"])
            #expect(ended.status == status && !ended.hasCrashed, "\(arguments[0]): \(ended.error.prefix(1000))")
            #expect(ended.output == "" && ended.error.utf8.count < 100_000, "\(arguments[0])")
            for words in row.words {
                #expect(ended.error.contains(words), "\(arguments[0]): \(ended.error.prefix(1000))")
            }
        }
        let made = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(".db") }
        #expect(made == [], "no ledger was made")
    }

    @Test("a file of somebody else's", .enabled(if: geteuid() != 0, "root reads every file"))
    func unreadable() async throws {
        let folder = try Workplace()
        try folder.write("c.yaml", Self.nothing)
        try folder.write("good.yaml", Self.nothing + "packs: [c.yaml]\n")
        try #require(chmod(folder.file("c.yaml"), 0) == 0)
        for config in ["c.yaml", "good.yaml"] {
            let ended = try await folder.run("config", "check", "--config", config)
            #expect(ended.status == 64 && ended.error.contains("cannot be read"), "\(ended.error)")
        }
    }

    @Test(
        "no configuration at all names the places that were looked at",
        .enabled(if: !FileManager.default.fileExists(atPath: "/etc/goodstanding/goodstanding.yaml"), "it is installed"))
    func none() async throws {
        let folder = try Workplace()
        let ended = try await folder.run("metrics")
        #expect(ended.status == 64)
        for words in ["./goodstanding.yaml", "/etc/goodstanding/goodstanding.yaml", "GOODSTANDING_CONFIG", "--config"] {
            #expect(ended.error.contains(words), "\(ended.error)")
        }
    }

    @Test("a wrong configuration repeats no secret that stands in it")
    func secrets() async throws {
        let folder = try Workplace()
        try folder.write(
            "c.yaml",
            """
            database: sqlite:ledger.db
            stores: []
            feeds: [{id: erp, url: "https://erp.example", headers: {Authorization: "Bearer VGhpc0lz"}, evry: 5m}]
            receivers: [{id: ops, webhok: "https://ops.example/hook?key=VGhpc0lz", secret: whsec_VGhpc0lz}]
            """)
        let ended = try await folder.run("config", "check", "--config", "c.yaml")
        #expect(ended.status == 64 && ended.error.contains("'evry'") && ended.error.contains("'webhok'"))
        #expect(!ended.everything.contains("VGhpc0lz"), "\(ended.error)")
    }
}
