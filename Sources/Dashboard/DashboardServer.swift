package import Daemon
import Hummingbird
import Logging
package import ServiceLifecycle

/// Shows people and programs how all stores stand: pages, answers and metrics.
package struct DashboardServer: Service {
    private let state: DaemonState
    private let started: @Sendable (Int) async -> Void

    /// - Parameter started: told the port once the server listens (another than the configured one when that is 0).
    package init(_ state: DaemonState, started: @escaping @Sendable (Int) async -> Void = { _ in }) {
        (self.state, self.started) = (state, started)
    }

    /// For the daemon that it shows.
    package static let pages: DaemonProcess.Pages = { DashboardServer($0, started: $1) }

    /// Returns after a graceful stop. Throws when the address cannot be listened on.
    package func run() async throws {
        let assembly = await state.assembly
        var quiet = assembly.logger
        // What matters of the server comes back as an error that is thrown; its log tells of connections cut at the
        // end.
        quiet.logLevel = .critical
        let application = Application(
            router: DashboardRouter(state: state).router,
            // Who has asked for nothing for so long, or stopped in the middle of it, comes again.
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: .init(
                address: .hostname(assembly.config.listen.host, port: assembly.config.listen.port),
                serverName: "goodstanding"),
            onServerRunning: { [started] channel in await started(channel.localAddress?.port ?? 0) }, logger: quiet)
        try await application.run()
    }
}
