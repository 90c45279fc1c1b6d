import TestSupport
import Testing

@Suite("doctor holds the configuration against the world")
struct DoctorTests {
    /// Watches every store with the sample's pack, and more.
    private func folder(_ lines: String) throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{match: \"*\", pack: shop}]\n\(lines)\n")
        return folder
    }

    /// The findings, each with its mark before it, of which a line of ours begins with these words.
    private func marks(_ ended: Program.Outcome, _ words: String) -> [String] {
        ended.output.lines.filter { $0.contains(words) }.map { String($0.prefix { $0 != " " }) }
    }

    @Test("all is well when ledger, feed and receiver can be reached")
    func good() async throws {
        try await FeedServer(lines: Sample.facts, pageSize: 10).serving { address in
            let folder = try self.folder(
                """
                feeds: [{id: erp, url: "\(address)/facts"}]
                receivers: [{id: ops, webhook: "\(address)/hook", secret: {env: HOOK}}]
                """)
            try #require(try await folder.run("pull", environment: ["HOOK": self.secret]).status == 0)
            let before = try await folder.run("export", environment: ["HOOK": self.secret])
            let ended = try await folder.run("doctor", environment: ["HOOK": self.secret])
            #expect(ended.status == 0, "\(ended.everything)")
            for words in ["configuration", "ledger", "disk", "feed 'erp'", "receiver 'ops'"] {
                #expect(self.marks(ended, words) == ["ok"], "\(words) in\n\(ended.output)")
            }
            #expect(!ended.everything.contains(self.secret))
            let after = try await folder.run("export", environment: ["HOOK": self.secret])
            #expect(before.output == after.output && !after.output.isEmpty, "it keeps nothing of what it saw")
        }
    }

    private let secret = "whsec_VGhpc0lzVmVyeVNlY3JldEluZGVlZA=="

    @Test("a dead feed and a dead receiver fail, each with its reason, and hide nothing else")
    func dead() async throws {
        let port = try RawServer.freePort()
        let folder = try folder(
            """
            feeds: [{id: erp, url: "http://127.0.0.1:\(port)/facts"}]
            receivers: [{id: ops, webhook: "http://127.0.0.1:\(port)/hook"}]
            """)
        let ended = try await folder.run("doctor")
        #expect(ended.status == 1)
        #expect(marks(ended, "feed 'erp'") == ["fail"] && marks(ended, "receiver 'ops'") == ["fail"])
        #expect(marks(ended, "configuration") == ["ok"], "\(ended.output)")
        #expect(ended.output.lines.contains { $0.contains("feed 'erp'") && $0.contains("refused") }, "\(ended.output)")
    }

    @Test("an address at which there is nothing is told by the server's answer")
    func wrongAddress() async throws {
        try await FeedServer(lines: [], pageSize: 1).serving { address in
            let folder = try self.folder("feeds: [{id: erp, url: \"\(address)/nothing-here\"}]")
            let ended = try await folder.run("doctor")
            #expect(ended.status == 1 && self.marks(ended, "feed 'erp'") == ["fail"])
            #expect(ended.output.contains("404"), "\(ended.output)")
        }
    }

    @Test("a secret that is not set is named, with the line that asks for it")
    func missingSecret() async throws {
        let folder = try folder(
            "receivers: [{id: ops, webhook: \"https://ops.example/hook\", secret: {env: NO_SUCH_SECRET}}]")
        let ended = try await folder.run("doctor")
        #expect(ended.status == 64)
        #expect(ended.error.contains("goodstanding.yaml:4:") && ended.error.contains("NO_SUCH_SECRET"))
    }

    @Test("what cannot work yet is said: no folder, a ledger that is none")
    func ledger() async throws {
        let folder = try folder("")
        let configuration = "packs: [shop.yaml]\nstores: [{match: \"*\", pack: shop}]\n"
        try folder.write("nowhere.yaml", "database: sqlite:no/folder/ledger.db\n\(configuration)")
        try folder.write("text.yaml", "database: sqlite:shop.yaml\n\(configuration)")
        for (config, words) in [("nowhere.yaml", "no/folder"), ("text.yaml", "shop.yaml")] {
            let ended = try await folder.run("doctor", "--config", config)
            #expect(ended.status == 1)
            #expect(ended.output.lines.contains { $0.hasPrefix("fail") && $0.contains(words) }, "\(ended.output)")
        }
    }

    @Test("facts that could not be read are shown with line and reason")
    func quarantine() async throws {
        let folder = try folder("")
        let bad = #"{"kind":"order","store":"s","id":"a","paid_at":"2026-02-01T10:00:00"}"#
        let imported = try await folder.run("import", "-", input: "\(Sample.facts[0])\n\(bad)\n")
        try #require(imported.status == 0)
        let ended = try await folder.run("doctor")
        #expect(ended.status == 0)
        #expect(ended.output.lines.contains { $0.hasPrefix("warn") && $0.contains("line 2") && $0.contains("offset") })
    }
}
