import TestSupport
import Testing

extension BootedUnitTests {
    @Test("after SIGKILL it is started again")
    func killed() async throws {
        let service = try await Service.fresh()
        try await service.start()
        let pid = try await service.show("MainPID")
        try await service.send("KILL")
        try await service.wait(for: "NRestarts", "1")
        try await service.wait(for: "ActiveState", "active")
        #expect(try await service.show("MainPID") != pid)
        try await service.waitUntil(.systemd, says: "status=9/KILL", "Failed with result 'signal'", "(READY=1")
    }

    @Test("it feeds its watchdog, and is started again when it no longer does")
    func hung() async throws {
        let service = try await Service.fresh()
        #expect(try await service.show("WatchdogUSec") == "30s")
        // The same, sooner.
        try await service.change("WatchdogSec=3")
        try await service.start()
        let pid = try await service.show("MainPID")
        // Fed at half the limit: the fourth meal after the start is beyond it.
        let meal = "(WATCHDOG=1)"
        try await service.waitUntil(.systemd, says: "(READY=1", meal, meal, meal, meal)
        #expect(try await service.show("MainPID") == pid)
        try await service.send("STOP")
        try await service.wait(for: "NRestarts", "1")
        try await service.wait(for: "ActiveState", "active")
        #expect(try await service.show("MainPID") != pid)
        try await service.waitUntil(
            .systemd, says: "Watchdog timeout (limit 3s)!", "Failed with result 'watchdog'", "(READY=1")
    }

    @Test("a stop ends it cleanly within ten seconds, in the middle of a pull that gets no answer")
    func stopped() async throws {
        let service = try await Service.fresh()
        try await service.start()
        try await eventually("the other feed is asked") { try await !service.requests().isEmpty }
        try await endsCleanly(service) { try await service.stop() }
        try await service.waitUntil(.systemd, says: "(STOPPING=1)", "-> dead")
    }

    @Test("a stop right behind the start is not lost, however often", arguments: 1...5)
    func stoppedAtOnce(turn: Int) async throws {
        let service = try await Service.fresh()
        try await endsCleanly(service) {
            try await service.system.run("sh", "-c", "systemctl start goodstanding && systemctl stop goodstanding")
        }
        try await service.waitUntil(.systemd, says: "(READY=1", "(STOPPING=1)")
    }

    @Test("a SIGTERM by systemd itself in the moment of READY=1 is not lost", arguments: 1...5)
    func terminatedAtReady(turn: Int) async throws {
        let service = try await Service.fresh()
        try await service.change("ExecStartPost=/bin/kill -TERM $MAINPID\nRestart=no")
        try await endsCleanly(service) {
            // The start itself fails when the program ends badly while it lasts; the state that is left says how.
            _ = try? await service.start()
            try await eventually("it has ended", within: .seconds(10)) {
                try await ["inactive", "failed"].contains(service.show("ActiveState"))
            }
        }
        try await service.waitUntil(.systemd, says: "(READY=1", "(STOPPING=1)")
    }

    /// The program ended by itself, with 0, in time: nobody had to kill it, and nobody will start it again.
    private func endsCleanly(_ service: Service, _ act: () async throws -> Void) async throws {
        let began = ContinuousClock.now
        try await act()
        #expect(ContinuousClock.now - began < .seconds(10))
        let words = try await service.journal(of: .program)
        #expect(try await service.show("ActiveState") == "inactive", "\(words)")
        #expect(try await service.show("Result") == "success")
        // 1 is CLD_EXITED, 2 would be CLD_KILLED, and 0 that systemd has forgotten how it was.
        #expect(try await service.show("ExecMainCode") == "1")
        #expect(try await service.show("ExecMainStatus") == "0")
        #expect(words.contains("ended; what was known is in the ledger"), "\(words)")
    }
}
