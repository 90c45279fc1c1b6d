/// What a calendar moves by.
package enum CalendarUnit: Sendable, Hashable { case days, weeks, months }

extension LocalDay {
    /// So many days, weeks or months earlier (later when negative). A day of month that does not exist becomes the
    /// month's last.
    package func moved(back count: Int, _ unit: CalendarUnit) -> LocalDay {
        switch unit {
        case .days: return LocalDay.within(Int(number) - count)
        case .weeks: return LocalDay.within(Int(number) - 7 * count)
        case .months:
            let (year, month, day) = civil
            let months = min(max(year * 12 + month - 1 - count, -119_988), 119_988)
            let newYear = months >= 0 ? months / 12 : (months - 11) / 12
            let newMonth = months - newYear * 12 + 1
            return LocalDay(
                year: newYear, month: newMonth, day: min(day, LocalDay.days(inMonth: newMonth, of: newYear)))
        }
    }

    /// Offsets of offsets may lead anywhere; nothing lies outside the years -9999 to 9999.
    private static func within(_ number: Int) -> LocalDay {
        LocalDay(number: Int32(min(max(number, -4_371_222), 2_932_896)))
    }

    /// The Monday of its week.
    package var startOfWeek: LocalDay { advanced(by: 1 - weekday) }
    package var startOfMonth: LocalDay { advanced(by: 1 - civil.day) }
    package var startOfQuarter: LocalDay {
        let (year, month, _) = civil
        return LocalDay(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)
    }
    package var startOfYear: LocalDay { LocalDay(year: civil.year, month: 1, day: 1) }

    package static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
