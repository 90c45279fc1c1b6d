import Daemon
import Facts
import Simulation
import TestSupport
import Testing

@Suite("pull --plan tells what is really asked", .timeLimit(.minutes(10)))
struct CallPlanTests {
    /// A day of a seeded history differs from the days before it: the plan may be a quarter and ten calls off.
    @Test("the plan of a day is what a day comes to", arguments: PlatformRow.all)
    func day(_ row: PlatformRow) async throws {
        var row = row
        row.more = [row.more, "every: 2h"].filter { !$0.isEmpty }.joined(separator: "\n    ")
        let pulled = try PulledPlatform(row, seed: 5, orders: 24, days: row.days + 4)
        try await pulled.platform.serving { [row] endpoint in
            try await pulled.configure(endpoint)
            try #require(try await pulled.pull().failure == nil)
            let assembly = try Assembly.open(
                config: pulled.folder.file("goodstanding.yaml"), log: "critical", asksOthers: true)
            let plan = try await CallPlanner(assembly.fleet, at: pulled.clock.now).plan(
                from: assembly.ledger, assuming: 0)
            #expect(plan.assumed.isEmpty, "the ledger knows the store")
            let planned = Int(plan.lines.reduce(0) { $0 + $1.daily })
            // The first of these catches up.
            try await pulled.wait(.hours(2))
            try #require(try await pulled.pull().failure == nil)
            let before = await pulled.platform.asked.count
            for _ in 0..<12 {
                try await pulled.wait(.hours(2))
                let outcome = try await pulled.pull()
                try #require(outcome.failure == nil, "\(outcome.words.en)")
            }
            let asked = await pulled.platform.asked.count - before
            #expect(abs(asked - planned) <= asked / 4 + 10, "\(row.pack): \(asked) were asked, \(planned) planned")
        }
    }
}
