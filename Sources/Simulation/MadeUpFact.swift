package import Facts

/// One made-up thing and all that becomes of it: what was known when. The feed shows it as it stood at its moment.
package struct MadeUpFact: Sendable {
    package let kind: FactKind
    package let store: String
    package let id: String
    /// In order of time; the first is its beginning.
    package internal(set) var changes: [Change]

    package struct Change: Sendable {
        package let at: Timestamp
        /// What is said from then on; it replaces what was said of the same member before.
        package let members: [(name: String, value: MadeUpValue)]
    }

    /// It as it stood at `now`: the moment of its last change, and what was said by then. Nil before its beginning.
    package func version(at now: Timestamp) -> (updatedAt: Timestamp, json: String)? {
        guard let last = changes.last(where: { $0.at <= now }) else { return nil }
        var members: [(name: String, value: MadeUpValue)] = []
        for change in changes where change.at <= now {
            for member in change.members {
                if let index = members.firstIndex(where: { $0.name == member.name }) {
                    members[index] = member
                } else {
                    members.append(member)
                }
            }
        }
        var json =
            #"{"kind":"\#(kind.name)","store":\#(MadeUpValue.text(store).json),"id":\#(MadeUpValue.text(id).json)"#
        json += #","updated_at":\#(MadeUpValue.time(last.at).json)"#
        for (name, value) in members { json += #","\#(name)":\#(value.json)"# }
        return (last.at, json + "}")
    }

    /// When it was last changed by `now`; nil before its beginning.
    func updatedAt(by now: Timestamp) -> Timestamp? { changes.last { $0.at <= now }?.at }
}

/// What a made-up member holds, and how it is written. A writer of its own, so that what the program reads in tests
/// was not written by the program.
package enum MadeUpValue: Sendable {
    case text(String)
    /// Hundredths.
    case amount(Int)
    case whole(Int)
    case time(Timestamp)
    case bool(Bool)

    var json: String {
        switch self {
        case .text(let text): MadeUpValue.quoted(text)
        case .amount(let cents): "\"\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)\""
        case .whole(let number): String(number)
        case .time(let moment): "\"\(MadeUpValue.rfc3339(moment))\""
        case .bool(let value): value ? "true" : "false"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Whole seconds, in UTC.
    static func rfc3339(_ moment: Timestamp) -> String {
        let seconds =
            moment.microseconds >= 0 ? moment.microseconds / 1_000_000 : (moment.microseconds - 999_999) / 1_000_000
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let civil = LocalDay(number: Int32(day)).civil
        let second = Int(seconds - day * 86_400)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day))T"
            + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }
}
