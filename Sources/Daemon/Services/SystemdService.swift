import Facts
import ServiceLifecycle

/// Feeds systemd's watchdog while every loop turns, and keeps its status line true.
package struct SystemdService: Service {
    private let state: DaemonState
    private let notifier: SystemdNotifier

    package init(state: DaemonState, notifier: SystemdNotifier) { (self.state, self.notifier) = (state, notifier) }

    package func run() async throws {
        let interval = min(notifier.watchdogInterval ?? .seconds(10), .seconds(10))
        try? await cancelWhenGracefulShutdown {
            while true {
                let status = await state.status
                notifier.send(.status(status.line))
                // A loop that no longer turns is not fed: systemd then restarts the daemon.
                if await state.isAlive { notifier.send(.watchdog) }
                try await Task.sleep(for: interval)
            }
        }
    }
}
