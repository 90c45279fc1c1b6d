import Foundation
import Synchronization

/// Moments to local days and back in one time zone. The only place where Foundation is used here: its zone data is read
/// once into a table of transitions, and every question after that is a few additions.
///
/// The days of a zone part time without gap or overlap: `day(of:)` is the day whose `range(of:)` holds the moment.
/// A day begins at the first instant whose local date is that day; it lasts 23 or 25 hours where the clocks change, and
/// a day that a zone skipped whole is empty. Exact for 1970 to 2101; outside, the nearest offset known goes on.
package struct StoreCalendar: Sendable {
    /// The name it was made with.
    package let timezone: String
    private let zone: ZoneTable

    package static let utc = StoreCalendar(timezone: "UTC", zone: ZoneTable())

    /// nil when there is no such zone. `UTC` and names with a `/` (`Asia/Shanghai`) are taken; abbreviations and
    /// `GMT+8` are not, for they mean different things to different readers.
    package init?(timezone: String) {
        if timezone == "UTC" {
            self = .utc
            return
        }
        guard timezone.contains("/"), let zone = ZoneTable.named(timezone) else { return nil }
        self.init(timezone: timezone, zone: zone)
    }

    private init(timezone: String, zone: ZoneTable) { (self.timezone, self.zone) = (timezone, zone) }

    package func day(of moment: Timestamp) -> LocalDay {
        let segment = zone.segments[zone.index(of: moment.microseconds)]
        let day = floorDivide(moment.microseconds &+ segment.offset, microsecondsPerDay)
        // Clocks set back across midnight do not bring yesterday back.
        return LocalDay(number: Int32(truncatingIfNeeded: max(day, segment.firstDay)))
    }

    /// The first instant whose local date is that day; of a day that was skipped, the start of the next.
    package func startOfDay(_ day: LocalDay) -> Timestamp {
        let midnight = Int64(day.number) * microsecondsPerDay
        // No clock of the zone was ever further ahead than `greatestOffset`: the day does not begin before this.
        var index = zone.index(of: midnight - zone.greatestOffset)
        while true {
            let segment = zone.segments[index]
            let moment =
                segment.firstDay >= Int64(day.number)
                ? segment.start : max(segment.start, midnight - segment.offset)
            if index + 1 == zone.segments.count || moment < zone.segments[index + 1].start {
                return Timestamp(microseconds: moment)
            }
            index += 1
        }
    }

    package func range(of day: LocalDay) -> Range<Timestamp> { startOfDay(day)..<startOfDay(day.advanced(by: 1)) }

    /// From the start of the first day to the start of the day after the last.
    package func range(of days: Range<LocalDay>) -> Range<Timestamp> {
        startOfDay(days.lowerBound)..<startOfDay(days.upperBound)
    }

    /// What the calendar and the clock on the store's wall show. The date differs from `day(of:)` only within an hour
    /// that was repeated across midnight.
    package func wallTime(of moment: Timestamp) -> (day: LocalDay, microsecondsOfDay: Int64) {
        let local = moment.microseconds &+ zone.segments[zone.index(of: moment.microseconds)].offset
        let day = floorDivide(local, microsecondsPerDay)
        return (LocalDay(number: Int32(truncatingIfNeeded: day)), local - day * microsecondsPerDay)
    }

    /// 0 to 23, as the clock on the wall shows.
    package func hour(of moment: Timestamp) -> Int { Int(wallTime(of: moment).microsecondsOfDay / 3_600_000_000) }

    /// The moment at which the wall shows this. A wall time that comes twice is the first; one that the clocks skipped
    /// is moved on by as much as they were (02:30 becomes 03:30).
    package func moment(day: LocalDay, microsecondsOfDay: Int64) -> Timestamp {
        let local = Int64(day.number) * microsecondsPerDay + microsecondsOfDay
        var index = zone.index(of: local - zone.greatestOffset)
        while index + 1 < zone.segments.count, local - zone.segments[index].offset >= zone.segments[index + 1].start {
            index += 1
        }
        let segment = zone.segments[index]
        let isSkipped = index > 0 && local - segment.offset < segment.start
        return Timestamp(microseconds: local - (isSkipped ? zone.segments[index - 1].offset : segment.offset))
    }

    /// So many local days, weeks or months earlier at the same wall time (later when negative). A day of month that
    /// does not exist becomes the month's last.
    package func moving(_ moment: Timestamp, back count: Int, _ unit: CalendarUnit) -> Timestamp {
        guard count != 0 else { return moment }
        let (day, microsecondsOfDay) = wallTime(of: moment)
        return self.moment(day: day.moved(back: count, unit), microsecondsOfDay: microsecondsOfDay)
    }
}

