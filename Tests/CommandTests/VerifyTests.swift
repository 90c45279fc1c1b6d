import TestSupport
import Testing

@Suite("verify recounts facts against rollups")
struct VerifyTests {
    @Test("a ledger that only the program wrote is exact")
    func exact() async throws {
        let ended = try await Sample().folder.run("verify")
        #expect(ended.status == 0 && ended.error == "" && ended.output.contains("every bucket equals"))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var meddling: String
        var sql: String
        var words: [String]
        var testDescription: String { meddling }
    }

    static let rows: [Row] = [
        Row(
            meddling: "an order is gone", sql: "delete from orders where id = 'shop-oak/o1'",
            words: ["shop-oak", "2026-02-03"]),
        Row(
            meddling: "a refund moved by three days",
            sql: "update refunds set refunded_at = refunded_at + 3 * 86400000000 where id = 'shop-elm/r1'",
            words: ["shop-elm", "2026-02-10", "2026-02-13"]),
        Row(
            meddling: "a dispute taken back", sql: "update refunds set disputed = 0 where id = 'shop-fir/r2'",
            words: ["shop-fir", "2026-02-20"]),
    ]

    @Test(
        "what was changed behind its back is found, with store and day",
        .enabled(if: Tool.exists("sqlite3"), "sqlite3(1) is not installed"),
        arguments: rows)
    func meddled(_ row: Row) async throws {
        let sample = try await Sample()
        let sqlite = try #require(Tool("sqlite3"))
        try await sqlite.run([sample.folder.file("ledger.db"), row.sql])
        let ended = try await sample.folder.run("verify")
        #expect(ended.status == 1)
        for words in row.words { #expect(ended.error.contains(words), "\(ended.error)") }
        let others = try await sample.folder.run("verify", "--store", "silent")
        #expect(others.status == 0, "other stores are right")
    }

    @Test("a glob that fits no store is no clean bill")
    func nothing() async throws {
        let ended = try await Sample().folder.run("verify", "--store", "nobody*")
        #expect(ended.status == 64 && ended.error.contains("nobody*"))
    }
}
