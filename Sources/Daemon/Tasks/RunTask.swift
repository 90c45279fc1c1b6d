import Curl
import Glibc
import Logging

/// The daemon of `goodstanding run`: alone on its ledger, known to systemd, until it is told to end.
package struct RunTask: Sendable {
    private let config: String?
    private let level: String
    private let pages: DaemonProcess.Pages

    package init(config: String?, logLevel level: String, pages: @escaping DaemonProcess.Pages) {
        (self.config, self.level, self.pages) = (config, level, pages)
    }

    package func run() async throws {
        // Before anything else: a signal that comes early waits in the pipe.
        let signals = SignalPipe.signals([SIGTERM, SIGINT, SIGHUP])
        let notifier = SystemdNotifier()
        let assembly = try Assembly.open(config: config, log: level, access: .serve, asksOthers: true)
        let lock = try assembly.runLock(for: "run")
        defer { withExtendedLifetime(lock) {} }
        try await assembly.settleOrHold()
        try await assembly.auditLoad(after: nil)
        let transport = assembly.transport()
        let process = DaemonProcess(
            assembly: assembly, signals: signals, notifier: notifier, transport: transport, pages: pages)
        try await process.run { port in
            assembly.logger.notice("watching; the dashboard is at http://\(assembly.config.listen.host):\(port)/")
            notifier.send(.ready)
        }
        await transport.shutDown()
        assembly.logger.notice("ended; what was known is in the ledger")
    }
}
