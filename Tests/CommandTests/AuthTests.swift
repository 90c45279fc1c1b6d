import Foundation
import TestSupport
import Testing

@Suite("auth tells what there is, what ends, and what is lacking")
struct AuthTests {
    private func folder() throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - id: pdd-1
                pack: pinduoduo
                credentials: {client_id: abc, client_secret: QvXz-1, redirect_uri: "https://we.example/back"}
                expires: {client_secret: 2099-12-31, client_id: 2099-11-30}
              - {id: pdd-2, pack: pinduoduo, credentials: {client_id: abc, client_secret: {env: KEY}, access_token: {env: KEY}}}
              - {id: bare, pack: pinduoduo}
            """)
        return folder
    }
    private let environment = ["KEY": "QvXz-2"]

    @Test("the days of expires: are among what ends next")
    func ends() async throws {
        let folder = try folder()
        let table = try await folder.run("auth", "list", environment: environment)
        let line = try #require(table.output.lines.first { $0.hasPrefix("pdd-1 ") })
        #expect(table.status == 0 && line.contains("2099-11-30 client_id"), "\(table.everything)")
        let json = try await folder.run("auth", "list", "--format", "json", environment: environment)
        let page = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let stores = try #require(page["stores"] as? [[String: Any]])
        #expect(stores.map { $0["store"] as? String } == ["pdd-1", "pdd-2"])
        #expect(
            stores[0]["expires"] as? [String: String] == ["client_id": "2099-11-30", "client_secret": "2099-12-31"])
        #expect(stores[1]["expires"] as? [String: String] == [:])
    }

    @Test("that an owner is asked, and that his consent is forgotten, stands in the audit; what was refused does not")
    func audited() async throws {
        let folder = try folder()
        for arguments in [["pdd-1", "--text"], ["revoke", "pdd-1"], ["bare", "--text"]] {
            _ = try await folder.run(["auth"] + arguments, environment: environment)
        }
        let audit = try await folder.run("audit", "--format", "json")
        let entries = try #require(JSONSerialization.jsonObject(with: Data(audit.output.utf8)) as? [[String: Any]])
        #expect(entries.map { $0["act"] as? String } == ["invite", "revoke"], "\(audit.everything)")
        #expect(entries.allSatisfy { $0["store"] as? String == "pdd-1" && $0["way"] as? String == "command" })
    }

    @Test("what is unwise in the configuration is said once, and not as a daemon's log", arguments: ["list", "pdd-1"])
    func warnings(_ what: String) async throws {
        let ended = try await folder().run("auth", what, environment: environment)
        let warnings = ended.error.lines.filter { $0.contains("stands in the file itself") }
        #expect(warnings.count == 1, "\(ended.everything)")
        #expect(warnings.first?.hasPrefix("./goodstanding.yaml:5:") ?? false, "\(ended.everything)")
        #expect(!ended.everything.contains("QvXz"))
    }

    @Test("a file of tokens that others may read is told of")
    func openFile() async throws {
        let folder = try folder()
        try folder.write("ledger.db.tokens", #"{"grants": {}, "keys": {}, "consents": {}}"#)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: folder.file("ledger.db.tokens"))
        let told = try await folder.run("auth", "list", environment: environment)
        #expect(told.status == 0 && told.error.contains("ledger.db.tokens: chmod 600 it"), "\(told.everything)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.file("ledger.db.tokens"))
        let quiet = try await folder.run("auth", "list", environment: environment)
        #expect(quiet.status == 0 && !quiet.error.contains("chmod"), "\(quiet.everything)")
        try folder.write("ledger.db.tokens", "{")
        let broken = try await folder.run("auth", "list", environment: environment)
        #expect(broken.status == 1 && broken.error.hasSuffix("consent anew where need be\n"), "\(broken.everything)")
        #expect(broken.error.contains("goodstanding: the file of tokens"), "\(broken.everything)")
    }

    @Test("a store that is not there leads to those that are, and one that is not pulled to what it lacks")
    func nobody() async throws {
        let folder = try folder()
        let ended = try await folder.run("auth", "nosuch", environment: environment)
        #expect(ended.status == 64 && ended.error.contains("there are pdd-1, pdd-2"), "\(ended.everything)")
        let bare = try await folder.run("auth", "bare", environment: environment)
        #expect(
            bare.status == 64 && bare.error.contains("store 'bare' is not pulled: it has neither account:"),
            "\(bare.everything)")
    }

    @Test("where nothing is pasted it ends with 1, and asks for what fits")
    func nothingPasted() async throws {
        let folder = try folder()
        let asked = try await folder.run("auth", "pdd-1", environment: environment)
        #expect(asked.status == 1 && asked.output.hasPrefix("https://"), "\(asked.everything)")
        #expect(asked.error.contains("Open this address"))
        let later = try await folder.run("auth", "pdd-1", "--redirected", environment: environment)
        #expect(later.status == 1 && later.output == "" && !later.error.contains("Open this address"))
        #expect(
            later.error.contains("Paste the whole address to which the platform led back, or the code alone:"),
            "\(later.everything)")
    }
}
