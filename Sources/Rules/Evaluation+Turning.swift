package import Facts
import Language
package import Rollups

/// What brought a rule back to where it holds, as its figures tell.
package enum Turning: String, Sendable, Hashable, CaseIterable {
    /// What left its windows did, and nothing that came was needed: it would stand as well had nothing come.
    case age
    /// What came into them did: it would stand as well had nothing left.
    case news
    /// Both: either would have done, or neither without the other.
    case both
}

/// Asked by two figures that never were: without what came into the windows since a moment, and with what left them.
///
/// What is in force leaves by age only where its end was known when it began, as that of a penalty; the end of a case
/// is somebody's work, and counts with what came.
extension Evaluation {
    /// What has to be read to tell.
    ///
    /// - Parameter then: when it last stood outside.
    package static func turningNeeds(of evaluation: RuleEvaluation, since then: Timestamp, _ state: StoreState) -> Needs
    {
        var needs = Needs()
        let calendar = state.calendar
        for reading in evaluation.valued.readings {
            for moment in [then, evaluation.coveredMoment] {
                needs.add(reading, at: moment, calendar: calendar)
                let extent = reading.span(at: moment, in: calendar).extent(in: calendar)
                guard !extent.isEmpty, evaluation.rule.each != nil || !reading.isOfWholeDays else { continue }
                needs.add(FactNeed(reading.aggregate, in: extent))
            }
        }
        return needs
    }

    /// - Returns: nil where that cannot be told: of a rule that the platform looks at on certain days only.
    package static func turning(
        of evaluation: RuleEvaluation, since then: Timestamp, _ state: StoreState, sums: StoreSums, set: MetricSet
    ) -> Turning? {
        let rule = evaluation.rule
        guard evaluation.isInForce, rule.assessed == nil else { return nil }
        let (calendar, now) = (state.calendar, evaluation.coveredMoment)
        let readings = evaluation.valued.readings
        /// The rule where its figures are these. How large the sample is does not matter: it only has been cut.
        func holds(_ figures: [Value]) -> Bool {
            let reader = MetricReader(
                sums: sums, set: set, calendar: calendar, at: now, coverage: nil,
                parameter: { state.parameter($0, on: $1) },
                supposing: { reading, _ in readings.firstIndex(of: reading).map { .exact(figures[$0]) } })
            func outcome(_ condition: Condition) -> Outcome {
                Outcome(Evaluator.estimate(condition.expression, from: reader))
            }
            return outcome(rule.require) == .holds && rule.prefer.map(outcome) != .fails
        }
        var (bare, heaped) = (true, true)
        if let member = rule.each {
            let facts = readings.map { Passage($0, then, now, sums, calendar) }
            for value in Set(facts.flatMap { $0.values(of: member) }) {
                let own = facts.map { $0.of(value, member) }
                bare = bare && holds(own.map(\.bare))
                heaped = heaped && holds(own.map(\.heaped))
            }
        } else {
            let figures = readings.map { reading in
                reading.isOfWholeDays
                    ? Passage.wholeDays(of: reading, then, now, sums, calendar)
                    : Passage(reading, then, now, sums, calendar).figures
            }
            (bare, heaped) = (holds(figures.map(\.bare)), holds(figures.map(\.heaped)))
        }
        return bare == heaped ? .both : bare ? .age : .news
    }

    /// What a figure counted then and what it counts now.
    private struct Passage {
        typealias Figures = (bare: Value, heaped: Value)

        private let aggregate: Aggregate
        /// Counted now, and then as well or before; all that was counted then, and all that came.
        private let bare: [Recount.Counted]
        private let heaped: [Recount.Counted]

        init(
            _ reading: Reading, _ then: Timestamp, _ now: Timestamp, _ sums: StoreSums, _ calendar: StoreCalendar
        ) {
            aggregate = reading.aggregate
            func counted(_ moment: Timestamp) -> (facts: [Recount.Counted], end: Timestamp) {
                let extent = reading.span(at: moment, in: calendar).extent(in: calendar)
                guard !extent.isEmpty else { return ([], extent.upperBound) }
                let files = sums.files[reading.aggregate] ?? []
                return (
                    Recount.facts(of: reading.aggregate, files: files, in: extent, calendar: calendar),
                    extent.upperBound
                )
            }
            let (before, after) = (counted(then), counted(now))
            guard reading.window != nil || reading.aggregate.kind == .penalty else {
                // Whatever ended was somebody's work.
                (bare, heaped) = (before.facts, after.facts)
                return
            }
            bare = after.facts.filter { $0.at < before.end }
            let known = Set(before.facts.map(\.fact.key))
            heaped = before.facts + after.facts.filter { !known.contains($0.fact.key) }
        }

        var figures: Figures { of { _ in true } }

        func values(of member: EachMember) -> [String] { heaped.compactMap { member.value(of: $0.fact) } }

        func of(_ value: String, _ member: EachMember) -> Figures { of { member.value(of: $0) == value } }

        private func of(_ isMeant: (Fact) -> Bool) -> Figures {
            func figure(_ facts: [Recount.Counted]) -> Value {
                Recount.value(of: aggregate, counting: facts.filter { isMeant($0.fact) })
            }
            return (figure(bare), figure(heaped))
        }

        /// By the buckets.
        static func wholeDays(
            of reading: Reading, _ then: Timestamp, _ now: Timestamp, _ sums: StoreSums, _ calendar: StoreCalendar
        ) -> Figures {
            let cells = sums.cells[reading.aggregate]
            let (before, after) = (
                reading.span(at: then, in: calendar).days, reading.span(at: now, in: calendar).days
            )
            func cell(from first: LocalDay, to end: LocalDay) -> Cell {
                first < end ? cells?.sum(over: first..<end) ?? .zero : .zero
            }
            var heaped = cell(from: before.lowerBound, to: before.upperBound)
            heaped += cell(from: max(after.lowerBound, before.upperBound), to: after.upperBound)
            let bare = cell(from: after.lowerBound, to: min(after.upperBound, before.upperBound))
            return (bare.value(of: reading.aggregate), heaped.value(of: reading.aggregate))
        }
    }
}
