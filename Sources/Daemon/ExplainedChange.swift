package import Facts
package import Language
import Ledgers
import Rollups
import Rules

/// Why a metric is another than it was shown on an earlier day: what was learnt late, what was corrected, and which facts
/// came into its windows and left them.
package struct ExplainedChange: Sendable {
    package var metric: String
    package var then: Value
    package var now: Value
    package var parts: [Part]
    /// Both are proven: their windows were wholly known.
    package var isCovered: Bool
    /// Whether the ledger can tell what it knew then; else `then` is what is known of it now, and nothing was learnt late.
    package var isThenKnown: Bool

    /// One figure below the metric, and why it moved.
    package struct Part: Sendable {
        package var cause: Cause
        package var title: Words
        package var then: Value
        package var now: Value
        /// What it does to the metric; all parts add up to the difference.
        package var effect: Fraction?
        package var came: [Group]
        package var left: [Group]
        /// Counted then as now, with another value.
        package var changed: [Group] = []

        /// Whether anything moved, though it may have come to nothing.
        var isAny: Bool { then != now || !came.isEmpty || !left.isEmpty || !changed.isEmpty }
    }

    package enum Cause: String, Sendable {
        /// Our own people have marked facts since, or what they said has ended.
        case marks
        /// The pack of then says otherwise than that of now.
        case rule
        /// It was in the window then, and the ledger had not heard of it.
        case learntLate = "learnt_late"
        /// The ledger had heard of it, and knows it otherwise now.
        case corrected
        /// A parameter has another value now.
        case terms
        /// The window moved on.
        case passing
    }

    /// Facts of one reason and product.
    package struct Group: Sendable, Hashable {
        package var reason: String?
        package var product: String?
        package var count: Int
        /// What they do to the metric, once those before them did: all that came, then all that changed, then all that
        /// left. The groups of a part add up to its effect. nil as for the part.
        package var effect: Fraction?
    }

    /// Of every metric that the rule names; and its limit as it was, where that was another.
    static func find(
        _ evaluation: RuleEvaluation, _ judged: Judge.Judged, since past: ChangeSearch.Past, in assembly: Assembly,
        clock: Timestamp
    ) async throws -> (changes: [ExplainedChange], limitThen: String?) {
        let calendar = judged.watched.calendar
        guard calendar.startOfDay(past.day) < evaluation.coveredMoment else {
            throw TaskError(
                Words(
                    en:
                        "\(past.day) is not before \(calendar.day(of: evaluation.coveredMoment)), the day that is judged",
                    zh: "\(past.day) 不早于考核日 \(calendar.day(of: evaluation.coveredMoment))"),
                isUsage: true)
        }
        let search = try await ChangeSearch(evaluation, judged, since: past, in: assembly, clock: clock)
        return (try await search.changes(), search.limitThen)
    }
}
