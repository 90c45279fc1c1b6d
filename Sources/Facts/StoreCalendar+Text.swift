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
