import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// The daemon of `goodstanding run`, beside a test: what it logs, what its pages say, how it ends.
final class RunningDaemon: Sendable {
    private let process: Program.Running
    private let outcome = Mutex<Program.Outcome?>(nil)

    private init(_ arguments: [String], _ environment: [String: String]) throws {
        process = try Program.Running(arguments, environment: environment)
    }

    /// Runs while `body` does, and is given to it once it serves its pages. What still runs afterwards is killed.
    static func running<Result>(
        _ config: String, level: String = "info", environment: [String: String] = [:],
        _ body: (RunningDaemon) async throws -> Result
    ) async throws -> Result {
        let daemon = try RunningDaemon(["run", "--config", config, "--log-level", level], environment)
        do {
            try #require(await Wait.until { daemon.port != nil || daemon.hasEnded }, "\(daemon.log)")
            try #require(daemon.port != nil, "it ended before it served: \(daemon.log)")
            let result = try await body(daemon)
            await daemon.kill()
            return result
        } catch {
            await daemon.kill()
            throw error
        }
    }

    /// Has just been started. Who asks for it ends it.
    static func starting(_ config: String) throws -> RunningDaemon {
        try RunningDaemon(["run", "--config", config], [:])
    }

    /// A command that ought to end by itself soon, and is killed when it does not: its status is 137 in that case.
    static func refused(_ command: String, _ config: String, environment: [String: String] = [:]) async throws
        -> Program.Outcome
    {
        try await RunningDaemon([command, "--config", config], environment).ending(within: 20)
    }

    // MARK: What it says

    /// Standard error so far.
    var log: String { outcome.withLock { $0?.error } ?? process.error }
    var output: String { outcome.withLock { $0?.output } ?? process.output }
    var pid: Int32 { process.pid }

    /// Of its health pages, which it names in its ready message; with `listen: 127.0.0.1:0` the system chose it.
    var port: Int? { log.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/?\n/).flatMap { Int($0.1) } }

    /// The lines in which all of these words stand.
    func lines(with words: String...) -> [Substring] {
        log.split(separator: "\n").filter { line in words.allSatisfy { line.contains($0) } }
    }

    /// The status and text of a page of its own; nil when nobody answers.
    func page(_ path: String) -> (status: Int, head: String, text: String)? {
        port.flatMap { Loopback.get(path, port: $0) }
    }

    /// Whether so many stores stand so, as its metrics have it.
    func counts(_ count: Int, _ standing: String) -> Bool {
        page("/metrics")?.text.contains("goodstanding_stores{standing=\"\(standing)\"} \(count)\n") ?? false
    }

    // MARK: How it ends

    func send(_ signal: Int32) { process.send(signal) }

    var hasEnded: Bool {
        // A process that ended stays in the table as a zombie until Foundation has collected it.
        let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return state?.split(separator: ")").last?.first { $0 != " " }.map { "ZX".contains($0) } ?? true
    }

    /// Asks it to end, and kills it when it has not by then: its status is 137 in that case.
    func stop(_ signal: Int32 = SIGTERM, within seconds: Int = 10) async -> Program.Outcome {
        process.send(signal)
        return await ending(within: seconds)
    }

    func ending(within seconds: Int) async -> Program.Outcome {
        _ = await Wait.until(seconds) { hasEnded }
        return await kill()
    }

    @discardableResult
    func kill() async -> Program.Outcome {
        if let known = outcome.withLock({ $0 }) { return known }
        if !hasEnded { process.send(SIGKILL) }
        let ended = await process.finish()
        outcome.withLock { $0 = ended }
        return ended
    }
}

/// Waiting for what another process does: asked often, given up at a bound that only a fault reaches.
enum Wait {
    /// Whether it came to hold.
    static func until(
        _ seconds: Int = 30, every milliseconds: Int = 20, _ holds: () async throws -> Bool
    ) async rethrows -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if try await holds() { return true }
            if ContinuousClock.now >= end { return false }
            await Pause.milliseconds(milliseconds)
        }
    }
}

/// One request over a socket of the test's own, so that the program's client is not what tests its server.
enum Loopback {
    /// Nil when nobody answers within ten seconds.
    static func get(_ path: String, port: Int) -> (status: Int, head: String, text: String)? {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return nil }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard Glibc.send(client, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 { bytes += buffer[..<count] }
        let reply = String(decoding: bytes, as: UTF8.self)
        guard let blank = reply.firstRange(of: "\r\n\r\n"), let status = reply.firstMatch(of: /^HTTP\/1\.1 (\d{3})/)
        else { return nil }
        return (Int(status.1) ?? 0, String(reply[..<blank.lowerBound]), String(reply[blank.upperBound...]))
    }
}
