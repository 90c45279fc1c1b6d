package import Facts

/// What an expression evaluates to.
package enum Value: Sendable {
    /// Not known, or not defined (division by zero, an overflow, the mean of nothing).
    case missing
    case number(Fraction)
    /// Microseconds.
    case duration(Fraction)
    case time(Timestamp)
    case bool(Bool)
    case word(String)
    case string(String)
}

extension Value: Hashable {
    /// Texts are the same when they are written alike, byte by byte, as ids are.
    package static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.missing, .missing): true
        case (.number(let a), .number(let b)), (.duration(let a), .duration(let b)): a == b
        case (.time(let a), .time(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.word(let a), .word(let b)), (.string(let a), .string(let b)): a.isSameBytes(as: b)
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .missing: hasher.combine(0)
        case .number(let number), .duration(let number): hasher.combine(number)
        case .time(let moment): hasher.combine(moment)
        case .bool(let truth): hasher.combine(truth)
        case .word(let text), .string(let text): hasher.combine(text)
        }
    }
}

/// What can be said of a value when part of the facts may not be known yet.
///
/// Complete data gives `exact`. A condition is judged on the whole: it is proven only when every possibility agrees.
package enum Estimate: Sendable, Hashable {
    case exact(Value)
    /// A number (or duration) somewhere in [low, high]; nil is without limit on that side. `mayBeMissing`: or none at
    /// all.
    case range(low: Fraction?, high: Fraction?, mayBeMissing: Bool, isDuration: Bool)
    /// A condition that may come out as any of these.
    case undecided(mayBeTrue: Bool, mayBeFalse: Bool, mayBeMissing: Bool)
    /// Anything, or missing.
    case anything
}
