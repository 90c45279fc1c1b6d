import Curl
import Daemon
import Facts
import Foundation
import Pull
import Rules
import TestSupport
import Testing

@Suite(
    "What will end is known 30, 14 and 3 days ahead, with who renews it and how", .serialized, .timeLimit(.minutes(3)))
struct ExpiryTests {
    private static func day(in days: Int) -> String {
        String(Date(timeIntervalSinceNow: Double(days) * 86_400).ISO8601Format().prefix(10))
    }

    private func folder(_ ends: Int, receivers: String = "") throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            listen: 127.0.0.1:0
            accounts:
              - id: app
                pack: pinduoduo
                credentials: {client_id: id-made-up, client_secret: {file: secret}}
                expires: {client_secret: \(Self.day(in: ends))}
            stores:
              - {id: pdd-1, pack: pinduoduo, account: app, endpoint: "http://127.0.0.1:9", credentials: {access_token: {file: secret}}}
              - {id: pdd-2, pack: pinduoduo, account: app, endpoint: "http://127.0.0.1:9", credentials: {access_token: {file: secret}}}
            \(receivers)
            """)
        try folder.write("secret", "made-up-secret\n")
        return folder
    }

    struct Row: Sendable { var days: Int; var grade: String? }

    @Test(
        "doctor warns within thirty days and fails within three",
        arguments: [
            Row(days: 40, grade: "ok"), Row(days: 25, grade: "warn"), Row(days: 10, grade: "warn"),
            Row(days: 2, grade: "fail"), Row(days: -1, grade: "fail"),
        ])
    func doctor(_ row: Row) async throws {
        let folder = try folder(row.days)
        let ended = try await folder.run("doctor")
        let lines = ended.output.split(separator: "\n").filter { $0.contains("client_secret") }
        #expect(lines.count == 1, "one line for all stores of the account: \(ended.output)")
        #expect(lines.first?.split(separator: " ").first.map(String.init) == row.grade, "\(lines)")
        guard row.days < 30 else { return }
        #expect(lines[0].contains("account 'app'") && lines[0].contains("developer console"), "\(lines)")
        let chinese = try await folder.run("auth", "list", environment: ["LANG": "zh_CN.UTF-8"])
        #expect(chinese.error.contains("应用管理员"), "\(chinese.error)")
    }

    /// Beside them comes what is wrong with the stores' data: nobody answers for the platform here.
    private func expiries(_ hook: Hook) -> [Hook.Arrival] {
        hook.arrivals.filter { String(decoding: $0.body, as: UTF8.self).contains("health:expiry.") }
    }

    @Test("a receiver hears of it once, over restarts too, and the metrics page has the moment")
    func told() async throws {
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            let folder = try self.folder(10, receivers: "receivers: [{id: ops, webhook: \"\(address)\"}]")
            for _ in 0..<2 {
                try await RunningDaemon.running(folder.file("goodstanding.yaml")) { daemon in
                    #expect(
                        await Wait.until { !daemon.lines(with: "client_secret", "ends at").isEmpty }, "\(daemon.log)")
                    #expect(await Wait.until { expiries(hook).count == 1 }, "\(daemon.log)")
                    let metrics = daemon.page("/metrics")?.text ?? ""
                    #expect(
                        metrics.contains(
                            "goodstanding_expiry_timestamp_seconds{name=\"client_secret\",account=\"app\"}"))
                    #expect(!daemon.log.contains("made-up-secret"))
                    #expect(await daemon.stop().status == 0)
                }
            }
            #expect(expiries(hook).count == 1)
            let message = try #require(
                JSONSerialization.jsonObject(with: Data(expiries(hook)[0].body)) as? [String: Any])
            let alerts = (message["data"] as? [String: Any])?["alerts"] as? [[String: Any]]
            let alert = try #require(alerts?.first)
            #expect(alert["event"] as? String == "firing" && alert["severity"] as? String == "major")
            let expiry = (alert["health"] as? [String: Any])?["expiry"] as? [String: Any]
            #expect(expiry?["stores"] as? [String] == ["pdd-1", "pdd-2"] && expiry?["account"] as? String == "app")
            #expect((alert["remedy"] as? [String: String])?["zh"]?.contains("开放平台") ?? false)
        }
    }

    @Test("a consent's end is what the platform said with its tokens, and its owner renews it")
    func consent() async throws {
        let folder = try folder(400)
        let config = folder.file("goodstanding.yaml")
        let (fleet, _) = try Assembly.fleet(config: config)
        let watched = try #require(fleet.watched("pdd-1"))
        let (access, plan) = (try #require(watched.access), try #require(watched.pack.pull))
        let call = try #require(TokenCall(plan: plan, endpoint: access.endpoint, credentials: access.credentials))
        let now = Int64(Date().timeIntervalSince1970)
        let key = call.consentKey(of: "pdd-1")
        try folder.write(
            "ledger.db.tokens",
            """
            {"consents": {}, "keys": {"pdd-1": "\(key)"},
            "grants": {"\(key)": {"stores": ["pdd-1"], "application": "\(call.application)", "accessToken": "a-made-up", "expiresAt": \(now + 3600),
            "refreshToken": "r-made-up", "refreshExpiresAt": \(now + 5 * 86_400), "obtainedAt": \(now), "scopes": []}}}
            """)
        let listed = try await folder.run("auth", "list")
        #expect(listed.status == 0 && listed.error.contains("the consent of store 'pdd-1'"), "\(listed.everything)")
        #expect(
            listed.error.contains("in 4 days") && listed.error.contains("goodstanding auth 'pdd-1'"), "\(listed.error)")
        #expect(!listed.everything.contains("a-made-up") && !listed.everything.contains("r-made-up"))
    }
}
