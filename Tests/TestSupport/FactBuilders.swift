package import Facts

/// A member's value as one writes it in a test: times, words and strings as text, numbers as numbers or text, bools.
package enum MemberValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    case text(String)
    case bool(Bool)
    case missing

    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .text("\(value)") }
    package init(floatLiteral value: Double) { self = .text("\(value)") }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .missing }
}

/// A fact with members by their names in the schema: `fact(.refund, "r1", ["order": "o1", "disputed": true])`. A name,
/// word or value that the schema does not know ends the test: the test itself is wrong then.
package func fact(
    _ kind: FactKind, _ id: String, store: String = "s", updatedAt: String? = nil, labels: [String: String] = [:],
    _ members: [String: MemberValue] = [:]
) -> Fact {
    var fact = Fact(kind, store: store, id: id, updatedAt: updatedAt.map { time($0) })
    fact.labels = labels
    for (name, value) in members { fact.set(name, to: value) }
    return fact
}

package func order(
    _ id: String, store: String = "s", updatedAt: String? = nil, labels: [String: String] = [:],
    _ members: [String: MemberValue] = [:]
) -> Fact { fact(.order, id, store: store, updatedAt: updatedAt, labels: labels, members) }

package func line(
    _ id: String, of order: String? = nil, store: String = "s", updatedAt: String? = nil,
    _ members: [String: MemberValue] = [:]
) -> Fact { child(.line, id, order, store, updatedAt, members) }

package func parcel(
    _ id: String, of order: String? = nil, store: String = "s", updatedAt: String? = nil,
    _ members: [String: MemberValue] = [:]
) -> Fact { child(.parcel, id, order, store, updatedAt, members) }

package func refund(
    _ id: String, of order: String? = nil, store: String = "s", updatedAt: String? = nil,
    _ members: [String: MemberValue] = [:]
) -> Fact { child(.refund, id, order, store, updatedAt, members) }

package func rating(
    _ id: String, of order: String? = nil, store: String = "s", updatedAt: String? = nil,
    _ members: [String: MemberValue] = [:]
) -> Fact { child(.rating, id, order, store, updatedAt, members) }

package func serviceCase(
    _ id: String, of order: String? = nil, store: String = "s", updatedAt: String? = nil,
    _ members: [String: MemberValue] = [:]
) -> Fact { child(.case, id, order, store, updatedAt, members) }

package func penalty(
    _ id: String, store: String = "s", updatedAt: String? = nil, _ members: [String: MemberValue] = [:]
) -> Fact { fact(.penalty, id, store: store, updatedAt: updatedAt, members) }

package func measure(
    _ id: String, store: String = "s", updatedAt: String? = nil, _ members: [String: MemberValue] = [:]
) -> Fact { fact(.measure, id, store: store, updatedAt: updatedAt, members) }

/// A tombstone.
package func deleted(_ kind: FactKind, _ id: String, store: String = "s", updatedAt: String? = nil) -> Fact {
    Fact(kind, store: store, id: id, updatedAt: updatedAt.map { time($0) }, isDeleted: true)
}

private func child(
    _ kind: FactKind, _ id: String, _ order: String?, _ store: String, _ updatedAt: String?,
    _ members: [String: MemberValue]
) -> Fact {
    var fact = fact(kind, id, store: store, updatedAt: updatedAt, members)
    if let order { fact.set("order", to: .text(order)) }
    return fact
}

/// A moment; `2026-03-02` alone is that day's midnight in UTC.
package func time(_ text: String) -> Timestamp {
    guard let moment = Timestamp(text) ?? Timestamp(text + "T00:00:00Z") else {
        preconditionFailure("\(text) is no time")
    }
    return moment
}

package func day(_ text: String) -> LocalDay {
    guard let day = LocalDay(text) else { preconditionFailure("\(text) is no day") }
    return day
}

package func calendar(_ zone: String) -> StoreCalendar {
    guard let calendar = StoreCalendar(timezone: zone) else { preconditionFailure("\(zone) is no time zone") }
    return calendar
}

extension Fact {
    /// Sets a member by its name in the schema.
    package mutating func set(_ name: String, to value: MemberValue) {
        guard let member = Schema[kind].member(name) else { preconditionFailure("\(kind) has no member \(name)") }
        switch (member.type, value) {
        case (.string, .text(let text)): texts[member.slot] = text
        case (.string, .missing): texts[member.slot] = nil
        case (_, .missing): numbers[member.slot] = Fact.missing
        case (.bool, .bool(let bool)): numbers[member.slot] = bool ? 1 : 0
        case (.time, .text(let text)): numbers[member.slot] = time(text).microseconds
        case (.number, .text(let text)):
            guard let number = FixedPoint(text) else { preconditionFailure("\(name) cannot be \(text)") }
            numbers[member.slot] = number.millionths
        case (.word(let words), .text(let text)):
            guard let index = words.firstIndex(of: text) else { preconditionFailure("\(name) cannot be \(text)") }
            numbers[member.slot] = Int64(index)
        default: preconditionFailure("\(name) cannot be \(value)")
        }
    }

    /// A fact with random members, each missing about every third time. Its strings are such as the decoder lets in;
    /// money is in `EUR`.
    package static func random(
        _ kind: FactKind, id: String, store: String = "s", labels: [String] = [],
        using generator: inout SeededGenerator
    ) -> Fact {
        var fact = Fact(kind, store: store, id: id)
        if generator.percent(70) { fact.updatedAt = .random(using: &generator) }
        if generator.percent(5) {
            fact.isDeleted = true
            return fact
        }
        for member in Schema[kind].members where generator.percent(65) {
            switch member.type {
            case .number:
                let shift = Int64.random(in: 0..<60, using: &generator)
                let value = Int64.random(in: 0...Int64.max, using: &generator) >> shift
                fact.numbers[member.slot] = !member.isNeverNegative && generator.percent(30) ? -value : value
            case .time: fact.numbers[member.slot] = Timestamp.random(using: &generator).microseconds
            case .bool: fact.numbers[member.slot] = generator.percent(50) ? 1 : 0
            case .word(let words):
                fact.numbers[member.slot] = Int64.random(in: 0..<Int64(words.count), using: &generator)
            case .string:
                fact.texts[member.slot] =
                    switch member.name {
                    case "currency": "EUR"
                    case "buyer": "h:0123456789abcdef0123456789abcdef"
                    default:
                        generator.pick(["a", "o1", "o2", "tab\tquote\"back\\slash", "退款", "🙂 e\u{301}", "\u{1}\n"])
                    }
            }
        }
        // What was won on appeal is read as excluded where nothing says otherwise.
        if let appeal = Schema[kind].member("appeal"), let excluded = Schema[kind].member("excluded"),
            fact.numbers[appeal.slot] == Mark.value("won", of: appeal), !fact.has(excluded)
        {
            fact.numbers[excluded.slot] = 1
        }
        for label in labels where generator.percent(50) { fact.labels[label] = generator.pick(["x", "箱包", "a\"b"]) }
        return fact
    }
}

extension Timestamp {
    /// Whole seconds half of the time, microseconds otherwise.
    package static func random(using generator: inout SeededGenerator) -> Timestamp {
        let range = Timestamp.plausible.lowerBound.microseconds..<Timestamp.plausible.upperBound.microseconds
        let microseconds = Int64.random(in: range, using: &generator)
        return Timestamp(microseconds: generator.percent(50) ? microseconds / 1_000_000 * 1_000_000 : microseconds)
    }
}
