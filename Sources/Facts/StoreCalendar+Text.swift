extension StoreCalendar {
    /// The moment as the store's clock shows it, with the offset (RFC 3339), for people, who read no fractions of a second:
    /// `2026-03-02T18:00:00+08:00`.
    package func text(of exact: Timestamp) -> String {
        let moment = Timestamp(
            microseconds: exact.microseconds - (exact.microseconds % 1_000_000 + 1_000_000) % 1_000_000)
        let (day, time) = wallTime(of: moment)
        let local = Int64(day.number) * 86_400_000_000 + time
        // Since 1995, the earliest moment there is, every zone is a whole number of minutes off.
        let offset = (local - moment.microseconds) / 60_000_000
        guard offset != 0 else { return moment.description }
        let minutes = abs(offset)
        var bytes: [UInt8] = []
        Timestamp(microseconds: local).write(to: &bytes)
        bytes.removeLast()
        bytes.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        bytes.append(decimal: Int(minutes / 60), width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: Int(minutes % 60), width: 2)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The moment as an end: midnight is the end of the day before it, `2026-03-01T24:00:00+08:00`, so that nobody takes
    /// the day that begins with it for the last one.
    package func endText(of moment: Timestamp) -> String {
        let text = text(of: moment)
        let (day, time) = wallTime(of: moment)
        guard time == 0 else { return text }
        return "\(day.advanced(by: -1))T24" + text.dropFirst("2026-03-02T00".count)
    }
}

extension StoreCalendar {
    /// A moment as people read it, by the store's own clock: `2026-03-02 08:00 +08:00`.
    package func shown(_ moment: Timestamp) -> String {
        let text = self.text(of: moment)
        guard let split = text.firstIndex(of: "T"), text.count > 16 else { return text }
        let zone = text[text.index(split, offsetBy: 9)...].drop { $0 == "." || $0.isNumber }
        return "\(text[..<split]) \(text[text.index(after: split)...].prefix(5)) \(zone == "Z" ? "UTC" : String(zone))"
    }

    /// A text for people with every moment in it (RFC 3339, UTC) by this clock.
    package func shown(in text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "Z")), text.utf8.contains(UInt8(ascii: "T")) else { return text }
        return text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z/) { found in
            Timestamp(String(found.output)).map(shown) ?? String(found.output)
        }
    }
}
