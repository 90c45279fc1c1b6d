package import Facts
import Synchronization

/// A clock that stands still until told otherwise, and that sleeping moves on: whoever sleeps wakes at once, and it is
/// later. No test waits.
package final class ManualClock: WallClock {
    private let state: Mutex<(now: Timestamp, sleeps: [Timestamp])>

    package init(_ now: Timestamp = Timestamp(seconds: 1_780_000_000)) { state = Mutex((now, [])) }

    package var now: Timestamp { state.withLock { $0.now } }

    /// Until when was slept, in the order of asking.
    package var sleeps: [Timestamp] { state.withLock { $0.sleeps } }

    package func advance(by span: TimeSpan) { state.withLock { $0.now = $0.now + span } }

    package func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        state.withLock {
            $0.now = max($0.now, moment)
            $0.sleeps.append(moment)
        }
    }
}
