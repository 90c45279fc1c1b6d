import Foundation
import TestSupport
import Testing

extension Workplace {
    func write(_ name: String, bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: file(name))) }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    /// A ledger that watches every store with the sample's pack.
    static func watchingEveryStore() throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores: [{match: "*", pack: shop}]
            """)
        return folder
    }
}

extension Program.Outcome {
    /// Ended by a signal, or by a trap of Swift's runtime that says so.
    var hasCrashed: Bool {
        status < 0 || status >= 128
            || ["Fatal error", "Program crashed", "Backtrace", "Thread 0"].contains { error.contains($0) }
    }
}

extension String {
    var lines: [String] { split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}
