package import Daemon
package import Facts

/// Days to come as an iCalendar file (RFC 5545), for whichever calendar people look at. Whole days, which are the store's
/// own; nobody is kept from other things by them.
package enum CalendarFile {
    package static func text(_ agenda: Agenda, _ tongue: Tongue) -> String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//goodstanding//\(Version.current)//EN", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH", "X-WR-CALNAME:goodstanding",
        ]
        // What is entered every day is no day to be reminded of.
        for item in agenda.items where item.kind != .figures {
            lines += event(item, agenda, tongue)
        }
        lines.append("END:VCALENDAR")
        return lines.map { folded($0) + "\r\n" }.joined()
    }

    private static func event(_ item: Agenda.Item, _ agenda: Agenda, _ tongue: Tongue) -> [String] {
        var lines = [
            "BEGIN:VEVENT", "UID:\(item.id)@goodstanding", "DTSTAMP:\(stamp(agenda.at))",
            "DTSTART;VALUE=DATE:\(date(item.day))", "DTEND;VALUE=DATE:\(date(item.day.advanced(by: 1)))",
            "SUMMARY:\(escaped(tongue(item.title)))", "CATEGORIES:\(escaped(tongue(item.kind.title)))",
            "TRANSP:TRANSPARENT",
        ]
        let details = tongue(item.details)
        if !details.isEmpty { lines.append("DESCRIPTION:\(escaped(details))") }
        if let base = agenda.publicURL, let store = item.store {
            let path = item.rule.map { Link.rule($0, of: store.id) } ?? Link.store(store.id)
            lines.append("URL:\(base)\(path)")
        }
        lines.append("END:VEVENT")
        return lines
    }

    private static func date(_ day: LocalDay) -> String { "\(day)".replacing("-", with: "") }

    /// `20260302T040000Z`; seconds have no fraction.
    private static func stamp(_ moment: Timestamp) -> String {
        let second = Timestamp(
            microseconds: moment.microseconds - (moment.microseconds % 1_000_000 + 1_000_000) % 1_000_000)
        return "\(second)".replacing("-", with: "").replacing(":", with: "")
    }

    /// Of a text value (3.3.11): backslash, semicolon, comma and line end; of other controls nothing is left.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\", ";", ",":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\n": result += "\\n"
            case _ where scalar.value < 32 || scalar.value == 127: break
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// No more than 75 bytes a line, none of them in the middle of a character (3.1).
    private static func folded(_ line: String) -> String {
        guard line.utf8.count > 75 else { return line }
        var (result, length) = ("", 0)
        for scalar in line.unicodeScalars {
            let bytes = UTF8.width(scalar)
            if length + bytes > 75 {
                result += "\r\n "
                length = 1
            }
            result.unicodeScalars.append(scalar)
            length += bytes
        }
        return result
    }
}
