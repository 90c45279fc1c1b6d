import Daemon
import Facts
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("Amazon's reports are asked for by one pull and read by another", .timeLimit(.minutes(5)))
struct AmazonReportTests {
    private func pulled() throws -> PulledPlatform {
        let row = try #require(PlatformRow.all.first { $0.pack == "amazon" })
        return try PulledPlatform(row, seed: 5, orders: [4])
    }

    /// Life goes on, and no report is waited for.
    private func once(_ pulled: PulledPlatform) async throws -> Pulling.Outcome {
        let outcome = try await pulled.pull(living: true).first
        return try #require(outcome)
    }

    private func covers(_ kind: String, _ pulled: PulledPlatform) async throws -> Bool {
        try await pulled.folder.run("explain", "--store", "shop").output.contains("\(kind) (platform): complete from")
    }

    /// How often the platform was asked for what has this in its path.
    private func asked(_ part: String, _ pulled: PulledPlatform, method: String = "GET") async -> Int {
        await pulled.platforms[0].asked.count { $0.method == method && $0.path.contains(part) }
    }

    @Test("returns count as known once their report is read, and Amazon's own figures become readings")
    func read() async throws {
        let pulled = try pulled()
        try await pulled.serving {
            let first = try await once(pulled)
            try #require(first.failure == nil, "\(first.words.en)")
            // Returns of either way of shipping, since 45 days ago in one part, and Account Health.
            #expect(first.words.en.contains("3 reports not made yet") && !first.isNotable, "\(first.words.en)")
            #expect(first.words.zh.contains("3 份报表尚未生成"), "\(first.words.zh)")
            #expect(try await covers("order", pulled))
            #expect(try await !covers("refund", pulled))
            pulled.clock.advance(by: .minutes(5))
            let second = try await once(pulled)
            try #require(second.failure == nil && second.reports.isEmpty, "\(second.words.en)")
            #expect(try await covers("refund", pulled))
            // Of what Amazon ships there is nothing: its report is canceled, and the others are fetched.
            #expect(await asked("/documents/", pulled) == 2)
            let readings = try await pulled.ledger().filter { $0.kind == "measure" }.map(\.members)
            func reading(_ name: String) -> [String?] {
                readings.filter { $0["name"] == "amazon." + name }.flatMap { [$0["value"], $0["expected"]] }
            }
            #expect(reading("account_status") == ["2", nil] && reading("account_health") == ["1", nil])
            #expect(reading("order_defect_rate") == ["0.009", "0.01"])
            #expect(reading("late_shipment_rate") == ["0.03204", "0.04"])
            #expect(reading("cancellation_rate") == ["0.005", "0.01"])
            #expect(reading("safety_complaints") == ["165", nil] && reading("document_requests") == ["0", nil])
            // What the report says nothing of is no reading.
            #expect(reading("invoice_defect_rate").isEmpty && readings.count == 11, "\(readings)")
            // Two hours later nothing is due.
            let created = await asked("/reports", pulled, method: "POST")
            pulled.clock.advance(by: .hours(2))
            #expect(try await once(pulled).failure == nil)
            #expect(await asked("/reports", pulled, method: "POST") == created)
        }
    }

    @Test("a report that Amazon cannot make is told and asked for again, and orders are pulled all the same")
    func failed() async throws {
        let pulled = try pulled()
        try await pulled.serving {
            #expect(try await once(pulled).failure == nil)
            pulled.clock.advance(by: .minutes(5))
            // A question about orders, and three about reports.
            await pulled.platforms[0].meet(Array(repeating: .failed, count: 4))
            let fatal = try await once(pulled)
            try #require(fatal.failure == nil, "\(fatal.words.en)")
            #expect(fatal.isNotable && fatal.words.en.contains("could not make the report 'returns' (FATAL)"))
            #expect(try await !covers("refund", pulled))
            pulled.clock.advance(by: .hours(1))
            let again = try #require(try await pulled.pull().first)
            #expect(again.failure == nil && again.reports.isEmpty && !again.isNotable, "\(again.words.en)")
            #expect(try await covers("refund", pulled))
            #expect(await pulled.platforms[0].desk.overruns == 0)
        }
    }
}
