package import Facts
package import Rules

/// When too many comings and goings are one, and when it is over.
package struct FlapDamping: Sendable, Hashable {
    /// Firings and ends are counted within it.
    package var window: TimeSpan
    /// With so many it flaps.
    package var start: Int
    /// With so few it does no more.
    package var stop: Int

    package init(window: TimeSpan, start: Int, stop: Int) {
        (self.window, self.start, self.stop) = (window, start, stop)
    }

    package static let standard = FlapDamping(window: .days(7), start: 4, stop: 1)
}

/// How often an alert came and went of late, over all of its stays.
package struct Flapping: Sendable, Hashable {
    /// When it fired and when it ended, the oldest first.
    package private(set) var changes: [Timestamp] = []
    /// The worst that was seen in these.
    package private(set) var worst: Standing?
    /// Since when it is held as firing, and what comes and goes is told to nobody; nil: it is not.
    package var since: Timestamp?
    /// Of one that is held: it would have ended, or has not come back for long enough.
    package var isClear = false

    package var isHeld: Bool { since != nil }

    package init() {}

    mutating func note(_ standing: Standing, at moment: Timestamp) {
        changes.append(moment)
        worst = Standing.worst(of: [worst, standing].compactMap { $0 })
    }

    /// Forgets what lies farther back than the window.
    mutating func forget(at moment: Timestamp, _ damping: FlapDamping) {
        changes.removeAll { $0 <= moment - damping.window }
        if changes.isEmpty { worst = nil }
    }

    // MARK: - As text

    /// For a ledger to keep; nil: there is nothing to keep.
    package var text: String? {
        guard !changes.isEmpty || isHeld else { return nil }
        let numbers = changes.map { "\($0.microseconds)" }.joined(separator: ",")
        return "\(numbers) \(worst?.rawValue ?? "-") \(since.map { "\($0.microseconds)" } ?? "-") \(isClear ? 1 : 0)"
    }

    /// Of any other text nothing is known.
    package init(text: String?) {
        let parts = text?.split(separator: " ", omittingEmptySubsequences: false) ?? []
        guard parts.count == 4 else { return }
        changes = parts[0].split(separator: ",").compactMap { Int64($0).map(Timestamp.init(microseconds:)) }
        worst = Standing(rawValue: String(parts[1]))
        since = Int64(parts[2]).map(Timestamp.init(microseconds:))
        isClear = parts[3] == "1"
    }
}
