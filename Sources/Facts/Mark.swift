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
