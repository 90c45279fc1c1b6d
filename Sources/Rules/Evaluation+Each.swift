import Facts
package import Language
import Rollups

extension RuleEvaluation {
    /// A rule for one value of the member that it looks at.
    package struct Part: Sendable {
        package let value: String
        package let standing: Standing
        package let values: [(metric: String, estimate: Estimate)]
        /// Of a ladder, the rung on which it stands.
        package let level: String?
    }
}

extension Evaluation {
    /// What has to be read for a rule that is judged for each value of a member: the facts themselves.
    static func addFacts(of planned: Planned, _ state: StoreState, to needs: inout Needs) {
        for reading in planned.valued.readings {
            let extent = reading.span(at: planned.moment, in: state.calendar).extent(in: state.calendar)
            if !extent.isEmpty { needs.add(FactNeed(reading.aggregate, in: extent)) }
        }
    }

    /// The rule once for every value of the member that occurs, and the worst of them. Where the store as a whole is not
    /// known exactly, none of its parts is.
    static func judge(
        _ planned: Planned, each member: EachMember, _ state: StoreState, _ reader: MetricReader
    ) -> (standing: Standing, because: Cause, parts: [RuleEvaluation.Part]) {
        let readings = planned.valued.readings
        for reading in readings {
            guard case .exact = reader.estimate(of: reading) else { return (.unknown, .partial, []) }
        }
        let tables = readings.map { reading in
            Recount.values(
                of: reading.aggregate, each: member, files: reader.sums.files[reading.aggregate] ?? [],
                in: reading.span(at: planned.moment, in: state.calendar).extent(in: state.calendar),
                calendar: state.calendar)
        }
        var parts: [(part: RuleEvaluation.Part, because: Cause)] = []
        for value in Set(tables.flatMap(\.byValue.keys)).sorted() {
            let reader = MetricReader(
                sums: StoreSums(), set: reader.set, calendar: state.calendar, at: planned.moment, coverage: nil,
                parameter: { state.parameter($0, on: $1) },
                supposing: { reading, _ in
                    readings.firstIndex(of: reading).map { .exact(tables[$0].byValue[value] ?? tables[$0].nothing) }
                })
            let (standing, cause) = self.standing(of: planned.rule, reader)
            let values = planned.rule.reach.metrics.map { ($0, reader.value(of: $0)) }
            let level = standing == .unknown || standing == .unjudged ? nil : level(of: planned.rule, reader)
            parts.append((RuleEvaluation.Part(value: value, standing: standing, values: values, level: level), cause))
        }
        guard let worst = parts.max(by: { $0.part.standing.rank < $1.part.standing.rank }) else {
            return (.unjudged, .missing, [])
        }
        return (worst.part.standing, worst.because, parts.map(\.part))
    }
}
