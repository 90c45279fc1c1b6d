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
    /// The audit knows of it.
    var isBegun = false
    /// Marks that changed anything.
    var marks = 0
    var unknownMembers = UnknownMembers()
    /// The first that could not be read: where it stands, and why.
    private var examples: [String] = []

    private static let exampleCount = 3

    /// Nothing was committed.
    var isEmpty: Bool { facts == 0 && setAside.isEmpty && quarantined == 0 && marks == 0 }
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
    var counts: Words {
        var words = Words(
            en: "\(inserted) new, \(updated) updated, \(unchanged) unchanged",
            zh: "新增 \(inserted)，更新 \(updated)，未变 \(unchanged)")
        if deleted > 0 { words += Words(en: ", \(deleted) deleted", zh: "，删除 \(deleted)") }
        if conflicts > 0 { words += Words(en: ", \(conflicts) conflicting", zh: "，冲突 \(conflicts)") }
        return words
    }

    /// What does not count, and why; begins with a comma, or is empty.
    ///
    /// - Parameter source: who brought the facts, such as `file`.
    func remarks(source: Words) -> Words {
        var words = Words("")
        if marks > 0 { words += Words(en: ", \(counted(marks, "mark"))", zh: "，标记 \(marks) 条") }
        if quarantined > 0 {
            let more = quarantined > examples.count ? "; …" : ""
            words += Words(
                en: ", \(quarantined) quarantined (\(examples.joined(separator: "; "))\(more))",
                zh: "，隔离 \(quarantined) 条（\(examples.joined(separator: "; "))\(more)）")
        }
        if !unknownMembers.isEmpty {
            words +=
                Words(en: ", dropped, as the schema does not know them: ", zh: "，已丢弃未定义的字段：") + unknownMembers.words
        }
        if !setAside.isEmpty {
            words += Words(
                en: ", set aside and not counted, as another source brings that kind there: \(Self.listed(setAside))",
                zh: "，该类数据由其他来源提供，搁置不计：\(Self.listed(setAside))")
        }
        if !displaced.isEmpty {
            words += Words(
                en: ", no longer counted, as \(source.en) brings that kind there now: \(Self.listed(displaced))",
                zh: "，该类数据改由\(source.zh)提供，原有的不再计入：\(Self.listed(displaced))")
        }
        if !setAside.isEmpty || !displaced.isEmpty {
            words += Words(en: " (`sources:` of a store says otherwise)", zh: "（可在店铺配置的 `sources:` 中另行指定）")
        }
        return words
    }

    private static func listed(_ counts: [FactKind: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key.name) \($0.value)" }.joined(separator: ", ")
    }
}

extension UnknownMembers {
    /// `rating.stars, rating.rated_ta (did you mean 'rated_at'?)`.
    var words: Words {
        names.map { name in
            let near = NearestName.nearest(to: name.member, among: Schema[name.kind].members.map(\.name))
            let hint = near.map { Words(en: " (did you mean '\($0)'?)", zh: "（是否应为 '\($0)'？）") }
            return Words("\(name.kind.name).\(name.member)") + (hint ?? Words(""))
        }.joined(separator: Words(en: ", ", zh: "、"))
    }
}
