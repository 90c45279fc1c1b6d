import Facts
import Foundation
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("What a platform changes after it was told is changed in the ledger", .timeLimit(.minutes(15)))
struct LateChangeTests {
    /// Of a store at Pinduoduo, where a dispute is a mark on the case and every change has its time.
    @Test("a dispute that begins late, and another sum of a refund")
    func refunds() async throws {
        let row = try #require(PlatformRow.all.first { $0.pack == "pinduoduo" })
        let pulled = try PulledPlatform(row, seed: 17, orders: [80])
        let history = pulled.platforms[0].history
        try await pulled.serving {
            var first = try await told(pulled)
            var (disputes, sums) = (0, 0)
            for _ in 0..<4 {
                let moment = pulled.clock.now.microseconds / 1_000_000
                pulled.clock.advance(by: .hours(25))
                let second = try await told(pulled)
                // What happened so lately that it may be shown late is of no step.
                let between = moment + 120...pulled.clock.now.microseconds / 1_000_000 - 120
                for refund in history.refunds where refund.opened < moment - 120 {
                    let id = "\(PinduoduoIDs.afterSales(refund))"
                    if let at = refund.disputedAt, between.contains(at) {
                        disputes += 1
                        #expect(first[id]?["disputed"] == "false" && second[id]?["disputed"] == "true", "\(id)")
                    }
                    if let amended = refund.amended, between.contains(amended.at), amended.before != refund.cents {
                        sums += 1
                        #expect(first[id]?["amount"] != second[id]?["amount"], "\(id)")
                        let (before, after) = (first[id]?["updated_at"] ?? "", second[id]?["updated_at"] ?? "")
                        #expect(!before.isEmpty && before < after, "\(id)")
                    }
                }
                first = second
            }
            #expect(disputes > 0 && sums > 0, "\(disputes) disputes, \(sums) sums")
        }
    }

    /// Nothing tells when a buyer changed his stars: what is shown is read again.
    @Test("other stars of a rating", arguments: PlatformRow.all.filter(\.changesRatings))
    func ratings(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 18, orders: [30])
        let history = pulled.platforms[0].history
        try await pulled.serving {
            _ = try await told(pulled)
            let moment = pulled.clock.now.microseconds / 1_000_000
            pulled.clock.advance(by: .hours(25))
            _ = try await told(pulled)
            let now = pulled.clock.now.microseconds / 1_000_000
            let changed = history.ratings.count { rating in
                rating.at < moment
                    && rating.amended.map { moment < $0.at && $0.at < now && $0.before != rating.stars }
                        ?? false
            }
            #expect(changed > 0, "no rating was changed between the pulls")
        }
    }

    /// Of a shop that deletes refunds, fills the trash with orders and takes reviews out: nothing tells when.
    @Test("what a seller deletes")
    func deletions() async throws {
        let row = try #require(PlatformRow.all.first { $0.deletes })
        let pulled = try PulledPlatform(row, seed: 19, orders: [60])
        let history = pulled.platforms[0].history
        try await pulled.serving {
            var known = try await told(pulled)
            var gone: [String: Int] = [:]
            for _ in 0..<3 {
                let moment = pulled.clock.now.microseconds / 1_000_000
                pulled.clock.advance(by: .hours(25))
                let next = try await told(pulled)
                let between = moment + 120...pulled.clock.now.microseconds / 1_000_000 - 120
                for refund in history.refunds {
                    let id = "\(WooCommerceNumbers.refund(refund.number))"
                    guard let deleted = refund.deleted, between.contains(deleted), known[id] != nil else { continue }
                    gone["refunds", default: 0] += 1
                    #expect(known[id]?["deleted"] != "true" && next[id]?["deleted"] == "true", "\(id)")
                }
                for rating in history.ratings {
                    let id = "\(WooCommerceNumbers.review(rating.number))"
                    guard let withdrawn = rating.withdrawn, between.contains(withdrawn), known[id] != nil else {
                        continue
                    }
                    gone["reviews", default: 0] += 1
                    #expect(next[id]?["excluded"] == "true", "\(id)")
                }
                known = next
            }
            #expect(gone["refunds"] != nil && gone["reviews"] != nil, "\(gone)")
            let verified = try await pulled.folder.run("verify")
            #expect(verified.status == 0, "\(verified.everything)")
        }
    }

    /// The members of all facts by id, once the ledger was found to be what happened.
    private func told(_ pulled: PulledPlatform) async throws -> [String: [String: String]] {
        let wrong = try await pulled.wrong()
        try #require(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        return Dictionary(try await pulled.ledger().filter { $0.kind != "order" }.map { ($0.id, $0.members) }) { $1 }
    }
}
