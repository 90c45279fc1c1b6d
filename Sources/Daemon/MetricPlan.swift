import Facts
import Language
package import Ledgers
package import Rollups
import Rules

/// What a pack counts under one set of parameter values in one time zone.
package final class MetricPlan: Sendable {
    package let set: MetricSet
    package let rollups: RollupPlan
    /// Members by which facts are looked up for what lives in no bucket.
    package let indexed: Set<IndexedMember>

    init(pack: Pack, values: [String: ParameterValue], calendar: StoreCalendar) {
        set = MetricSet(
            vocabulary: pack.vocabulary, conditions: pack.rules.flatMap { $0.conditions.map(\.expression) },
            parameters: values.compactMapValues { if case .literal(let literal) = $0 { literal.value } else { nil } },
            windows: values.compactMapValues { if case .window(let window) = $0 { window } else { nil } })
        rollups = RollupPlan(set.kept, calendar: calendar)
        // By which members facts are looked up is the same at any moment that facts may lie at.
        let needs = set.needs(at: Timestamp(seconds: 1_700_000_000), calendar: calendar)
        indexed = Set(needs.facts.flatMap { $0.anchors.map { IndexedMember($0.kind, $0.member.name) } })
    }
}
