import Foundation
import TestSupport
import Testing

/// `rules/README.md` is all that a person has who adds a platform: nothing may be missing there, or be there alone.
@Suite("The page about adding a platform")
struct AddingPlatformTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test("shows the pack that is pulled from a real shop, letter by letter")
    func pack() throws {
        #expect(
            try Self.text("rules/README.md").contains(
                "```yaml\n" + Self.text("Tests/AcceptanceTests/Oscar/oscar.yaml") + "```\n"))
    }

    @Test("has every key and every word of source:, and none that does not exist")
    func keys() async throws {
        let printed = try await Workplace().run("schema", "pack")
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [String: Any])
        let source = try #require((schema["properties"] as? [String: Any])?["source"])
        var (keys, words): (Set<String>, Set<String>) = ([], [])
        Self.collect(source, &keys, &words)
        #expect(keys.contains("between") && words.contains("rfc3339_ms"), "the schema is read")

        let page = try Self.text("rules/README.md")
        let reference = try #require(page.range(of: "## 5."))
        var told: Set<String> = []
        for line in page[reference.upperBound...].split(separator: "\n") where line.hasPrefix("| `") {
            told.formUnion(Self.quoted(line.dropFirst(2).prefix { $0 != "|" }))
        }
        #expect(keys.subtracting(told).sorted() == [], "keys that the page lacks")
        #expect(told.subtracting(keys).subtracting(words).sorted() == [], "keys that there are not")
        #expect(
            words.subtracting(Self.quoted(page[reference.upperBound...])).sorted() == [], "words that the page lacks")
    }

    /// What stands between backticks.
    private static func quoted(_ text: some StringProtocol) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    /// Keys of objects and words of enumerations; of a mapping not the members of its kind, which the schema of facts has.
    private static func collect(_ value: Any, _ keys: inout Set<String>, _ words: inout Set<String>) {
        if let values = value as? [Any] { values.forEach { collect($0, &keys, &words) } }
        guard var object = value as? [String: Any] else { return }
        if var properties = object["properties"] as? [String: Any] {
            if properties["kind"] != nil {
                let own = ["kind", "each", "where", "unless", "all", "id", "updated_at", "labels", "needs"]
                properties = properties.filter { own.contains($0.key) }
                object["properties"] = properties
            }
            keys.formUnion(properties.keys)
        }
        words.formUnion(object["enum"] as? [String] ?? [])
        object.values.forEach { collect($0, &keys, &words) }
    }
}
