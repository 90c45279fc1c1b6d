import Alerts
import Facts
import Foundation
import Ledgers
import Notify
import TestSupport
import Testing

@testable import Daemon

@Suite("A list that has no room in one message goes on in the next")
struct NumberedMessagesTests {
    /// What people read, in the order in which it is sent.
    private func messages(_ bench: HealthBench) async throws -> [String] {
        try await bench.assembly.ledger.outbox(nil, limit: 99).reversed().filter { $0.notice.receiver == "duty" }.map {
            let body = try JSONSerialization.jsonObject(with: Data($0.notice.body)) as? [String: Any]
            return try #require((body?["text"] as? [String: Any])?["content"] as? String)
        }
    }

    @Test("of all that a first look finds nothing hides: each alert is in one of the numbered messages")
    func firstLook() async throws {
        let stores = (100..<140).map { "store-\($0)" }
        let bench = try await HealthBench(
            stores.map { "{id: \($0), pack: shop}" },
            receivers: [#"{id: duty, wecom: "http://127.0.0.1:1/robot"}"#, HealthBench.receivers[0]])
        for store in stores { try await bench.imported(bench.refunds(1...3, at: store), of: store) }
        try await bench.look(at: 0)
        let told = try await messages(bench)
        #expect(told.count > 1 && told.count < 9, "\(told.count)")
        for (place, text) in told.enumerated() {
            let first = String(text.prefix { $0 != "\n" })
            #expect(first.hasSuffix(" (\(place + 1)/\(told.count))"), "\(first)")
            #expect(text.utf8.count <= 2048 && !text.contains("… +"), "\(text)")
            #expect(text.contains("\ngoodstanding ntc_"), "\(text)")
        }
        for store in stores { #expect(told.filter { $0.contains("] \(store): ") }.count == 1, "\(store)") }
        // A program's message has room for all.
        #expect(try await bench.notices().map(\.count) == [stores.count])
    }

    @Test("what has room is one message without a number")
    func short() async throws {
        let bench = try await HealthBench(
            ["a", "b"].map { "{id: \($0), pack: shop}" },
            receivers: [#"{id: duty, wecom: "http://127.0.0.1:1/robot"}"#])
        for store in ["a", "b"] { try await bench.imported(bench.refunds(1...3, at: store), of: store) }
        try await bench.look(at: 0)
        let told = try await messages(bench)
        #expect(told.count == 1 && told[0].hasPrefix("[2 in breach at 2 stores]\n"), "\(told)")
    }
}
