import Foundation
import Testing

private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

/// Holds a text that a person or a program reads against the one kept in Golden/, and says in which lines they differ.
/// Spaces at the end of a line are nobody's.
///
/// With GOLDEN=write in the environment the files are written anew, to be read before they are kept.
func expectGolden(_ found: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let found = found.lines.map(trimmed)
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
        try found.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: file, encoding: .utf8).lines.map(trimmed)
    guard found != expected else { return }
    let difference = difference(found, from: expected).joined(separator: "\n")
    Issue.record(
        "Golden/\(name) has the lines with -, the program printed those with +:\n\(difference)",
        sourceLocation: sourceLocation)
}

private func trimmed(_ line: String) -> String { String(line.reversed().drop { $0 == " " }.reversed()) }

/// `- 3: …` for what is missing, `+ 3: …` for what is there instead, by line.
private func difference(_ found: [String], from expected: [String]) -> [String] {
    found.difference(from: expected)
        .map { change -> (line: Int, text: String) in
            switch change {
            case .remove(let line, let text, _): (line, "- \(line + 1): \(text)")
            case .insert(let line, let text, _): (line, "+ \(line + 1): \(text)")
            }
        }
        .sorted { $0.line < $1.line }.map(\.text)
}

extension String {
    /// JSON with a line for every object that begins with one of these members, so that a difference is a line. The
    /// text itself stays as it was printed.
    func broken(before members: String...) -> String {
        members.reduce(self) { $0.replacing("{\"\($1)\":", with: "\n{\"\($1)\":") }
    }
}
