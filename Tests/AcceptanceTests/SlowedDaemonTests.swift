import TestSupport
import Testing

@Suite("The daemon watches on where a plan fits in no limit", .timeLimit(.minutes(1)))
struct SlowedDaemonTests {
    @Test("it says so at its start and as long as it runs, and what it has no room for it does not ask")
    func held() async throws {
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
            stores:
              - {id: s1, pack: small, endpoint: "http://127.0.0.1:9", credentials: {app: a, key: k}}

            """)
        try await RunningDaemon.running(folder.file("goodstanding.yaml")) { daemon in
            #expect(
                await Wait.until { !daemon.lines(with: "until then it is not pulled").isEmpty }, "\(daemon.log)")
            let name = "goodstanding_held_back_stores{pack=\"small\",limit_of=\"s1\"} 1"
            #expect(await Wait.until { daemon.page("/metrics")?.text.contains(name) ?? false }, "\(daemon.log)")
            #expect(await daemon.stop().status == 0)
            #expect(daemon.lines(with: "failed at").isEmpty, "\(daemon.log)")
        }
    }
}