extension StoreCalendar: Hashable {
    package static func == (a: StoreCalendar, b: StoreCalendar) -> Bool { a.timezone == b.timezone }
    package func hash(into hasher: inout Hasher) { hasher.combine(timezone) }
}

private let microsecondsPerDay: Int64 = 86_400_000_000

@inline(__always)
private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return a < quotient * b ? quotient - 1 : quotient
}

/// A zone's offsets from 1970 to 2101, and an index that finds the one in force without searching.
private final class ZoneTable: Sendable {
    /// A stretch of time with one offset, up to the start of the next. Microseconds throughout.
    struct Segment: Sendable {
        let start: Int64
        let offset: Int64
        /// The day that had been reached when the segment began: days do not go back from there.
        let firstDay: Int64
    }

    /// The first reaches back without limit, the last on without limit.
    let segments: ContiguousArray<Segment>
    let greatestOffset: Int64
    /// For every 2^42 microseconds (51 days) since `first`, the segment in force at their beginning.
    private let index: ContiguousArray<UInt16>
    private static let first: Int64 = 0
    private static let indexShift: Int64 = 42

    /// UTC.
    init() {
        segments = [Segment(start: .min, offset: 0, firstDay: .min)]
        greatestOffset = 0
        index = [0]
    }

    private init(_ zone: TimeZone) {
        func offset(_ second: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))) * 1_000_000
        }
        // A look every day, then halving to the second. Asking for the next change to or from summer time would miss
        // the changes of a zone's standard time.
        let end: Int64 = 4_165_516_800  // 2102-01-01
        var segments: ContiguousArray<Segment> = [Segment(start: .min, offset: offset(0), firstDay: .min)]
        var known = segments[0].offset
        for second in stride(from: Int64(86_400), through: end, by: 86_400) {
            let next = offset(second)
            guard next != known else { continue }
            var (low, high) = (second - 86_400, second)
            while high - low > 1 {
                let middle = (low + high) / 2
                if offset(middle) == known { low = middle } else { high = middle }
            }
            let start = high * 1_000_000
            let reached = max(floorDivide(start - 1 + known, microsecondsPerDay), segments.last?.firstDay ?? .min)
            segments.append(Segment(start: start, offset: next, firstDay: reached))
            known = next
        }
        var index = ContiguousArray<UInt16>()
        var current = 0
        for start in stride(from: ZoneTable.first, through: end * 1_000_000, by: 1 << ZoneTable.indexShift) {
            while current + 1 < segments.count, segments[current + 1].start <= start { current += 1 }
            index.append(UInt16(current))
        }
        self.segments = segments
        self.index = index
        greatestOffset = segments.map(\.offset).max() ?? 0
    }

    /// Which segment holds the moment.
    @inline(__always)
    func index(of moment: Int64) -> Int {
        let slot = min(max((moment - ZoneTable.first) >> ZoneTable.indexShift, 0), Int64(index.count - 1))
        var segment = Int(index[Int(slot)])
        while segment + 1 < segments.count, segments[segment + 1].start <= moment { segment += 1 }
        return segment
    }

    /// Reading a zone takes some milliseconds and a thousand stores share a few zones, so each is read once. The lock
    /// guards nothing but this table of constants.
    private static let read = Mutex<[String: ZoneTable]>([:])

    static func named(_ name: String) -> ZoneTable? {
        if let known = read.withLock({ $0[name] }) { return known }
        guard let zone = TimeZone(identifier: name) else { return nil }
        let table = ZoneTable(zone)
        read.withLock { $0[name] = table }
        return table
    }
}
