package import Curl
import Dashboard
import Facts
import Logging
import ServiceLifecycle

/// The daemon's services, built and run until somebody tells them to end.
package struct DaemonProcess: Sendable {
    package let state: DaemonState
    private let assembly: Assembly
    private let signals: AsyncStream<Int32>
    private let notifier: SystemdNotifier
    private let transport: any Transport

    package init(
        assembly: Assembly, signals: AsyncStream<Int32>, notifier: SystemdNotifier, transport: any Transport
    ) {
        (self.assembly, self.signals, self.notifier, self.transport) = (assembly, signals, notifier, transport)
        state = DaemonState(assembly: assembly)
    }

    /// Returns when a signal asked for the end, or the task was canceled, and every service has finished what it held.
    ///
    /// - Parameter started: told the port once the health pages are served.
    package func run(started: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        let (stops, stop) = AsyncStream.makeStream(of: Void.self)
        let state = state
        let server = DashboardServer(
            host: assembly.config.listen.host, port: assembly.config.listen.port, logger: assembly.logger,
            status: { await state.status }, isAlive: { await state.isAlive }, started: started)
        var quiet = assembly.logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: server),
                    .init(service: NotifyService(state: state, transport: transport)),
                    .init(service: EvaluateService(state: state)),
                    .init(service: PullService(state: state, transport: transport)),
                    .init(service: SystemdService(state: state, notifier: notifier)),
                    .init(service: SignalService(signals: signals, state: state, notifier: notifier) { stop.yield() }),
                ], logger: quiet))
        let listen = assembly.config.listen
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                } catch {
                    throw DaemonProcess.explained(error, listen)
                }
            }
            tasks.addTask {
                for await _ in stops { await group.triggerGracefulShutdown() }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private static func explained(_ error: any Error, _ listen: ListenAddress) -> any Error {
        // NIO's error names the call and the number: EADDRINUSE is 98.
        guard "\(error)".contains("errno: 98") else { return error }
        return TaskError("\(listen) is taken by another program; change `listen:` in the configuration, or stop that program")
    }
}
