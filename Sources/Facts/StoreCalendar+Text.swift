extension StoreCalendar {
    /// The moment as the store's clock shows it, with the offset (RFC 3339): `2026-03-02T18:00:00+08:00`. Where the
    /// offset is no whole minute, as before there were zones, in UTC.
    package func text(of moment: Timestamp) -> String {
        let (day, time) = wallTime(of: moment)
        let local = Int64(day.number) * 86_400_000_000 + time
        let offset = (local - moment.microseconds) / 1_000_000
        guard offset % 60 == 0, offset != 0 else { return moment.description }
        let minutes = abs(offset) / 60
        var bytes: [UInt8] = []
        Timestamp(microseconds: local).write(to: &bytes)
        bytes.removeLast()
        bytes.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        bytes.append(decimal: Int(minutes / 60), width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: Int(minutes % 60), width: 2)
        return String(decoding: bytes, as: UTF8.self)
    }
}
