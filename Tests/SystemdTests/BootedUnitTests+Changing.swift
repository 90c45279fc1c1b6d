import TestSupport
import Testing

extension BootedUnitTests {
    @Test("a reload takes a changed configuration in, and systemd is told of both ends of it")
    func reload() async throws {
        let service = try await Service.fresh()
        try await service.start()
        let pid = try await service.show("MainPID")
        try await service.configure(stores: "south")
        try await service.reload()
        try await service.waitUntil(.program, says: "configuration taken in: store 'south' added")
        try await service.waitUntil(
            .systemd, says: "Changed start -> running", "(RELOADING=1, MONOTONIC_USEC=", "(READY=1")
        try await service.wait(for: "ActiveState", "active")
        #expect(try await service.show("MainPID") == pid)
    }

    @Test("a reload of a broken configuration keeps the old one, at work, and says why")
    func brokenReload() async throws {
        let service = try await Service.fresh()
        try await service.start()
        let pid = try await service.show("MainPID")
        try await service.configure(pack: "markteplace")
        try await service.reload()
        try await service.waitUntil(
            .program, says: "the old one stays in force", "/etc/goodstanding/goodstanding.yaml:2:",
            "did you mean 'marketplace'?")
        try await service.waitUntil(.systemd, says: "Changed start -> running", "(RELOADING=1", "(READY=1")
        try await service.wait(for: "ActiveState", "active")
        #expect(try await service.show("MainPID") == pid)
        let requests = try await service.requests().count
        try await eventually("the feed is still asked") { try await service.requests().count > requests + 1 }
        // With what is in force, the first configuration has no difference.
        try await service.configure()
        try await service.reload()
        try await service.waitUntil(
            .program, says: "the old one stays in force", "configuration taken in: nothing changed")
    }

    @Test("a configuration that is wrong from the start is a failure with its reason, and is not tried for ever")
    func wrong() async throws {
        let service = try await Service.fresh()
        try await service.configure(pack: "markteplace")
        await #expect(throws: Trouble.self) { try await service.start() }
        // Between two tries it is "activating"; "failed" is the end of them.
        try await service.wait(for: "ActiveState", "failed", within: .seconds(30))
        #expect(try await service.show("Result") == "exit-code")
        #expect(try await service.show("ExecMainStatus") == "64")
        #expect(try await (0...5).contains(Int(service.show("NRestarts")) ?? -1))
        try await service.waitUntil(
            .program, says: "/etc/goodstanding/goodstanding.yaml:2:", "did you mean 'marketplace'?")
    }

    @Test("a secret that is not there is named, and so is a missing folder of secrets")
    func missingSecret() async throws {
        let service = try await Service.fresh()
        try await service.configure(secret: "nowhere")
        await #expect(throws: Trouble.self) { try await service.start() }
        try await service.waitUntil(.program, says: "/etc/goodstanding/goodstanding.yaml:6:", "nowhere does not exist")
        try await service.stop()

        try await service.system.run("mv", "/etc/goodstanding/secrets", "/etc/goodstanding/elsewhere")
        let failure = await #expect(throws: Trouble.self) { try await service.start() }
        try await service.system.run("mv", "/etc/goodstanding/elsewhere", "/etc/goodstanding/secrets")
        #expect(failure?.description.contains("Assertion failed") == true)
        try await service.waitUntil(.systemd, says: "AssertPathIsDirectory=/etc/goodstanding/secrets failed")
    }
}
