import Facts

/// Reads one date by the parts of its form.
struct DateReader {
    private let text: Substring
    private var rest: Substring
    private var fields: [DateForm.Field: Int] = [:]
    private var isAfternoon: Bool?
    /// In minutes.
    private var offset: Int?
    private var fractionDigits = 0

    init(_ text: Substring) { (self.text, rest) = (text, text) }

    func read(_ parts: [DateForm.Part]) -> (reading: DateForm.Reading, length: Int)? {
        var reader = self
        for part in parts {
            guard reader.take(part) else { return nil }
        }
        guard let reading = reader.reading else { return nil }
        return (reading, text.count - reader.rest.count)
    }

    private mutating func take(_ part: DateForm.Part) -> Bool {
        switch part {
        case .number(let field, let lengths):
            let digits = rest.prefix(lengths.upperBound).prefix { $0.isASCII && $0.isNumber }
            guard digits.count >= lengths.lowerBound, let number = Int(digits) else { return false }
            fields[field] = number
            if field == .fraction { fractionDigits = digits.count }
            rest = rest.dropFirst(digits.count)
        case .monthName:
            let name = rest.prefix { $0.isLetter }.lowercased()
            guard let month = Self.months.firstIndex(where: { $0 == name || $0.prefix(3) == name }) else {
                return false
            }
            fields[.month] = month + 1
            rest = rest.dropFirst(name.count)
        case .halfOfDay:
            guard let half = Self.halves.first(where: { rest.lowercased().hasPrefix($0.text) }) else { return false }
            isAfternoon = half.isAfternoon
            rest = rest.dropFirst(half.text.count)
        case .offset: return takeOffset()
        case .zoneName:
            guard ["UTC", "GMT"].contains(String(rest.prefix(3))) else { return false }
            offset = 0
            rest = rest.dropFirst(3)
        case .literal(" "):
            // One blank or several: people and pages align.
            let blanks = rest.prefix { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
            guard !blanks.isEmpty else { return false }
            rest = rest.dropFirst(blanks.count)
        case .literal(let sign):
            guard rest.first == sign else { return false }
            rest = rest.dropFirst()
        }
        return true
    }

    private mutating func takeOffset() -> Bool {
        if rest.first == "Z" || rest.first == "z" {
            (offset, rest) = (0, rest.dropFirst())
            return true
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return false }
        let digits = rest.dropFirst().prefix(5).filter { $0 != ":" }
        guard digits.count >= 4, let number = Int(digits.prefix(4)), number % 100 < 60, number / 100 < 15 else {
            return false
        }
        offset = (number / 100 * 60 + number % 100) * (sign == "-" ? -1 : 1)
        rest = rest.dropFirst(rest.dropFirst(3).first == ":" ? 6 : 5)
        return true
    }

    /// nil for what no calendar and no clock shows.
    private var reading: DateForm.Reading? {
        let year = fields[.year] ?? fields[.shortYear].map { 2000 + $0 } ?? 0
        let (month, day) = (fields[.month] ?? 0, fields[.day] ?? 0)
        guard year >= 1, 1...12 ~= month, day >= 1, let date = LocalDay(Self.text(year, month, day)) else { return nil }
        var hour = fields[.hour] ?? 0
        if let half = fields[.halfHour] {
            guard 1...12 ~= half else { return nil }
            hour = half % 12 + (isAfternoon ?? false ? 12 : 0)
        }
        let (minute, second) = (fields[.minute] ?? 0, fields[.second] ?? 0)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        var microseconds = Int64(fields[.fraction] ?? 0)
        for _ in 0..<max(0, 6 - fractionDigits) { microseconds *= 10 }
        for _ in 0..<max(0, fractionDigits - 6) { microseconds /= 10 }
        let ofDay = Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + microseconds
        if let offset {
            let start = StoreCalendar.utc.startOfDay(date).microseconds
            return .moment(Timestamp(microseconds: start + ofDay - Int64(offset) * 60_000_000))
        }
        let isDay = fields[.hour] == nil && fields[.halfHour] == nil
        return .wall(WallTime(day: date, microsecondsOfDay: ofDay), isDay: isDay)
    }

    private static func text(_ year: Int, _ month: Int, _ day: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return String(repeating: "0", count: 4 - "\(year)".count) + "\(year)-\(two(month))-\(two(day))"
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private static let halves: [(text: String, isAfternoon: Bool)] = [
        ("am", false), ("pm", true), ("上午", false), ("下午", true),
    ]
}
