import Facts
import Language
import Rollups

/// Short names for typed expressions, so that a test reads nearly as the language does.
enum Build {
    static func member(_ kind: FactKind, _ name: String, ofOrder: Bool = false) -> TypedExpression {
        let member = Schema[ofOrder ? .order : kind].member(name)!  // proof: tests name members of the schema
        return TypedExpression(.member(member, of: kind, ofOrder: ofOrder), ValueType(member.type))
    }
    static func number(_ value: Int, over divisor: Int = 1) -> TypedExpression {
        let fraction = Fraction(Int128(value), over: Int128(divisor))!  // proof: no test divides by zero
        return TypedExpression(.literal(.number(fraction, isPercent: false)), .number)
    }
    static func hours(_ count: Int64) -> TypedExpression {
        TypedExpression(.literal(.duration(count, .hour)), .duration)
    }
    static func word(_ word: String) -> TypedExpression { TypedExpression(.literal(.word(word)), .word([word])) }
    static func string(_ text: String) -> TypedExpression { TypedExpression(.literal(.string(text)), .string) }
    static func not(_ a: TypedExpression) -> TypedExpression { TypedExpression(.not(a), .bool) }
    static func isMissing(_ a: TypedExpression) -> TypedExpression { TypedExpression(.isMissing(a), .bool) }
    static func and(_ a: TypedExpression, _ b: TypedExpression) -> TypedExpression {
        TypedExpression(.and(a, b), .bool)
    }
    static func or(_ a: TypedExpression, _ b: TypedExpression) -> TypedExpression { TypedExpression(.or(a, b), .bool) }
    static func compare(_ a: TypedExpression, _ comparison: ComparisonOperator, _ b: TypedExpression) -> TypedExpression
    {
        TypedExpression(.compare(comparison, a, b), .bool)
    }
    static func arithmetic(
        _ a: TypedExpression, _ operation: ArithmeticOperator, _ b: TypedExpression, _ type: ValueType
    ) -> TypedExpression { TypedExpression(.arithmetic(operation, a, b), type) }
    static func isOneOf(_ a: TypedExpression, _ words: [String]) -> TypedExpression {
        TypedExpression(.isOneOf(a, words.map { .word($0) }), .bool)
    }
    static func call(_ function: Function, _ arguments: [TypedExpression], _ type: ValueType) -> TypedExpression {
        TypedExpression(.call(function, arguments), type)
    }
    static func inFile(
        _ reducer: Reducer, of value: TypedExpression? = nil, _ kind: FactKind, where filter: TypedExpression? = nil
    ) -> TypedExpression {
        let aggregate = AggregateExpression(reducer, of: value, kind, where: filter, .orderFile)
        return TypedExpression(.aggregate(aggregate), value?.type ?? .number)
    }
    static func has(_ kind: FactKind, where filter: TypedExpression? = nil) -> TypedExpression {
        compare(inFile(.count, kind, where: filter), .greater, number(0))
    }
    static func aggregate(
        _ reducer: Reducer, of value: TypedExpression? = nil, _ kind: FactKind, where filter: TypedExpression? = nil,
        by time: TypedExpression, rank: Fraction? = nil
    ) -> Aggregate {
        let span = AggregateExpression.Span.window(by: time, over: .fixed(Window(30, .day)))
        // proof: it has a span
        return Aggregate(AggregateExpression(reducer, of: value, kind, where: filter, span, rank: rank))!
    }
}

extension Fact {
    func number(_ name: String) -> Int64? {
        let value = numbers[Schema[kind].member(name)!.slot]  // proof: tests name members of the schema
        return value == Fact.missing ? nil : value
    }
    func time(_ name: String) -> Timestamp? { number(name).map { Timestamp(microseconds: $0) } }
    func isTrue(_ name: String) -> Bool { number(name) == 1 }
    func word(_ name: String) -> String? {
        guard let index = number(name), case .word(let words) = Schema[kind].member(name)?.type else { return nil }
        return words[Int(index)]
    }
    func text(_ name: String) -> String? { texts[Schema[kind].member(name)!.slot] }  // proof: as above

    mutating func set(_ name: String, _ value: Int64?) {
        numbers[Schema[kind].member(name)!.slot] = value ?? Fact.missing  // proof: as above
    }
    mutating func set(_ name: String, text: String?) {
        texts[Schema[kind].member(name)!.slot] = text  // proof: as above
    }
}

extension StoreCalendar {
    // proof: tests name real zones
    static func zone(_ name: String) -> StoreCalendar { StoreCalendar(timezone: name)! }
}
