import Facts

/// Days and moments as the people of a store write them: `2 Mar 2026, 08:00 (UTC+8)`, `2026年3月2日 08:00（北京时间）`.
extension LocalDay {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    func shown(_ tongue: Tongue) -> String {
        let (year, month, day) = civil
        return tongue("\(day) \(Self.months[month - 1]) \(year)", "\(year)年\(month)月\(day)日")
    }

    /// Without the year, where there is little place.
    func shortlyShown(_ tongue: Tongue) -> String {
        let (_, month, day) = civil
        return tongue("\(day) \(Self.months[month - 1])", "\(month)月\(day)日")
    }
}

extension StoreCalendar {
    /// A moment by the store's own clock, with its zone.
    func shown(_ moment: Timestamp, _ tongue: Tongue) -> String {
        let (text, zone) = (self.text(of: moment), zoneName(at: moment, tongue))
        let time = text.firstIndex(of: "T").map { text[text.index(after: $0)...].prefix(5) } ?? ""
        let day = wallTime(of: moment).day.shown(tongue)
        return tongue("\(day), \(time) (\(zone))", "\(day) \(time)（\(zone)）")
    }

    /// A moment as an end: midnight is the end of the day before it.
    func shownEnd(_ moment: Timestamp, _ tongue: Tongue) -> String {
        let (day, time) = wallTime(of: moment)
        guard time == 0 else { return shown(moment, tongue) }
        let (last, zone) = (day.advanced(by: -1).shown(tongue), zoneName(at: moment, tongue))
        return tongue("\(last), 24:00 (\(zone))", "\(last) 24:00（\(zone)）")
    }

    /// Chinese readers know their own by its name.
    private func zoneName(at moment: Timestamp, _ tongue: Tongue) -> String {
        if tongue == .chinese, timezone == "Asia/Shanghai" { return "北京时间" }
        let (day, time) = wallTime(of: moment)
        return Zone.name(minutes: (Int64(day.number) * 86_400_000_000 + time - moment.microseconds) / 60_000_000)
    }
}

private enum Zone {
    /// `UTC+8`, `UTC-3:30`.
    static func name(minutes offset: Int64) -> String {
        guard offset != 0 else { return "UTC" }
        let (hours, minutes) = abs(offset).quotientAndRemainder(dividingBy: 60)
        return "UTC\(offset < 0 ? "-" : "+")\(hours)" + (minutes == 0 ? "" : ":\(minutes < 10 ? "0" : "")\(minutes)")
    }
}

extension Tongue {
    /// Words for a page: the days and moments in them as its reader writes them.
    func shown(_ words: Words) -> String { shown(self(words)) }

    /// The same of a text that stands in this language already.
    func shown(_ text: String) -> String {
        text.replacing(
            /([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(?::[0-9.]+)?(?:Z|([+-])([0-9]{2}):([0-9]{2})))?(?![0-9-])/
        ) { match -> String in
            guard let day = LocalDay(match.output.1)?.shown(self) else { return String(match.output.0) }
            guard let time = match.output.2 else { return day }
            let minutes = (match.output.4.flatMap { Int64($0) } ?? 0) * 60 + (match.output.5.flatMap { Int64($0) } ?? 0)
            let zone = Zone.name(minutes: match.output.3 == "-" ? -minutes : minutes)
            return self("\(day), \(time) (\(zone))", "\(day) \(time)（\(zone)）")
        }
    }
}
