package import Daemon
package import Facts
import Language
import Rules

/// An own figure beside the platform's.
package enum ReconciledBody {
    package static func json(_ figure: Reconciled) -> JSONValue {
        let comparison = figure.comparison
        func number(_ fraction: Fraction?) -> JSONValue { fraction.map { JSONValue(.number($0)) } ?? .null }
        return .object([
            ("metric", .string(figure.pair.metric)), ("title", JSONValue(figure.title)),
            ("theirs_measure", .string(figure.pair.theirs)), ("standing", .string(figure.standing)),
            ("at", JSONValue(comparison?.at.description)),
            ("ours", comparison.map { JSONValue($0.ours) } ?? .null),
            ("theirs", number(comparison?.theirs)), ("difference", number(comparison?.difference)),
            ("tolerated", number(comparison?.allowance)), ("since", JSONValue(figure.since?.description)),
            ("words", JSONValue(comparison?.hindrance?.words)), ("open", JSONValue(figure.pair.open)),
            (
                "candidates",
                .array(
                    figure.candidates.map { candidate in
                        var variant: String?
                        if case .variant(let found) = candidate.cause { variant = found.id }
                        return .object([
                            ("candidate", .string(candidate.cause.word)), ("variant", JSONValue(variant)),
                            ("value", number(candidate.figure)), ("fits", .bool(candidate.fits)),
                            ("nearer", .bool(candidate.isNearer)), ("words", JSONValue(candidate.cause.words)),
                        ])
                    })
            ),
        ])
    }

    static let shape = Shape.object([
        .init("metric", .text), .init("title", .orNull(.inBothTongues)), .init("theirs_measure", .text),
        .init("standing", .text), .init("at", .orNull(.moment)), .init("ours", .figure),
        .init("theirs", .orNull(.number)), .init("difference", .orNull(.number)), .init("tolerated", .orNull(.number)),
        .init("since", .orNull(.moment)), .init("words", .orNull(.inBothTongues)),
        .init("open", .orNull(.inBothTongues)),
        .init(
            "candidates",
            .list(
                .object([
                    .init("candidate", .text), .init("variant", .orNull(.text)), .init("value", .orNull(.number)),
                    .init("fits", .truth), .init("nearer", .truth), .init("words", .orNull(.inBothTongues)),
                ]))),
    ])
}
