package import Facts
import Language
import Ledgers
package import Rules

/// What our own people know of a fact and no API tells: made, taken back, listed.
package struct MarkTask: Sendable {
    private let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    /// What one act did.
    package struct Outcome: Sendable {
        package var marks: [Mark]
        package var store: Store
        package var calendar: StoreCalendar
        /// The rules whose figures it changes.
        package var rules: [RuleEvaluation]
    }

    /// Marks members of a fact; each `MEMBER` or `MEMBER=VALUE`.
    ///
    /// - Parameters:
    ///   - fact: `refund/R-17`.
    ///   - until: a moment, or a day of the store's that is the first without the mark.
    package func set(
        _ fact: String, of store: String, _ members: [String], by: String?, why: String, until: String?
    ) async throws -> Outcome {
        let (assembly, watched, key) = try await open(fact, of: store)
        let now = assembly.clock.now
        let who = try WhoAndWhy.person(by)
        let end = try until.map { try WhoAndWhy.end($0, in: watched.calendar, after: now) }
        try WhoAndWhy.check(why)
        guard try await assembly.ledger.fact(key, of: store) != nil else {
            throw TaskError(
                Words(
                    en:
                        "the ledger knows no \(key.kind.name) '\(key.id)' of store '\(store)' that stands; `goodstanding explain --store \(store)` lists the facts behind a figure",
                    zh:
                        "账本中没有店铺“\(store)”的有效数据 \(key.kind.name) “\(key.id)”；`goodstanding explain --store \(store)` 列出数值背后的数据"
                ), isUsage: true)
        }
        let known = try await assembly.ledger.marks(of: store).filter { $0.fact == key }
        let marks = try members.map { text in
            let (member, value) = try MarkTask.member(text, of: key.kind, in: watched.calendar)
            // The last one counts, also where an earlier one was made by a clock that ran ahead.
            let last = known.filter { $0.member.name == member.name }.map(\.at).max()
            let at = max(now, last.map { $0 + TimeSpan(microseconds: 1) } ?? now)
            return Mark(
                store: store, fact: key, member: member, value: value, by: who, why: why, at: at, until: end)
        }
        guard Set(marks.map(\.member.name)).count == marks.count else {
            throw TaskError(Words(en: "a member is named twice", zh: "同一字段写了两次"), isUsage: true)
        }
        return try await keep(marks, assembly, watched)
    }

    /// Takes back the marks in force on a fact: of these members, or all.
    package func undo(
        _ fact: String, of store: String, _ members: [String], by: String?, why: String
    ) async throws -> Outcome {
        let (assembly, watched, key) = try await open(fact, of: store)
        let now = assembly.clock.now
        let undoing = Mark.Undoing(at: now, by: try WhoAndWhy.person(by), why: why)
        try WhoAndWhy.check(why)
        let known = MarksInForce(try await assembly.ledger.marks(of: store), at: now).byFact[key] ?? []
        for member in members where !known.contains(where: { $0.member.name == member }) {
            let names = known.map(\.member.name)
            let others =
                names.isEmpty
                ? Words("")
                : Words(
                    en: "; there are marks on \(names.joined(separator: ", "))",
                    zh: "；现有标记：\(names.joined(separator: "、"))")
            throw TaskError(
                Words(
                    en: "no mark on \(member) of \(key.kind.name) '\(key.id)' is in force",
                    zh: "\(key.kind.name) “\(key.id)”的 \(member) 没有生效中的标记") + others, isUsage: true)
        }
        let ended = known.filter { members.isEmpty || members.contains($0.member.name) }.map { mark in
            var mark = mark
            mark.undoing = undoing
            return mark
        }
        guard !ended.isEmpty else {
            throw TaskError(
                Words(
                    en: "no mark on \(key.kind.name) '\(key.id)' of store '\(store)' is in force",
                    zh: "店铺“\(store)”的 \(key.kind.name) “\(key.id)”没有生效中的标记"), isUsage: true)
        }
        return try await keep(ended, assembly, watched)
    }

    /// - Parameter all: those that are over too.
    package func list(_ glob: String?, all: Bool) async throws -> [(store: Store, calendar: StoreCalendar, mark: Mark)]
    {
        var listed: [(Store, StoreCalendar, Mark)] = []
        let assembly = try opening.assembly(.read)
        let marked = Set(try await assembly.ledger.markedStores())
        for watched in try await assembly.fittingStores(glob) where marked.contains(watched.store.id) {
            let marks = try await MarkTask(.running(assembly)).list(of: watched, all: all)
            listed += marks.map { (watched.store, watched.calendar, $0) }
        }
        return listed
    }

    /// Of one store, by kind, fact, member and moment.
    package func list(of watched: Watched, all: Bool) async throws -> [Mark] {
        let assembly = try opening.assembly(.read)
        let marks = try await assembly.ledger.marks(of: watched.store.id)
        let standing = Set(MarksInForce(marks, at: assembly.clock.now).byFact.values.joined())
        return marks.filter { all || standing.contains($0) }
    }

    // MARK: Steps

    private func open(_ fact: String, of store: String) async throws -> (Assembly, Watched, FactKey) {
        let key = try MarkTask.key(fact)
        let assembly = try opening.assembly()
        guard let watched = assembly.fleet.watched(store) else {
            let known = try await assembly.watchedStores(nil).map(\.store.id)
            throw TaskError.unwatched(store, among: known)
        }
        return (assembly, watched, key)
    }

    private func keep(_ marks: [Mark], _ assembly: Assembly, _ watched: Watched) async throws -> Outcome {
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        func rules() async throws -> [RuleEvaluation] {
            try await judge.judge([watched], at: nil, clock: assembly.clock.now)[0].evaluation.rules
        }
        let before = try await rules()
        let entry = marks.first.map { first in
            let (by, why) = first.undoing.map { ($0.by, $0.why) } ?? (first.by, first.why)
            return assembly.entry(
                of: first.undoing == nil ? "mark" : "unmark", at: watched.store.id,
                on: "\(first.fact.kind.name)/\(first.fact.id)", by: by, why: why,
                marks.map { Words("\($0.member.name)=\($0.valueText)") })
        }
        _ = try await assembly.ledger.keep(marks, audit: entry.map { [$0] } ?? [])
        let after = try await rules()
        return Outcome(
            marks: marks, store: watched.store, calendar: watched.calendar,
            rules: zip(before, after).filter { !MarkTask.isSame($0, $1) }.map(\.1))
    }

    /// Whether both ways of counting give what they gave.
    private static func isSame(_ before: RuleEvaluation, _ after: RuleEvaluation) -> Bool {
        func figures(_ rule: RuleEvaluation) -> [Estimate] {
            (rule.values + (rule.counterpart?.values ?? rule.values)).map(\.estimate)
        }
        return figures(before) == figures(after) && before.announced == after.announced
            && before.counterpart?.standing ?? before.announced == after.counterpart?.standing ?? after.announced
    }

    /// `refund/R-17`: the kind up to the first slash, and the id whatever is in it.
    private static func key(_ text: String) throws -> FactKey {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw TaskError(
                Words(
                    en: "'\(text)' names no fact; write its kind and its id, such as refund/R-17",
                    zh: "“\(text)”不是数据；请写类型与编号，如 refund/R-17"), isUsage: true)
        }
        guard let kind = FactKind(name: parts[0]) else {
            throw TaskError(
                Words(en: "'\(parts[0])' is no kind of fact", zh: "“\(parts[0])”不是数据类型")
                    + NearestName.words(for: parts[0], among: FactKind.allCases.map(\.name)), isUsage: true)
        }
        return FactKey(kind: kind, id: parts[1])
    }

    private static func member(
        _ text: String, of kind: FactKind, in calendar: StoreCalendar
    ) throws -> (Member, Int64) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let all = Mark.members(of: kind)
        guard let member = all.first(where: { $0.name == parts[0] }) else {
            let names = all.map(\.name)
            throw TaskError(
                Words(en: "'\(parts[0])' of \(kind.name)s cannot be marked", zh: "\(kind.name) 的“\(parts[0])”不能标记")
                    + NearestName.words(for: parts[0], among: names)
                    + Words(
                        en: "; there are \(names.joined(separator: ", "))", zh: "；可标记 \(names.joined(separator: "、"))"),
                isUsage: true)
        }
        let written = parts.count == 2 ? parts[1] : member.type == .bool ? "true" : nil
        guard let written else {
            throw TaskError(
                Words(en: "'\(member.name)' needs a value: ", zh: "“\(member.name)”需要取值：") + ways(of: member),
                isUsage: true)
        }
        // Until when it can be appealed: the day named is the last.
        if member.type == .time, let day = LocalDay(written) {
            return (member, calendar.startOfDay(day.advanced(by: 1)).microseconds)
        }
        guard let value = Mark.value(written, of: member) else {
            throw TaskError(
                Words(en: "'\(written)' is no value of \(member.name): ", zh: "“\(written)”不是 \(member.name) 的取值：")
                    + ways(of: member), isUsage: true)
        }
        return (member, value)
    }

    private static func ways(of member: Member) -> Words {
        switch member.type {
        case .word(let words): Words(words.map { "\(member.name)=\($0)" }.joined(separator: ", "))
        case .bool: Words("\(member.name)=true, \(member.name)=false")
        default:
            Words(
                en: "\(member.name)=2026-03-31, or a time with an offset", zh: "\(member.name)=2026-03-31，或带时差的时刻")
        }
    }
}
