import Daemon
import Facts
import NIOCore

/// Prometheus' text format, handed on a piece at a time: a page over ten thousand stores is never whole in memory.
struct Exposition {
    typealias Sink = (ByteBuffer) async throws -> Void

    /// A piece is handed on once it is that long.
    static let pieceBytes = 64 << 10

    private var buffer = ByteBuffer()
    private var family: Family?
    private var isHeaded = false

    /// Samples that follow are of it. One without samples is not there at all.
    mutating func begin(_ family: Family) { (self.family, isHeaded) = (family, false) }

    mutating func sample(_ value: Double) { write("", "", value) }

    /// - Parameter labels: `name="value"`, with commas between them; see `label`.
    mutating func sample(_ labels: String, _ value: Double) { write(labels, "", value) }

    mutating func sample(_ labels: String, _ more: String, _ value: Double) { write(labels, more, value) }

    private mutating func write(_ labels: String, _ more: String, _ value: Double, ending: String = "") {
        guard let family else { return }
        if !isHeaded {
            buffer.writeString("# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind.rawValue)\n")
            isHeaded = true
        }
        buffer.writeString(family.name)
        buffer.writeString(ending)
        if !labels.isEmpty || !more.isEmpty {
            buffer.writeStaticString("{")
            buffer.writeString(labels)
            if !labels.isEmpty, !more.isEmpty { buffer.writeStaticString(",") }
            buffer.writeString(more)
            buffer.writeStaticString("}")
        }
        buffer.writeStaticString(" ")
        buffer.writeString(Self.text(value))
        buffer.writeStaticString("\n")
    }

    mutating func sample(_ labels: String, _ histogram: Histogram) {
        var count = 0
        for (index, bound) in histogram.bounds.enumerated() {
            count += histogram.counts[index]
            write(labels, "le=\"\(Self.text(bound))\"", Double(count), ending: "_bucket")
        }
        write(labels, "le=\"+Inf\"", Double(histogram.count), ending: "_bucket")
        write(labels, "", histogram.sum, ending: "_sum")
        write(labels, "", Double(histogram.count), ending: "_count")
    }

    /// Hands on what there is, once it is long enough or nothing follows.
    mutating func pour(_ sink: Sink, isLast: Bool = false) async throws {
        guard buffer.readableBytes >= (isLast ? 1 : Self.pieceBytes) else { return }
        let piece = buffer
        buffer = ByteBuffer()
        try await sink(piece)
    }

    static func label(_ name: String, _ value: String) -> String { "\(name)=\"\(escaped(value))\"" }

    /// A label's value: backslash, quote and line end are escaped.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "\\\"\n".utf8.contains($0) }) else { return text }
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    static func seconds(_ moment: Timestamp) -> Double { Double(moment.microseconds) / 1_000_000 }
}
