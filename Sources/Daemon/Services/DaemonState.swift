package import Dashboard
import Facts
import Foundation

/// What the services of one daemon share beside the ledger: the configuration in force, the bells, and what is said of
/// the whole on the health pages. It holds nothing that a restart would lose.
package actor DaemonState {
    /// The configuration in force. Replaced whole when a changed one is taken in.
    package private(set) var assembly: Assembly
    /// Raised with every configuration taken in: who works from an older one begins anew.
    package private(set) var generation = 0
    package private(set) var status: DaemonStatus
    /// Pulls that were followed by a whole pass of evaluation.
    package private(set) var pullsJudged = 0
    private var pullsFinished = 0
    /// When each loop last came round.
    private var beats: [String: ContinuousClock.Instant] = [:]

    package nonisolated let evaluation = Bell()
    package nonisolated let delivery = Bell()
    package nonisolated let pulling = Bell()

    package init(assembly: Assembly) {
        self.assembly = assembly
        status = DaemonStatus(version: Version.current, startedAt: assembly.clock.now)
    }

    package func take(_ assembly: Assembly) {
        self.assembly = assembly
        generation += 1
        status.counters.reloads += 1
    }

    package func notePull() { pullsFinished += 1 }

    /// A pass that begins now sees every pull finished so far.
    package var pullsToJudge: Int { pullsFinished }
    package func noteJudged(_ pulls: Int) { pullsJudged = max(pullsJudged, pulls) }

    package func update(_ change: @Sendable (inout DaemonStatus) -> Void) { change(&status) }

    /// A loop came round, and promises to do so again within the time. Long work beats as it goes on.
    package func beat(_ loop: String, again duration: Duration) { beats[loop] = .now + duration }

    package func forget(_ loop: String) { beats[loop] = nil }

    /// Whether every loop kept its promise: what the watchdog asks.
    package var isAlive: Bool {
        let now = ContinuousClock.now
        return beats.values.allSatisfy { $0 > now }
    }
}
