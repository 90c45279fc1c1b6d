import Daemon
import Foundation
import Glibc
import Testing

/// A notification socket of our own, as the service manager has one.
private struct NotificationSocket: ~Copyable {
    let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}

@Suite("The daemon tells systemd how it is")
struct SystemdNotifierTests {
    @Test("states arrive as one datagram, on a path and on an abstract name", arguments: [true, false])
    func arrives(isAbstract: Bool) throws {
        let name = "goodstanding-test-\(getpid())-\(isAbstract)"
        let path = isAbstract ? "@" + name : NSTemporaryDirectory() + "/" + name
        defer { unlink(path) }
        let socket = try NotificationSocket(path: path)
        let notifier = SystemdNotifier(environment: ["NOTIFY_SOCKET": path])
        notifier.send(.ready, .status("12 stores\nin good standing"))
        #expect(socket.receive() == "READY=1\nSTATUS=12 stores in good standing")
        notifier.send(.reloading)
        #expect(socket.receive().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
    }

    @Test("a full queue drops a status, and what may not be missed waits for room, but not for long")
    func full() async throws {
        let path = NSTemporaryDirectory() + "/goodstanding-test-\(getpid())-full"
        defer { unlink(path) }
        let socket = try NotificationSocket(path: path)
        let notifier = SystemdNotifier(environment: ["NOTIFY_SOCKET": path])
        // More than any queue of datagrams holds.
        for _ in 0..<2000 { notifier.send(.status("busy")) }
        let clock = ContinuousClock()
        let waited = clock.measure { notifier.send(.stopping) }
        #expect(waited >= .milliseconds(900) && waited < .seconds(30))

        let sender = Task.detached { notifier.send(.ready) }
        var last = ""
        while case let text = socket.receive(), !text.isEmpty { last = text }
        await sender.value
        while case let text = socket.receive(), !text.isEmpty { last = text }
        #expect(last == "READY=1")
    }

    @Test("without a socket, or with one that is gone, nothing happens")
    func silent() {
        SystemdNotifier(environment: [:]).send(.ready)
        SystemdNotifier(environment: ["NOTIFY_SOCKET": "/nowhere/at/all"]).send(.ready)
        SystemdNotifier(environment: ["NOTIFY_SOCKET": String(repeating: "x", count: 300)]).send(.ready)
    }

    @Test("the watchdog is fed at half its time, and only by the process it waits for")
    func watchdog() {
        #expect(SystemdNotifier(environment: ["WATCHDOG_USEC": "30000000"]).watchdogInterval == .seconds(15))
        #expect(
            SystemdNotifier(environment: ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], pid: 7).watchdogInterval
                == .seconds(15))
        #expect(
            SystemdNotifier(environment: ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], pid: 7).watchdogInterval
                == nil)
        #expect(SystemdNotifier(environment: [:]).watchdogInterval == nil)
    }
}
