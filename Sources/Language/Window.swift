/// A stretch of a store's days before a moment, as written after `over`. What days these are is Rollups' `Window+Days`.
package struct Window: Sendable, Hashable {
    package enum Unit: String, Sendable, Hashable {
        /// Rolling elapsed hours ending at the moment: (T - n h, T].
        case hour = "h"
        /// Complete local days before the day of evaluation.
        case day = "d"
        /// Whole weeks, Monday to Sunday, before the current one.
        case week = "w"
        /// Whole calendar months before the current one.
        case month = "mo"
        case weekToDate = "week to date"
        case monthToDate = "month to date"
        case quarterToDate = "quarter to date"
        case yearToDate = "year to date"

        /// A hundred years; the `to date` windows have no length.
        var longest: Int {
            switch self {
            case .hour: 36_525 * 24
            case .day: 36_525
            case .week: 5_218
            case .month: 1_200
            case .weekToDate, .monthToDate, .quarterToDate, .yearToDate: 1
            }
        }
    }

    package var unit: Unit
    /// 1 for the `to date` windows.
    package var length: Int
    /// Days and `to date` windows only: adds the current day up to the moment.
    package var includesToday: Bool
    /// Evaluated as if the moment were this much earlier at the same wall time.
    package var offset: CalendarOffset?

    package init(_ length: Int, _ unit: Unit, includesToday: Bool = false, offset: CalendarOffset? = nil) {
        (self.length, self.unit, self.includesToday, self.offset) = (length, unit, includesToday, offset)
    }
}

/// A number of local days, weeks or months; the wall time stays. A day of month that does not exist becomes the
/// month's last.
package struct CalendarOffset: Sendable, Hashable {
    package enum Unit: String, Sendable, Hashable {
        case day = "d", week = "w", month = "mo"

        /// A hundred years.
        var longest: Int {
            switch self {
            case .day: 36_525
            case .week: 5_218
            case .month: 1_200
            }
        }
    }
    package var length: Int
    package var unit: Unit
    package init(_ length: Int, _ unit: Unit) { (self.length, self.unit) = (length, unit) }
}

/// What may stand after `over`, and in an entry of `windows:`.
package indirect enum WindowExpression: Sendable, Hashable {
    case fixed(Window)
    /// An entry of `windows:`; `including today` and `offset` written after the name are applied to what it resolves
    /// to.
    case named(String, includesToday: Bool, offset: CalendarOffset?)
    /// A parameter of `type: window`.
    case parameter(String, includesToday: Bool, offset: CalendarOffset?)
    /// `if(condition, then, else)`, in `windows:` only. A missing condition makes the window, and what is counted
    /// over it, missing.
    case choose(TypedExpression, WindowExpression, WindowExpression)
}
