/// How a condition may come out. Three-valued logic on sets: what an operation may give is what it gives for some
/// choice of its operands. At least one is possible.
package struct Outcomes: Sendable, Hashable {
    package var mayBeTrue: Bool
    package var mayBeFalse: Bool
    package var mayBeMissing: Bool

    package init(mayBeTrue: Bool, mayBeFalse: Bool, mayBeMissing: Bool) {
        (self.mayBeTrue, self.mayBeFalse, self.mayBeMissing) = (mayBeTrue, mayBeFalse, mayBeMissing)
    }

    package static let `true` = Outcomes(mayBeTrue: true, mayBeFalse: false, mayBeMissing: false)
    package static let `false` = Outcomes(mayBeTrue: false, mayBeFalse: true, mayBeMissing: false)
    package static let missing = Outcomes(mayBeTrue: false, mayBeFalse: false, mayBeMissing: true)

    var negated: Outcomes {
        Outcomes(mayBeTrue: mayBeFalse, mayBeFalse: mayBeTrue, mayBeMissing: mayBeMissing)
    }

    /// False with a false side; else missing with a missing one; else true.
    func and(_ other: Outcomes) -> Outcomes {
        Outcomes(
            mayBeTrue: mayBeTrue && other.mayBeTrue,
            mayBeFalse: mayBeFalse || other.mayBeFalse,
            mayBeMissing: mayBeMissing && (other.mayBeMissing || other.mayBeTrue) || mayBeTrue && other.mayBeMissing)
    }

    func or(_ other: Outcomes) -> Outcomes { negated.and(other.negated).negated }
}

extension Estimate {
    package init(_ outcomes: Outcomes) {
        switch outcomes {
        case .true: self = .exact(.bool(true))
        case .false: self = .exact(.bool(false))
        case .missing: self = .exact(.missing)
        default:
            self = .undecided(
                mayBeTrue: outcomes.mayBeTrue, mayBeFalse: outcomes.mayBeFalse, mayBeMissing: outcomes.mayBeMissing)
        }
    }

    /// Of a condition.
    package var outcomes: Outcomes {
        switch self {
        case .exact(.bool(let truth)): truth ? .true : .false
        case .exact: .missing
        case .undecided(let mayBeTrue, let mayBeFalse, let mayBeMissing):
            Outcomes(mayBeTrue: mayBeTrue, mayBeFalse: mayBeFalse, mayBeMissing: mayBeMissing)
        case .anything, .range: Outcomes(mayBeTrue: true, mayBeFalse: true, mayBeMissing: true)
        }
    }

    package var mayBeMissing: Bool {
        switch self {
        case .exact(let value): value == .missing
        case .range(_, _, let mayBeMissing, _), .undecided(_, _, let mayBeMissing): mayBeMissing
        case .anything: true
        }
    }

    /// Whether it may be other than missing.
    package var mayBePresent: Bool {
        switch self {
        case .exact(let value): value != .missing
        case .range, .anything: true
        case .undecided(let mayBeTrue, let mayBeFalse, _): mayBeTrue || mayBeFalse
        }
    }

    /// Without the possibility of missing; nil when nothing else is possible. Of words, strings and times that are not
    /// known nothing less than anything can be said.
    func present(_ type: ValueType) -> Estimate? {
        switch self {
        case .exact(let value): value == .missing ? nil : self
        case .range(let low, let high, _, let isDuration):
            .range(low: low, high: high, mayBeMissing: false, isDuration: isDuration)
        case .undecided(let mayBeTrue, let mayBeFalse, _):
            mayBeTrue || mayBeFalse
                ? Estimate(Outcomes(mayBeTrue: mayBeTrue, mayBeFalse: mayBeFalse, mayBeMissing: false)) : nil
        case .anything:
            switch type {
            case .number, .duration: .range(low: nil, high: nil, mayBeMissing: false, isDuration: type == .duration)
            case .bool: .undecided(mayBeTrue: true, mayBeFalse: true, mayBeMissing: false)
            case .time, .word, .string: .anything
            }
        }
    }

    /// What may be one or the other.
    package static func either(_ a: Estimate?, _ b: Estimate, _ type: ValueType) -> Estimate {
        guard let a, a != b else { return b }
        switch type {
        case .bool:
            let (left, right) = (a.outcomes, b.outcomes)
            return Estimate(
                Outcomes(
                    mayBeTrue: left.mayBeTrue || right.mayBeTrue, mayBeFalse: left.mayBeFalse || right.mayBeFalse,
                    mayBeMissing: left.mayBeMissing || right.mayBeMissing))
        case .number, .duration:
            let mayBeMissing = a.mayBeMissing || b.mayBeMissing
            guard let left = Interval(a), let right = Interval(b) else {
                guard let one = Interval(a) ?? Interval(b) else { return .exact(.missing) }
                return one.estimate(mayBeMissing: mayBeMissing, type)
            }
            return left.union(right).estimate(mayBeMissing: mayBeMissing, type)
        case .time, .word, .string: return .anything
        }
    }
}
