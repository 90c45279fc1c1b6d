import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("A dead man's switch hears from the daemon", .serialized, .timeLimit(.minutes(2)))
struct HeartbeatTests {
    /// What a server was asked, method and path.
    private final class Asked: Sendable {
        private let heard = Mutex<[String]>([])
        var lines: [String] { heard.withLock { $0 } }

        func hear(_ connection: RawServer.Connection) {
            guard let head = connection.readHead() else { return }
            heard.withLock { $0.append(head.split(separator: " ").prefix(2).joined(separator: " ")) }
            connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        }
    }

    @Test("a start and a success in each window, its address in no log; doctor tells it nothing")
    func beats() async throws {
        let site = try Site()
        let asked = Asked()
        try await RawServer.running({ asked.hear($0) }) { server in
            try site.folder.write(
                "goodstanding.yaml",
                """
                database: sqlite:ledger.db
                packs: [shop.yaml]
                listen: 127.0.0.1:0
                stores: [{id: a, pack: shop}]
                heartbeat: {url: "http://127.0.0.1:\(server.port)/ping/0f0e-secret", every: 6s}

                """)
            try await site.take(Site.refunds(1, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                let (start, success) = ("POST /ping/0f0e-secret/start", "POST /ping/0f0e-secret")
                try #require(
                    await Wait.until(40) { asked.lines.filter { $0 == success }.count >= 2 },
                    "\(asked.lines) \(daemon.log)")
                #expect(asked.lines.prefix(4) == [start, success, start, success])
                #expect(!daemon.log.contains("0f0e"), "\(daemon.log)")
            }
            let before = asked.lines.count
            let doctor = try await Program.run("doctor", "--config", site.config)
            #expect(doctor.output.contains("heartbeat") && !doctor.output.contains("0f0e"), "\(doctor.output)")
            #expect(asked.lines.dropFirst(before).allSatisfy { $0 == "HEAD /" }, "\(asked.lines)")
        }
    }
}
