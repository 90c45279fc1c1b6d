import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("pull keeps to half of a limit, whatever the configuration asks for", .timeLimit(.minutes(1)))
struct SlowedPullTests {
    private func folder(_ calls: Int, stores: Int, _ port: Int) throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            """
            pack: small
            timezone: UTC
            source:
              credentials: [app, key]
              authorization: {header: Authorization, value: "{key}"}
              limits: [{calls: \(calls), per: 1d, burst: \(calls), of: application}]
              streams:
                orders: {get: /o, query: {since: "{from}"}, items: list, facts: [{kind: order, id: id}]}

            """)
        let entries = (1...stores).map {
            "  - {id: s\($0), pack: small, endpoint: \"http://127.0.0.1:\(port)\", credentials: {app: a, key: k}}"
        }
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores:\n\(entries.joined(separator: "\n"))\n")
        return folder
    }

    @Test("stores are pulled, and not again before the time that fits; each time it is said what would be right")
    func slowed() async throws {
        let asked = Mutex(0)
        let body = #"{"list":[]}"#
        try await RawServer.running({ connection in
            guard connection.readHead() != nil else { return }
            asked.withLock { $0 += 1 }
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        }) { server in
            // 96 calls a day each are 288; of 200 a hundred may be planned, which is every 45 minutes.
            let folder = try self.folder(200, stores: 3, server.port)
            let first = try await folder.run("pull")
            #expect(first.status == 0 && asked.withLock { $0 } == 3, "\(first.everything)")
            #expect(
                first.error.contains("a plan keeps to half of a limit") && first.error.contains("until then each is"),
                "\(first.everything)")
            let second = try await folder.run("pull")
            #expect(second.status == 0 && asked.withLock { $0 } == 3, "\(second.everything)")
            #expect(second.everything.contains("store 's2' was pulled at "), "\(second.everything)")
            #expect(second.everything.contains("and is not pulled again before "), "\(second.everything)")
            let check = try await folder.run("config", "check")
            #expect(check.status == 64, "the configuration is wrong all the same")
        }
    }

    @Test("where nothing fits nothing is asked, and the pull has failed")
    func heldBack() async throws {
        let folder = try folder(1, stores: 1, 9)
        let ended = try await folder.run("pull")
        #expect(ended.status == 1, "\(ended.everything)")
        #expect(ended.everything.contains("store 's1' is not pulled: with it the plan needs"), "\(ended.everything)")
        let doctor = try await folder.run("doctor")
        #expect(doctor.output.contains("until then it is not pulled"), "\(doctor.everything)")
        #expect(doctor.status == 1)
    }
}
