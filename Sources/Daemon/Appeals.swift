package import Facts
import Ledgers
import Rollups
import Rules

/// A fact behind a rule outside ok whose appeal is not decided: its deadline has not passed, or it is under way. By its
/// source or by a mark.
package struct Appeal: Sendable, Hashable, Comparable {
    package var kind: FactKind
    package var id: String
    package var order: String?
    package var reason: String?
    /// Until when it can be contested; of one under way it may have passed, or be known to nobody.
    package var deadline: Timestamp?
    /// It is under way.
    package var isOpen: Bool

    package var key: FactKey { FactKey(kind: kind, id: id) }

    /// Those under way first, for nothing is left to be done about them; then the nearest deadline.
    package static func < (a: Appeal, b: Appeal) -> Bool { (a.due, a.id) < (b.due, b.id) }

    private var due: Timestamp { isOpen ? Timestamp(microseconds: .min) : deadline ?? Timestamp(microseconds: .max) }
}

/// What can be contested behind a rule, and what perhaps can.
package struct Contestable: Sendable {
    /// Sorted.
    package var appeals: [Appeal]
    /// Facts of which no deadline is known and nothing is decided.
    package var undated: Int
}

/// How many appeals won would do it.
package struct Relief: Sendable, Hashable {
    package var count: Int
    /// Whichever they are; else those named.
    package var isAny: Bool
    /// So many that do it.
    package var those: [Appeal]

    /// Until when the last of those that it takes has to be contested; nil: so many are under way.
    ///
    /// - Parameter appeals: sorted.
    package func deadline(among appeals: [Appeal]) -> Timestamp? {
        // Of those named none can be missed.
        guard isAny else { return those.filter { !$0.isOpen }.compactMap(\.deadline).min() }
        let begun = appeals.count(where: \.isOpen)
        // After that too few of them are left.
        return count > begun ? appeals[appeals.count - (count - begun)].deadline : nil
    }
}

/// What can still be contested at one store, and what the figures would be if it were won.
struct Appeals {
    private let watched: Watched
    private let assembly: Assembly
    private let judge: Judge
    private let now: Timestamp

    init(_ watched: Watched, in assembly: Assembly, now: Timestamp) {
        (self.watched, self.assembly, self.now) = (watched, assembly, now)
        judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
    }

    /// Of the facts behind a rule.
    ///
    /// - Parameter day: only of facts that count on it; nil: of all.
    func contestable(behind rule: RuleEvaluation, on day: LocalDay? = nil) async throws(LedgerError) -> Contestable {
        let marks = try await judge.marks(of: watched, at: now)
        var (found, undated): ([FactKey: Appeal], Set<FactKey>) = ([:], [])
        for item in try await Evidence.facts(behind: rule, watched, in: assembly, at: now) {
            if let day, let leaves = item.leaves, leaves <= day { continue }
            if item.isUndated(marks) { undated.insert(item.fact.key) }
            for (fact, until) in item.appealable(marks, after: now) {
                found[fact.key] = Appeal(
                    kind: fact.kind, id: fact.id, order: fact.order, reason: fact.word("reason"), deadline: until,
                    isOpen: fact.word("appeal") == "open")
            }
        }
        return Contestable(
            appeals: found.values.sorted(), undated: undated.count)
    }

    /// More than so many are not tried: nobody contests hundreds for one standing.
    static let most = 20
    /// So many choices are tried before it is said that any will do.
    private static let mostChoices = 200

    /// The fewest whose winning does it, and whether any other so many do. Where there are too many choices, the fewest of
    /// the nearest deadlines.
    ///
    /// - Parameters:
    ///   - sums: the figures as they are, read for `needs`.
    ///   - isRelief: whether these figures are what is wished for.
    /// - Returns: nil when none of the numbers tried does it.
    func fewest(
        of appeals: [Appeal], in sums: StoreSums, for needs: Needs, _ isRelief: (StoreSums) -> Bool
    ) async throws(LedgerError) -> Relief? {
        let tried = Array(appeals.prefix(Appeals.most))
        let files = try await files(of: tried)
        func wins(_ won: [Appeal]) -> Bool {
            isRelief(winning(won, in: sums, of: files, for: needs))
        }
        for count in stride(from: 1, through: tried.count, by: 1) {
            let first = Array(tried.prefix(count))
            guard let choices = Appeals.choices(of: count, from: tried.count) else {
                if wins(first) { return Relief(count: count, isAny: false, those: first) }
                continue
            }
            let winning = choices.map { $0.map { tried[$0] } }.filter(wins)
            let isAny = tried.count == appeals.count && winning.count == choices.count
            let reliefs = winning.map { Relief(count: count, isAny: isAny, those: $0) }
            // Of several the one that leaves most time.
            let never = Timestamp(microseconds: .max)
            func due(_ relief: Relief) -> Timestamp { relief.deadline(among: appeals) ?? never }
            guard let best = reliefs.max(by: { due($0) < due($1) }) else { continue }
            return best
        }
        return nil
    }

    /// The figures with all of these won.
    func winning(
        _ appeals: [Appeal], in sums: StoreSums, for needs: Needs
    ) async throws(LedgerError) -> StoreSums {
        winning(appeals, in: sums, of: try await files(of: appeals), for: needs)
    }

    private func winning(
        _ appeals: some Sequence<Appeal>, in sums: StoreSums, of files: [OrderFile], for needs: Needs
    ) -> StoreSums {
        let keys = Set(appeals.map(\.key))
        return sums.replacing(files, by: files.map { $0.excluding(keys) }, for: needs, calendar: watched.calendar)
    }

    /// As the figures count them.
    private func files(of appeals: [Appeal]) async throws(LedgerError) -> [OrderFile] {
        let files = try await assembly.ledger.files(of: watched.store.id, holding: appeals.map(\.key))
        guard watched.countsMarks else { return files }
        let marks = try await assembly.ledger.markedFiles(of: watched.store.id, at: now)?.marks
        return marks.map { files.map($0.applied) } ?? files
    }

    /// Every choice of so many out of all, by index; nil when there are too many.
    private static func choices(of count: Int, from all: Int) -> [[Int]]? {
        var choices: [[Int]] = [[]]
        for step in 0..<count {
            choices = choices.flatMap { choice -> [[Int]] in
                let first = (choice.last ?? -1) + 1
                // As many have to be left as are still to be chosen.
                return (first..<max(first, all - (count - step) + 1)).map { choice + [$0] }
            }
            guard choices.count <= mostChoices else { return nil }
        }
        return choices
    }
}

extension OrderFile {
    /// As the platform counts it once appeals on these facts are won.
    fileprivate func excluding(_ keys: Set<FactKey>) -> OrderFile {
        func excluded(_ fact: Fact) -> Fact {
            guard keys.contains(fact.key) else { return fact }
            var fact = fact
            fact.exclude()
            return fact
        }
        return OrderFile(order: order.map(excluded), children: children.map(excluded))
    }
}
