package import Facts
package import Language

extension JSONValue {
    /// An exact figure as itself; a range as its two ends, null where there is no limit; what may be anything as null.
    package init(_ estimate: Estimate) {
        self =
            switch estimate {
            case .exact(let value): JSONValue(value)
            case .range(let low, let high, _, let isDuration):
                .object([
                    ("at_least", low.map { JSONValue(isDuration ? .duration($0) : .number($0)) } ?? .null),
                    ("at_most", high.map { JSONValue(isDuration ? .duration($0) : .number($0)) } ?? .null),
                ])
            case .undecided, .anything: .null
            }
    }
}

extension Shape {
    /// A value of the language; null: missing.
    static let value = Shape.either([.number, .text, .truth, .orNull(.number)])
    static let figure = Shape.named("Figure")
    static let figureItself = Shape.described(
        "a number, a duration in seconds, a time, a truth or a word; where not all is known its ends; null: nothing is known",
        .either([
            .number, .text, .truth,
            .orNull(.object([.init("at_least", .orNull(.number)), .init("at_most", .orNull(.number))])),
        ]))
    static let figures = Shape.described("by metric", .map(.figure))
}
