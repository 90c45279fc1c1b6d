import Synchronization

/// How long the daemon's work takes, since its start.
///
/// Whoever works notes it on his way: a lock guards the counts, held for one addition, so that no answer to a request has
/// to wait in an actor's line.
package final class Durations: Sendable {
    package enum Work: Sendable, Hashable {
        /// Of a feed, or of a store of a platform: the pack says of which.
        case pull(source: String, pack: String, isWhole: Bool)
        case evaluation
        case delivery(receiver: String, isTaken: Bool)
        /// As the route is written, so that there are no more than routes.
        case request(route: String)

        /// From what nobody notices up to what somebody would wait for.
        var bounds: [Double] {
            switch self {
            case .pull: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600]
            case .evaluation: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60]
            case .delivery: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 15]
            case .request: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
            }
        }
    }

    private let known = Mutex<[Work: Histogram]>([:])

    package init() {}

    package var all: [Work: Histogram] { known.withLock { $0 } }

    package func note(_ work: Work, seconds: Double) {
        known.withLock { $0[work, default: Histogram(work.bounds)].note(seconds) }
    }

    package func note(_ work: Work, since began: ContinuousClock.Instant) {
        note(work, seconds: (ContinuousClock.now - began) / .seconds(1))
    }
}
