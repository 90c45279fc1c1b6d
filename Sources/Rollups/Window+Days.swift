package import Facts
package import Language

/// What a window covers at a moment: whole local days, and moments that no whole day holds.
package struct WindowSpan: Sendable, Hashable {
    /// Complete days of the store; empty for `h` windows.
    package var days: Range<LocalDay>
    /// Read from the facts: the unfinished day of `including today`, or the whole of an `h` window. Half-open to the
    /// microsecond, so that the moment itself is inside.
    package var moments: Range<Timestamp>?

    package init(days: Range<LocalDay>, moments: Range<Timestamp>? = nil) {
        (self.days, self.moments) = (days, moments)
    }

    /// From the first instant to the last, half-open: what has to be complete for the figure to be whole.
    package func extent(in calendar: StoreCalendar) -> Range<Timestamp> {
        guard !days.isEmpty else {
            if let moments { return moments }
            let start = calendar.startOfDay(days.lowerBound)
            return start..<start
        }
        let whole = calendar.range(of: days)
        return whole.lowerBound..<max(whole.upperBound, moments?.upperBound ?? whole.upperBound)
    }
}

extension Window {
    /// The window as of a moment, in the days of a store. The day of evaluation is the local day of the moment after
    /// the window's own offset was applied.
    package func span(at moment: Timestamp, in calendar: StoreCalendar) -> WindowSpan {
        let moment = offset.map { calendar.moving(moment, back: $0) } ?? moment
        let today = calendar.day(of: moment)
        let tick = TimeSpan(microseconds: 1)
        if unit == .hour {
            let from = moment - TimeSpan.hours(Int64(length))
            return WindowSpan(days: today..<today, moments: from + tick..<moment + tick)
        }
        let begin: LocalDay
        switch unit {
        case .hour, .day: begin = today.advanced(by: includesToday ? 1 - length : -length)
        case .week:
            let monday = today.startOfWeek
            return WindowSpan(days: monday.advanced(by: -7 * length)..<monday)
        case .month:
            let first = today.startOfMonth
            return WindowSpan(days: first.moved(back: length, .months)..<first)
        case .weekToDate: begin = today.startOfWeek
        case .monthToDate: begin = today.startOfMonth
        case .quarterToDate: begin = today.startOfQuarter
        case .yearToDate: begin = today.startOfYear
        }
        guard includesToday else { return WindowSpan(days: begin..<today) }
        return WindowSpan(days: begin..<today, moments: calendar.startOfDay(today)..<moment + tick)
    }

    /// The whole days of the window as of a moment.
    package func days(at moment: Timestamp, calendar: StoreCalendar) -> Range<LocalDay> {
        span(at: moment, in: calendar).days
    }

    /// As people are shown it: `T-30…T-1, 2026-03-01…2026-03-30`. An empty window says so.
    ///
    /// - Parameters:
    ///   - moment: as of which it is; offsets have moved it back.
    ///   - day: T, the day of the evaluation; nil: that of the moment.
    package func describe(at moment: Timestamp, from day: LocalDay? = nil, calendar: StoreCalendar) -> String {
        span(at: moment, in: calendar).describe(
            from: day ?? calendar.day(of: moment), hours: unit == .hour ? length : nil, in: calendar)
    }
}

extension WindowSpan {
    func describe(from today: LocalDay, hours: Int?, in calendar: StoreCalendar) -> String {
        let last: LocalDay
        if let moments {
            last = calendar.day(of: moments.upperBound - TimeSpan(microseconds: 1))
        } else {
            guard !days.isEmpty else { return "no day yet" }
            last = days.upperBound.advanced(by: -1)
        }
        let first: LocalDay
        if let moments, days.isEmpty { first = calendar.day(of: moments.lowerBound) } else { first = days.lowerBound }
        let dates = first == last ? first.description : "\(first.description)…\(last.description)"
        func relative(_ day: LocalDay) -> String {
            let distance = day.distance(to: today)
            return distance == 0 ? "T" : distance > 0 ? "T-\(distance)" : "T+\(-distance)"
        }
        let range = first == last ? relative(first) : "\(relative(first))…\(relative(last))"
        guard let hours else { return "\(range), \(dates)" }
        return "\(hours) h in \(range), \(dates)"
    }
}

extension StoreCalendar {
    /// As of so much before, at the same wall time.
    package func moving(_ moment: Timestamp, back offset: CalendarOffset) -> Timestamp {
        switch offset.unit {
        case .day: moving(moment, back: offset.length, .days)
        case .week: moving(moment, back: offset.length, .weeks)
        case .month: moving(moment, back: offset.length, .months)
        }
    }
}
