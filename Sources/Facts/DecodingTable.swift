/// The schema turned over for decoding: from the number of a member's name to what a kind does with it.
struct DecodingTable: Sendable {
    static let shared = DecodingTable()

    enum Form: UInt8, Sendable { case number, money, time, bool, word, string, currency, buyer, order }

    struct Entry: Sendable {
        let form: Form
        let slot: Int
        /// In the kind's `members`.
        let member: Int
        let isNeverNegative: Bool
        /// Of an enumeration.
        let words: ContiguousArray<ContiguousArray<UInt8>>
    }

    /// Every member's name once; first those that all facts have and no kind lists.
    let names: [String]
    let readerNames: JSONNames
    static let (kind, store, id, updatedAt, deleted, labels) = (0, 1, 2, 3, 4, 5)
    static let identity = ["kind", "store", "id", "updated_at", "deleted", "labels"]

    private let entries: ContiguousArray<ContiguousArray<Entry>>
    private let kinds: ContiguousArray<ContiguousArray<UInt8>>
    /// What a fact of each kind holds before anything is read; a copy costs less than an array made anew.
    let numbers: ContiguousArray<[Int64]>
    let texts: ContiguousArray<[String?]>
    /// By kind, where the two members that tell of appeals are.
    private let appealSlots: ContiguousArray<(appeal: Int, excluded: Int)>
    /// What the first of them holds once the appeal is won.
    private let wonAppeal: Int64
    /// By kind and name: the entry's index, or -1.
    private let places: ContiguousArray<Int16>

    private init() {
        var names = DecodingTable.identity
        for kind in Schema.kinds {
            for member in kind.members where !names.contains(member.name) { names.append(member.name) }
        }
        var entries: ContiguousArray<ContiguousArray<Entry>> = []
        var places: ContiguousArray<Int16> = []
        for kind in Schema.kinds {
            places += names.map { name in Int16(kind.members.firstIndex { $0.name == name } ?? -1) }
            entries.append(
                ContiguousArray(
                    kind.members.enumerated().map { index, member in
                        Entry(
                            form: DecodingTable.form(of: member), slot: member.slot, member: index,
                            isNeverNegative: member.isNeverNegative, words: DecodingTable.words(of: member))
                    }))
        }
        kinds = ContiguousArray(Schema.kinds.map { ContiguousArray($0.name.utf8) })
        numbers = ContiguousArray(Schema.kinds.map { Array(repeating: Fact.missing, count: $0.numberCount) })
        // proof: every kind has the common members, and the word is one of the schema's.
        wonAppeal = Mark.value("won", of: Schema[.order].member("appeal")!)!
        appealSlots = ContiguousArray(
            Schema.kinds.map { ($0.member("appeal")!.slot, $0.member("excluded")!.slot) })
        texts = ContiguousArray(Schema.kinds.map { Array(repeating: nil, count: $0.textCount) })
        (self.names, self.entries, self.places) = (names, entries, places)
        readerNames = JSONNames(names)
    }

    private static func form(of member: Member) -> Form {
        switch member.type {
        case .number: member.isMoney ? .money : .number
        case .time: .time
        case .bool: .bool
        case .word: .word
        case .string:
            switch member.name {
            case "currency": .currency
            case "buyer": .buyer
            case "order": .order
            default: .string
            }
        }
    }

    private static func words(of member: Member) -> ContiguousArray<ContiguousArray<UInt8>> {
        guard case .word(let words) = member.type else { return [] }
        return ContiguousArray(words.map { ContiguousArray($0.utf8) })
    }

    func kind(_ bytes: UnsafeBufferPointer<UInt8>) -> FactKind? {
        for index in kinds.indices where bytes.isEqual(to: kinds[index]) { return FactKind(rawValue: UInt8(index)) }
        return nil
    }

    @inline(__always)
    func entry(_ kind: FactKind, _ name: Int) -> Int? {
        let place = places[Int(kind.rawValue) * names.count + name]
        return place < 0 ? nil : Int(place)
    }

    @inline(__always)
    func withEntry<R, E: Error>(_ kind: FactKind, at index: Int, _ body: (borrowing Entry) throws(E) -> R) throws(E)
        -> R
    {
        try body(entries[Int(kind.rawValue)][index])
    }

    /// What was won on appeal is not counted, unless the source says that it is.
    func exclude(wonAppealOf kind: FactKind, in numbers: inout [Int64]) {
        let slots = appealSlots[Int(kind.rawValue)]
        if numbers[slots.appeal] == wonAppeal, numbers[slots.excluded] == Fact.missing { numbers[slots.excluded] = 1 }
    }
}
