import Foundation
import Glibc

/// Speaks to the service manager by the notification socket (sd_notify(3)); silent when there is none.
package struct SystemdNotifier: Sendable {
    /// From NOTIFY_SOCKET: a path, or an abstract name that begins with @.
    private let address: String?
    /// Half of WATCHDOG_USEC, as systemd recommends; nil when no watchdog waits for this process.
    package let watchdogInterval: Duration?

    package init(environment: [String: String] = ProcessInfo.processInfo.environment, pid: Int32 = getpid()) {
        address = environment["NOTIFY_SOCKET"]
        let isForUs = environment["WATCHDOG_PID"].flatMap(Int32.init).map { $0 == pid } ?? true
        watchdogInterval =
            isForUs
            ? environment["WATCHDOG_USEC"].flatMap(Int64.init).map { .microseconds(max(1, $0 / 2)) } : nil
    }

    package enum State: Sendable {
        case ready, stopping, watchdog
        /// Carries the monotonic microseconds that systemd asks for with it.
        case reloading
        case status(String)

        var mayNotBeMissed: Bool {
            switch self {
            case .ready, .reloading, .stopping: true
            case .watchdog, .status: false
            }
        }

        var text: String {
            switch self {
            case .ready: return "READY=1"
            case .stopping: return "STOPPING=1"
            case .watchdog: return "WATCHDOG=1"
            case .reloading:
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                return "RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)"
            case .status(let words): return "STATUS=" + words.replacing("\n", with: " ")
            }
        }
    }

    /// Sends and forgets: a service manager that does not listen is no reason to fail, nor to wait for long.
    ///
    /// What it may not miss waits up to a second for room in its queue; a status or a sign of life comes again.
    package func send(_ states: State...) {
        guard let address, !address.isEmpty else { return }
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        guard path.count < MemoryLayout.size(ofValue: target.sun_path) else { return }
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: path) }
        // An abstract name is as long as it is; a path may be passed without its closing zero.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let message = Array(states.map(\.text).joined(separator: "\n").utf8)
        var flags = Int32(MSG_NOSIGNAL)
        if states.contains(where: \.mayNotBeMissed) {
            var patience = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        } else {
            flags |= Int32(MSG_DONTWAIT)
        }
        _ = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, message, message.count, flags, $0, length)
            }
        }
    }
}
