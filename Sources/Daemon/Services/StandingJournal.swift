import Alerts
import Facts
import Language
import Ledgers
import Rules

/// Where rules stand beside where they stood: what changed is kept, and what is decided for the first time is a beginning,
/// told in one message, since it tells of what was there before anybody looked.
struct StandingJournal {
    private(set) var moves = StandingMoves()
    /// The rules that are decided for the first time at a store, or say something else than before.
    private(set) var beginnings: Set<AlertKey> = []

    static func read(_ judged: [Judge.Judged], _ assembly: Assembly) async throws(LedgerError) -> StandingJournal {
        var journal = StandingJournal()
        let known = try await assembly.ledger.standings(of: judged.map(\.watched.store.id))
        for store in judged { journal.take(store, known[store.watched.store.id] ?? [:], assembly) }
        return journal
    }

    /// Of these stores nothing is kept: they are looked at once more.
    mutating func remove(_ stores: Set<String>) {
        guard !stores.isEmpty else { return }
        for id in stores { moves.standings[id] = nil }
        moves.changes.removeAll { stores.contains($0.key.store) }
    }

    private mutating func take(_ judged: Judge.Judged, _ known: [String: String], _ assembly: Assembly) {
        let (id, pack) = (judged.watched.store.id, judged.watched.pack)
        var rules: [String: String] = [:]
        for rule in judged.evaluation.rules {
            let (key, last) = (AlertKey(store: id, rule: rule.rule.id), known[rule.rule.id].map(Kept.init))
            // Of what is half told nothing is said.
            guard !rule.isHeld else {
                rules[rule.rule.id] = known[rule.rule.id]
                continue
            }
            let says = rule.standing == .unknown ? last?.says ?? "" : Self.says(rule, pack)
            if rule.standing != .unknown, says != last?.says { beginnings.insert(key) }
            // As it is shown: what nobody confirmed, or somebody answers for, is a warning at most.
            rules[rule.rule.id] = Kept(says: says, standing: rule.announced).text
            guard rule.announced != last?.standing else { continue }
            moves.changes.append(change(rule, key, last?.standing, judged, assembly))
        }
        if rules != known { moves.standings[id] = rules }
    }

    private func change(
        _ rule: RuleEvaluation, _ key: AlertKey, _ before: Standing?, _ judged: Judge.Judged, _ assembly: Assembly
    ) -> StandingChange {
        let percentages = rule.valued.percentages
        let values = rule.values.filter(\.estimate.isExact).map {
            ($0.metric, FigureText.text($0.estimate, isPercent: percentages.contains($0.metric), isGrouped: false))
        }
        return StandingChange(
            key: key, judgedAt: judged.clock, at: rule.coveredMoment, before: before, standing: rule.announced,
            judgedTo: rule.judgedTo, limit: rule.limit, values: Dictionary(values) { $1 }, because: Self.because(rule),
            pack: assembly.fleet.digest(of: judged.watched.pack), configuration: assembly.config.digest)
    }

    /// Why it stands there, and why it is shown as less than it is.
    private static func because(_ rule: RuleEvaluation) -> Words {
        guard rule.announced != rule.standing else { return rule.words }
        let why =
            rule.accepted.map { accepted in
                Words(
                    en: "\(accepted.by) answers for it until \(accepted.until): \(accepted.why)",
                    zh: "\(accepted.by) 已接受至 \(accepted.until)：\(accepted.why)")
            } ?? Words(en: "its limit is not confirmed", zh: "限值未确认")
        return rule.words + Words(en: "; counts as a warning: ", zh: "；计为预警：") + why
    }

    /// What makes a rule another one: its conditions, and its limit unless the platform shows a new one every day.
    private static func says(_ evaluation: RuleEvaluation, _ pack: Pack) -> String {
        let rule = evaluation.rule
        return ContentID.digest(
            of: [rule.require, rule.prefer, rule.given].map { $0?.written.text ?? "" }
                + [pack.showsLimit(of: rule) ? "" : evaluation.limit])
    }

    /// A rule as it is kept: what it said when it was last decided, empty when it never was, and where it stands.
    private struct Kept {
        var says: String
        var standing: Standing?

        init(says: String, standing: Standing) { (self.says, self.standing) = (says, standing) }

        init(_ text: String) {
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            says = String(parts[0])
            standing = parts.count > 1 ? Standing(rawValue: String(parts[1])) : nil
        }

        var text: String { "\(says) \(standing?.rawValue ?? "")" }
    }
}

extension Pack {
    /// The platform shows a store the limit of a rule, perhaps another one every day: nobody edits it.
    func showsLimit(of rule: Rule) -> Bool { rule.limits.contains { parameter($0)?.measure != nil } }
}

extension Estimate {
    fileprivate var isExact: Bool { if case .exact = self { true } else { false } }
}
