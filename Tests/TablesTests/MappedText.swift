import Facts
import Language
import Tables
import TestSupport
import Testing

/// A text or file read by a map to its end.
struct MappedText {
    var facts: [Fact] = []
    var rejections: [(position: String, rejection: Rejection, factsBefore: Int)] = []
    var summary: MappedSummary

    /// The line of a fact.
    func fact(_ id: String) -> String? { facts.first { $0.id == id }.map(FactEncoder.line) }

    /// Why rows were set aside, each with its place.
    var reasons: [String] { rejections.map { "\($0.position): \($0.rejection.reason)" } }

    static func read(
        _ map: String, _ text: String, name: String = "a.csv", store: String? = nil,
        modified: String = "2026-03-03T00:00:00Z"
    ) throws -> MappedText {
        try read(map, bytes: Array(text.utf8), name: name, store: store, modified: modified)
    }

    static func read(
        _ map: String, bytes: [UInt8], name: String = "a.csv", store: String? = nil,
        modified: String = "2026-03-03T00:00:00Z"
    ) throws -> MappedText {
        let (read, diagnostics) = TableMapReader.read(SourceText(name: "m.yaml", text: map))
        let map = try #require(read, "\(diagnostics.map { $0.render() })")
        let decoder = FactDecoder(buyerKey: BuyerKey(bytes: Array(repeating: 7, count: 32))) { _ in
            StoreTerms(currency: nil, labels: ["category"])
        }
        let stores = MappedFile.Stores(
            idByName: { ["旗舰店": "pdd-1"][$0] },
            calendar: { $0.hasPrefix("us") ? StoreCalendar(timezone: "America/New_York") : nil })
        var file = try MappedFile(
            FileContents(name: name, bytes: bytes, modified: Timestamp(modified)), map, store: store, decoder: decoder,
            stores: stores, now: try #require(Timestamp("2026-03-04T00:00:00Z")))
        var result = MappedText(summary: file.summary)
        while let batch = file.next() {
            result.facts += batch.facts
            result.rejections += batch.rejections
        }
        result.summary = file.summary
        return result
    }

    /// What GB18030 makes of a text, by the tables of the machine's own iconv.
    static func gb18030(_ text: String) async throws -> [UInt8] {
        try await #require(Tool("iconv")).run(["-f", "UTF-8", "-t", "GB18030"], input: Array(text.utf8))
    }
}
