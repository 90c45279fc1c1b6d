/// A calendar day of a store, without a zone: the zone is the store's (`StoreCalendar`).
package struct LocalDay: Sendable, Hashable, Comparable, Strideable {
    /// Days since 1970-01-01 of the proleptic Gregorian calendar.
    package var number: Int32

    package init(number: Int32) { self.number = number }

    package init(year: Int, month: Int, day: Int) {
        // Days from civil: years begin in March, so that the leap day is the last of its year.
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    package var civil: (year: Int, month: Int, day: Int) {
        let z = Int(number) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }

    /// 1 Monday to 7 Sunday.
    package var weekday: Int { Int((number % 7 + 10) % 7) + 1 }

    package static func < (a: LocalDay, b: LocalDay) -> Bool { a.number < b.number }
    package func distance(to other: LocalDay) -> Int { Int(other.number - number) }
    package func advanced(by n: Int) -> LocalDay { LocalDay(number: number + Int32(n)) }
}
