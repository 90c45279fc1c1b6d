import Facts
import Language

extension CompiledCondition {
    struct Builder {
        let set: MetricSet
        let layout: ResidentLayout

        func append(_ expression: TypedExpression, shifts: [CalendarOffset], to code: inout CompiledCondition) -> Bool {
            func both(_ a: TypedExpression, _ b: TypedExpression, _ operation: Operation) -> Bool {
                let start = code.steps.count
                guard append(a, shifts: shifts, to: &code), append(b, shifts: shifts, to: &code) else { return false }
                if code.steps.count == start + 2, let fused = fused(code.steps[start], code.steps[start + 1], operation)
                {
                    code.steps.removeLast(2)
                    code.steps.append(fused)
                } else {
                    code.steps.append(Step(operation: operation))
                }
                return true
            }
            func one(_ a: TypedExpression, _ operation: Operation) -> Bool {
                guard append(a, shifts: shifts, to: &code) else { return false }
                code.steps.append(Step(operation: operation))
                return true
            }
            switch expression.node {
            case .literal(let literal): return append(literal.value, to: &code)
            case .parameter(let name):
                // An offset asks what was in force then, which this set does not know.
                guard shifts.isEmpty else { return false }
                return append(set.parameters[name] ?? .missing, to: &code)
            case .metric(let name):
                guard let metric = set.vocabulary.metrics[name] else { return false }
                return append(metric, shifts: shifts, to: &code)
            case .aggregate(let aggregate): return append(aggregate, shifts: shifts, to: &code)
            case .offset(let inner, let offset): return append(inner, shifts: shifts + [offset], to: &code)
            case .negate(let a): return one(a, .negate)
            case .isMissing(let a): return one(a, .isMissing)
            case .not(let a): return one(a, .not)
            case .and(let a, let b): return both(a, b, .and)
            case .or(let a, let b): return both(a, b, .or)
            case .arithmetic(let operation, let a, let b):
                // Times are not kept rolling.
                guard expression.type != .time, a.type != .time, b.type != .time else { return false }
                return switch operation {
                case .add: both(a, b, .add)
                case .subtract: both(a, b, .subtract)
                case .multiply: both(a, b, .multiply)
                case .divide: both(a, b, .divide)
                }
            case .compare(let comparison, let a, let b):
                return switch comparison {
                case .equal: both(a, b, .equal)
                case .notEqual: both(a, b, .notEqual)
                case .less: both(a, b, .less)
                case .lessOrEqual: both(a, b, .lessOrEqual)
                case .greater: both(a, b, .greater)
                case .greaterOrEqual: both(a, b, .greaterOrEqual)
                }
            case .call(let function, let arguments):
                return append(function, arguments, shifts: shifts, to: &code)
            case .member, .label, .isOneOf: return false
            }
        }

        /// Two single steps and what joins them as one step, where there is one.
        private func fused(_ a: Step, _ b: Step, _ operation: Operation) -> Step? {
            guard a.operation == .count else { return nil }
            if operation == .divide, b.operation == .count {
                return Step(operation: .ratio, first: a.first, second: b.first)
            }
            guard b.operation == .constant, b.second == 1 else { return nil }
            let comparison: Operation? =
                switch operation {
                case .less: .countLess
                case .lessOrEqual: .countLessOrEqual
                case .greater: .countGreater
                case .greaterOrEqual: .countGreaterOrEqual
                default: nil
                }
            return comparison.map { Step(operation: $0, first: a.first, second: b.first) }
        }

        private func append(_ value: Value, to code: inout CompiledCondition) -> Bool {
            let fraction: Fraction
            switch value {
            case .missing:
                code.steps.append(Step(operation: .constant, first: 0, second: 0))
                return true
            case .number(let number): fraction = number
            case .duration(let span): fraction = span
            case .bool(let truth): fraction = truth ? .one : .zero
            case .time, .word, .string: return false
            }
            guard let top = Int64(exactly: fraction.numerator), let bottom = Int64(exactly: fraction.denominator) else {
                return false
            }
            code.steps.append(Step(operation: .constant, first: top, second: bottom))
            return true
        }

