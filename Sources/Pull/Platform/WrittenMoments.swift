import Facts
import Rules

/// Moments as platforms write and read them.
extension PullPlan.Moments {
    enum Reading {
        case moment(Timestamp)
        /// Written so, and no moment: 0 seconds stands for none.
        case none
        /// Not written so.
        case otherwise
    }

    func reading(_ text: String, _ calendar: StoreCalendar) -> Reading {
        var text = text
        return text.withUTF8 { reading($0, calendar) }
    }

    func reading(_ bytes: UnsafeBufferPointer<UInt8>, _ calendar: StoreCalendar) -> Reading {
        // The common ones need no text.
        switch self {
        case .rfc3339, .rfc3339Milliseconds:
            if let moment = try? Timestamp(rfc3339: bytes) { return .moment(moment) }
        case .gmt:
            if let moment = Self.read(bytes, bytes.last == UInt8(ascii: "Z") ? "" : "Z") { return .moment(moment) }
        case .china:
            if let moment = Self.read(bytes, "+08:00") { return .moment(moment) }
        default: break
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if self == .unix || self == .unixMilliseconds, Int64(text) == 0 { return .none }
        return moment(text, calendar).map(Reading.moment) ?? .otherwise
    }

    /// nil for what is not written so.
    private func moment(_ text: String, _ calendar: StoreCalendar) -> Timestamp? {
        switch self {
        case .rfc3339, .rfc3339Milliseconds: return Self.read(text) ?? Self.spaced(text)
        case .gmt: return Self.read(text, text.utf8.last == UInt8(ascii: "Z") ? "" : "Z")
        case .china: return Self.read(text, "+08:00")
        case .local:
            // Read as if it were UTC: its wall clock is what is meant.
            guard let wall = Self.read(text, "Z") else { return nil }
            let day = StoreCalendar.utc.day(of: wall)
            return calendar.moment(day: day, microsecondsOfDay: (wall - StoreCalendar.utc.startOfDay(day)).microseconds)
        case .unix: return Int64(text).flatMap { Timestamp(exact: $0, times: 1_000_000) }
        case .unixMilliseconds: return Int64(text).flatMap { Timestamp(exact: $0, times: 1000) }
        case .day: return Self.read(String(text.prefix(10)), "T00:00:00Z")
        case .dayMonthYear:
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, let month = Self.months.firstIndex(of: String(parts[1])),
                let noon = Timestamp("\(parts[2])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[0])T12:00:00Z")
            else { return nil }
            return calendar.startOfDay(StoreCalendar.utc.day(of: noon).advanced(by: 1)) - .seconds(1)
        }
    }

    /// What says by itself which moment it is, whatever form was looked for: a time with its offset, seconds or milliseconds
    /// since 1970, also with a fraction. No number is plausible as both.
    static func unmistakable(_ text: String) -> Timestamp? {
        if let moment = read(text) ?? spaced(text) ?? narrow(text) { return moment }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 48 <= 9 } }),
            let whole = Int64(parts[0])
        else { return nil }
        return Timestamp(exact: whole, times: 1_000_000) ?? Timestamp(exact: whole, times: 1000)
    }

    /// What back ends write for no time at all: the first moment of their calendars, on whatever clock.
    static func isOfNoTime(_ text: String) -> Bool {
        text.hasPrefix("0000-00-00") || text.hasPrefix("0001-01-01")
            || text.prefixMatch(of: /1970-01-01[T ]0[08]:00:00/) != nil
    }

    /// Written so, and a moment at which nothing that counts can have happened.
    func isImplausible(_ text: String, _ calendar: StoreCalendar) -> Bool {
        switch self {
        case .unix, .unixMilliseconds:
            Int64(text).map { $0 != 0 } ?? false
        case .rfc3339, .rfc3339Milliseconds, .gmt, .china, .local:
            text.prefixMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}/) != nil
                && !(1995...2100).contains(Int(text.prefix(4)) ?? 0)
        case .day, .dayMonthYear: false
        }
    }

    /// `2026-03-02T10:00:00+0800`, `2026-03-02T10:00Z`: without a colon in the offset, or without seconds.
    private static func narrow(_ text: String) -> Timestamp? {
        guard
            let parts = text.wholeMatch(
                of:
                    /([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})/
            )
        else { return nil }
        let offset = parts.4.count == 5 ? "\(parts.4.prefix(3)):\(parts.4.suffix(2))" : String(parts.4)
        return Timestamp("\(parts.1)T\(parts.2)\(parts.3 ?? ":00")\(offset)")
    }

    /// A blank may stand between day and time; the offset is what is behind it.
    private static func read(_ text: String, _ offset: StaticString = "") -> Timestamp? {
        var text = text
        return text.withUTF8 { read($0, offset) }
    }

    private static func read(_ written: UnsafeBufferPointer<UInt8>, _ offset: StaticString) -> Timestamp? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: written.count + offset.utf8CodeUnitCount) { bytes in
            let ends = bytes.initialize(fromContentsOf: written)
            _ = bytes[ends...].initialize(
                fromContentsOf: UnsafeBufferPointer(start: offset.utf8Start, count: offset.utf8CodeUnitCount))
            return try? Timestamp(rfc3339: UnsafeBufferPointer(bytes))
        }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `2026-03-02 10:00:00 +0800`.
    private static func spaced(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let zone = parts[2].wholeMatch(of: /([+-][0-9]{2}):?([0-9]{2})/) else { return nil }
        return Timestamp("\(parts[0])T\(parts[1])\(zone.1):\(zone.2)")
    }

    /// A moment as it is asked for.
    func text(_ moment: Timestamp, _ calendar: StoreCalendar) -> String {
        let seconds = moment.wholeSeconds
        switch self {
        case .rfc3339: return seconds.description
        case .rfc3339Milliseconds: return seconds.description.dropLast() + ".000Z"
        case .gmt: return String(seconds.description.dropLast())
        case .china:
            return String((seconds + .hours(8)).description.dropLast()).replacing("T", with: " ")
        case .local: return String(calendar.text(of: seconds).prefix(19))
        case .unix: return String(seconds.microseconds / 1_000_000)
        case .unixMilliseconds: return String(seconds.microseconds / 1000)
        case .day: return String(seconds.description.prefix(10))
        case .dayMonthYear:
            let parts = calendar.text(of: seconds).prefix(10).split(separator: "-")
            return "\(parts[2])-\(Self.months[(Int(parts[1]) ?? 1) - 1])-\(parts[0])"
        }
    }
}

extension Timestamp {
    /// The last whole second before it.
    var wholeSeconds: Timestamp {
        Timestamp(microseconds: microseconds - (microseconds % 1_000_000 + 1_000_000) % 1_000_000)
    }

    /// nil outside what is plausible for something that happened.
    fileprivate init?(exact count: Int64, times factor: Int64) {
        let (microseconds, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow, Timestamp.plausible.contains(Timestamp(microseconds: microseconds)) else { return nil }
        self.init(microseconds: microseconds)
    }
}
