import Curl
import Daemon
import Facts
import Foundation
import TestSupport
import Testing

@Suite("The end of a shop's own certificate is known ahead", .serialized, .timeLimit(.minutes(3)))
struct CertificateExpiryTests {
    private func folder(
        _ authority: Authority, _ port: Int, bundle: String? = nil, receivers: String = ""
    ) throws -> Workplace {
        let folder = try Workplace()
        if let bundle { try folder.write("ca.pem", bundle) }
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            listen: 127.0.0.1:0
            ca_file: \(bundle == nil ? authority.file : folder.file("ca.pem"))
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

    /// Of a root that was good from 2000 to 2010, made by openssl.
    private static let old = """
        -----BEGIN CERTIFICATE-----
        MIIBQTCB6aADAgECAgEBMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBm9sZC1jYTAe
        Fw0wMDAxMDEwMDAwMDBaFw0xMDAxMDEwMDAwMDBaMBExDzANBgNVBAMMBm9sZC1j
        YTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKc1osRtNCeX4e2gauovGSaXYYP1
        HBxf/mZYFRC4fopQaLEjJmTa2CQ5X9GMpZ5mR502dcJSgozDfP3xSoxzQ4ajMjAw
        MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFIHEGZgXlYjvSMX8kDfCfzfJIpFF
        MAoGCCqGSM49BAMCA0cAMEQCIB2a/e0ZBJHVZtSqbt6TsF0DevMmqmszL7ANjUO5
        WQ0pAiBNtV8nBIBy1CEJs4t9SxPvHZ/NEngc7D+ZXOPyInI/FA==
        -----END CERTIFICATE-----

        """

    @Test("of a bundle only what a server rests on is told of: an old root in it stops nothing")
    func bundle() async throws {
        guard let openssl = openssl() else { return }
        let ours = try await Authority(openssl, name: "ours", days: 10)
        let other = try await Authority(openssl, name: "other", days: 400)
        for authority in [ours, other] { try await authority.certify("shop", for: "DNS:localhost", days: 200) }
        let bundle = try [ours, other].map { try String(contentsOfFile: $0.file, encoding: .utf8) }.joined() + Self.old
        func told(_ folder: Workplace) async throws -> [Substring] {
            let ended = try await folder.run("doctor")
            return ended.output.split(separator: "\n").filter { $0.contains("in ca_file") && !$0.hasPrefix("ok") }
        }
        // Nobody was seen at work, and one of them is good for long.
        #expect(try await told(folder(ours, 9, bundle: bundle)) == [])
        try await ours.serving("shop") { port in
            let lines = try await told(self.folder(ours, port, bundle: bundle))
            #expect(lines.count == 1 && lines.first?.hasPrefix("warn") == true, "\(lines)")
        }
        try await other.serving("shop") { port in
            let lines = try await told(self.folder(other, port, bundle: bundle))
            #expect(lines == [])
        }
        // All of them end soon: whoever it is, something stops.
        let soon = try String(contentsOfFile: ours.file, encoding: .utf8) + Self.old
        #expect(try await told(folder(ours, 9, bundle: soon)).count == 1)
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
                        await Wait.until { hook.arrivals.contains { self.isExpiry($0.body) } },
                        "\(daemon.log)")
                    let metrics = daemon.page("/metrics")?.text ?? ""
                    let line = metrics.split(separator: "\n").first {
                        $0.contains("{name=\"certificate\",place=\"localhost:\(port)\"}")
                    }
                    #expect(line?.hasPrefix("goodstanding_expiry_timestamp_seconds") ?? false, "\(metrics)")
                    #expect(await daemon.stop().status == 0)
                }
                let body = try #require(hook.arrivals.map(\.body).first(where: self.isExpiry))
                let message = try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
                let alerts = (message["data"] as? [String: Any])?["alerts"] as? [[String: Any]]
                let alert = try #require(alerts?.first)
                let expiry = (alert["health"] as? [String: Any])?["expiry"] as? [String: Any]
                #expect(expiry?["name"] as? String == "certificate" && alert["severity"] as? String == "major")
                #expect(
                    expiry?["place"] as? String == "localhost:\(port)" && expiry?["stores"] as? [String] == ["shop"])
                #expect((alert["remedy"] as? [String: String])?["zh"]?.contains("服务器管理员") ?? false)
            }
        }
    }

    private func isExpiry(_ body: [UInt8]) -> Bool {
        String(decoding: body, as: UTF8.self).contains("health:expiry.certificate.")
    }
}
