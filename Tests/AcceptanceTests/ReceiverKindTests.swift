import TestSupport
import Testing

@Suite("A receiver that becomes one of another kind is told of", .timeLimit(.minutes(1)))
struct ReceiverKindTests {
    @Test("config check warns of it once a daemon has loaded the one before, and of nothing else")
    func changed() async throws {
        let site = try Site()
        func check(_ receiver: String) async throws -> String {
            try site.configure(receivers: [receiver])
            let ended = try await Program.run("config", "check", "--config", site.config)
            #expect(ended.status == 0, "\(ended)")
            return ended.error
        }
        let hook = #"{id: ops, webhook: "http://127.0.0.1:9/hook"}"#
        let robot = #"{id: ops, dingtalk: "http://127.0.0.1:9/robot"}"#
        #expect(!(try await check(robot)).contains("another id"), "there is no ledger")
        #expect(!(try await check(hook)).contains("another id"))
        try await RunningDaemon.running(site.config) { daemon in #expect(await daemon.stop().status == 0) }
        #expect(!(try await check(hook)).contains("another id"))
        #expect(!(try await check(hook.replacing("/hook", with: "/other"))).contains("another id"))
        #expect(!(try await check(robot.replacing("ops", with: "duty"))).contains("another id"))
        let told = try await check(robot)
        #expect(told.contains("receiver 'ops' is dingtalk and was webhook") && told.contains("another id"), "\(told)")
    }
}
