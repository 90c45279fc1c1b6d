import Synchronization
import TestSupport
import Testing

@Suite("The daemon watches on where a plan fits in no limit", .timeLimit(.minutes(1)))
struct SlowedDaemonTests {
    @Test("it says so at its start and as long as it runs, and what it has no room for it does not ask")
    func held() async throws {
        let asked = Mutex<[String]>([])
        try await RawServer.running({ connection in
            guard let head = connection.readHead() else { return }
            asked.withLock { $0.append(String(head.prefix { $0 != "?" && !$0.isNewline })) }
            connection.write("HTTP/1.1 500 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }) { server in
            let folder = try Self.folder(server.port)
            try await RunningDaemon.running(folder.file("goodstanding.yaml")) { daemon in
                #expect(
                    await Wait.until { !daemon.lines(with: "until then it is not pulled").isEmpty }, "\(daemon.log)")
                let name = "goodstanding_held_back_stores{pack=\"small\",limit_of=\"s1\"} 1"
                #expect(await Wait.until { daemon.page("/metrics")?.text.contains(name) ?? false }, "\(daemon.log)")
                // The feed's turn comes when the store's would.
                #expect(await Wait.until { asked.withLock { $0.count > 1 } }, "\(daemon.log)")
                #expect(await daemon.stop().status == 0)
            }
            #expect(asked.withLock { $0.allSatisfy { $0.hasPrefix("GET /facts") } }, "\(asked.withLock { $0 })")
        }
    }

    private static func folder(_ port: Int) throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            """
            pack: small
            timezone: UTC
            source:
              credentials: [app, key]
              authorization: {header: Authorization, value: "{key}"}
              limits: [{calls: 1, per: 1d, of: application}]
              streams:
                orders: {get: /o, query: {since: "{from}"}, items: list, facts: [{kind: order, id: id}]}

            """)
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            listen: 127.0.0.1:0
            packs: [shop.yaml]
            feeds: [{id: erp, url: "http://127.0.0.1:\(port)/facts"}]
            stores:
              - {id: s1, pack: small, endpoint: "http://127.0.0.1:\(port)", credentials: {app: a, key: k}}

            """)
        return folder
    }
}
