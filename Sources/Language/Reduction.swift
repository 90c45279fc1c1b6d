package import Facts

/// What reducers make of the values of facts, by the book and without hurry.
package enum Reduction {
    /// - Parameters:
    ///   - values: one a fact, missing ones included; for `latest` in order of (time, id).
    ///   - type: what the values are, when they are not missing; nil for `count`.
    ///   - count: how many facts, which is all that `count` reads.
    ///
    /// Each value is taken rounded once (`Evaluator.amount`). Of nothing, `count` and `sum` are 0 (`sum` of measures is
    /// missing), all others missing.
    package static func value(
        _ reducer: Reducer, of values: [Value], _ type: ValueType?, count: Int, rank: Fraction? = nil, _ kind: FactKind
    ) -> Value {
        let present = values.filter { $0 != .missing }
        switch reducer {
        case .count: return .number(Fraction(count))
        case .distinct: return present.isEmpty ? .missing : .number(Fraction(Set(present.map(rounded)).count))
        case .latest: return present.last.map(rounded) ?? .missing
        case .sum, .mean: break
        case .min, .max, .percentile:
            let sorted = present.compactMap { value in Evaluator.amount(of: value).map { (amount: $0, value: value) } }
                .sorted { $0.amount < $1.amount }
            guard let first = sorted.first, let last = sorted.last else { return .missing }
            if reducer == .min { return rounded(first.value) }
            if reducer == .max { return rounded(last.value) }
            guard let rank, let index = nearestRank(rank, of: sorted.count) else { return .missing }
            return rounded(sorted[index].value)
        }
        let amounts = present.compactMap(Evaluator.amount)
        let isDuration = type == .duration
        if amounts.isEmpty, reducer == .mean || kind == .measure { return .missing }
        let sum = amounts.reduce(Int128(0)) { $0 + Int128($1) }
        let divisor = reducer == .sum ? 1 : Int128(amounts.count)
        return Fraction(sum, over: divisor * (isDuration ? 1 : 1_000_000)).map {
            isDuration ? .duration($0) : .number($0)
        }
            ?? .missing
    }

    /// The place of the p-th percentile among `count` sorted values, by nearest rank: the ⌈p/100 × count⌉-th.
    package static func nearestRank(_ p: Fraction, of count: Int) -> Int? {
        guard count > 0, let exact = p.multiplied(by: Fraction(count)).flatMap({ $0.divided(by: Fraction(100)) }) else {
            return nil
        }
        let rank = Int(clamping: exact.roundedUp)
        return min(max(rank, 1), count) - 1
    }

    /// As an aggregate takes it of a fact.
    private static func rounded(_ value: Value) -> Value {
        switch value {
        case .number:
            Evaluator.amount(of: value).map { .number(Fraction(FixedPoint(millionths: $0))) } ?? .missing
        case .duration: Evaluator.amount(of: value).map { .duration(Fraction($0)) } ?? .missing
        case .missing, .time, .bool, .word, .string: value
        }
    }
}

extension Fraction {
    /// The least integer not below it.
    var roundedUp: Int128 {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        return remainder > 0 ? quotient + 1 : quotient
    }

    /// The greatest integer not above it.
    var roundedDown: Int128 {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
