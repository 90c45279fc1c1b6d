import Facts

/// The numbers from `low` to `high`, both included; nil is without limit on that side.
struct Interval: Hashable {
    var low: Fraction?
    var high: Fraction?

    init(_ low: Fraction?, _ high: Fraction?) { (self.low, self.high) = (low, high) }

    /// The numbers (or microseconds) that an estimate may be; nil when it can only be missing.
    init?(_ estimate: Estimate) {
        switch estimate {
        case .exact(.number(let number)), .exact(.duration(let number)): self.init(number, number)
        case .exact: return nil
        case .range(let low, let high, _, _): self.init(low, high)
        case .anything, .undecided: self.init(nil, nil)
        }
    }

    func estimate(mayBeMissing: Bool, _ type: ValueType) -> Estimate {
        if !mayBeMissing, let low, low == high { return .exact(type == .duration ? .duration(low) : .number(low)) }
        return .range(low: low, high: high, mayBeMissing: mayBeMissing, isDuration: type == .duration)
    }

    var isPoint: Bool { low != nil && low == high }

    func union(_ other: Interval) -> Interval {
        var (least, greatest) = (low, high)
        if let mine = low { least = other.low.map { min(mine, $0) } }
        if let mine = high { greatest = other.high.map { max(mine, $0) } }
        return Interval(low == nil ? nil : least, high == nil ? nil : greatest)
    }

    var negated: Interval { Interval(high.flatMap(\.negated), low.flatMap(\.negated)) }

    func contains(_ number: Fraction) -> Bool {
        (low.map { $0 <= number } ?? true) && (high.map { number <= $0 } ?? true)
    }

    /// Whether some number of this may be below (or, `orEqual`, equal to) some number of the other.
    func mayBeBelow(_ other: Interval, orEqual: Bool) -> Bool {
        guard let low, let high = other.high else { return true }
        return low < high || orEqual && low == high
    }

    func overlaps(_ other: Interval) -> Bool {
        mayBeBelow(other, orEqual: true) && other.mayBeBelow(self, orEqual: true)
    }
}

/// A bound while it is computed: a number, or beyond all numbers on one side. Products and quotients of bounds need
/// the infinite ones to be told apart by sign.
private enum Bound {
    case below
    case number(Fraction)
    case above

    var sign: Int {
        switch self {
        case .below: -1
        case .above: 1
        case .number(let number): number == .zero ? 0 : number < .zero ? -1 : 1
        }
    }

    static func of(sign: Int) -> Bound { sign < 0 ? .below : .above }

    static func less(_ a: Bound, _ b: Bound) -> Bool {
        switch (a, b) {
        case (.below, .below), (.above, _), (_, .below): false
        case (.below, _), (_, .above): true
        case (.number(let x), .number(let y)): x < y
        }
    }

    var number: Fraction? { if case .number(let number) = self { number } else { nil } }
}

extension Interval {
    private var bounds: [Bound] { [low.map(Bound.number) ?? .below, high.map(Bound.number) ?? .above] }

    /// Each result may also be missing when `isOver`: a number did not fit, and so may others between.
    static func sum(_ a: Interval, _ b: Interval, isOver: inout Bool) -> Interval {
        func add(_ x: Fraction?, _ y: Fraction?) -> Fraction? {
            guard let x, let y else { return nil }
            guard let sum = x.adding(y) else {
                isOver = true
                return nil
            }
            return sum
        }
        return Interval(add(a.low, b.low), add(a.high, b.high))
    }

    static func product(_ a: Interval, _ b: Interval, isOver: inout Bool) -> Interval {
        var products: [Bound] = []
        for x in a.bounds {
            for y in b.bounds {
                if let p = x.number, let q = y.number {
                    guard let product = p.multiplied(by: q) else {
                        isOver = true
                        return Interval(nil, nil)
                    }
                    products.append(.number(product))
                } else {
                    // Nothing times what has no limit is nothing: the limit itself is never a value.
                    let sign = x.sign * y.sign
                    products.append(sign == 0 ? .number(.zero) : .of(sign: sign))
                }
            }
        }
        return hull(products)
    }

    /// For a divisor that is not zero. The reciprocal is taken of each side of zero by itself.
    static func quotient(_ a: Interval, _ b: Interval, isOver: inout Bool) -> Interval? {
        var result: Interval?
        let positive = Interval(b.low.map { max($0, .zero) } ?? .zero, b.high)
        if b.high.map({ $0 > .zero }) ?? true {
            result = product(a, reciprocal(positive), isOver: &isOver)
        }
        if b.low.map({ $0 < .zero }) ?? true {
            let least = b.high.flatMap { min($0, .zero).negated } ?? .zero
            let negative = Interval(least, b.low.flatMap(\.negated))
            let part = product(a, reciprocal(negative), isOver: &isOver).negated
            result = result.map { $0.union(part) } ?? part
        }
        return result
    }

    /// Of numbers above zero, the least of which may be (near) zero.
    private static func reciprocal(_ interval: Interval) -> Interval {
        let least = interval.high.flatMap { Fraction.one.divided(by: $0) } ?? .zero
        let greatest = interval.low.flatMap { $0 > .zero ? Fraction.one.divided(by: $0) : nil }
        return Interval(least, greatest)
    }

    private static func hull(_ bounds: [Bound]) -> Interval {
        let least = bounds.reduce(.above) { Bound.less($1, $0) ? $1 : $0 }
        let greatest = bounds.reduce(.below) { Bound.less($0, $1) ? $1 : $0 }
        return Interval(least.number, greatest.number)
    }
}
