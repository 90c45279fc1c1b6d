package import Facts
package import Language
import Yams

/// Typed readings of one value. Each gives nil and puts an error when the value is not of its type.
extension YAMLCursor {
    /// Text as written, of any style. Nothing at all, a mapping and a list are errors; `""` is empty text.
    package func string() -> String? {
        if isTorn { return nil }
        guard let scalar = node.scalar else {
            error("\(path) must be text, not \(shape)")
            return nil
        }
        guard !isEmpty else {
            error("\(path) has no value")
            return nil
        }
        return scalar.string
    }

    /// Text as written with its places: what is read as an expression.
    package func passage() -> Passage? {
        guard string() != nil, let scalar = node.scalar else { return nil }
        return text.passage(of: scalar)
    }

    /// `true` or `false`.
    package func bool() -> Bool? {
        guard let text = string() else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            error("\(path) must be true or false, not '\(text)'")
            return nil
        }
    }

    /// A whole number in digits.
    package func integer(_ allowed: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let text = string() else { return nil }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            error("\(path) must be a whole number, not '\(text)'")
            return nil
        }
        guard allowed.contains(number) else {
            let limits =
                allowed.upperBound == Int.max
                ? "at least \(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
            error("\(path) must be \(limits), not \(number)")
            return nil
        }
        return number
    }

    /// A length of time: digits and `s`, `min` (or `m`), `h` or `d`: `0d`, `48h`, `30min`, `5m`.
    package func span() -> TimeSpan? {
        guard let text = string() else { return nil }
        guard let span = TimeSpan(written: text) else {
            error("\(path) must be a length of time such as 30s, 5min, 48h or 1d, not '\(text)'")
            return nil
        }
        return span
    }

    /// A calendar day, YYYY-MM-DD.
    package func day() -> LocalDay? {
        guard let text = string() else { return nil }
        guard let day = LocalDay(text) else {
            error("\(path) must be a day such as 2026-03-16, not '\(text)'")
            return nil
        }
        return day
    }

    /// One of some words.
    package func word(of words: [String]) -> String? {
        guard let text = string() else { return nil }
        guard words.contains(text) else {
            let nearest = NearestName.hint(for: text, among: words)
            error("\(path) must be one of \(words.joined(separator: ", ")), not '\(text)'\(nearest)")
            return nil
        }
        return text
    }

    /// An id of a pack, a rule, a gate or a receiver: `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 200 bytes.
    package func id() -> String? {
        guard let text = string() else { return nil }
        guard YAMLCursor.isID(text) else {
            error(
                "\(path) must be an id of letters, digits, '.', '_' and '-', beginning with a letter or digit, not '\(text)'"
            )
            return nil
        }
        return text
    }

    /// Plain text (the same in both languages) or `{en: …, zh: …}`; one language alone stands for both.
    package func words() -> Words? {
        guard isMapping else { return string().map { Words(en: $0, zh: $0) } }
        guard let keys = keys(["en", "zh"]) else { return nil }
        let (en, zh) = (keys["en"]?.string(), keys["zh"]?.string())
        guard let either = en ?? zh else {
            if keys.written.isEmpty { error("\(path) lacks 'en' and 'zh'") }
            return nil
        }
        return Words(en: en ?? either, zh: zh ?? either)
    }

    package static func isID(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 200 else { return false }
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isPlain(first) && text.utf8.allSatisfy { isPlain($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
    }
}

extension TimeSpan {
    /// Digits and a unit: `s`, `m` or `min`, `h`, `d`. At most a thousand years, so that no sum of them overflows.
    package init?(written text: String) {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard let count = Int64(String(digits) ?? ""), let unit = String(text.utf8.dropFirst(digits.count)) else {
            return nil
        }
        let seconds: Int64
        switch unit {
        case "s": seconds = 1
        case "m", "min": seconds = 60
        case "h": seconds = 3600
        case "d": seconds = 86_400
        default: return nil
        }
        guard count <= 365_250 * 86_400 / seconds else { return nil }
        self = .seconds(count * seconds)
    }

    /// As people write it, in the largest unit of which it is a whole number: `1d`, `90m`; below a second in seconds.
    package var written: String {
        let units: [(String, Int64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
        let unit = units.first { microseconds % ($0.1 * 1_000_000) == 0 && (microseconds != 0 || $0.1 == 1) }
        return unit.map { "\(microseconds / ($0.1 * 1_000_000))\($0.0)" } ?? "\(self)s"
    }
}
