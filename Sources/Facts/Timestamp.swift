/// A moment in UTC, to the microsecond.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }
    package static func + (a: Timestamp, b: TimeSpan) -> Timestamp {
        Timestamp(microseconds: a.microseconds + b.microseconds)
    }
    package static func - (a: Timestamp, b: TimeSpan) -> Timestamp {
        Timestamp(microseconds: a.microseconds - b.microseconds)
    }
    package static func - (a: Timestamp, b: Timestamp) -> TimeSpan {
        TimeSpan(microseconds: a.microseconds - b.microseconds)
    }

    /// What facts may carry: [1995-01-01, 2100-01-01) UTC.
    package static let plausible =
        Timestamp(seconds: 788_918_400)..<Timestamp(seconds: 4_102_444_800)
}

/// A length of elapsed time, to the microsecond; may be negative.
package struct TimeSpan: Sendable, Hashable, Comparable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package static let zero = TimeSpan(microseconds: 0)
    package static func milliseconds(_ n: Int64) -> TimeSpan { TimeSpan(microseconds: n * 1000) }
    package static func seconds(_ n: Int64) -> TimeSpan { TimeSpan(microseconds: n * 1_000_000) }
    package static func minutes(_ n: Int64) -> TimeSpan { seconds(n * 60) }
    package static func hours(_ n: Int64) -> TimeSpan { seconds(n * 3600) }
    package static func days(_ n: Int64) -> TimeSpan { seconds(n * 86_400) }

    package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.microseconds < b.microseconds }
    package static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(microseconds: a.microseconds + b.microseconds)
    }
    package static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(microseconds: a.microseconds - b.microseconds)
    }
}
