import Facts
import Rollups

/// What a rule judges by itself: the store, or what of it has one value of a member; by the figures of now.
struct Scope {
    /// The value; nil: the store as a whole.
    let part: String?
    let sums: StoreSums
    var standing: Standing
}

extension Evaluation {
    /// What a rule judges, the worst first. Of a rule that the platform looks at on certain days, by what it would see
    /// now and not by what it saw.
    ///
    /// - Parameter sums: what was read for `outlookNeeds`, wholly known.
    static func scopes(
        of evaluation: RuleEvaluation, _ state: StoreState, sums: StoreSums, set: MetricSet
    ) -> [Scope] {
        func scope(_ part: String?, _ sums: StoreSums) -> Scope {
            let reader = MetricReader(
                sums: sums, set: set, calendar: state.calendar, at: evaluation.coveredMoment, coverage: nil,
                parameter: { state.parameter($0, on: $1) })
            return Scope(part: part, sums: sums, standing: standing(of: evaluation.rule, reader).0)
        }
        guard let member = evaluation.rule.each else { return [scope(nil, sums)] }
        return sums.split(by: member, calendar: state.calendar).sorted { $0.key < $1.key }
            .map { scope($0.key, $0.value) }
            .sorted { ($1.standing.rank, $0.part ?? "") < ($0.standing.rank, $1.part ?? "") }
    }
}

/// The scopes of a rule on a day to come, as far as means tell.
struct ScopesToCome {
    /// As they will stand on the day.
    let scopes: [Scope]
    let day: LocalDay
    private let days: [DaysToCome]

    /// - Parameter days: of each scope, in their order.
    init(_ scopes: [Scope], of rule: Rule, _ days: [DaysToCome], on day: LocalDay) {
        (self.days, self.day) = (days, day)
        self.scopes = zip(scopes, days).map { scope, days in
            Scope(
                part: scope.part, sums: scope.sums,
                standing: Evaluation.standing(of: rule, days.reader(on: day)).0)
        }
    }

    /// The worst of them; unjudged where there is none.
    var standing: Standing { scopes.map(\.standing).max { $0.rank < $1.rank } ?? .unjudged }

    /// How many more until the day change where the rule will stand on it.
    func headroom(
        of valued: RuleValuation, _ pack: Pack, _ set: MetricSet, asWarned: Bool, cap: Standing, seen: LocalDay?
    ) -> [Headroom] {
        let scopes = scopes.map { scope in
            var scope = scope
            // A warning shuts nothing.
            if asWarned, scope.standing == .ok { scope.standing = .warning }
            return scope
        }
        func days(of scope: Scope) -> DaysToCome { self.days[scopes.firstIndex { $0.part == scope.part } ?? 0] }
        return Evaluation.headroom(
            scopes, of: valued.rule, pack, set, percentages: valued.percentages, cap: cap, seen: seen,
            cell: { days(of: $0).cell(of: $1, at: $2.at) }
        ) {
            days(of: $0).reader(on: day, supposing: $1)
        }
    }
}