        private func append(
            _ function: Function, _ arguments: [TypedExpression], shifts: [CalendarOffset],
            to code: inout CompiledCondition
        ) -> Bool {
            let operation: Operation
            switch function {
            case .abs: operation = .absolute
            case .if: operation = .select
            case .coalesce: operation = .coalesce
            case .min: operation = .least
            case .max: operation = .greatest
            case .round, .floor, .hour, .weekday, .day: return false
            }
            for (place, argument) in arguments.enumerated() {
                guard append(argument, shifts: shifts, to: &code) else { return false }
                switch operation {
                case .coalesce, .least, .greatest: if place > 0 { code.steps.append(Step(operation: operation)) }
                default: break
                }
            }
            if operation == .absolute || operation == .select { code.steps.append(Step(operation: operation)) }
            return true
        }

        private func append(
            _ expression: AggregateExpression, shifts: [CalendarOffset], to code: inout CompiledCondition
        ) -> Bool {
            guard let aggregate = Aggregate(expression.substituting(parameters: set.parameters)),
                case .window(_, let over) = expression.span
            else { return false }
            return append(aggregate, over, shifts: shifts, to: &code) { $0 }
        }

        /// `finishing` adds what was written after the names on the way here.
        private func append(
            _ aggregate: Aggregate, _ over: WindowExpression, shifts: [CalendarOffset],
            to code: inout CompiledCondition,
            finishing: (Window) -> Window
        ) -> Bool {
            switch over {
            case .fixed(let window):
                return append(Reading(aggregate, over: finishing(window), shifted: shifts), to: &code)
            case .named(let name, let includesToday, let offset):
                guard let named = set.vocabulary.windows[name] else { return false }
                return append(aggregate, named, shifts: shifts, to: &code) {
                    finishing($0.including(today: includesToday, offset: offset))
                }
            case .parameter(let name, let includesToday, let offset):
                // An offset asks what was in force then, which this set does not know.
                guard shifts.isEmpty, let window = set.windows[name]?.including(today: includesToday, offset: offset)
                else { return false }
                return append(Reading(aggregate, over: finishing(window)), to: &code)
            case .choose(let condition, let a, let b):
                guard append(condition, shifts: shifts, to: &code),
                    append(aggregate, a, shifts: shifts, to: &code, finishing: finishing),
                    append(aggregate, b, shifts: shifts, to: &code, finishing: finishing)
                else { return false }
                code.steps.append(Step(operation: .select))
                return true
            }
        }

        private func append(_ reading: Reading, to code: inout CompiledCondition) -> Bool {
            guard let place = layout.place(of: reading) else { return false }
            if !code.readings.contains(place) { code.readings.append(place) }
            let aggregate = reading.aggregate
            code.kindsRead.formUnion(aggregate.kindsRead)
            code.wholeKinds.formUnion(aggregate.kindsElsewhere.subtracting(aggregate.kindsFollowing))
            code.followingKinds.formUnion(aggregate.kindsFollowing)
            if let lead = aggregate.lead { code.lead = max(code.lead, lead) } else { code.leadIsUnknown = true }
            let unit: Int64 = aggregate.value?.type == .duration ? 1 : 1_000_000
            switch aggregate.reducer {
            case .count: code.steps.append(Step(operation: .count, first: Int64(place)))
            case .sum:
                code.steps.append(
                    Step(operation: .sum, first: Int64(place), second: aggregate.kind == .measure ? -unit : unit))
            case .mean: code.steps.append(Step(operation: .mean, first: Int64(place), second: unit))
            case .min, .max, .percentile, .distinct, .latest: return false
            }
            return true
        }
    }
}
