/// The kinds of thing that can happen at a store. Their members are in `Schema`.
///
/// The raw value is what the ledger stores; it never changes once shipped.
package enum FactKind: UInt8, CaseIterable, Sendable, Hashable, Comparable {
    case order = 0
    case line = 1
    case parcel = 2
    case refund = 3
    case rating = 4
    case `case` = 5
    case penalty = 6
    case measure = 7

    /// The word used in JSON, in packs, in tables and in messages.
    package var name: String { Schema.names[Int(rawValue)] }

    /// `penalties`: in messages, and in the names of the ledger's tables.
    package var plural: String { self == .penalty ? "penalties" : name + "s" }

    package init?(name: String) {
        guard let index = Schema.names.firstIndex(of: name) else { return nil }
        self = FactKind(rawValue: UInt8(index))!  // proof: names has one entry a case, in order
    }

    /// Whether a fact of this kind may name an order and so belong to that order's file.
    package var belongsToOrder: Bool { Schema[self].orderSlot != nil }

    package static func < (a: FactKind, b: FactKind) -> Bool { a.rawValue < b.rawValue }
}

/// A set of kinds, as small as a byte.
package struct FactKinds: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package init(_ kind: FactKind) { rawValue = 1 << UInt16(kind.rawValue) }
    package init(_ kinds: some Sequence<FactKind>) { self = kinds.reduce(into: []) { $0.insert(FactKinds($1)) } }

    package static let all = FactKinds(FactKind.allCases)
    package func contains(_ kind: FactKind) -> Bool { contains(FactKinds(kind)) }
    package mutating func insert(_ kind: FactKind) { formUnion(FactKinds(kind)) }

    /// In schema order. Evaluations walk them for every rule of every store, so no list is made of them.
    package var kinds: Members { Members(rest: rawValue) }

    package struct Members: Sequence, IteratorProtocol, Sendable {
        fileprivate var rest: UInt16

        package mutating func next() -> FactKind? {
            guard rest != 0 else { return nil }
            defer { rest &= rest - 1 }
            return FactKind(rawValue: UInt8(rest.trailingZeroBitCount))
        }
    }
}
