package import Facts

/// A time in which nobody wants to hear of a store: work on it, or a promotion. What is critical and what is wrong with
/// the data is told all the same.
package struct StoreWindow: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case maintenance, promotion }

    package enum Recurrence: Sendable, Hashable {
        /// From the first day's wall time until the second's, which is excluded.
        case once(from: WallTime, until: WallTime)
        /// On these days of the week (1 is Monday) from a wall time on, for so long.
        case weekly(weekdays: [Int], microsecondsOfDay: Int64, length: TimeSpan)
    }

    package struct WallTime: Sendable, Hashable {
        package var day: LocalDay
        package var microsecondsOfDay: Int64

        package init(day: LocalDay, microsecondsOfDay: Int64 = 0) {
            (self.day, self.microsecondsOfDay) = (day, microsecondsOfDay)
        }
    }

    package var kind: Kind
    package var recurrence: Recurrence
    package var why: String?

    package init(_ kind: Kind, _ recurrence: Recurrence, why: String? = nil) {
        (self.kind, self.recurrence, self.why) = (kind, recurrence, why)
    }

    /// When it is over; nil when the moment lies outside. The beginning is included, the end is not; a length is elapsed
    /// time, also where clocks change. A beginning that the clocks skipped is the first moment after.
    package func end(at moment: Timestamp, in calendar: StoreCalendar) -> Timestamp? {
        switch recurrence {
        case .once(let from, let until):
            let (begin, end) = (Self.moment(from, calendar), Self.moment(until, calendar))
            return begin <= moment && moment < end ? end : nil
        case .weekly(let weekdays, let time, let length):
            let today = calendar.wallTime(of: moment).day
            let back = Int(length.microseconds / 86_400_000_000) + 1
            var latest: Timestamp?
            // Tomorrow as well: where a day begins twice the wall may show yesterday.
            for shift in -1...back {
                let day = today.advanced(by: -shift)
                guard weekdays.contains(day.weekday) else { continue }
                let begin = Self.moment(WallTime(day: day, microsecondsOfDay: time), calendar)
                let end = begin + length
                if begin <= moment, moment < end { latest = max(latest ?? end, end) }
            }
            return latest
        }
    }

    private static func moment(_ wall: WallTime, _ calendar: StoreCalendar) -> Timestamp {
        let moment = calendar.moment(day: wall.day, microsecondsOfDay: wall.microsecondsOfDay)
        // A wall time that does not exist is given as one that much later: the gap's end lies before it.
        let shown = calendar.wallTime(of: moment)
        guard shown.day == wall.day, shown.microsecondsOfDay > wall.microsecondsOfDay else { return moment }
        let skipped = TimeSpan(microseconds: shown.microsecondsOfDay - wall.microsecondsOfDay)
        var (low, high) = ((moment - skipped).microseconds, moment.microseconds)
        // The first moment at which the wall shows no less than what was asked for.
        while low < high {
            let middle = low + (high - low) / 2
            if calendar.wallTime(of: Timestamp(microseconds: middle)).microsecondsOfDay >= wall.microsecondsOfDay {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return Timestamp(microseconds: high)
    }
}
