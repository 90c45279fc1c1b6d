import Facts
import Rollups

/// What a rule judges by itself: the store, or what of it has one value of a member.
struct Scope {
    /// The value; nil: the store as a whole.
    let part: String?
    let sums: StoreSums
    let standing: Standing
}

extension RuleEvaluation {
    /// What it judged, the worst first; of a rule that the platform looks at on certain days, by what it would see now.
    func scopes(_ sums: StoreSums, _ calendar: StoreCalendar) -> [Scope] {
        guard let member = rule.each else {
            return [Scope(part: nil, sums: sums, standing: assessment?.projected ?? standing)]
        }
        let split = sums.split(by: member, calendar: calendar)
        return parts.sorted { ($1.standing.rank, $0.value) < ($0.standing.rank, $1.value) }
            .map { Scope(part: $0.value, sums: split[$0.value] ?? StoreSums(), standing: $0.standing) }
    }
}
