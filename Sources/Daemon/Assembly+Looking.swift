package import Facts
import Logging

extension Assembly {
    /// The same for one look: at this moment, whatever the clock says meanwhile, and without a word in the log.
    package func looking(at moment: Timestamp) -> Assembly {
        var quiet = logger
        quiet.logLevel = .critical
        var looking = Assembly(
            config: config, fleet: fleet, ledger: ledger, clock: StoppedClock(now: moment), logger: quiet)
        (looking.slowed, looking.hold) = (slowed, hold)
        return looking
    }
}

/// For who looks at one moment and waits for none.
private struct StoppedClock: WallClock {
    let now: Timestamp
    func sleep(until moment: Timestamp) async throws { try Task.checkCancellation() }
}
