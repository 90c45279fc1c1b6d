import Facts
import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

@Suite("An owner consents, and the store is pulled with what came of it", .timeLimit(.minutes(5)))
struct ConsentFlowTests {
    private func now() -> Int64 { Int64(Date().timeIntervalSince1970) }

    @Test(
        "the address leads to the platform's page, and what it leads back with becomes a token",
        arguments: ConsentRow.all)
    func whole(_ row: ConsentRow) async throws {
        let platform = MadeUpPlatform(row.dialect, history: .little(until: now())) {
            Int64(Date().timeIntervalSince1970)
        }
        try await platform.serving { endpoint in
            let folder = try row.folder(endpoint, await platform.desk.credentials)
            let before = try await folder.run("auth", "list", "--format", "json")
            #expect(before.output.contains(#""access":"lacking""#), "\(before.everything)")

            let asked = try await folder.run("auth", "shop")
            try #require(asked.status == 1, "nothing is pasted: \(asked.everything)")
            let address = asked.output.trimmingCharacters(in: .newlines)
            let led = try #require(await platform.open(address), "the page says no: \(address)")

            let taken = try await folder.run("auth", "shop", "--redirected", input: " <\(led)>\n")
            try #require(taken.status == 0, "\(led)\n\(taken.everything)")
            #expect(row.owner.map { taken.output.contains($0) } ?? true, "\(taken.output)")
            #expect(taken.error.contains("allows more than reading") == !row.writing.isEmpty, "\(taken.error)")
            for scope in row.writing { #expect(taken.error.contains(scope)) }

            // Only its owner reads it.
            var about = stat()
            let isThere = stat(folder.file("ledger.db.tokens"), &about) == 0
            #expect(isThere && about.st_mode & 0o777 == 0o600)

            let listed = try await folder.run("auth", "list", "--format", "json")
            try expect(listed.output, to: row)
            let table = try await folder.run("auth", "list")
            #expect(table.status == 0 && table.output.contains("shop"))
            let checked = try await folder.run("auth", "check", "shop")
            #expect(checked.status == 0 && checked.output.contains("answers in"), "\(checked.everything)")

            // The same answer is none a second time.
            let again = try await folder.run("auth", "shop", "--redirected", input: led + "\n")
            #expect(again.status == 1 && again.error.contains("goodstanding auth shop"), "\(again.everything)")

            let secrets = await secrets(of: platform, led)
            for ended in [asked, taken, listed, table, checked, again] {
                for secret in secrets { #expect(!ended.everything.contains(secret), "\(secret) is shown") }
            }

            let revoked = try await folder.run("auth", "revoke", "shop")
            #expect(revoked.status == 0 && revoked.output.contains("forgotten here"), "\(revoked.everything)")
            let kept = try String(contentsOfFile: folder.file("ledger.db.tokens"), encoding: .utf8)
            for secret in secrets { #expect(!kept.contains(secret), "\(secret) is kept") }
            let after = try await folder.run("auth", "list", "--format", "json")
            #expect(after.output.contains(#""access":"lacking""#), "\(after.everything)")
            let idle = try await folder.run("auth", "check", "shop")
            #expect(idle.status == 1 && idle.output.contains("goodstanding auth shop"), "\(idle.everything)")
        }
    }

    /// Everything that nobody may see: keys, tokens, and the code, whole and as it stood in the address.
    private func secrets(of platform: MadeUpPlatform, _ led: String) async -> [String] {
        let names = ["secret", "Secret", "partner_key", "access_token", "refresh_token", "session"]
        let given = await platform.desk.credentials.filter { name, _ in
            names.contains { name.contains($0) } && !name.contains("until") && !name.contains("expires")
        }
        let brought = parameters(of: led)
        return given.map(\.value) + ["code", "spapi_oauth_code"].compactMap { brought[$0] }
    }

    private func expect(_ text: String, to row: ConsentRow) throws {
        let page = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let store = try #require((page["stores"] as? [[String: Any]])?.first)
        #expect(store["access"] as? String == "granted")
        #expect(store["owner"] as? String == row.owner)
        #expect(store["scopes"] as? [String] == row.scopes)
        #expect(store["writing"] as? [String] == row.writing)
        let obtained = try #require(moment(store["obtained_at"]))
        func expect(_ name: String, _ found: Any?, _ expected: Int64?) {
            guard let expected else { return #expect(moment(found) == nil, "\(name): \(String(describing: found))") }
            // Some platforms tell moments of their own clock.
            let seconds = moment(found).map { $0 - obtained } ?? 0
            #expect(abs(seconds - expected) <= 30, "\(name) after \(seconds) s, and not \(expected)")
        }
        expect("access", store["access_until"], row.access)
        expect("refresh", store["refresh_until"], row.refresh)
        expect("consent", store["consent_until"], row.consent)
        let ends = store["ends"] as? [String: Any] ?? [:]
        #expect(Set(ends.keys) == Set(row.ends.keys))
        for (name, seconds) in row.ends { expect(name, ends[name], seconds) }
    }

    private func moment(_ text: Any?) -> Int64? {
        (text as? String).flatMap { Timestamp($0) }.map { $0.microseconds / 1_000_000 }
    }

    @Test(
        "the daemon says once that the owner has to consent, however often it tries, and goes on by itself afterwards")
    func toldOnce() async throws {
        // One whose first pull is a matter of a few calls.
        var row = try ConsentRow.of("lazada")
        row.entry += "\n    every: 1s"
        let asked = row
        let platform = MadeUpPlatform(row.dialect, history: .little(until: now())) {
            Int64(Date().timeIntervalSince1970)
        }
        try await platform.serving { endpoint in
            let folder = try asked.folder(endpoint, await platform.desk.credentials)
            @Sendable func consent() async throws {
                let address = try await folder.run("auth", "shop").output.trimmingCharacters(in: .newlines)
                let led = try #require(await platform.open(address))
                try #require(try await folder.run("auth", "shop", "--redirected", input: led + "\n").status == 0)
            }
            try await consent()
            await platform.takeConsentBack()
            try await RunningDaemon.running(folder.file("goodstanding.yaml"), level: "notice") { daemon in
                let before = await platform.asked.count
                try #require(await Wait.until { await platform.asked.count >= before + 5 }, "\(daemon.log)")
                #expect(daemon.lines(with: "taken back", "goodstanding auth shop").count == 1, "\(daemon.log)")
                try await consent()
                try #require(
                    await Wait.until { !daemon.lines(with: "store 'shop': ", "new or changed").isEmpty },
                    "\(daemon.log)")
                #expect(daemon.lines(with: "taken back").count == 1, "\(daemon.log)")
            }
        }
    }

    @Test("a text for the owner holds the address and says what to do, in both languages")
    func letter() async throws {
        let row = try ConsentRow.of("pinduoduo")
        let folder = try row.folder("http://127.0.0.1:9", ["client_id": "abc", "client_secret": "QvXz-1"])
        for (language, words) in [("en_US.UTF-8", "main account"), ("zh_CN.UTF-8", "店铺主账号")] {
            let ended = try await folder.run("auth", "shop", "--text", environment: ["LANG": language])
            #expect(ended.status == 0, "\(ended.everything)")
            let address = ended.output.split(separator: "\n").first { $0.hasPrefix("https://") }.map(String.init)
            let sent = parameters(of: try #require(address))
            #expect(sent["client_id"] == "abc" && sent["redirect_uri"] == ConsentRow.back["redirect_uri"])
            #expect((sent["state"] ?? "").count >= 20)
            #expect(ended.output.contains("旗舰店") && ended.output.contains(words), "\(ended.output)")
            #expect(!ended.everything.contains("QvXz"))
        }
    }

    @Test("who pastes nothing is told how to go on later")
    func later() async throws {
        let row = try ConsentRow.of("pinduoduo")
        let folder = try row.folder("http://127.0.0.1:9", ["client_id": "abc", "client_secret": "QvXz-1"])
        let ended = try await folder.run("auth", "shop")
        #expect(ended.status == 1 && ended.error.contains("goodstanding auth shop --redirected"))
        #expect(try await folder.run("auth", "shop", "--redirected").status == 1)
    }

    @Test("a platform without consents says how its key is had")
    func walmart() async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - {id: shop, pack: walmart, market: US, credentials: {client_id: abc, client_secret: QvXz-1}}

            """)
        let ended = try await folder.run("auth", "shop")
        #expect(ended.status == 0 && ended.output.contains("Developer Portal"), "\(ended.everything)")
        let chinese = try await folder.run("auth", "shop", environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.output.contains("无需店主授权"), "\(chinese.everything)")
        #expect(!ended.everything.contains("QvXz"))
    }

    @Test("what the address is made of and is not given is named")
    func lacking() async throws {
        let row = try ConsentRow.of("lazada")
        let folder = try row.folder(
            "http://127.0.0.1:9", ["app_key": "abc", "app_secret": "QvXz-1"], without: ["redirect_uri"])
        let ended = try await folder.run("auth", "shop")
        #expect(ended.status == 64 && ended.error.contains("'redirect_uri'"), "\(ended.everything)")
    }
}
