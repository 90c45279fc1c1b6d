package import Dashboard
import Facts
import Foundation
import Ledgers

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
    private var pulls = PullsUnderWay()
    private var arrivals = Arrivals()
    /// Until when each loop has promised to come round.
    private var beats: [String: ContinuousClock.Instant] = [:]

    package nonisolated let evaluation = Bell()
    package nonisolated let delivery = Bell()
    package nonisolated let reloading = Bell()
    private nonisolated let judging = Bell()

    package init(assembly: Assembly) {
        self.assembly = assembly
        status = DaemonStatus(version: Version.current, startedAt: assembly.clock.now)
    }

    /// The configuration in force and its number, of one moment.
    package var current: (assembly: Assembly, generation: Int) { (assembly, generation) }

    package func take(_ assembly: Assembly, leftInTheMiddle: [String: Set<String>] = [:]) {
        self.assembly = assembly
        generation += 1
        status.counters.reloads += 1
        pulls.keep(Set(assembly.config.feeds.map(\.id)))
        note(leftInTheMiddle: leftInTheMiddle)
    }

    // MARK: Pulls

    /// By feed, the stores of pulls that were broken off in their middle, and will be taken up.
    func note(leftInTheMiddle: [String: Set<String>]) {
        for (feed, stores) in leftInTheMiddle { pulls.touch(stores, by: feed) }
    }

    /// Pages are about to be committed: nothing new is judged of their stores until the pull has ended.
    func noteCommitting(_ stores: Set<String>, of feed: String) {
        // One that a reload took away may be in the middle of its last page, and nobody tells of its end.
        guard assembly.config.feeds.contains(where: { $0.id == feed }) else { return }
        pulls.touch(stores, by: feed)
    }

    /// Pages were committed.
    func note(_ receipt: CommitReceipt, pages: Int, facts: Int) {
        status.counters.pages += pages
        status.counters.facts += facts
        arrivals.add(receipt)
    }

    /// A pull has finished or failed.
    /// - Returns: its number, for `waitUntilJudged`.
    @discardableResult
    func noteEnd(ofPull feed: String) -> Int {
        pulls.end(feed)
        pullsFinished += 1
        return pullsFinished
    }

    /// What evaluation is to take in, and the stores in the middle of a pull, with the feeds that are pulled.
    func takeArrivals() -> (Arrivals, unfinished: [String: Set<String>], pulls: Int) {
        defer { arrivals = Arrivals() }
        return (arrivals, pulls.beginPass(), pullsFinished)
    }

    /// The stores of which a page may have been committed since evaluation last took in what had arrived, and those of
    /// pulls under way: what was read of them since may be half a pull.
    var halfRead: [String: Set<String>] { pulls.halfRead }

    func noteJudged(_ pulls: Int) async {
        pullsJudged = max(pullsJudged, pulls)
        await judging.ring()
    }

    /// Returns when a whole pass of evaluation has followed the pull, or when the moment has come. A feed whose next pull
    /// always began before its stores were looked at would never be judged.
    func waitUntilJudged(_ pull: Int, until moment: Timestamp) async throws {
        while pullsJudged < pull, assembly.clock.now < moment {
            let heard = await judging.rings
            if pullsJudged >= pull { return }
            try await judging.wait(after: heard, until: moment, clock: assembly.clock)
        }
    }

    // MARK: Health

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
