import Facts
import Foundation
import TestSupport
import Testing

@Suite("What the README shows works as it is shown")
struct ReadmeTests {
    private static func block(_ language: String, beginning start: String) throws -> String {
        try #require(try Readme.blocks(of: language).first { $0.hasPrefix(start) }, "a \(language) block '\(start)…'")
    }

    @Test("the configuration is right as soon as its secrets are there")
    func configuration() async throws {
        let folder = try Workplace()
        let config = try Self.block("yaml", beginning: "database:")
        try folder.write("goodstanding.yaml", config)
        let without = try await folder.run("config", "check")
        #expect(without.status == 64 && without.everything.contains("secrets/erp"), "\(without.everything)")
        // As the README's own line makes them, in the folder of this test.
        let line = String(try #require(try Readme.text().split(separator: "\n").first { $0.contains("(umask 077;") }))
        try folder.write("secrets/none", "")
        let shell = try #require(Tool("sh"))
        try await shell.run(["-c", line.replacing("/etc/goodstanding/secrets", with: folder.file("secrets"))])
        let with = try await folder.run("config", "check")
        #expect(with.status == 0, "\(with.everything)")
    }

    @Test("the platforms' configuration is right, and their owners can be asked")
    func platforms() async throws {
        let folder = try Workplace()
        let config = try #require(try Readme.blocks(of: "yaml").first { $0.contains("accounts:") })
        try folder.write(
            "goodstanding.yaml",
            config.replacing("sqlite:/var/lib/goodstanding/ledger.db", with: "sqlite:\(folder.file("ledger.db"))"))
        let line = String(try #require(try Readme.text().split(separator: "\n").first { $0.contains("secrets/pdd;") }))
        let shell = try #require(Tool("sh"))
        try await shell.run(["-c", line.replacing("/etc/goodstanding/secrets", with: folder.file("secrets"))])
        let checked = try await folder.run("config", "check")
        #expect(checked.status == 0, "\(checked.everything)")
        for (store, host) in [("pdd-flagship", "https://fuwu.pinduoduo.com/"), ("ebay-us", "https://auth.ebay.com/")] {
            let letter = try await folder.run("auth", store, "--text")
            #expect(letter.status == 0 && letter.output.contains(host), "\(letter.everything)")
        }
    }

    @Test("the receivers are right, and the template makes a message")
    func receivers() async throws {
        let folder = try Workplace()
        let blocks = try Readme.blocks(of: "yaml").filter { $0.hasPrefix("receivers:\n") }
        let template = try Self.block("mustache", beginning: "{{title}}")
        try folder.write("duty.mustache", template)
        var environment: [String: String] = [:]
        for block in blocks {
            for match in block.matches(of: /env: ([A-Z_]+)/) {
                environment[String(match.1)] = match.1.hasSuffix("_URL") ? "https://chat.example/hook" : "made-up"
            }
            // No machine of ours has the pager's program.
            let entries = block.replacing("/usr/local/bin/page", with: "/bin/true")
                .replacing("language: zh}", with: "language: zh, template: duty.mustache}")
            try folder.write(
                "goodstanding.yaml",
                "database: sqlite:ledger.db\n"
                    + (block.contains("\nstores:") ? "" : "stores: [{match: \"*\", pack: pinduoduo}]\n") + entries)
            let checked = try await folder.run("config", "check", environment: environment)
            #expect(checked.status == 0, "\(checked.everything)")
            guard block.contains("duty") else { continue }
            let shown = try await folder.run("alerts", "preview", "duty")
            #expect(shown.output.hasPrefix("不达标: 示例店铺 Sample, 近30天纠纷退款\n纠纷订单 4；要求：纠纷订单 < 3"), "\(shown)")
            #expect(shown.output.contains("goodstanding ntc_"))
        }
        #expect(blocks.count == 3)
    }

    @Test("the messages that it shows are what two services are sent", arguments: ["dingtalk", "slack"])
    func messages(_ service: String) throws {
        let start = service == "slack" ? "【已恢复】" : "【不达标"
        let block = try Self.block("text", beginning: start)
        let golden = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../NotifyTests/Golden/\(service).both.txt"), encoding: .utf8)
        let lines = block.split(separator: "\n")
        #expect(lines.count > 4 && lines.allSatisfy { golden.contains($0) }, "\(lines.filter { !golden.contains($0) })")
    }

    @Test("the pack is one without a warning, and so is the other in its place")
    func pack() async throws {
        let folder = try Workplace()
        try folder.write("mine.yaml", try Self.block("yaml", beginning: "pack:"))
        try folder.write("tests.yaml", try Self.block("yaml", beginning: "pack: mine\ntests:"))
        let tested = try await folder.run("rules", "test", "--packs", "mine.yaml", "tests.yaml")
        #expect(tested.status == 0 && tested.output == "1 test: 1 passed, 0 failed\n", "\(tested.everything)")
        let checked = try await folder.run("rules", "check", "--deny-warnings", "mine.yaml")
        #expect(checked.status == 0, "\(checked.everything)")
    }

    @Test("five minutes with a file: imported, judged and explained")
    func file() async throws {
        let folder = try Workplace()
        let config = try Self.block("yaml", beginning: "database:")
        let parts = config.replacing("sqlite:/var/lib/goodstanding/ledger.db", with: "sqlite:ledger.db")
        try folder.write(
            "goodstanding.yaml", String(parts.prefix(upTo: try #require(parts.range(of: "feeds:")).lowerBound)))
        let lines = try Readme.text().split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.contains("T=$(date") })
        let script = lines[first...].prefix { !$0.isEmpty }.joined(separator: "\n")
        #expect(script.contains("goodstanding import"))
        let shell = try #require(Tool("sh"))
        let program = URL(filePath: Program.path).deletingLastPathComponent().path
        try await shell.run(["-c", "set -e; cd '\(folder.path)'; PATH='\(program)':$PATH\n\(script)"])

        let checked = try await folder.run("check")
        #expect(checked.output.contains("paid_orders 25, dispute_orders 3, dispute_rate 12%"), "\(checked.everything)")
        #expect(checked.status == 1, "a suggested limit warns: \(checked.everything)")
        let explained = try await folder.run("explain", "--store", "pdd-flagship", "dispute-refunds")
        #expect(explained.status == 0 && explained.output.contains("A1003"), "\(explained.everything)")
    }

    @Test("the page of a feed is one")
    func page() async throws {
        let text = try Self.block("json", beginning: "{\"facts\"")
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let page = try #require(object as? [String: Any])
        #expect(page["next"] is String)
        let facts = try #require(page["facts"] as? [Any])
        let lines = try facts.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
        let folder = try Workplace.watchingEveryStore()
        let ended = try await folder.run("import", "-", input: lines.joined(separator: "\n"))
        #expect(ended.error.contains("1 new, 0 updated") && !ended.error.contains("dropped"), "\(ended.error)")
    }

    @Test("the kinds and members are those of the schema, with their words", arguments: FactKind.allCases)
    func members(_ kind: FactKind) throws {
        let row = try #require(try Readme.text().split(separator: "\n").first { $0.hasPrefix("| `\(kind.name)` | ") })
        let shown = row.split(separator: "|")[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let common: Set = ["excluded", "appeal", "appeal_by"]
        let expected = Schema[kind].members.filter { !common.contains($0.name) }.map { member in
            if case .word(let words) = member.type { return "\(member.name) (\(words.joined(separator: " ")))" }
            return member.name == "severity" ? "severity (1 is the worst)" : member.name
        }
        #expect(Set(shown) == Set(expected))
    }
}
