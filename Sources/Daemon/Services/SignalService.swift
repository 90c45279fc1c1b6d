import Glibc
import Logging
import ServiceLifecycle

/// SIGTERM and SIGINT end the daemon gracefully, SIGHUP takes in a changed configuration.
package struct SignalService: Service {
    private let signals: AsyncStream<Int32>
    private let state: DaemonState
    private let notifier: SystemdNotifier

    init(signals: AsyncStream<Int32>, state: DaemonState, notifier: SystemdNotifier) {
        (self.signals, self.state, self.notifier) = (signals, state, notifier)
    }

    /// Returns when the daemon is to end.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await signal in signals {
                switch signal {
                case SIGHUP: await Reload(state: state, notifier: notifier).run()
                default:
                    notifier.send(.stopping)
                    return
                }
            }
        }
    }
}
