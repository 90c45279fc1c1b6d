import Foundation

/// What the README shows, so that tests can hold it to its word.
package enum Readme {
    package static func text() throws -> String {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
    }

    /// The fenced blocks of a language in order, each without the indent that its fence has.
    package static func blocks(of language: String) throws -> [String] {
        var blocks: [String] = []
        var (indent, lines): (Int?, [Substring]) = (nil, [])
        for line in try text().split(separator: "\n", omittingEmptySubsequences: false) {
            let stripped = line.drop { $0 == " " }
            if let depth = indent {
                if stripped == "```" {
                    blocks.append(lines.joined(separator: "\n") + "\n")
                    (indent, lines) = (nil, [])
                } else {
                    lines.append(line.dropFirst(depth))
                }
            } else if stripped == "```\(language)" {
                indent = line.count - stripped.count
            }
        }
        return blocks
    }
}
