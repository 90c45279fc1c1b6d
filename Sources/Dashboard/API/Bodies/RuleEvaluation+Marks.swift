package import Facts
import Language
package import Rules

extension RuleEvaluation {
    /// Both ways of counting, for programs; null where marks change nothing.
    package var marksJSON: JSONValue {
        guard let other = counterpart else { return .null }
        func side(_ standing: Standing, _ values: [(metric: String, estimate: Estimate)]) -> JSONValue {
            .object([
                ("standing", .string(standing.rawValue)),
                ("values", .object(values.map { ($0.metric, JSONValue($0.estimate)) })),
            ])
        }
        let (own, others) = (side(announced, self.values), side(other.standing, other.values))
        return .object([
            ("counted", .bool(!other.isMarked)), ("without", other.isMarked ? own : others),
            ("with", other.isMarked ? others : own),
        ])
    }
}

extension Shape {
    private static let side = Shape.object([.init("standing", .standing), .init("values", .figures)])

    static let marks = Shape.described(
        "where marks of our own people change something: both ways of counting, and which of them counts",
        .orNull(.object([.init("counted", .truth), .init("without", side), .init("with", side)])))
}
