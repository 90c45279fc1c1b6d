import Facts
import Language
import Rollups
import Testing

/// Metrics, windows, kinds and conditions written as a pack writes them.
enum PackText {
    static func passage(_ text: String) -> Passage { Passage(SourceText(name: "test", text: text)) }

    static func vocabulary(
        _ metrics: KeyValuePairs<String, String> = [:], windows: KeyValuePairs<String, String> = [:],
        kinds: KeyValuePairs<String, String> = [:], parameters: [String: ParameterType] = [:]
    ) throws -> Vocabulary {
        func declarations(_ pairs: KeyValuePairs<String, String>) -> [Declaration] {
            pairs.map { Declaration(name: $0.key, place: passage($0.key), text: passage($0.value)) }
        }
        let (vocabulary, diagnostics) = TypeChecker.check(
            Declarations(
                labels: ["category"], parameters: parameters, windows: declarations(windows),
                kinds: declarations(kinds),
                metrics: declarations(metrics)))
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
        return vocabulary
    }

    static func condition(_ text: String, _ vocabulary: Vocabulary) throws -> TypedExpression {
        let (expression, diagnostics) = vocabulary.expression(passage(text))
        return try #require(expression, "\(text): \(diagnostics.map(\.message))")
    }

    /// One aggregate with its window.
    static func aggregate(_ text: String) throws -> Aggregate {
        let set = MetricSet(vocabulary: try vocabulary(["m": text]))
        try #require(set.readings.count == 1)
        return set.readings[0].aggregate
    }
}
