import Facts
package import Simulation
import TestSupport

/// A busy store and small ones side by side, pulled each day while life goes on and everything goes wrong that may.
package struct PlatformYear: Sendable {
    /// How much of it there is.
    package struct Scale: Sendable {
        /// Of pulls after the first one, which finds forty days.
        package var days: Int
        /// Orders a day at the busy store. A small one has one on each day or on every other.
        package var busy: Int
        package var small: Int
        /// After so many days each the ledger is held against what happened; it is at the end in any case.
        package var lookEvery: Int
        /// So many stores are pulled side by side.
        package var atOnce: Int

        package init(days: Int, busy: Int, small: Int, lookEvery: Int, atOnce: Int = 1) {
            (self.days, self.busy, self.small, self.lookEvery) = (days, busy, small, lookEvery)
            self.atOnce = atOnce
        }

        /// A year in all, at thirty-one stores.
        package static let year = Scale(days: 325, busy: 80, small: 30, lookEvery: 65, atOnce: 2)
    }

    /// What came of it.
    package struct Outcome: Sendable {
        /// What happened at the stores until the end.
        package var orders = 0
        /// In the ledger at the end.
        package var facts = 0
        package var requests = 0
        package var met: [PlatformFault: Int] = [:]
        /// What is not as it should be; empty: all is.
        package var wrong: [String] = []
    }

    private let pulled: PulledPlatform
    private let scale: Scale
    private let seed: UInt64

    package init(_ row: PlatformRow, _ scale: Scale, seed: UInt64) throws {
        let small = (0..<scale.small).map { PulledPlatform.Trade(orders: 1, every: 1 + $0 % 2) }
        (self.scale, self.seed) = (scale, seed)
        // A day of sales fills more than a page, also where a question is about half of it. Life goes on beyond the last pull.
        pulled = try PulledPlatform(
            row, seed: seed, trades: [PulledPlatform.Trade(orders: scale.busy, rush: 300)] + small, days: scale.days + 3
        )
    }

    /// - Parameter told: the day that is over, from 0 to the scale's last.
    package func run(told: @escaping @Sendable (Int) -> Void = { _ in }) async throws -> Outcome {
        try await pulled.serving {
            var outcome = Outcome()
            for day in 0...scale.days where outcome.wrong.isEmpty {
                outcome.wrong = try await pull(day)
                let isLook = day == scale.days || day > 0 && day.isMultiple(of: scale.lookEvery)
                if isLook, outcome.wrong.isEmpty {
                    // What is read once a day at the most is due then.
                    pulled.clock.advance(by: .hours(25))
                    outcome.wrong = try await pulled.wrong()
                }
                outcome.wrong = outcome.wrong.map { "day \(day): \($0)" }
                for platform in pulled.platforms { await platform.forgetAsked() }
                told(day)
            }
            // What never went wrong at the busy store, whose lists have many pages, proves nothing.
            let met = await pulled.platforms[0].met
            if outcome.wrong.isEmpty {
                outcome.wrong = pulled.row.faults.filter { met[$0] == nil }.map { "the busy store never met \($0)" }
            }
            let now = pulled.clock.now.microseconds / 1_000_000
            for platform in pulled.platforms {
                outcome.orders += platform.history.orders(at: now).count
                outcome.requests += await platform.requests
                outcome.met.merge(await platform.met) { $0 + $1 }
            }
            outcome.facts = try await pulled.ledger().count
            return outcome
        }
    }

    /// The daily pull: what happened is shown as late as it may be, and each request may go wrong.
    private func pull(_ day: Int) async throws -> [String] {
        var generator = SeededGenerator(seed: seed &+ UInt64(day) &* 7919)
        // Not at the same time each day.
        let minutes = day == 0 ? 0 : Int64.random(in: -240...240, using: &generator)
        let moment = Timestamp(seconds: PulledPlatform.firstPull + Int64(day) * 86_400 + minutes * 60)
        if moment > pulled.clock.now { pulled.clock.advance(by: moment - pulled.clock.now) }
        let lateness = pulled.row.dialect.lateness
        for platform in pulled.platforms {
            await platform.setDelay(Int64.random(in: 0...lateness, using: &generator))
        }
        // Each fault once, at one store after the other, and then by chance.
        let place = day % pulled.platforms.count
        await pulled.platforms[place].meet(pulled.row.faults)
        return try await pulled.pullThroughFaults(seed: seed &+ UInt64(day), of: 200, atOnce: scale.atOnce)
    }
}
