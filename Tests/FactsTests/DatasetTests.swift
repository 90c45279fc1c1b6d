import Facts
import Foundation
import TestSupport
import Testing

/// The real datasets that lie beside the package in some checkouts; skipped, with these words, where they are missing.
@Suite struct DatasetTests {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data")

    static let isThere = FileManager.default.isReadableFile(atPath: folder.appending(path: "olist/facts.jsonl.gz").path)

    @Test(
        "every fact of the real datasets decodes, and reads the same after encoding",
        .enabled(if: isThere, "not run: there is no ../shared/data beside the package"),
        arguments: [("olist", 199_819), ("online-retail", 25_897)])
    func dataset(name: String, count: Int) throws {
        let file = DatasetTests.folder.appending(path: "\(name)/facts.jsonl.gz").path
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", file]
        let output = Pipe()
        gzip.standardOutput = output
        try gzip.run()
        let data = try #require(try output.fileHandleForReading.readToEnd())
        gzip.waitUntilExit()
        #expect(gzip.terminationStatus == 0)

        var decoder = FactDecoder(buyerKey: BuyerKey(bytes: [1])) { _ in .unwatched }
        var facts = 0
        var bytes: [UInt8] = []
        data.withUnsafeBytes { all in
            for line in all.split(separator: UInt8(ascii: "\n")) {
                let decoded = decoder.decode(line: UnsafeRawBufferPointer(rebasing: line))
                guard case .fact(let fact) = decoded else {
                    Issue.record("\(name): \(decoded)")
                    continue
                }
                facts += 1
                guard facts % 7 == 0 else { continue }
                bytes.removeAll(keepingCapacity: true)
                FactEncoder.encode(fact, into: &bytes)
                let again = bytes.withUnsafeBytes { decoder.decode(line: $0) }
                #expect(again == .fact(fact))
            }
        }
        #expect(facts == count)
    }
}
