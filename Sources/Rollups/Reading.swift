package import Facts
package import Language

/// One figure an expression reads: an aggregate over a window, as of some time before the moment of evaluation.
package struct Reading: Sendable, Hashable {
    package let aggregate: Aggregate
    /// Without an offset of its own: that stands in `shifts`. nil for what is in force, which has no window.
    package let window: Window?
    /// Applied to the moment one after the other, the outermost first.
    package let shifts: [CalendarOffset]

    package init(_ aggregate: Aggregate, over window: Window?, shifted shifts: [CalendarOffset] = []) {
        self.aggregate = aggregate
        var plain = window
        plain?.offset = nil
        self.window = plain
        self.shifts = shifts + [window?.offset].compactMap { $0 }
    }

    /// Whether whole days of buckets answer it, and no fact is needed.
    package var isOfWholeDays: Bool {
        guard aggregate.isKept, let window else { return false }
        return window.unit != .hour && !window.includesToday
    }

    /// Whether it changes within a day: rolling hours, the unfinished day, what is in force. Others change at midnight.
    package var dependsOnMoment: Bool { window.map { $0.unit == .hour || $0.includesToday } ?? true }

    /// The moment as of which it is read.
    package func moment(for at: Timestamp, in calendar: StoreCalendar) -> Timestamp {
        shifts.reduce(at) { calendar.moving($0, back: $1) }
    }

    /// The days and moments it covers; for what is in force only the moment counts.
    package func span(at: Timestamp, in calendar: StoreCalendar) -> WindowSpan {
        let moment = moment(for: at, in: calendar)
        if let window { return window.span(at: moment, in: calendar) }
        let today = calendar.day(of: moment)
        return WindowSpan(
            days: today..<today, moments: Timestamp.plausible.lowerBound..<moment + TimeSpan(microseconds: 1))
    }

    func shifted(by outer: [CalendarOffset]) -> Reading { Reading(aggregate, over: window, shifted: outer + shifts) }
}

extension Needs {
    /// Adds what answers a figure at a moment.
    package mutating func add(_ reading: Reading, at: Timestamp, calendar: StoreCalendar) {
        let span = reading.span(at: at, in: calendar)
        if reading.aggregate.isKept {
            add(reading.aggregate, days: span.days)
            if let moments = span.moments { add(FactNeed(reading.aggregate, in: moments)) }
        } else {
            let extent = span.extent(in: calendar)
            if !extent.isEmpty { add(FactNeed(reading.aggregate, in: extent)) }
        }
    }
}
