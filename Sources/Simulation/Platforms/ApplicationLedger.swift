import Synchronization

/// How often one application asked a platform, for whichever store: some limits are counted so.
package final class ApplicationLedger: Sendable {
    private let buckets = Mutex(CallBuckets())

    package init() {}

    /// - Parameter now: by the platform's clock, in seconds since 1970.
    func admits(_ name: String, _ most: Int, per seconds: Int64, at now: Int64) -> Bool {
        buckets.withLock { $0.admits(name, most, per: seconds, at: now) }
    }
}

/// Limits of calls by name, each refilled evenly.
struct CallBuckets: Sendable {
    private var buckets: [String: (level: Double, at: Int64)] = [:]

    /// Counts a call, and whether it may be answered: `most` calls in `seconds`.
    mutating func admits(_ name: String, _ most: Int, per seconds: Int64, at now: Int64) -> Bool {
        var (level, at) = buckets[name] ?? (Double(most), now)
        level = min(Double(most), level + Double(max(0, now - at)) * Double(most) / Double(seconds))
        at = now
        let isFine = level >= 1
        if isFine { level -= 1 }
        buckets[name] = (level, at)
        return isFine
    }
}
