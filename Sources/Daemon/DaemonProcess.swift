package import Curl
import Facts
import Ledgers
import Logging
import Pull
package import ServiceLifecycle

/// The daemon's services, built and run until somebody tells them to end.
package struct DaemonProcess: Sendable {
    package let state: DaemonState
    private let assembly: Assembly
    private let signals: AsyncStream<Int32>
    private let notifier: SystemdNotifier
    private let transport: any Transport
    private let pages: Pages

    /// What shows people and programs how all stands, and is told whom to tell the port once it listens.
    package typealias Pages = @Sendable (DaemonState, @escaping @Sendable (Int) async -> Void) -> any Service

    package init(
        assembly: Assembly, signals: AsyncStream<Int32>, notifier: SystemdNotifier, transport: any Transport,
        pages: @escaping Pages
    ) {
        (self.assembly, self.signals, self.notifier, self.transport) = (assembly, signals, notifier, transport)
        self.pages = pages
        state = DaemonState(assembly: assembly)
    }

    /// Returns when a signal asked for the end, or the task was canceled, and every service has finished what it held.
    ///
    /// - Parameter started: told the port once the pages are served.
    package func run(started: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        let (state, listen) = (state, assembly.config.listen)
        let watched = ClockWatch(inner: transport, skew: state.clockSkew, clock: assembly.clock)
        var quiet = assembly.logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        let signals = SignalService(signals: signals, state: state, notifier: notifier)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: pages(state, started)),
                .init(service: NotifyService(state: state, transport: transport)),
                .init(service: EvaluateService(state: state, notifier: notifier)),
                .init(service: PullService(state: state, transport: watched, gate: assembly.rateGate())),
                .init(service: ForgetService(state: state)),
                .init(service: ExpiryService(state: state, transport: transport)),
                .init(service: WallService(state: state)),
                .init(service: ContestService(state: state)),
                .init(service: BoardService(state: state)),
                .init(service: DueService(state: state)),
                .init(service: HeartbeatService(state: state, transport: transport)),
                .init(service: HomeService(state: state)),
                .init(service: DamageService(state: state), successTerminationBehavior: .ignore),
                .init(service: SystemdService(state: state, notifier: notifier)),
                // Its end is the wish of whoever sent the signal.
                .init(service: signals, successTerminationBehavior: .gracefullyShutdownGroup),
            ], logger: quiet)
        // What has not ended by itself by then is canceled; systemd waits for 15 seconds.
        configuration.maximumGracefulShutdownDuration = .seconds(8)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            throw DaemonProcess.explained(error, listen)
        }
    }

    private static func explained(_ error: any Error, _ listen: ListenAddress) -> any Error {
        // NIO's error names the call and the number: EADDRINUSE is 98.
        guard "\(error)".contains("errno: 98") else { return error }
        return TaskError(
            Words(
                en:
                    "\(listen) is taken by another program; change `listen:` in the configuration, or stop that program",
                zh: "\(listen) 已被其他程序占用；请修改配置中的 `listen:`，或停止该程序"))
    }
}
