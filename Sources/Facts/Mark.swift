/// What our own people know of a fact and no API tells: somebody's word on one of its members.
///
/// A mark lies beside the fact and never in it, so that no pull overwrites it; where it changes a figure, both figures
/// are known. Of the marks on one member the one made last counts, and only while it is in force: once it has ended,
/// the fact says again what its source says.
package struct Mark: Sendable, Hashable {
    package let store: String
    package let fact: FactKey
    /// One of `members(of:)`.
    package let member: Member
    /// As in `Fact.numbers`.
    package let value: Int64
    package let by: String
    package let why: String
    /// When it was made. With store, fact and member this tells one mark from another.
    package let at: Timestamp
    /// It counts before this moment; nil: until it is undone.
    package let until: Timestamp?
    /// Somebody took it back.
    package var undoing: Undoing?

    package struct Undoing: Sendable, Hashable {
        package let at: Timestamp
        package let by: String
        package let why: String
        package init(at: Timestamp, by: String, why: String) { (self.at, self.by, self.why) = (at, by, why) }
    }

    package init(
        store: String, fact: FactKey, member: Member, value: Int64, by: String, why: String, at: Timestamp,
        until: Timestamp? = nil, undoing: Undoing? = nil
    ) {
        (self.store, self.fact, self.member, self.value) = (store, fact, member, value)
        (self.by, self.why, self.at, self.until, self.undoing) = (by, why, at, until, undoing)
    }

    /// What may be marked, whatever the kind; a kind has those of them that its facts have.
    package static let memberNames = ["excluded", "liable", "appeal", "appeal_by"]

    package static func members(of kind: FactKind) -> [Member] { memberNames.compactMap { Schema[kind].member($0) } }

    package func isInForce(at moment: Timestamp) -> Bool { undoing == nil && until.map { moment < $0 } ?? true }

    /// The value in the words of the interchange form: `true`, `carrier`, a time in RFC 3339.
    package var valueText: String { Mark.text(of: value, member) }

    private static func text(of value: Int64, _ member: Member) -> String {
        switch member.type {
        case .word(let words): words[Int(value)]
        case .bool: value == 0 ? "false" : "true"
        case .time: "\(Timestamp(microseconds: value))"
        case .number, .string: "\(value)"
        }
    }

    /// What `valueText` gave; nil for what the member cannot hold.
    package static func value(_ text: String, of member: Member) -> Int64? {
        switch member.type {
        case .word(let words): words.firstIndex(of: text).map(Int64.init)
        case .bool: text == "true" ? 1 : text == "false" ? 0 : nil
        case .time: Timestamp(text)?.microseconds
        case .number, .string: nil
        }
    }
}

/// The marks of one store that are in force at a moment.
package struct MarksInForce: Sendable, Hashable {
    /// By fact, those of one fact in the order of `Mark.memberNames`.
    package private(set) var byFact: [FactKey: [Mark]] = [:]

    /// - Parameter all: of one store; ended ones too.
    package init(_ all: some Sequence<Mark>, at moment: Timestamp) {
        var last: [FactKey: [String: Mark]] = [:]
        for mark in all {
            if let known = last[mark.fact]?[mark.member.name], known.at >= mark.at { continue }
            last[mark.fact, default: [:]][mark.member.name] = mark
        }
        for (key, marks) in last {
            let standing = Mark.memberNames.compactMap { marks[$0] }.filter { $0.isInForce(at: moment) }
            if !standing.isEmpty { byFact[key] = standing }
        }
    }

    package var isEmpty: Bool { byFact.isEmpty }
    package var count: Int { byFact.values.reduce(0) { $0 + $1.count } }

    /// The first moment at which one of them ends by itself; nil: none does.
    package var firstEnd: Timestamp? { byFact.values.joined().compactMap(\.until).min() }

    /// The fact as our people know it. An appeal that was won is what the platform no longer counts, unless a mark says
    /// otherwise.
    package func applied(to fact: Fact) -> Fact {
        guard let marks = byFact[fact.key] else { return fact }
        var fact = fact
        for mark in marks { fact.numbers[mark.member.slot] = mark.value }
        let isWon = marks.contains { $0.member.name == "appeal" && $0.valueText == "won" }
        if isWon, !marks.contains(where: { $0.member.name == "excluded" }) { fact.exclude() }
        return fact
    }

    package func applied(to file: OrderFile) -> OrderFile {
        OrderFile(order: file.order.map(applied), children: file.children.map(applied))
    }
}

extension Fact {
    /// As the platform leaves out what was won on appeal.
    package mutating func exclude() {
        for (name, text) in [("excluded", "true"), ("appeal", "won")] {
            guard let member = Schema[kind].member(name), let value = Mark.value(text, of: member) else { continue }
            numbers[member.slot] = value
        }
    }
}
