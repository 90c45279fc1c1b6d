import Foundation
import Testing

/// One thing has one name in Chinese: what the README's table says, and none of the words that once stood beside it.
@Test("no other Chinese word stands for what has one", arguments: ["准入", "标准", "接入源"])
func oneChineseWord(_ other: String) throws {
    let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let files =
        FileManager.default.enumerator(
            at: package.appending(path: "Sources"), includingPropertiesForKeys: nil)?
        .compactMap { $0 as? URL }.filter { ["swift", "mustache"].contains($0.pathExtension) } ?? []
    let found = try files.filter { try String(contentsOf: $0, encoding: .utf8).contains(other) }
    #expect(files.count > 500 && found.map(\.lastPathComponent) == [])
}
