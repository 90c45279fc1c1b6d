import Facts

/// Makes facts of phrases, one after another: orders are numbered, and what belongs to orders is given those made before.
struct FactMaker {
    private let calendar: StoreCalendar
    private var decoder: FactDecoder
    private var made: [FactKind: Int] = [:]

    static let store = "test"
    /// Of one test: more than a store has in a year.
    private static let limit = 200_000

    init(calendar: StoreCalendar, terms: StoreTerms) {
        self.calendar = calendar
        decoder = FactDecoder(buyerKey: BuyerKey(bytes: [UInt8](repeating: 0, count: 32))) { _ in terms }
    }

    mutating func facts(_ phrase: FactPhrase) throws(FactPhrase.Fault) -> [Fact] {
        guard phrase.isDaily || phrase.days.lowerBound == phrase.days.upperBound else {
            throw FactPhrase.Fault(words: "more than one day needs `a day` after the kind: so many on each of them")
        }
        let days = Int(phrase.days.upperBound.number) - Int(phrase.days.lowerBound.number) + 1
        guard made.values.reduce(0, +) + phrase.count * days <= FactMaker.limit else {
            throw FactPhrase.Fault(words: "these would be more than \(FactMaker.limit) facts in one test")
        }
        var facts: [Fact] = []
        var day = phrase.days.lowerBound
        while day <= phrase.days.upperBound {
            for _ in 0..<phrase.count { facts.append(try fact(phrase, on: day)) }
            day = day.advanced(by: 1)
        }
        return facts
    }

    private mutating func fact(_ phrase: FactPhrase, on day: LocalDay) throws(FactPhrase.Fault) -> Fact {
        let number = made[phrase.kind, default: 0] + 1
        made[phrase.kind] = number
        var members = [
            "kind": quoted(phrase.kind.name), "store": quoted(FactMaker.store),
            "id": quoted("\(phrase.kind.name)-\(number)"),
        ]
        let orders = made[.order, default: 0]
        if phrase.kind != .order, Schema[phrase.kind].member("order") != nil, orders > 0 {
            members["order"] = quoted("order-\((number - 1) % orders + 1)")
        }
        let moment = calendar.moment(day: day, microsecondsOfDay: phrase.microsecondsOfDay)
        for (member, value) in phrase.members {
            switch value {
            case .moment: members[member.name] = quoted("\(moment)")
            case .later(let span): members[member.name] = quoted("\(moment + span)")
            case .day(let day, let time):
                members[member.name] = quoted("\(calendar.moment(day: day, microsecondsOfDay: time))")
            case .plain(let json): members[member.name] = json
            case .absent: members[member.name] = nil
            }
        }
        if !phrase.labels.isEmpty {
            let labels = phrase.labels.map { "\(quoted($0.name)):\(quoted($0.value))" }.joined(separator: ",")
            members["labels"] = "{\(labels)}"
        }
        let line = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        switch decoder.decode(line: "{\(line)}") {
        case .fact(let fact): return fact
        case .rejected(let rejection): throw FactPhrase.Fault(words: rejection.reason)
        case .mark, .coverage: throw FactPhrase.Fault(words: "that is no fact")
        }
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
