import TestSupport
import Testing

/// One systemd is booted for all of them; each begins with a service as after a fresh installation.
@Suite(
    "The unit in a really booted systemd", .serialized,
    .enabled(if: BootedSystem.absence == nil, "not run, no booted systemd: \(BootedSystem.absence ?? "")"),
    .bootedSystem)
struct BootedUnitTests {
    @Test("verify has nothing to say where the unit is installed, and the sandbox in force is rated 1.2 or better")
    func verified() async throws {
        let service = try await Service.fresh()
        try await service.system.run("systemctl", "log-level", "info")
        let unit = "/etc/systemd/system/goodstanding.service"
        #expect(try await service.system.run("sh", "-c", "systemd-analyze verify --man=no \(unit) 2>&1") == "")
        try await service.start()
        // The threshold is in tenths; above it the status is 1, and this throws.
        try await service.system.run("systemd-analyze", "security", "--threshold=12", "--no-pager", "goodstanding")
    }

    @Test("it is active only after READY=1, and then it serves")
    func ready() async throws {
        let service = try await Service.fresh()
        // Stopped before its first instruction, and for as long as we like.
        try await service.change(
            """
            ExecStart=
            ExecStart=/bin/sh -c 'kill -STOP $$$$; exec "$@"' sh \\
                /usr/bin/goodstanding run --config /etc/goodstanding/goodstanding.yaml
            """)
        try await service.system.run("systemctl", "start", "--no-block", "goodstanding")
        try await eventually("the process stands still") {
            let pid = try await service.show("MainPID")
            return try await service.system.run("sh", "-c", "cat /proc/$1/stat || true", "sh", pid).contains(") T ")
        }
        #expect(try await service.show("ActiveState") == "activating")
        try await service.send("CONT")
        try await service.wait(for: "ActiveState", "active")
        // Not a moment later: whoever waited for the start may ask.
        let ask = "import urllib.request as http; print(http.urlopen('http://127.0.0.1:8420/healthz').status)"
        #expect(try await service.system.run("python3", "-c", ask) == "200\n")
        try await service.waitUntil(.systemd, says: "Changed dead -> start", "(READY=1", "Changed start -> running")
    }

    @Test("a credential reaches the feed it is for, and neither environment nor journal")
    func credentials() async throws {
        let service = try await Service.fresh()
        try await service.start()
        try await eventually("the feed is asked") { try await !service.requests().isEmpty }
        #expect(try await Set(service.requests()) == ["Bearer of-the-feed"])
        let environment = try await service.system.run("cat", "/proc/\(service.show("MainPID"))/environ")
        #expect(environment.contains("CREDENTIALS_DIRECTORY=") && !environment.contains("of-the-feed"))
        #expect(try await !service.journal(of: .program).contains("of-the-feed"))
    }

    @Test("it runs as a user that exists only meanwhile, and its ledger is for that user's eyes only")
    func user() async throws {
        let service = try await Service.fresh()
        try await service.start()
        let uid = try await service.show("UID")
        // Where systemd takes dynamic users from.
        #expect((61184...65519).contains(Int(uid) ?? 0), "its user is \(uid)")
        let status = try await service.system.run("cat", "/proc/\(service.show("MainPID"))/status")
        #expect(status.contains("Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)\n"))
        #expect(status.contains("CapBnd:\t0000000000000000\n") && status.contains("NoNewPrivs:\t1\n"))
        let folder = "/var/lib/private/goodstanding"
        #expect(try await service.system.run("readlink", "/var/lib/goodstanding") == "private/goodstanding\n")
        #expect(try await service.system.run("stat", "-c", "%a %u", folder) == "700 \(uid)\n")
        let files = try await service.system.run("sh", "-c", "cd \(folder) && stat -c '%n %a %u' *")
            .split(separator: "\n")
        #expect(files.contains("ledger.db 600 \(uid)"))
        #expect(files.allSatisfy { $0.hasSuffix(" 600 \(uid)") }, "\(files)")
    }

    @Test("systemctl status shows how the stores stand")
    func status() async throws {
        let service = try await Service.fresh()
        // The line is sent at the pace of the watchdog; every second then.
        try await service.change("WatchdogSec=2")
        try await service.start()
        try await eventually("the one store is judged", evidence: { try await service.show("StatusText") }) {
            try await service.show("StatusText").hasPrefix("1 store")
        }
        let status = try await service.system.run("systemctl", "status", "--no-pager", "-n0", "goodstanding")
        #expect(status.contains(#/\n +Status: "1 store[^"]+"\n/#), "\(status)")
    }
}
