import Daemon
import Facts
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("pull --plan tells what is really asked", .timeLimit(.minutes(10)))
struct CallPlanTests {
    private static let packs = ["pinduoduo", "taobao", "douyin", "kuaishou", "ebay", "shopee"]

    /// A week, in which everything is read again that is read again each week. It differs from the weeks before it: the
    /// plan may be a quarter and twenty calls off.
    @Test("the plan of a week is what the week comes to", arguments: PlatformRow.all.filter { packs.contains($0.pack) })
    func week(_ row: PlatformRow) async throws {
        var row = row
        row.more = [row.more, "every: 6h"].filter { !$0.isEmpty }.joined(separator: "\n    ")
        let pulled = try PulledPlatform(row, seed: 5, orders: [24])
        try await pulled.serving { [row] in
            try #require(try await pulled.pull().allSatisfy { $0.failure == nil })
            let assembly = try pulled.assembly()
            let plan = try await CallPlanner(assembly.fleet, at: pulled.clock.now).plan(
                from: assembly.ledger, assuming: 0)
            #expect(plan.assumed.isEmpty, "the ledger knows the store")
            let planned = Int(plan.lines.reduce(0) { $0 + $1.daily }) * 7
            let before = await pulled.platforms[0].asked.count
            let began = pulled.clock.now
            for round in 1...28 {
                pulled.clock.advance(by: began + .hours(Int64(round) * 6) - pulled.clock.now)
                for outcome in try await pulled.pull() { try #require(outcome.failure == nil, "\(outcome.words.en)") }
            }
            let asked = await pulled.platforms[0].asked.count - before
            // A plan may come out too high, by as much again at the most, and hardly too low. Refunds of eBay's come of three
            // lists, of which one has orders that are asked for one by one: the plan knows which.
            let most = row.pack == "ebay" ? asked * 8 / 5 : asked * 2
            #expect(
                planned >= asked * 3 / 4 - 20 && planned <= most + 20,
                "\(row.pack): \(asked) asked, \(planned) planned")
        }
    }
}
