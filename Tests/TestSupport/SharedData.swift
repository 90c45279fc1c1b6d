import Foundation

/// The real datasets that stand beside the checkout, where they stand. A clone elsewhere has none.
package enum SharedData {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data")

    package static let isThere = FileManager.default.fileExists(atPath: folder.path)

    /// What a test that needs it says when it is not run.
    package static let absence = "the real datasets (../shared/data) are not beside this checkout"

    package static func path(_ name: String) -> String { folder.appending(path: name).path }

    /// A file's text, unpacked when its name ends in .gz.
    package static func text(_ name: String) throws -> String {
        guard name.hasSuffix(".gz") else { return try String(contentsOfFile: path(name), encoding: .utf8) }
        guard let gzip = Tool("gzip") else { throw Tool.Failed(description: "gzip is not installed") }
        return String(decoding: try gzip.run(["-dc", path(name)]), as: UTF8.self)
    }
}
