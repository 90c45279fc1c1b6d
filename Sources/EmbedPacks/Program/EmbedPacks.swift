import Foundation

/// `EmbedPacks FOLDER OUTPUT NAME ENDING…`: writes the files of these endings directly in a folder into one Swift file of raw
/// strings.
@main
enum EmbedPacks {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 4 else {
            throw Failure(description: "usage: EmbedPacks FOLDER OUTPUT NAME ENDING…")
        }
        let folder = URL(filePath: arguments[1])
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { arguments[4...].contains($0.pathExtension) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        var lines = [
            "/// The files of a folder as they were when the program was built, by file name.",
            "package enum \(arguments[3]) {",
            "    package static let texts: [(name: String, text: String)] = [",
        ]
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            // One sign more than the longest run of them in the text, so that nothing in it can end the literal.
            let guards = String(repeating: "#", count: longestRun(of: "#", in: text) + 1)
            lines.append("        (\(guards)\"\(file.lastPathComponent)\"\(guards), \(guards)\"\"\"")
            lines.append(text)
            lines.append("\"\"\"\(guards)),")
        }
        lines += ["    ]", "}", ""]
        try lines.joined(separator: "\n").write(to: URL(filePath: arguments[2]), atomically: true, encoding: .utf8)
    }

    private static func longestRun(of sign: Character, in text: String) -> Int {
        var (longest, current) = (0, 0)
        for character in text {
            current = character == sign ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
}
