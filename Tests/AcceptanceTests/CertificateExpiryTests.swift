import Curl
import Daemon
import Facts
import Foundation
import TestSupport
import Testing

@Suite("The end of a shop's own certificate is known ahead", .serialized, .timeLimit(.minutes(3)))
struct CertificateExpiryTests {
    private func folder(_ authority: Authority, _ port: Int, receivers: String = "") throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            listen: 127.0.0.1:0
            ca_file: \(authority.file)
            stores:
              - id: shop
                pack: woocommerce
                timezone: UTC
                currency: EUR
                endpoint: "https://localhost:\(port)/blog"
                credentials: {consumer_key: ck_made_up, consumer_secret: {file: secret}}
            \(receivers)
            """)
        try folder.write("secret", "made-up-secret\n")
        return folder
    }

    private func openssl() -> Tool? {
        let tool = Tool("openssl")
        if tool == nil { Issue.record("not run for lack of the program openssl", severity: .warning) }
        return tool
    }

    struct Row: Sendable { var days: Int; var grade: String? }

    @Test(
        "doctor warns within thirty days and fails within three, and so of an authority's",
        arguments: [Row(days: 40, grade: "ok"), Row(days: 20, grade: "warn"), Row(days: 2, grade: "fail")])
    func doctor(_ row: Row) async throws {
        guard let openssl = openssl() else { return }
        // Whose own certificate ends is another thing.
        let authority = try await Authority(openssl, days: 100 - row.days)
        try await authority.certify("shop", for: "DNS:localhost", days: row.days)
        try await authority.serving("shop") { port in
            let folder = try self.folder(authority, port)
            let ended = try await folder.run("doctor")
            let lines = ended.output.split(separator: "\n").filter { $0.contains("localhost:\(port)") }
            let line = try #require(lines.first { $0.contains("certificate") }, "\(ended.output)")
            #expect(line.split(separator: " ").first.map(String.init) == row.grade, "\(line)")
            #expect(line.contains("store 'shop'"), "\(line)")
            guard row.days < 30 else { return }
            #expect(line.contains("whoever runs the server of localhost:\(port) renews it"), "\(line)")
            let listed = try await folder.run("auth", "list", environment: ["LANG": "zh_CN.UTF-8"])
            #expect(listed.error.contains("localhost:\(port) 的 TLS 证书"), "\(listed.error)")
            #expect(!listed.error.contains("CA 证书"), "\(listed.error)")
        }
    }

    @Test("an authority's certificate in ca_file is told of as well, though no server answers")
    func authority() async throws {
        guard let openssl = openssl() else { return }
        let authority = try await Authority(openssl, days: 10)
        let folder = try self.folder(authority, 9)
        let ended = try await folder.run("doctor")
        let lines = ended.output.split(separator: "\n").filter { $0.contains("ca_file") }
        #expect(lines.count == 1 && lines[0].hasPrefix("warn"), "\(ended.output)")
        #expect(lines.first?.contains(authority.file) == true, "\(lines)")
    }

    @Test("a receiver hears of it with the host and who renews it, and the metrics page has the moment")
    func told() async throws {
        guard let openssl = openssl() else { return }
        let authority = try await Authority(openssl, days: 90)
        try await authority.certify("shop", for: "DNS:localhost", days: 10)
        try await authority.serving("shop") { port in
            try await Hook.serving({ _ in .status(204) }) { hook, address in
                let folder = try self.folder(
                    authority, port, receivers: "receivers: [{id: ops, webhook: \"\(address)\"}]")
                try await RunningDaemon.running(folder.file("goodstanding.yaml")) { daemon in
                    #expect(
                        await Wait.until { !daemon.lines(with: "TLS certificate", "ends at").isEmpty }, "\(daemon.log)")
                    #expect(
                        await Wait.until { hook.arrivals.contains { self.type(of: $0.body) == "expiry" } },
                        "\(daemon.log)")
                    let metrics = daemon.page("/metrics")?.text ?? ""
                    let line = metrics.split(separator: "\n").first {
                        $0.contains("{name=\"certificate\",place=\"localhost:\(port)\"}")
                    }
                    #expect(line?.hasPrefix("goodstanding_expiry_timestamp_seconds") ?? false, "\(metrics)")
                    #expect(await daemon.stop().status == 0)
                }
                let body = try #require(hook.arrivals.map(\.body).first { self.type(of: $0) == "expiry" })
                let message = try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
                let data = try #require(message["data"] as? [String: Any])
                #expect(data["name"] as? String == "certificate" && data["stage"] as? Int == 14)
                #expect(data["place"] as? String == "localhost:\(port)" && data["stores"] as? [String] == ["shop"])
                #expect((data["remedy"] as? [String: String])?["zh"]?.contains("服务器管理员") ?? false)
            }
        }
    }

    private func type(of body: [UInt8]) -> String? {
        ((try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any])?["type"] as? String
    }
}
