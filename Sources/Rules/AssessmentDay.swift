package import Facts

/// When a platform looks: on a day of the month, or of the week. What it then saw stands until it looks again.
package enum AssessmentDay: Sendable, Hashable {
    /// 1 to 28, so that every month has it.
    case ofMonth(Int)
    /// 1 is Monday.
    case ofWeek(Int)

    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// As a pack writes it.
    package var text: String {
        switch self {
        case .ofMonth(let number): "{day: \(number)}"
        case .ofWeek(let number): "{weekday: \(AssessmentDay.weekdays[number - 1])}"
        }
    }

    /// The last such day up to a day, that day included.
    package func last(upTo day: LocalDay) -> LocalDay {
        var found = day
        while !fits(found) { found = found.advanced(by: -1) }
        return found
    }

    /// The next such day after a day.
    package func next(after day: LocalDay) -> LocalDay {
        var found = day.advanced(by: 1)
        while !fits(found) { found = found.advanced(by: 1) }
        return found
    }

    private func fits(_ day: LocalDay) -> Bool {
        switch self {
        case .ofMonth(let number): day.civil.day == number
        case .ofWeek(let number): day.weekday == number
        }
    }
}
