import Daemon
import Facts
import PlatformSupport
import Pull
import Simulation
import TestSupport
import Testing

@Suite("Who pulls once waits for the reports that he asked for", .timeLimit(.minutes(5)))
struct ReportWaitTests {
    private func amazon(_ seed: UInt64) throws -> PulledPlatform {
        try PulledPlatform(try #require(PlatformRow.all.first { $0.hasReports }), seed: seed, orders: [4])
    }

    @Test("one pull brings all that there is, reports among it, and long before the time is over")
    func waits() async throws {
        let pulled = try amazon(31)
        try await pulled.serving {
            let outcome = try #require(try await pulled.pull(patience: .minutes(30)).first)
            #expect(outcome.failure == nil && outcome.reports.isEmpty && !outcome.lacksReports, "\(outcome.words.en)")
            #expect(!outcome.words.en.contains("report"), "\(outcome.words.en)")
            // Pauses of half a minute, one, two and four.
            let pauses = pulled.clock.sleeps.count
            #expect(pauses > 0)
            let differences = try await pulled.differences()
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }

    @Test("what does not come in time is told, stays asked for, and is read by a later pull")
    func impatient() async throws {
        let pulled = try amazon(32)
        try await pulled.serving {
            let outcome = try #require(try await pulled.pull(patience: .minutes(1)).first)
            #expect(outcome.failure == nil && outcome.reportsInWork > 0 && outcome.lacksReports)
            #expect(outcome.words.en.contains("did not come within 1m"), "\(outcome.words.en)")
            #expect(outcome.words.zh.contains("--wait"), "\(outcome.words.zh)")
            let asked = await pulled.platforms[0].desk.credentials["reports"]
            pulled.clock.advance(by: .minutes(3))
            let later = try #require(try await pulled.pull(patience: .minutes(30)).first)
            #expect(later.reports.isEmpty && !later.lacksReports, "\(later.words.en)")
            #expect(await pulled.platforms[0].desk.credentials["reports"] == asked, "nothing is asked for twice")
        }
    }

    @Test("where a failure ends the waiting it is told how long it was, and not how long it might have been")
    func failing() async throws {
        let pulled = try amazon(35)
        let platform = pulled.platforms[0]
        try await pulled.serving {
            let outcome = try #require(
                try await pulled.pull(patience: .minutes(30)) { pages in
                    // Of the orders, and of those of before that stand in for them.
                    if pages.finish != nil { await platform.meet([.status(403), .status(403)]) }
                }.first)
            #expect(outcome.failure != nil && outcome.reportsInWork > 0)
            #expect(outcome.words.en.contains("did not come within 30s"), "\(outcome.words.en)")
        }
    }

    @Test("who does not want to wait leaves them to a later pull, which is no failure")
    func noPatience() async throws {
        let pulled = try amazon(33)
        try await pulled.serving {
            let outcome = try #require(try await pulled.pull(patience: .zero).first)
            #expect(outcome.reportsInWork > 0 && !outcome.lacksReports)
            #expect(outcome.words.en.contains("not made yet, to be read by a later pull"), "\(outcome.words.en)")
        }
    }

    @Test("a report that the platform cannot make is a failure of the one who waits")
    func unmade() async throws {
        let pulled = try amazon(34)
        let platform = pulled.platforms[0]
        try await pulled.serving {
            _ = try await pulled.pull(patience: .zero)
            // A question about orders, and three about reports.
            await platform.meet(Array(repeating: .failed, count: 4))
            pulled.clock.advance(by: .minutes(3))
            let outcome = try #require(try await pulled.pull(patience: .minutes(30)).first)
            #expect(outcome.lacksReports, "\(outcome.words.en)")
            #expect(outcome.words.en.contains("could not make the report"), "\(outcome.words.en)")
        }
    }
}
