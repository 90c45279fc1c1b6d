import Daemon
import Facts
import Foundation
import PlatformSupport
import Pull
import Simulation
import TestSupport
import Testing

@Suite("Amazon's reports are asked for by one pull and read by another", .timeLimit(.minutes(5)))
struct AmazonReportTests {
    private func pulled(known: [String: String] = [:]) throws -> PulledPlatform {
        let row = try #require(PlatformRow.all.first { $0.pack == "amazon" })
        return try PulledPlatform(row, seed: 5, orders: [4], known: known)
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
                .filter { $0["name"]?.hasPrefix("amazon.") ?? false }
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

    @Test("where the role for reports lacks orders are good, and what reports tell is unknown until it is there")
    func role() async throws {
        let pulled = try pulled(known: ["roles": "orders"])
        try await pulled.serving {
            let first = try await once(pulled)
            try #require(first.failure == nil, "\(first.words.en)")
            #expect(first.words.en.contains("without returns: the platform says Unauthorized"), "\(first.words.en)")
            #expect(first.words.en.contains("their rights") && !first.words.en.contains("is over"))
            #expect(try await covers("order", pulled))
            #expect(try await !covers("refund", pulled))
            // Nobody can tell before a new token is refused too, and one is enough.
            #expect(await asked("/auth/o2/token", pulled, method: "POST") == 2)
            await pulled.platforms[0].set("roles", "all")
            pulled.clock.advance(by: .hours(1))
            let again = try #require(try await pulled.pull().first)
            #expect(again.failure == nil && again.reports.isEmpty, "\(again.words.en)")
            #expect(try await covers("refund", pulled))
        }
    }

    @Test("where nobody answers to the new orders those of v0 are pulled, and what they do not tell is unknown")
    func older() async throws {
        let pulled = try pulled(known: ["orders": "v0"])
        try await pulled.serving {
            let outcome = try #require(try await pulled.pull().first)
            try #require(outcome.failure == nil, "\(outcome.words.en)")
            let orders = try await pulled.ledger().filter { $0.kind == "order" }.map(\.members)
            #expect(orders.count > 100 && orders.allSatisfy { $0["placed_at"] != nil && $0["status"] != nil })
            let rules = try await pulled.folder.run(
                "check", "--format", "json", "--at", pulled.clock.now.description)
            let page = try #require(try JSONSerialization.jsonObject(with: Data(rules.output.utf8)) as? [String: Any])
            let found = try #require((page["stores"] as? [[String: Any]])?.first?["rules"] as? [[String: Any]])
            let unknown = found.filter { $0["standing"] as? String == "unknown" }
            let names = Set(unknown.compactMap { $0["rule"] as? String })
            #expect(names.contains { $0.contains("late") } && "\(unknown)".contains("orders of v0"), "\(found)")
            #expect(!names.contains("return-dissatisfaction"), "\(names)")
            // Once the new ones are given, all that they tell is known of all orders.
            await pulled.platforms[0].set("orders", "new")
            pulled.clock.advance(by: .hours(6))
            let given = try #require(try await pulled.pull().first)
            try #require(given.failure == nil && given.refused.isEmpty, "\(given.words.en)")
            #expect(try await pulled.differences() == [])
        }
    }

    @Test("where there is no other token it lacks a right, as it was good for the list before")
    func given() async throws {
        try await TokenPlace.at("amazon") { place in
            await place.platform.set("roles", "orders")
            await place.platform.set("until of Atza|given", "9999999999")
            let text = try String(contentsOfFile: place.folder.file("goodstanding.yaml"), encoding: .utf8)
            try place.folder.write("goodstanding.yaml", text + "      access_token: \"Atza|given\"\n")
            let outcome = try await place.pull(try await place.process())
            #expect(outcome.failure == nil && !outcome.words.en.contains(" 0 facts"), "\(outcome.words.en)")
            #expect(outcome.words.en.contains("without returns"), "\(outcome.words.en)")
            // A token that is over is told as such: the list that it was asked for first is not given either.
            await place.platform.set("until of Atza|given", "0")
            place.clock.advance(by: .hours(2))
            let over = try await place.pull(try await place.process())
            #expect(over.failure?.error.needsPerson ?? false, "\(over.words.en)")
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
