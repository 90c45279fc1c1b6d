package import Facts
import Foundation
import Glibc

/// The one real clock.
package struct SystemClock: WallClock {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Sleeps by the monotonic clock, at most a minute at a stretch, and looks at the wall clock again: a clock that is
    /// set forward, or a machine that was suspended, delays a sleeper by no more than that. It never sleeps longer than
    /// it was to when it began, so that a clock set back holds nobody up.
    package func sleep(until moment: Timestamp) async throws {
        let asked = moment - now
        let deadline = ContinuousClock.now + .microseconds(max(0, asked.microseconds))
        while ContinuousClock.now < deadline {
            let left = (moment - now).microseconds
            guard left > 0 else { return try Task.checkCancellation() }
            try await Task.sleep(for: .microseconds(min(left, 60_000_000)))
        }
        try Task.checkCancellation()
    }
}
