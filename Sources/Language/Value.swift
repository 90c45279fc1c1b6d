package import Facts

/// What an expression evaluates to.
package enum Value: Sendable, Hashable {
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
