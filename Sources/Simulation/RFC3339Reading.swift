import Facts

/// The marketplace's own reading of the times it is asked about.
enum RFC3339Reading {
    /// Nil when it is not a date, a time and an offset. Fractions of a second are read to the microsecond.
    static func moment(_ text: String) -> Timestamp? {
        var rest = Substring(text)
        func digits(_ count: Int) -> Int? {
            guard rest.utf8.count >= count, rest.utf8.prefix(count).allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            defer { rest = rest.dropFirst(count) }
            return Int(rest.prefix(count))
        }
        func take(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), take("T"),
            let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var microseconds: Int64 = 0
        if take(".") {
            let fraction = rest.prefix { $0.isASCII && $0.isNumber }
            guard !fraction.isEmpty, let value = Int64((fraction + "000000").prefix(6)) else { return nil }
            microseconds = value
            rest = rest.dropFirst(fraction.count)
        }
        var offset = 0
        if !take("Z") {
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2) else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard rest.isEmpty else { return nil }
        let days = Int64(LocalDay(year: year, month: month, day: day).number)
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset * 60)
        return Timestamp(microseconds: seconds * 1_000_000 + microseconds)
    }
}
