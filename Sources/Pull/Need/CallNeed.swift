package import Facts

/// What one method of a platform is asked for one store.
package struct CallNeed: Sendable, Hashable {
    /// As the pack calls it.
    package var stream: String
    /// How often it is asked; nil: in the first pull alone.
    package var every: TimeSpan?
    /// In thousandths of a call a day, once the first pull is over.
    package var daily: Int64 = 0
    /// Calls of the first pull.
    package var first: Int64 = 0

    init(stream: String) { self.stream = stream }

    /// The same method, asked for something else as well.
    mutating func add(_ other: CallNeed) {
        every = [every, other.every].compactMap { $0 }.min()
        (daily, first) = (daily + other.daily, first + other.first)
    }

    /// Thousandths as whole calls, rounded up: a plan is not to look better than it is.
    package static func whole(_ thousandths: Int64) -> Int64 { (thousandths + 999) / 1000 }

    static func daily(_ perAsk: Int64, every: TimeSpan) -> Int64 {
        let seconds = max(1, every.microseconds / 1_000_000)
        // 128 bits: many calls, asked for every second.
        return Int64(clamping: (Int128(perAsk) * 86_400 + Int128(seconds) - 1) / Int128(seconds))
    }
}
