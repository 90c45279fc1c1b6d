import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// A notification socket of our own, as the service manager has one, read by a thread of its own: a queue that nobody
/// empties would hold up who writes to it.
private final class NotifySocket: Sendable {
    private let descriptor: Int32
    private let state = Mutex<(messages: [String], isClosed: Bool)>(([], false))

    init(path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(result == 0)
        var patience = timeval(tv_sec: 0, tv_usec: 50_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        self.descriptor = descriptor
        Thread.detachNewThread { [self] in listen() }
    }

    /// What the daemon said, a datagram each, in order.
    var messages: [String] { state.withLock { $0.messages } }

    func close() { state.withLock { $0.isClosed = true } }

    private func listen() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !state.withLock({ $0.isClosed }) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { continue }
            state.withLock { $0.messages.append(String(decoding: buffer[..<count], as: UTF8.self)) }
        }
        Glibc.close(descriptor)
    }
}

@Suite("The running daemon tells its service manager how it is", .serialized, .timeLimit(.minutes(2)))
struct NotifySocketTests {
    private func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    @Test("ready, status and watchdog; reloading with its moment and ready again; stopping")
    func wholeLife() async throws {
        let site = try Site()
        try site.configure()
        try await site.take(Site.refunds(3, at: "a") + Site.refunds(1, at: "b"))
        let socket = try NotifySocket(path: site.folder.file("notify"))
        defer { socket.close() }
        let environment = ["NOTIFY_SOCKET": site.folder.file("notify"), "WATCHDOG_USEC": "400000"]
        try await RunningDaemon.running(site.config, environment: environment) { daemon in
            /// Waits for a datagram after the first so many, and gives its place.
            func wait(for line: String, after count: Int = 0) async throws -> Int {
                func place() -> Int? {
                    socket.messages.dropFirst(count).firstIndex {
                        $0.split(separator: "\n").contains { $0.hasPrefix(line) }
                    }
                }
                try #require(await Wait.until { place() != nil }, "\(line) among \(socket.messages): \(daemon.log)")
                return try #require(place())
            }

            // Given a start: it is ready once, and only when its pages are served.
            let ready = try await wait(for: "READY=1")
            #expect(daemon.page("/healthz")?.status == 200)
            _ = try await wait(for: "STATUS=2 stores: 1 breach, 1 ok")

            // While it lives, the watchdog is fed: half its time is 200 ms.
            let fed = try await wait(for: "WATCHDOG=1", after: ready)
            let again = try await wait(for: "WATCHDOG=1", after: fed + 1)
            _ = try await wait(for: "WATCHDOG=1", after: again + 1)
            #expect(!socket.messages.contains { $0.contains("RELOADING") || $0.contains("STOPPING") })

            // At SIGHUP: reloading with the moment by the monotonic clock in the same datagram, then ready.
            let (before, earlier) = (monotonic(), socket.messages.count)
            daemon.send(SIGHUP)
            let reloading = try await wait(for: "RELOADING=1", after: earlier)
            let moment = socket.messages[reloading].firstMatch(of: /\nMONOTONIC_USEC=(\d+)/).flatMap { Int64($0.1) }
            #expect(try before...monotonic() ~= #require(moment))
            let readyAgain = try await wait(for: "READY=1", after: earlier)
            #expect(readyAgain > reloading)

            // So it is when the file is broken: the old configuration goes on.
            try site.folder.write("shop.yaml", "pack: [\n")
            daemon.send(SIGHUP)
            let refused = try await wait(for: "RELOADING=1", after: readyAgain + 1)
            _ = try await wait(for: "READY=1", after: refused)

            let ended = await daemon.stop()
            #expect(ended.status == 0, "\(ended.error)")
            _ = try await wait(for: "STOPPING=1", after: refused)
            let told = socket.messages.flatMap { $0.split(separator: "\n") }
            #expect(told.filter { $0 == "READY=1" }.count == 3)
            #expect(told.filter { $0 == "STOPPING=1" }.count == 1)
            let last = try #require(told.lastIndex(of: "STOPPING=1"))
            #expect(!told[last...].contains("READY=1"), "who is stopping is not ready")
        }
    }

    @Test("a process that cannot start is never ready", arguments: ["shop.yaml", "goodstanding.yaml"])
    func neverReady(broken file: String) async throws {
        let site = try Site()
        try site.configure()
        try site.folder.write(file, "no: such: thing\n")
        let socket = try NotifySocket(path: site.folder.file("notify"))
        defer { socket.close() }
        let ended = try await RunningDaemon.refused(
            "run", site.config, environment: ["NOTIFY_SOCKET": site.folder.file("notify")])
        #expect(ended.status == 64, "\(ended.error)")
        #expect(ended.error.contains("\(file):1:"), "it says why: \(ended.error)")
        #expect(!socket.messages.contains { $0.contains("READY=1") })
    }
}
