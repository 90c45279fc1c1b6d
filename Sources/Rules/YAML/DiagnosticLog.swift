package import Language

/// Where one reading of a file puts everything it finds wrong, so that all of it is shown at once.
///
/// One per reading, used by one task.
package final class DiagnosticLog {
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    package func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
    package func add(_ more: some Sequence<Diagnostic>) { diagnostics.append(contentsOf: more) }

    package func error(_ message: String, at range: Range<Int>, in source: SourceText) {
        add(Diagnostic(.error, message, at: range, in: source))
    }

    package func warning(_ message: String, at range: Range<Int>, in source: SourceText) {
        add(Diagnostic(.warning, message, at: range, in: source))
    }

    /// In the order of the text, each once.
    package var inOrder: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return diagnostics.enumerated()
            .sorted {
                ($0.element.range.lowerBound, $0.element.range.upperBound, $0.offset)
                    < ($1.element.range.lowerBound, $1.element.range.upperBound, $1.offset)
            }
            .map(\.element)
            .filter { seen.insert($0).inserted }
    }
}
