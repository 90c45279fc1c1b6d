import Facts
import Language
import Rules
import Tables

extension HandReading {
    /// Why what was written is no reading, in words for the person who wrote it.
    struct Fault: Error { let words: Words }

    /// What a person wrote of one measure of a store.
    ///
    /// - Parameters:
    ///   - value: `82`, `0.0134`, `1.34%`; empty: none.
    ///   - at: a day of the store (its first moment), a moment with an offset, or a time on the store's clock; empty: now.
    init(
        of watched: Watched, _ name: String, value: String, expected: String, at: String, now: Timestamp
    ) throws(Fault) {
        try Self.check(name, of: watched.pack)
        let (value, expected) = (try Self.number(value, "value"), try Self.number(expected, "expected"))
        guard value != nil || expected != nil else {
            throw Fault(words: Words(en: "\(name) has no value", zh: "\(name) 没有数值"))
        }
        for number in [value, expected] {
            if let number { try Self.check(number, of: name, in: watched.pack) }
        }
        self.init(
            store: watched.store.id, name: name, at: try Self.moment(at, in: watched.calendar, now: now),
            value: value, expected: expected)
    }

    /// What the pack knows the range of, or for a mean of scores, cannot lie outside; most likely its point was left out.
    /// Nor is any figure below zero that a platform is known to show: as a slip it would pass for a good one.
    private static func check(_ number: FixedPoint, of name: String, in pack: Pack) throws(Fault) {
        if number.millionths < 0, !pack.readsAnyMeasure || pack.scale(ofMeasure: name) != nil {
            throw Fault(
                words: Words(
                    en: "\(name) is no figure below zero, as \(number) is; leave the sign out",
                    zh: "\(name) 不会小于零，\(number) 不正确；请去掉负号"))
        }
        guard case .between(let scale)? = pack.scale(ofMeasure: name), !scale.contains(Fraction(number)) else { return }
        let (low, high) = ("\(scale.lowerBound)", "\(scale.upperBound)")
        throw Fault(
            words: Words(
                en: "\(name) lies between \(low) and \(high), and \(number) does not",
                zh: "\(name) 的范围是 \(low) 至 \(high)，\(number) 超出范围"))
    }

    /// What is taken and looks like a slip: a percentage without its sign, or a number without its point.
    ///
    /// - Parameter before: the newest reading until now.
    func doubt(in pack: Pack, before: MeasureReading?) -> Words? {
        guard let value, value.millionths > 0 else { return nil }
        let before = before?.value.map(\.millionths) ?? 0
        /// So many times less, it would be about what it was.
        func isLike(_ times: Int64) -> Bool {
            before > 0 && value.millionths / times >= before / 2 && value.millionths / times / 2 <= before
        }
        if pack.scale(ofMeasure: name) == .share {
            if value.millionths > 1_000_000 {
                return Words(
                    en: "\(name) is a share, of which \(value) is more than all; did you mean \(value)%?",
                    zh: "\(name) 是比率，\(value) 已超过全部；是否应为 \(value)%？")
            }
            guard isLike(100) else { return nil }
            return Words(
                en: "\(name) is a share, a hundred times what it was; did you mean \(value)%?",
                zh: "\(name) 是比率，约为上次读数的一百倍；是否应为 \(value)%？")
        }
        guard value.millionths % 1_000_000 == 0, before % 1_000_000 != 0, isLike(10) else { return nil }
        let tenth = FixedPoint(millionths: value.millionths / 10)
        return Words(
            en: "\(name) is ten times what it was; did you mean \(tenth)?",
            zh: "\(name) 约为上次读数的十倍；是否应为 \(tenth)？")
    }

    static func check(_ name: String, of pack: Pack) throws(Fault) {
        let known = pack.measureNames
        guard !known.contains(name) else { return }
        guard pack.readsAnyMeasure, !name.isEmpty, name.utf8.count <= greatestNameBytes, !name.utf8.contains(0) else {
            let longer = "\(pack.name).\(name)"
            let nearest = known.contains(longer) ? longer : NearestName.nearest(to: name, among: known.sorted())
            throw Fault(
                words: Words(
                    en: "nothing in the pack '\(pack.name)' reads a measure '\(name)'"
                        + (nearest.map { "; did you mean '\($0)'?" }
                            ?? "; `goodstanding measure due` lists those that are wanted"),
                    zh: "规则包“\(pack.name)”没有使用名为“\(name)”的指标"
                        + (nearest.map { "；是否应为“\($0)”？" } ?? "；`goodstanding measure due` 可列出所需指标")))
        }
    }

    private static func number(_ text: String, _ what: String) throws(Fault) -> FixedPoint? {
        guard !text.isEmpty else { return nil }
        let decimal: ExactDecimal
        do throws(WrittenNumber.Fault) {
            decimal = try WrittenNumber.decimal(text)
        } catch {
            throw Fault(
                words: Words(en: "\(what) '\(text)' \(error.words)", zh: "\(what)“\(text)”不是数值；请写作 82、0.0134 或 1.34%"))
        }
        guard let number = FixedPoint(decimal.text) else {
            throw Fault(words: Words(en: "\(what) \(text) is too large", zh: "\(what) \(text) 过大"))
        }
        return number
    }

    static func moment(_ text: String, in calendar: StoreCalendar, now: Timestamp) throws(Fault) -> Timestamp {
        guard !text.isEmpty else { return now }
        let wall = text.replacing(" ", with: "T")
        let found =
            LocalDay(text).map(calendar.startOfDay) ?? Timestamp(text)
            ?? [wall, wall + ":00"].lazy.compactMap { Timestamp($0 + "Z") }.first.map { onClock(of: calendar, $0) }
        guard let found else {
            throw Fault(
                words: Words(
                    en: "'\(text)' is no day such as 2026-03-02 and no time such as 2026-03-02T10:00:00+08:00",
                    zh: "“\(text)”既不是 2026-03-02 这样的日期，也不是 2026-03-02T10:00:00+08:00 这样的时间"))
        }
        guard found <= now else {
            throw Fault(
                words: Words(en: "\(text) lies in the future: nothing can be read of it yet", zh: "\(text) 尚未到来，不可能有读数")
            )
        }
        guard Timestamp.plausible.contains(found) else {
            throw Fault(words: Words(en: "\(text) lies before 1995", zh: "\(text) 早于 1995 年"))
        }
        return found
    }

    /// The moment at which the store's clock shows what UTC's shows at that one.
    private static func onClock(of calendar: StoreCalendar, _ utc: Timestamp) -> Timestamp {
        let day = StoreCalendar.utc.day(of: utc)
        return calendar.moment(day: day, microsecondsOfDay: (utc - StoreCalendar.utc.startOfDay(day)).microseconds)
    }
}
