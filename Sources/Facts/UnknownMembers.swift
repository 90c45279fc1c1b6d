/// Names of members that facts carried and the schema does not know for their kind. They are dropped, and told, since a
/// slip in a name takes a figure away as quietly as a member that is not there.
package struct UnknownMembers: Sendable, Hashable {
    /// So many are remembered; a source that sends more has its own words for everything.
    package static let greatestCount = 20

    package struct Name: Sendable, Hashable {
        package let kind: FactKind
        package let member: String
    }

    private var found: Set<Name> = []

    package init() {}

    package var isEmpty: Bool { found.isEmpty }
    /// By kind, then by name.
    package var names: [Name] { found.sorted { ($0.kind, $0.member) < ($1.kind, $1.member) } }

    /// Whether there is room for another: looking further costs time and tells nothing.
    var isFull: Bool { found.count >= UnknownMembers.greatestCount }

    /// Names that are no plain words, or have many digits, are left out: what somebody put there may be a person's number.
    mutating func note(_ member: String, of kind: FactKind) {
        guard !isFull, (1...64).contains(member.utf8.count), member.utf8.allSatisfy(UnknownMembers.isPlain),
            member.utf8.count(where: { (0x30...0x39).contains($0) }) < 5
        else { return }
        found.insert(Name(kind: kind, member: member))
    }

    package mutating func formUnion(_ other: UnknownMembers) {
        for name in other.names where !isFull { found.insert(name) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
