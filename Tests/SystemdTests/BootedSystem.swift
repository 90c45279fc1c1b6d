import Foundation
import Glibc
import TestSupport
import Testing

/// A really booted systemd, in a container on this machine, with goodstanding installed in it by `make install`.
final class BootedSystem: Sendable {
    /// The one that the tests of a suite with the trait `.bootedSystem` run in.
    @TaskLocal static var current: BootedSystem?

    /// The container's first process, as this machine numbers it.
    private let leader: String

    private init(leader: String) { self.leader = leader }

    /// What this machine lacks for it, in words; nil when nothing. The last answer is the kernel's own: a container is
    /// made, on the same kind of disk, that does nothing.
    static let absence: String? = {
        guard geteuid() == 0 else { return "a systemd can only be booted by root" }
        let programs = [
            "systemd-nspawn", "setsid", "nsenter", "make", "ldd", "awk", "pgrep", "python3", "timeout",
        ]
        if let absence = Machine.absence(of: programs) { return absence }
        let groups = ["/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/unified/cgroup.procs"]
        guard groups.contains(where: FileManager.default.fileExists(atPath:)) else {
            return "no cgroup2 file system is mounted"
        }
        guard let unshare = Tool("unshare") else { return "the program unshare is not installed" }
        do {
            let folder = try Workplace()
            // A condition cannot suspend: this run blocks, a fifth of a second.
            let _: [UInt8] = try unshare.run(arguments(BootScript.probe, folder))
            return nil
        } catch {
            return "no container can be started here: \(error)"
        }
    }()

    private static func arguments(_ script: String, _ folder: Workplace) -> [String] {
        [
            "--mount", "--propagation", "private", "sh", "-c", script, "sh", folder.path, Machine.repository,
            Program.path,
        ]
    }

    /// Boots it, lets `body` run, and ends it, whatever `body` did.
    static func running(_ body: (BootedSystem) async throws -> Void) async throws {
        let folder = try Workplace()
        try folder.write("log", "")
        let lease = Pipe()
        let script = Process()
        script.executableURL = URL(filePath: "/usr/bin/env")
        script.arguments = ["unshare"] + arguments(BootScript.boot, folder)
        script.environment = Machine.environment
        script.standardInput = lease
        let output = try FileHandle(forWritingTo: URL(filePath: folder.file("log")))
        (script.standardOutput, script.standardError) = (output, output)
        defer { try? output.close() }
        try script.run()
        let outcome: Result<Void, any Error>
        do {
            let log = { try String(contentsOfFile: folder.file("log"), encoding: .utf8) }
            try await eventually("the container's systemd is up", within: .seconds(40), evidence: log) {
                guard script.isRunning else { throw Trouble("the container did not boot:\n\(try log())") }
                return FileManager.default.fileExists(atPath: folder.file("leader"))
            }
            let leader = try String(contentsOfFile: folder.file("leader"), encoding: .utf8)
            try await body(BootedSystem(leader: leader.trimmingCharacters(in: .newlines)))
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try lease.fileHandleForWriting.close()
        for _ in 0..<600 where script.isRunning { await Pause.milliseconds(50) }
        #expect(!script.isRunning, "the container has ended, and what it used is removed")
        try outcome.get()
    }

    /// Runs a command inside to its end, 40 seconds at most, and gives what it wrote to standard output.
    @discardableResult
    func run(_ command: String..., input: String = "") async throws -> String {
        try await Machine.run(["nsenter", "-t", leader, "-a", "timeout", "40"] + command, input: input)
    }

    /// Writes a file inside, readable by all, and the folders above it.
    func write(_ path: String, _ text: String) async throws {
        try await run("sh", "-c", "mkdir -p \"${1%/*}\" && cat >\"$1\"", "sh", path, input: text)
    }
}

/// Boots one systemd for a whole suite and ends it after the suite's last test.
struct BootedSystemTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await BootedSystem.running { system in
            try await BootedSystem.$current.withValue(system) { try await function() }
        }
    }
}

extension Trait where Self == BootedSystemTrait {
    static var bootedSystem: Self { Self() }
}
