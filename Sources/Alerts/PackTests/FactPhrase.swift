import Facts
import Rules

/// Facts in few words, for tests of packs:
///
///     40 paid orders a day from 2026-02-01 to 2026-03-02
///     40 paid orders a day for 30 days
///     3 disputed refunded refunds on 2026-03-02 at 18:00 with reason quality, closed_at +2d
///
/// `for 30 days` are the last whole days before the first moment of the test; `for 30 days from DAY` begin and
/// `for 30 days to DAY` end with that day.
///
/// A word before the kind is a bool member that is true, a word of one of its enumerations, or a time member without its
/// `_at`, that lies at the moment; what fits twice is both. Every fact happens at noon of its day in the store's zone,
/// or `at` another hour: that is when an order is placed, a parcel shipped, a refund or case opened, a rating given, a
/// penalty issued, a reading taken. What can belong to an order belongs to those made up before, one each in turn,
/// unless `with order` says otherwise.
struct FactPhrase {
    let count: Int
    let kind: FactKind
    /// Both included.
    let days: ClosedRange<LocalDay>
    let isDaily: Bool
    let microsecondsOfDay: Int64
    /// Set on every fact, in the order written.
    let members: [(member: Member, value: MemberValue)]
    /// `with labels.network visa`
    let labels: [(name: String, value: String)]

    enum MemberValue {
        case moment
        /// In seconds after the moment.
        case later(TimeSpan)
        case day(LocalDay, microsecondsOfDay: Int64)
        /// As JSON.
        case plain(String)
        case absent
    }

    struct Fault: Error { let words: String }

    /// - Parameter today: the day of the first moment; `for … days` end the day before.
    init(_ text: String, today: LocalDay) throws(Fault) {
        var words = text.split(separator: " ").map(String.init)[...]
        func next(_ what: String) throws(Fault) -> String {
            guard let word = words.popFirst() else { throw Fault(words: "the phrase ends where \(what) is expected") }
            return word
        }
        let first = try next("a number of facts")
        guard let count = Int(first), (1...100_000).contains(count) else {
            throw Fault(words: "'\(first)' is no number of facts from 1 to 100000")
        }
        self.count = count
        var adjectives: [String] = []
        var kind: FactKind?
        while kind == nil {
            let word = try next("a kind of fact")
            kind = FactPhrase.kind(word)
            if kind == nil { adjectives.append(word) }
        }
        let known = kind ?? .order  // proof: the loop ends with a kind
        self.kind = known
        isDaily = words.prefix(2) == ["a", "day"]
        if isDaily { words = words.dropFirst(2) }
        switch try next("`on` a day, `from` one `to` another or `for` some days") {
        case "on":
            let day = try FactPhrase.day(try next("a day"))
            days = day...day
        case "from":
            let from = try FactPhrase.day(try next("a day"))
            guard try next("`to`") == "to" else { throw Fault(words: "after `from DAY` comes `to DAY`") }
            let to = try FactPhrase.day(try next("a day"))
            guard from <= to else { throw Fault(words: "it ends on \(to), before it begins on \(from)") }
            days = from...to
        case "for":
            let number = try next("a number of days")
            guard let length = Int(number), (1...10_000).contains(length) else {
                throw Fault(words: "'\(number)' is no number of days from 1 to 10000")
            }
            guard ["day", "days"].contains(try next("`days`")) else {
                throw Fault(words: "after `for \(number)` comes `days`")
            }
            // With the day itself.
            let others = length - 1
            switch words.first {
            case "from":
                words = words.dropFirst()
                let from = try FactPhrase.day(try next("a day"))
                days = from...from.advanced(by: others)
            case "to":
                words = words.dropFirst()
                let to = try FactPhrase.day(try next("a day"))
                days = to.advanced(by: -others)...to
            default:
                let yesterday = today.advanced(by: -1)
                days = yesterday.advanced(by: -others)...yesterday
            }
        case let word:
            throw Fault(words: "'\(word)' stands where `on DAY`, `from DAY to DAY` or `for N days` is expected")
        }
        var hour: Int64 = 12 * 3_600_000_000
        if words.first == "at" {
            words = words.dropFirst()
            hour = try FactPhrase.timeOfDay(try next("a time of day"))
        }
        microsecondsOfDay = hour
        var (members, labels): ([(Member, MemberValue)], [(String, String)]) = ([], [])
        if let member = FactPhrase.happening(of: known) { members.append((member, .moment)) }
        for adjective in adjectives { members += try FactPhrase.members(adjective, of: known) }
        if let word = words.popFirst() {
            guard word == "with" else { throw Fault(words: "'\(word)' stands where `with` or the end is expected") }
            for item in words.joined(separator: " ").split(separator: ",") {
                let item = item.drop { $0 == " " }
                if item.hasPrefix("labels.") {
                    labels.append(try FactPhrase.label(item))
                } else {
                    members.append(try FactPhrase.member(item, of: known))
                }
            }
        }
        (self.members, self.labels) = (members, labels)
    }

