import Alerts
import Facts
import Language
import Ledgers
import Rules

/// Which rules are decided for the first time at a store: what they find is told in one message, since it tells of what
/// was there before anybody looked.
struct FirstLooks {
    /// Of stores at which something is new, all rules that were decided, with what they say.
    private(set) var rules: [String: [String: String]] = [:]
    private(set) var beginnings: Set<AlertKey> = []
    /// The stores of which every rule was decided, now or before.
    private(set) var acquainted: Set<String> = []

    var isEmpty: Bool { rules.isEmpty }

    static func read(_ judged: [Judge.Judged], _ ledger: any Ledger) async throws(LedgerError) -> FirstLooks {
        var looks = FirstLooks()
        guard !judged.isEmpty else { return looks }
        let known = try await ledger.firstLooks(of: judged.map(\.watched.store.id))
        for store in judged { looks.take(store, known[store.watched.store.id] ?? [:]) }
        return looks
    }

    private mutating func take(_ judged: Judge.Judged, _ known: [String: String]) {
        let id = judged.watched.store.id
        var (now, isWhole) = (known, true)
        for rule in judged.evaluation.rules {
            guard rule.standing != .unknown else {
                isWhole = false
                continue
            }
            let says = Self.says(rule, judged.watched.pack)
            guard known[rule.rule.id] != says else { continue }
            now[rule.rule.id] = says
            beginnings.insert(AlertKey(store: id, rule: rule.rule.id))
        }
        if now != known { rules[id] = now }
        if isWhole { acquainted.insert(id) }
    }

    /// Of these stores nothing is kept: they are looked at once more.
    mutating func remove(_ ids: Set<String>) {
        for id in ids { rules[id] = nil }
        acquainted.subtract(ids)
    }

    /// What makes a rule another one: its conditions, and its limit unless the platform shows a new one every day.
    private static func says(_ evaluation: RuleEvaluation, _ pack: Pack) -> String {
        let rule = evaluation.rule
        let isShown = rule.limits.contains { pack.parameter($0)?.measure != nil }
        return ContentID.digest(
            of: [rule.require, rule.prefer, rule.given].map { $0?.written.text ?? "" }
                + [isShown ? "" : evaluation.limit])
    }
}
