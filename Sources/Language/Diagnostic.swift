/// What is wrong where in something a person wrote, and what was probably meant.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable { case error, warning }

    package var severity: Severity
    package var source: SourceText
    /// UTF-8 offsets in `source`; empty points at one place.
    package var range: Range<Int>
    /// One sentence without a full stop: what is wrong and, after a semicolon, the way out.
    package var message: String
    /// The line of the source holds a secret: it is named by its number and never shown.
    package var hidesLine = false

    package init(_ severity: Severity, _ message: String, at range: Range<Int>, in source: SourceText) {
        (self.severity, self.message, self.range, self.source) = (severity, message, range, source)
    }

    package init(_ severity: Severity, _ message: String, at range: Range<Int>, in passage: Passage) {
        self.init(severity, message, at: passage.place(range), in: passage.source)
    }
}