    // MARK: Words

    private static func kind(_ word: String) -> FactKind? {
        if let kind = FactKind(name: word) { return kind }
        return FactKind.allCases.first { $0.plural == word }
    }

    /// The member that says when it happened.
    private static func happening(of kind: FactKind) -> Member? {
        let name: String? =
            switch kind {
            case .order: "placed_at"
            case .line: nil
            case .parcel: "shipped_at"
            case .refund, .case: "opened_at"
            case .rating: "rated_at"
            case .penalty: "issued_at"
            case .measure: "at"
            }
        return name.flatMap { Schema[kind].member($0) }
    }

    private static func members(_ adjective: String, of kind: FactKind) throws(Fault) -> [(Member, MemberValue)] {
        var found: [(Member, MemberValue)] = []
        for member in Schema[kind].members {
            switch member.type {
            case .bool where member.name == adjective: found.append((member, .plain("true")))
            case .time where member.name == adjective + "_at": found.append((member, .moment))
            case .word(let words) where words.contains(adjective): found.append((member, .plain("\"\(adjective)\"")))
            default: break
            }
        }
        guard !found.isEmpty else {
            throw Fault(
                words: "'\(adjective)' is neither a kind of fact nor a bool, a word or a time of \(kind.name)")
        }
        return found
    }

    private static func member(_ item: Substring, of kind: FactKind) throws(Fault) -> (Member, MemberValue) {
        let words = item.split(separator: " ", maxSplits: 1)
        guard words.count == 2, let member = Schema[kind].member(String(words[0])) else {
            throw Fault(words: "'\(item)' is no `member value` of \(kind.name)")
        }
        let text = words[1].drop { $0 == " " }
        if text == "none" { return (member, .absent) }
        switch member.type {
        case .bool, .number: return (member, .plain(String(text)))
        case .string, .word:
            return (member, .plain("\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""))
        case .time:
            if text.hasPrefix("+") || text.hasPrefix("-") {
                guard let span = TimeSpan(written: String(text.dropFirst())) else {
                    throw Fault(words: "'\(text)' is no length of time such as +2d or -6h")
                }
                return (member, .later(text.hasPrefix("-") ? TimeSpan(microseconds: -span.microseconds) : span))
            }
            let parts = text.split(separator: "T", maxSplits: 1)
            let time = parts.count == 2 ? try timeOfDay(String(parts[1])) : 12 * 3_600_000_000
            return (member, .day(try day(String(parts[0])), microsecondsOfDay: time))
        }
    }

    private static func label(_ item: Substring) throws(Fault) -> (String, String) {
        let words = item.dropFirst("labels.".count).split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { throw Fault(words: "'\(item)' is no `labels.NAME value`") }
        return (String(words[0]), String(words[1].drop { $0 == " " }))
    }

    private static func day(_ text: String) throws(Fault) -> LocalDay {
        guard let day = LocalDay(text) else { throw Fault(words: "'\(text)' is no day such as 2026-03-02") }
        return day
    }

    static func timeOfDay(_ text: String) throws(Fault) -> Int64 {
        let parts = text.split(separator: ":").map { Int64($0) ?? -1 }
        guard (2...3).contains(parts.count), (0...23).contains(parts[0]), (0...59).contains(parts[1]),
            parts.count == 2 || (0...59).contains(parts[2])
        else { throw Fault(words: "'\(text)' is no time of day such as 18:00") }
        return ((parts[0] * 60 + parts[1]) * 60 + (parts.count == 3 ? parts[2] : 0)) * 1_000_000
    }
}
