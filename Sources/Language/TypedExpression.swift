package import Facts

/// Text that has been understood: every name resolved, every type known. Evaluating it gives a value or missing, and
/// cannot fail.
///
/// Equal expressions have equal canonical text (`Printer`), and the other way round. Names of `kinds:` are expanded
/// into base kind and filter when an expression is typed; names of windows, parameters and metrics stay.
package struct TypedExpression: Sendable, Hashable {
    package let node: Node
    package let type: ValueType

    package init(_ node: Node, _ type: ValueType) { (self.node, self.type) = (node, type) }

    package indirect enum Node: Sendable, Hashable {
        case literal(Literal)
        /// A member of the fact at hand (or, `ofOrder`, of its order). Only inside an aggregate.
        case member(Member, of: FactKind, ofOrder: Bool)
        /// `labels.NAME` of the fact at hand (or of its order).
        case label(String, ofOrder: Bool)
        /// A parameter of the pack; its value depends on the store and the day.
        case parameter(String)
        /// A metric of the pack. Only outside aggregates.
        case metric(String)
        case aggregate(AggregateExpression)
        case negate(TypedExpression)
        case arithmetic(ArithmeticOperator, TypedExpression, TypedExpression)
        case compare(ComparisonOperator, TypedExpression, TypedExpression)
        case isMissing(TypedExpression)
        case isOneOf(TypedExpression, [Literal])
        case not(TypedExpression)
        case and(TypedExpression, TypedExpression)
        case or(TypedExpression, TypedExpression)
        case call(Function, [TypedExpression])
        /// As of so many days, weeks or months before. Only outside aggregates.
        case offset(TypedExpression, CalendarOffset)
    }
}

/// A value as written; percent and unit stay for printing, and 1% and 0.01 are different literals of equal value.
package enum Literal: Sendable, Hashable {
    /// Without the percent sign; `isPercent` divides by 100.
    case number(Fraction, isPercent: Bool)
    case duration(Int64, DurationUnit)
    case string(String)
    case word(String)
    case bool(Bool)

    package enum DurationUnit: String, Sendable, Hashable {
        case second = "s", minute = "min", hour = "h", day = "d"

        /// A hundred years: what is added to a time stays a time.
        static func longest(_ unit: DurationUnit) -> Int64 {
            switch unit {
            case .second: 36_525 * 86_400
            case .minute: 36_525 * 1440
            case .hour: 36_525 * 24
            case .day: 36_525
            }
        }
    }

    package var value: Value {
        switch self {
        case .number(let number, let isPercent):
            guard isPercent else { return .number(number) }
            return number.divided(by: Fraction(100)).map(Value.number) ?? .missing
        case .duration(let count, let unit):
            let seconds: Int128 =
                switch unit {
                case .second: 1
                case .minute: 60
                case .hour: 3600
                case .day: 86_400
                }
            return .duration(Fraction(Int128(count) * seconds * 1_000_000))
        case .string(let text): return .string(text)
        case .word(let word): return .word(word)
        case .bool(let truth): return .bool(truth)
        }
    }
}

package enum ArithmeticOperator: String, Sendable, Hashable {
    case add = "+", subtract = "-", multiply = "*", divide = "/"
}

package enum ComparisonOperator: String, Sendable, Hashable {
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
}

package enum Reducer: String, Sendable, Hashable, CaseIterable {
    case count, sum, mean, min, max, percentile, distinct, latest

    /// Kept in day buckets; the others are read from the facts.
    package var isAdditive: Bool { self == .count || self == .sum || self == .mean }
}

package enum Function: String, Sendable, Hashable, CaseIterable {
    case min, max, abs, round, floor, `if`, coalesce, hour, weekday, day
}

/// A reduction over facts of one kind.
package struct AggregateExpression: Sendable, Hashable {
    package var reducer: Reducer
    /// What is reduced; nil for `count` only. A condition under `mean` gives the share for which it holds.
    package var value: TypedExpression?
    package var kind: FactKind
    /// Of the named kind and of `where` together; nil when every fact counts.
    package var filter: TypedExpression?
    package var span: Span
    /// The second argument of `percentile`, from 0 to 100.
    package var rank: Fraction?

    package init(
        _ reducer: Reducer, of value: TypedExpression? = nil, _ kind: FactKind, where filter: TypedExpression? = nil,
        _ span: Span, rank: Fraction? = nil
    ) {
        (self.reducer, self.value, self.kind, self.filter) = (reducer, value, kind, filter)
        (self.span, self.rank) = (span, rank)
    }

    package indirect enum Span: Sendable, Hashable {
        /// No span: the facts of the order file at hand. Only inside another aggregate; `has(…)` is `count(…) > 0`.
        case orderFile
        case window(by: TypedExpression, over: WindowExpression)
        case inForce(from: TypedExpression, until: TypedExpression)
    }
}
