import Facts
import Language
import Ledgers
import Pull

/// What became of the facts of one file or one pull, over all its batches: in numbers, and in words for people.
struct Tally: Sendable {
    private(set) var inserted = 0
    private(set) var updated = 0
    private(set) var unchanged = 0
    private(set) var conflicts = 0
    private(set) var deleted = 0
    private(set) var setAside: [FactKind: Int] = [:]
    private(set) var displaced: [FactKind: Int] = [:]
    private(set) var quarantined = 0
    var unknownMembers = UnknownMembers()
    /// The first that could not be read: where it stands, and why.
    private var examples: [String] = []

    private static let exampleCount = 3

    /// Nothing was committed.
    var isEmpty: Bool { facts == 0 && setAside.isEmpty && quarantined == 0 }
    /// Facts that were taken, whether or not they were new.
    var facts: Int { inserted + updated + unchanged + deleted }
    var moved: Int { inserted + updated + deleted }

    mutating func add(_ receipt: CommitReceipt, _ rejections: [RejectedText]) {
        inserted += receipt.inserted
        updated += receipt.updated
        unchanged += receipt.unchanged
        conflicts += receipt.conflicts
        deleted += receipt.deleted
        setAside.merge(receipt.setAside, uniquingKeysWith: +)
        displaced.merge(receipt.displaced, uniquingKeysWith: +)
        quarantined += rejections.count
        for rejected in rejections.prefix(Self.exampleCount - examples.count) {
            examples.append("\(rejected.position): \(rejected.rejection.reason)")
        }
    }

    /// `new, updated, unchanged`, and what else there was of.
    var counts: String {
        var words = "\(inserted) new, \(updated) updated, \(unchanged) unchanged"
        if deleted > 0 { words += ", \(deleted) deleted" }
        if conflicts > 0 { words += ", \(conflicts) conflicting" }
        return words
    }

    /// What does not count, and why; begins with a comma, or is empty.
    ///
    /// - Parameter source: who brought the facts, such as `file`.
    func remarks(source: String) -> String {
        var words = ""
        if quarantined > 0 {
            words += ", \(quarantined) quarantined (\(examples.joined(separator: "; "))"
            words += quarantined > examples.count ? "; …)" : ")"
        }
        if !unknownMembers.isEmpty { words += ", dropped, as the schema does not know them: \(unknownMembers.words)" }
        if !setAside.isEmpty {
            words += ", set aside and not counted, as another source brings that kind there: \(Self.listed(setAside))"
        }
        if !displaced.isEmpty {
            words += ", no longer counted, as \(source) brings that kind there now: \(Self.listed(displaced))"
        }
        if !setAside.isEmpty || !displaced.isEmpty { words += " (`sources:` of a store says otherwise)" }
        return words
    }

    private static func listed(_ counts: [FactKind: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key.name) \($0.value)" }.joined(separator: ", ")
    }
}

extension UnknownMembers {
    /// `rating.stars, rating.rated_ta (did you mean 'rated_at'?)`.
    var words: String {
        names.map { name in
            let near = NearestName.nearest(to: name.member, among: Schema[name.kind].members.map(\.name))
            return "\(name.kind.name).\(name.member)" + (near.map { " (did you mean '\($0)'?)" } ?? "")
        }.joined(separator: ", ")
    }
}
