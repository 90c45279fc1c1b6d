import Facts

/// The date in a cell, as far as the map decides what it is.
enum CellDate {
    /// Why a text is no date, to follow it.
    struct Fault: Error { let words: String }

    /// - Parameter forms: nil where the map names none: then only what can be read in one way is a date.
    static func reading(_ cell: Cell, _ forms: [DateForm]?) throws(Fault) -> DateForm.Reading {
        if let wall = cell.wall { return .wall(wall, isDay: wall.microsecondsOfDay == 0) }
        let text = Substring(cell.text)
        var found: [DateForm.Reading] = []
        var longest = 0
        for form in forms ?? DateForm.unambiguous(for: text) {
            guard let (reading, length) = form.read(text), length >= longest else { continue }
            guard length == text.count || (cell.isOpenEnded && !continues(text.dropFirst(length))) else { continue }
            if length > longest { found = [] }
            longest = length
            if !found.contains(reading) { found.append(reading) }
        }
        guard found.count < 2 else {
            throw Fault(words: "may be read in two ways by the map's `dates:`; leave one of them out")
        }
        if let reading = found.first { return reading }
        throw Fault(words: forms == nil ? advice(cell.text) : "is not written as the map's `dates:` say")
    }

    /// A moment; what a wall shows is told by the calendar.
    static func moment(_ cell: Cell, _ forms: [DateForm]?, _ calendar: StoreCalendar) throws(Fault) -> Timestamp {
        switch try reading(cell, forms) {
        case .moment(let moment): return moment
        case .wall(let wall, _): return wall.moment(in: calendar)
        }
    }

    /// A digit right behind it: it was cut off in its middle.
    private static func continues(_ rest: Substring) -> Bool { rest.first?.isNumber ?? false }

    /// What has to be decided before the text is a date.
    private static func advice(_ text: String) -> String {
        let parts = text.split { !($0.isASCII && $0.isNumber) }.prefix(3).map(String.init)
        guard parts.count == 3, let first = Int(parts[0]), let second = Int(parts[1]), parts[0].count <= 2,
            parts[1].count <= 2
        else { return "is no date that can be read in one way only; say in the map how dates are written (`dates:`)" }
        if parts[2].count == 2 {
            return "has a year of two digits; the map decides what it is by `dates:`, such as dd/MM/yy"
        }
        if first <= 12, second <= 12, first != second {
            return
                "may be day \(first) of month \(second) or day \(second) of month \(first); the map decides by `dates:`, "
                + "dd/MM/yyyy or MM/dd/yyyy"
        }
        return
            "does not begin with its year; the map has to say how dates are written: `dates: dd/MM/yyyy`, or the like"
    }
}
