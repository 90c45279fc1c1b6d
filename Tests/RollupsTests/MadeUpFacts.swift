import Facts
import TestSupport

/// Seeded random facts of all kinds that meet one another: few orders, small numbers, many missing members.
struct MadeUpFacts {
    var generator: SeededGenerator
    /// Times lie in these days.
    let first: LocalDay
    let dayCount: Int
    var orderCount = 12

    init(seed: UInt64, first: LocalDay = LocalDay(year: 2026, month: 2, day: 20), dayCount: Int = 45) {
        generator = SeededGenerator(seed: seed)
        (self.first, self.dayCount) = (first, dayCount)
    }

    mutating func fact() -> Fact {
        let kind = generator.pick(FactKind.allCases)
        return version(of: kind, id: String(Int.random(in: 0..<(kind == .order ? orderCount : 8), using: &generator)))
    }

    mutating func version(of kind: FactKind, id: String) -> Fact {
        let updated = Timestamp(seconds: Int64.random(in: 1_700_000_000...1_700_000_040, using: &generator))
        var fact = Fact(kind, store: "s", id: id, updatedAt: updated, isDeleted: generator.percent(12))
        guard !fact.isDeleted else { return fact }
        for member in Schema[kind].members {
            if member.type == .string {
                fact.texts[member.slot] = text(of: member)
            } else {
                fact.numbers[member.slot] = number(of: member)
            }
        }
        if generator.percent(50) { fact.labels["category"] = generator.pick(["a", "b"]) }
        return fact
    }

    private mutating func text(of member: Member) -> String? {
        switch member.name {
        // Facts move between orders, and some name none.
        case "order": generator.percent(85) ? String(Int.random(in: 0..<orderCount, using: &generator)) : nil
        default: generator.percent(70) ? generator.pick(["x", "y", "z"]) : nil
        }
    }

    private mutating func number(of member: Member) -> Int64 {
        guard generator.percent(75) else { return Fact.missing }
        switch member.type {
        case .number: return Int64.random(in: 0...6_000_000, using: &generator)
        case .time:
            let second =
                Int64(first.number) * 86_400 + Int64.random(in: 0..<Int64(dayCount) * 86_400, using: &generator)
            return second * 1_000_000 + Int64.random(in: 0..<1_000_000, using: &generator)
        case .bool: return generator.percent(50) ? 1 : 0
        case .word(let words): return Int64.random(in: 0..<Int64(words.count), using: &generator)
        case .string: return Fact.missing
        }
    }
}

/// The newest version of every fact, as a ledger keeps it, in a dictionary: enough to hand order files before and after
/// each batch to a plan.
struct PlainLedger {
    private(set) var facts: [FactKey: Fact] = [:]

    /// Takes a version when it is newer than what is known.
    private mutating func take(_ fact: Fact) -> Bool {
        if let known = facts[fact.key], let old = known.updatedAt, let new = fact.updatedAt, new <= old { return false }
        facts[fact.key] = fact
        return true
    }

    /// One batch: what changed, and the facts as they were before.
    mutating func commit(_ batch: [Fact]) -> (before: [FactKey: Fact], changed: Set<FactKey>) {
        let before = facts
        var changed: Set<FactKey> = []
        for fact in batch where take(fact) { changed.insert(fact.key) }
        return (before, changed)
    }

    /// Which file a fact lies in: its order's, or its own.
    static func file(of fact: Fact) -> FactKey { fact.order.map { FactKey(kind: .order, id: $0) } ?? fact.key }

    static func files(of facts: some Sequence<Fact>) -> [FactKey: OrderFile] {
        var files: [FactKey: OrderFile] = [:]
        for fact in facts where !fact.isDeleted {
            if fact.kind == .order {
                files[file(of: fact), default: OrderFile()].order = fact
            } else {
                files[file(of: fact), default: OrderFile()].children.append(fact)
            }
        }
        return files
    }

    var files: [OrderFile] { Array(PlainLedger.files(of: facts.values).values) }
}
