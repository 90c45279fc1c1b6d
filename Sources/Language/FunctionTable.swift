/// Every function and reducer once, and the words of the grammar. The parser, the type checker and the manual read it.
package enum FunctionTable {
    package struct Entry: Sendable {
        package let name: String
        package let usage: String
        package let meaning: String
    }

    package static func entry(_ function: Function) -> Entry {
        let (usage, meaning): (String, String) =
            switch function {
            case .min: ("min(a, b, …)", "the least of its arguments; missing when one is")
            case .max: ("max(a, b, …)", "the greatest of its arguments; missing when one is")
            case .abs: ("abs(x)", "x without its sign")
            case .round: ("round(x[, digits])", "x to so many decimal digits (0 when left out), half away from zero")
            case .floor: ("floor(x)", "the greatest whole number not above x")
            case .if: ("if(condition, a, b)", "a where the condition holds, else b")
            case .coalesce: ("coalesce(a, b, …)", "the first of its arguments that is not missing")
            case .hour: ("hour(t)", "the hour of a time at the store, 0 to 23")
            case .weekday: ("weekday(t)", "the weekday of a time at the store, 1 (Monday) to 7")
            case .day: ("day(t)", "the number of a time's local day at the store")
            }
        return Entry(name: function.rawValue, usage: usage, meaning: meaning)
    }

    /// How many arguments a function takes.
    package static func arguments(of function: Function) -> ClosedRange<Int> {
        switch function {
        case .min, .max, .coalesce: 2...Int.max
        case .abs, .floor, .hour, .weekday, .day: 1...1
        case .round: 1...2
        case .if: 3...3
        }
    }

    package static func entry(_ reducer: Reducer) -> Entry {
        let (usage, meaning): (String, String) =
            switch reducer {
            case .count: ("count(kind …)", "how many facts; 0 of none")
            case .sum: ("sum(x of kind …)", "the sum of a number or duration; 0 of none, missing of no measure")
            case .mean:
                ("mean(x of kind …)", "the mean of a number or duration, or the share for which a condition holds")
            case .min: ("min(x of kind …)", "the least number, duration or time")
            case .max: ("max(x of kind …)", "the greatest number, duration or time")
            case .percentile: ("percentile(x of kind …, p)", "the p-th percentile by nearest rank, p above 0 up to 100")
            case .distinct: ("distinct(x of kind …)", "how many different values that are not missing")
            case .latest: ("latest(x of kind …)", "the value of the fact with the latest time")
            }
        return Entry(name: reducer.rawValue, usage: usage, meaning: meaning)
    }

    /// Which types a reducer takes; nil when it takes any.
    static func accepts(_ reducer: Reducer, _ type: ValueType) -> Bool {
        switch (reducer, type) {
        case (.distinct, _), (.latest, _): true
        case (.sum, .number), (.sum, .duration), (.mean, .number), (.mean, .duration), (.mean, .bool): true
        case (.percentile, .number), (.percentile, .duration): true
        case (.min, .number), (.min, .duration), (.min, .time), (.max, .number), (.max, .duration), (.max, .time): true
        default: false
        }
    }

    static func accepted(by reducer: Reducer) -> String {
        switch reducer {
        case .sum, .percentile: "a number or a duration"
        case .mean: "a number, a duration or a condition"
        case .min, .max: "a number, a duration or a time"
        case .count, .distinct, .latest: "any value"
        }
    }

    static func result(_ reducer: Reducer, of type: ValueType?) -> ValueType {
        switch (reducer, type) {
        case (.count, _), (.distinct, _), (_, nil), (.mean, .bool?): .number
        case (_, let type?): type
        }
    }

    /// Words that no metric, window, kind or parameter may be named.
    package static let grammarWords: Set<String> = Set(
        [
            "or", "and", "not", "in", "is", "missing", "offset", "true", "false", "of", "where", "by", "over", "from",
            "until", "week", "month", "quarter", "year", "to", "date", "including", "today", "has", "labels",
        ] + Reducer.allCases.map(\.rawValue) + Function.allCases.map(\.rawValue))
}
