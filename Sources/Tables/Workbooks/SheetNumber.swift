import Facts

/// A number as a workbook keeps it, and as people see it there.
enum SheetNumber {
    /// How a cell shows its number.
    enum Style: Sendable, Hashable {
        case plain
        case percent
        /// A date, a time or both: days since the workbook's first day.
        case date
    }

    /// - Parameter first: the day from which days are counted.
    static func cell(_ written: String, _ style: Style, first: LocalDay) -> Cell {
        guard let decimal = ExactDecimal(written) else { return Cell(written) }
        // What stands there is a binary fraction in 17 digits: 19.9 is kept as 19.899999999999999. Spreadsheets count and
        // show fifteen, and so the figure that people see is the one that is read.
        let shown = decimal.rounded(toDigits: 15)
        switch style {
        case .plain:
            return Cell(shown.text, isShortened: decimal.integerDigits > 15)
        case .percent: return Cell(shown.shifted(by: 2).text + "%")
        case .date:
            // To the millisecond: a day's fraction in fifteen digits is no finer.
            guard let milliseconds = shown.times(86_400_000)?.roundedInteger, milliseconds >= 0 else {
                return Cell(shown.text)
            }
            let days = milliseconds / 86_400_000
            guard days < 3_000_000 else { return Cell(shown.text) }
            let wall = WallTime(
                day: first.advanced(by: Int(days)),
                microsecondsOfDay: Int64(milliseconds - days * 86_400_000) * 1000)
            return Cell(wall.text, wall: wall)
        }
    }

    /// The first day of workbooks that count from 1900, as it has to be for the days after February 1900, which those
    /// workbooks believe to have had a 29th.
    static let since1900 = LocalDay(year: 1899, month: 12, day: 30)
    static let since1904 = LocalDay(year: 1904, month: 1, day: 1)

    /// By a style's number, as far as it is one of those that every workbook has; else by its code.
    static func style(_ number: Int, code: String?) -> Style {
        if let code { return style(code) }
        switch number {
        case 9, 10: return .percent
        case 14...22, 27...36, 45...47, 50...58: return .date
        default: return .plain
        }
    }

    /// `yyyy-mm-dd`, `0.00%`, `[$-804]yyyy"年"m"月"`: what stands in quotes or brackets or behind a backslash is no code.
    private static func style(_ code: String) -> Style {
        var (isQuoted, isBracketed, isEscaped) = (false, false, false)
        var signs = ""
        for character in code.lowercased() {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" || character == "_" || character == "*" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "[" {
                isBracketed = true
            } else if character == "]" {
                isBracketed = false
            } else if !isQuoted, !isBracketed {
                signs.append(character)
            }
        }
        if signs.contains("%") { return .percent }
        return signs.contains(where: { "ymdhs".contains($0) }) && !signs.contains("general") ? .date : .plain
    }
}

extension WallTime {
    /// `2026-03-02`, `2026-03-02 10:00:00`.
    var text: String {
        guard microsecondsOfDay > 0 else { return day.description }
        let seconds = microsecondsOfDay / 1_000_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day) \(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
