/// An expression as written: what stands where, before any name is looked up.
package struct Syntax: Sendable {
    package let form: Form
    /// UTF-8 offsets in the passage.
    package let range: Range<Int>
    /// How many levels lie below and including this one; the parser keeps it small, so that everything after it may
    /// recurse.
    package let depth: Int

    init(_ form: Form, _ range: Range<Int>) {
        (self.form, self.range) = (form, range)
        depth = 1 + form.parts.reduce(0) { max($0, $1.depth) }
    }

    package indirect enum Form: Sendable {
        case number(digits: String, isPercent: Bool)
        case duration(digits: String, unit: Literal.DurationUnit)
        case string(String)
        case bool(Bool)
        case name([Name])
        case aggregate(AggregateSyntax)
        case has(KindSyntax)
        case call(Function, Name, [Syntax])
        case negate(Syntax)
        case not(Syntax)
        case and(Syntax, Syntax)
        case or(Syntax, Syntax)
        case arithmetic(ArithmeticOperator, Syntax, Syntax)
        case compare(ComparisonOperator, Syntax, Syntax)
        case isMissing(Syntax)
        case isOneOf(Syntax, [Syntax])
        case offset(Syntax, CalendarOffset)
        /// Could not be read; the parser has said why.
        case invalid

        var parts: [Syntax] {
            switch self {
            case .number, .duration, .string, .bool, .name, .invalid: []
            case .aggregate(let aggregate): aggregate.parts
            case .has(let kind): kind.filter.map { [$0] } ?? []
            case .call(_, _, let arguments): arguments
            case .negate(let a), .not(let a), .isMissing(let a), .offset(let a, _): [a]
            case .and(let a, let b), .or(let a, let b), .arithmetic(_, let a, let b), .compare(_, let a, let b): [a, b]
            case .isOneOf(let a, let values): [a] + values
            }
        }
    }

    /// The name, when it is one without a dot.
    var bareName: Name? {
        if case .name(let parts) = form, parts.count == 1 { parts[0] } else { nil }
    }
}

/// A name and where it stands.
package struct Name: Sendable, Hashable {
    package let text: String
    package let range: Range<Int>
}

/// `kind ["where" expression] [span]`
package struct KindSyntax: Sendable {
    package let name: Name
    package let filter: Syntax?
    package let span: SpanSyntax?
    package let range: Range<Int>
}

package struct AggregateSyntax: Sendable {
    package let reducer: Reducer
    package let reducerName: Name
    package let value: Syntax?
    package let kind: KindSyntax
    package let rank: Syntax?

    var parts: [Syntax] {
        [value, kind.filter, rank].compactMap { $0 } + (kind.span?.parts ?? [])
    }
}

package enum SpanSyntax: Sendable {
    case window(by: Syntax, over: WindowSyntax)
    case inForce(from: Syntax, until: Syntax)

    var parts: [Syntax] {
        switch self {
        case .window(let by, let window): [by] + window.parts
        case .inForce(let from, let until): [from, until]
        }
    }
}

/// What stands after `over`, or as an entry of `windows:`.
package indirect enum WindowSyntax: Sendable {
    case fixed(length: Int, unit: Window.Unit, includesToday: Bool, offset: CalendarOffset?, range: Range<Int>)
    case named(Name, includesToday: Bool, offset: CalendarOffset?, range: Range<Int>)
    case choose(Syntax, WindowSyntax, WindowSyntax, range: Range<Int>)
    case invalid(Range<Int>)

    var range: Range<Int> {
        switch self {
        case .fixed(_, _, _, _, let range), .named(_, _, _, let range), .choose(_, _, _, let range): range
        case .invalid(let range): range
        }
    }

    /// The expressions within.
    var parts: [Syntax] {
        if case .choose(let condition, let a, let b, _) = self { [condition] + a.parts + b.parts } else { [] }
    }
}
