package import Facts

/// How a file writes dates and times: `yyyy-MM-dd HH:mm:ss`, `dd/MM/yy`, or one of `rfc3339`, `unix`, `unix_ms`.
///
/// Letters stand for digits and names, all else for itself, letters in single quotes too. Years of two digits are those of
/// this century: who writes `yy` into a map decides that.
package struct DateForm: Sendable, Hashable, CustomStringConvertible {
    enum Part: Sendable, Hashable {
        /// Digits of a field: at least and at most so many.
        case number(Field, ClosedRange<Int>)
        case monthName
        case halfOfDay
        /// `+08:00`, `+0800`, `Z`.
        case offset
        /// `UTC` or `GMT`: other names of zones mean different things to different people.
        case zoneName
        case literal(Character)
    }

    enum Field: Sendable, Hashable { case year, shortYear, month, day, hour, halfHour, minute, second, fraction }

    private enum Kind: Sendable, Hashable {
        case parts([Part])
        case rfc3339
        case unix(perSecond: Int64)
    }

    package let description: String
    private let kind: Kind

    /// What a date says: a moment, or what some wall shows.
    package enum Reading: Sendable, Hashable {
        case moment(Timestamp)
        case wall(WallTime, isDay: Bool)
    }

    /// Why a text is no form of a date, to follow it.
    package struct Fault: Error, Sendable, Hashable { package let words: String }

    package init(_ text: String) throws(Fault) {
        description = text
        switch text {
        case "rfc3339": kind = .rfc3339
        case "unix": kind = .unix(perSecond: 1)
        case "unix_ms": kind = .unix(perSecond: 1000)
        default: kind = .parts(try Self.parts(text))
        }
    }

    private static func parts(_ text: String) throws(Fault) -> [Part] {
        var (parts, rest, fields) = ([Part](), Substring(text), Set<Field>())
        while let sign = rest.first {
            if sign == "'" {
                let quoted = rest.dropFirst().prefix { $0 != "'" }
                parts += quoted.map { .literal($0) }
                rest = rest.dropFirst(quoted.count + 2)
                continue
            }
            let run = rest.prefix { $0 == sign }
            rest = rest.dropFirst(run.count)
            switch (sign, run.count) {
            case ("y", 4): parts.append(.number(.year, 4...4))
            case ("y", 2): parts.append(.number(.shortYear, 2...2))
            case ("M", 1...2): parts.append(.number(.month, run.count...2))
            case ("M", 3...4): parts.append(.monthName)
            case ("d", 1...2): parts.append(.number(.day, run.count...2))
            case ("H", 1...2): parts.append(.number(.hour, run.count...2))
            case ("h", 1...2): parts.append(.number(.halfHour, run.count...2))
            case ("m", 1...2): parts.append(.number(.minute, run.count...2))
            case ("s", 1...2): parts.append(.number(.second, run.count...2))
            case ("S", 1...6): parts.append(.number(.fraction, 1...9))
            case ("a", _): parts.append(.halfOfDay)
            case ("Z", _), ("X", _): parts.append(.offset)
            case ("z", _): parts.append(.zoneName)
            case _ where sign.isASCII && sign.isLetter:
                throw Fault(
                    words: "has '\(run)', which stands for nothing; letters that are meant themselves stand in ''")
            default: parts += run.map { .literal($0) }
            }
        }
        for case .number(let field, _) in parts where !fields.insert(field).inserted {
            throw Fault(words: "says the same twice")
        }
        let hasMonth = fields.contains(.month) || parts.contains(.monthName)
        guard fields.contains(.year) != fields.contains(.shortYear), hasMonth, fields.contains(.day) else {
            throw Fault(words: "must say year (yyyy, or yy), month (MM, M or MMM) and day (dd or d)")
        }
        guard fields.contains(.halfHour) == parts.contains(.halfOfDay) else {
            throw Fault(words: "has hours of half a day (h) without AM or PM (a), or the other way round")
        }
        return parts
    }

    /// What a text that begins so says, and how many characters of it do; nil where it does not.
    func read(_ text: Substring) -> (reading: Reading, length: Int)? {
        switch kind {
        case .parts(let parts): return DateReader(text).read(parts)
        case .rfc3339:
            // The longest that is one: what follows on a page is no part of it.
            for length in stride(from: min(text.count, 35), through: 20, by: -1) {
                if let moment = Timestamp(String(text.prefix(length))) { return (.moment(moment), length) }
            }
            return nil
        case .unix(let perSecond):
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int64(digits), number <= 4_102_444_800 * perSecond else { return nil }
            return (.moment(Timestamp(microseconds: number * (1_000_000 / perSecond))), digits.count)
        }
    }

    /// Forms that can be read in one way only, the year first in four digits: those that may fit a text by what stands
    /// behind its year.
    static func unambiguous(for text: Substring) -> [DateForm] {
        text.dropFirst(4).first.flatMap { bySeparator[$0.isNumber ? "0" : $0] } ?? []
    }

    private static let bySeparator: [Character: [DateForm]] = {
        func forms(_ texts: [String]) -> [DateForm] { texts.compactMap { try? DateForm($0) } }
        let times = ["", " H:mm", " H:mm:ss", " H:mm:ss.S", "'T'HH:mm:ss", "'T'HH:mm:ss.S"]
        return [
            "-": forms(["rfc3339"] + times.map { "yyyy-M-d" + $0 }), "/": forms(times.map { "yyyy/M/d" + $0 }),
            ".": forms(times.map { "yyyy.M.d" + $0 }), "年": forms((times + ["H:mm:ss"]).map { "yyyy年M月d日" + $0 }),
            "0": forms(["yyyyMMdd", "yyyyMMdd HH:mm:ss", "yyyyMMddHHmmss"]),
        ]
    }()
}
