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
    /// A pass of evaluation is under way.
    package private(set) var isJudging = false
    private var arrivals = Arrivals()
    /// Until when each loop has promised to come round.
    private var beats: [String: ContinuousClock.Instant] = [:]

    /// All stores at a glance.
    package nonisolated let wall = Wall()
    /// What of them can be contested.
    package nonisolated let contests = Contests()
    /// How far this machine's clock is from others.
    nonisolated let clockSkew = ClockSkew()
    /// How long work takes.
    package nonisolated let durations = Durations()
    package nonisolated let evaluation = Bell()
    package nonisolated let delivery = Bell()
    package nonisolated let reloading = Bell()
    nonisolated let pulling = Bell()
    private nonisolated let judged = Bell()
    /// As of when whoever asks is answered.
    package nonisolated let judging = JudgingMoment()
    /// Bodies of facts that are taken in at once.
    package nonisolated let pushes = Turnstile(Turnstile.pushes)

    package init(assembly: Assembly) {
        self.assembly = assembly
        status = DaemonStatus(version: Version.current, startedAt: assembly.clock.now)
        status.slowed = assembly.slowed.map(DaemonStatus.Slowed.init)
    }

    /// The configuration in force and its number, of one moment.
    package var current: (assembly: Assembly, generation: Int) { (assembly, generation) }

    package func take(_ assembly: Assembly) {
        self.assembly = assembly
        status.slowed = assembly.slowed.map(DaemonStatus.Slowed.init)
        generation += 1
        status.counters.reloads += 1
    }

    // MARK: Pulls

    /// Pages were committed.
    func note(_ receipt: CommitReceipt, pages: Int, facts: Int) {
        status.counters.pages += pages
        status.counters.facts += facts
        arrivals.add(receipt)
    }

    /// Facts were pushed, and evaluation is to look at them.
    package func take(_ pushed: PushTask.Outcome) async {
        for (receipt, facts) in pushed.receipts { note(receipt, pages: 1, facts: facts) }
        _ = noteEndOfPull()
        await evaluation.ring()
    }

    /// A pull has finished or failed.
    /// - Returns: its number, for `waitUntilJudged`.
    func noteEndOfPull() -> Int {
        pullsFinished += 1
        return pullsFinished
    }

    /// What evaluation is to take in, and how many pulls have ended by now.
    func takeArrivals() -> (Arrivals, pulls: Int) {
        defer { arrivals = Arrivals() }
        return (arrivals, pullsFinished)
    }

    func noteJudging(_ isJudging: Bool) { self.isJudging = isJudging }

    func noteJudged(_ pulls: Int) async {
        pullsJudged = max(pullsJudged, pulls)
        await judged.ring()
    }

    /// Returns when a whole pass of evaluation has followed the pull, or when the moment has come. A feed whose next pull
    /// always began before its stores were looked at would never be judged.
    func waitUntilJudged(_ pull: Int, until moment: Timestamp) async throws {
        while pullsJudged < pull, assembly.clock.now < moment {
            let heard = await judged.rings
            if pullsJudged >= pull { return }
            try await judged.wait(after: heard, until: moment, clock: assembly.clock)
        }
    }

    // MARK: What people want at once

    private var rechecked: Set<String> = []
    private var pullsAsked: Set<String> = []

    /// Somebody wants a store to be pulled and judged without waiting for its time. A platform that asked for patience is
    /// not asked before.
    package func recheck(_ store: String) async {
        rechecked.insert(store)
        pullsAsked.insert(store)
        await pulling.ring()
        await evaluation.ring()
    }

    func takeRechecked() -> Set<String> {
        defer { rechecked = [] }
        return rechecked
    }

    func takePullsAsked() -> Set<String> {
        defer { pullsAsked = [] }
        return pullsAsked
    }

    // MARK: Health

    /// What the last look at the stores' data came to, and when it was.
    private(set) var accounts: (at: Timestamp, unaccounted: [String])?

    func note(_ outcome: HealthPass.Outcome, at moment: Timestamp) { accounts = (moment, outcome.unaccounted) }

    /// What ends unless somebody renews it; nil: nobody has looked for it yet.
    private(set) var expiries: ExpiryBook?

    /// - Returns: whether it is another than before.
    func note(_ expiries: ExpiryBook) -> Bool {
        defer { self.expiries = expiries }
        return self.expiries != expiries
    }

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

extension DaemonStatus.Slowed {
    init(_ use: CallPlan.Use) {
        let pulled = use.pulled.count
        self.init(
            pack: use.pack, application: use.application, slower: pulled, heldBack: use.stores.count - pulled)
    }
}
