import Curl
package import Daemon
package import Facts
import Foundation
package import Pull
import Rules
package import Simulation
import Synchronization
package import TestSupport

/// Stores at made-up platforms of one kind, pulled through real HTTP into one real ledger by a clock that tests move.
package struct PulledPlatform: Sendable {
    package let row: PlatformRow
    /// One for each store.
    package let platforms: [MadeUpPlatform]
    package let clock: ManualClock
    package let pace: Pace
    package let folder: Workplace
    /// All moments at which anything happens to each store, in order.
    private let moments: [[Int64]]
    private let opened = Opening()

    /// How far the clock goes on with every request.
    package final class Pace: Sendable {
        private let seconds = Mutex<Int64>(0)

        package func set(_ seconds: Int64) { self.seconds.withLock { $0 = seconds } }
        var span: TimeSpan { .seconds(seconds.withLock { $0 }) }
    }

    /// How many orders a store has on each day, or on every other day.
    package struct Trade: Sendable {
        package var orders: Int
        package var every: Int
        /// So many more on one day before the first pull.
        package var rush: Int

        package init(orders: Int, every: Int = 1, rush: Int = 0) {
            (self.orders, self.every, self.rush) = (orders, every, rush)
        }
    }

    /// What pulls: opened once, as by the daemon.
    private struct Opened: Sendable {
        var pulling: Pulling
        /// In seconds.
        var lag: Int64
    }

    private final class Opening: Sendable {
        let kept = Mutex<Opened?>(nil)
    }

    /// What kept a pull from being looked at.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// The first second of the histories.
    package static let from: Int64 = 1_772_409_600
    /// At which the first pull begins: in the middle of the day after so many.
    package static let days = 40
    package static let firstPull = from + Int64(days) * 86_400 + 43_200

    /// - Parameters:
    ///   - trades: of each store.
    ///   - days: of life after those before the first pull.
    ///   - known: what the platform knows of each store besides its keys.
    package init(
        _ row: PlatformRow, seed: UInt64, trades: [Trade], days: Int = 6, known: [String: String] = [:]
    ) throws {
        self.row = row
        let clock = ManualClock(Timestamp(seconds: Self.firstPull))
        let pace = Pace()
        let histories = trades.enumerated().map { place, trade in
            PlatformHistory(
                seed: seed + UInt64(place), from: Self.from, days: Self.days + days, orders: trade.orders,
                every: trade.every, rush: trade.rush, changesRatings: row.changesRatings, deletes: row.deletes)
        }
        // One application asks for all of them.
        let application = ApplicationLedger()
        platforms = histories.enumerated().map { place, history in
            // Each owner has tokens of its own.
            let tokens = row.dialect.credentials.filter {
                ["access_token", "refresh_token", "session"].contains($0.key)
            }
            return MadeUpPlatform(
                row.dialect, history: history,
                credentials: tokens.mapValues { $0 + "-\(place)" }.merging(known) { $1 }, application: application,
                fineClock: { clock.now.microseconds }
            ) {
                if pace.span > .zero { clock.advance(by: pace.span) }
                return clock.now.microseconds / 1_000_000
            }
        }
        moments = histories.map(\.moments)
        (self.clock, self.pace, folder) = (clock, pace, try Workplace())
    }

    /// - Parameter perDay: the orders of each store.
    package init(
        _ row: PlatformRow, seed: UInt64, orders perDay: [Int], known: [String: String] = [:]
    ) throws {
        try self.init(row, seed: seed, trades: perDay.map { Trade(orders: $0) }, known: known)
    }

    /// Serves all of them while `body` runs, with the stores configured.
    package func serving<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await serve(platforms[...], []) { endpoints in
            try await configure(endpoints)
            return try await pulling(body)
        }
    }

    private func serve<Result: Sendable>(
        _ left: ArraySlice<MadeUpPlatform>, _ endpoints: [String],
        _ body: @escaping @Sendable ([String]) async throws -> Result
    ) async throws -> Result {
        guard let platform = left.first else { return try await body(endpoints) }
        return try await platform.serving { try await serve(left.dropFirst(), endpoints + [$0], body) }
    }

    private func pulling<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        var assembly = try Assembly.open(config: folder.file("goodstanding.yaml"), log: "critical", asksOthers: true)
        assembly.clock = clock
        let transport = assembly.transport()
        let pulling = Pulling(
            assembly: assembly, transport: transport, decoding: try await assembly.decoding(),
            tokens: assembly.tokenKeeper(transport), gate: RateGate())
        guard let lag = assembly.fleet.watched(name(0))?.pack.pull?.lag else {
            throw Failure(description: "\(row.pack) pulls nothing")
        }
        opened.kept.withLock { $0 = Opened(pulling: pulling, lag: lag.microseconds / 1_000_000) }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        opened.kept.withLock { $0 = nil }
        await transport.shutDown()
        return try result.get()
    }

    private func open() throws -> Opened {
        guard let opened = opened.kept.withLock({ $0 }) else { throw Failure(description: "nothing is served") }
        return opened
    }

    package func name(_ place: Int) -> String { place == 0 ? "shop" : "small-\(place)" }

    private func configure(_ endpoints: [String]) async throws {
        var text = "database: sqlite:ledger.db\nstores:\n"
        for (place, endpoint) in endpoints.enumerated() {
            let given = await platforms[place].desk.credentials
            text += row.entry(name(place), at: endpoint, given)
        }
        try folder.write("goodstanding.yaml", text)
    }

    /// What pulls, by the clock of the test.
    package func assembly() throws -> Assembly { try open().pulling.assembly }

    /// One pull of each store, as the daemon does it, but for the clock.
    ///
    /// - Parameters:
    ///   - places: of the stores to pull; nil: all.
    ///   - living: its life goes on meanwhile; else it is held still where nothing has happened so lately that the
    ///     platform may not show it yet, as waiting for a limit moves the clock on.
    ///   - patience: how long reports are waited for, as the command does; nil: until all are read.
    package func pull(
        _ places: [Int]? = nil, living: Bool = false, patience: TimeSpan? = nil,
        committed: @Sendable (PulledPages) async -> Void = { _ in }
    ) async throws -> [Pulling.Outcome] {
        let (pulling, lag) = (try open().pulling, try open().lag)
        let subjects = Dictionary(pulling.assembly.fleet.pullSubjects.map { ($0.id, $0) }) { first, _ in first }
        var outcomes: [Pulling.Outcome] = []
        for place in places ?? Array(platforms.indices) {
            if living {
                await platforms[place].setHorizon(nil)
            } else {
                while !isQuiet(place, lag, clock.now.microseconds / 1_000_000) { clock.advance(by: .minutes(1)) }
                await platforms[place].setHorizon(clock.now.microseconds / 1_000_000)
            }
            guard let subject = subjects[name(place)] else {
                throw Failure(description: "\(name(place)) is not pulled")
            }
            if let patience {
                outcomes.append(
                    try await pulling.pull(
                        subject, patience: patience, committed: { pages, _ in await committed(pages) }))
            } else {
                outcomes.append(try await pull(subject, by: pulling, living: living))
            }
        }
        return outcomes
    }

    /// Whether nothing happened to the store so lately that it may not be shown yet.
    private func isQuiet(_ place: Int, _ lag: Int64, _ now: Int64) -> Bool {
        let moments = moments[place]
        var (low, high) = (0, moments.count)
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] < now - lag - 1 { low = middle + 1 } else { high = middle }
        }
        return low == moments.count || moments[low] > now
    }

    /// Where reports tell some of it, again until those are read that were due when the pull began.
    private func pull(_ subject: PullSubject, by pulling: Pulling, living: Bool) async throws -> Pulling.Outcome {
        var outcome = try await pulling.pull(subject)
        guard row.hasReports, !living else { return outcome }
        var idle = 0
        while outcome.failure == nil, idle < 2 {
            clock.advance(by: .minutes(2))
            outcome = try await pulling.pull(subject)
            idle = outcome.reports.isEmpty ? idle + 1 : 0
        }
        return outcome
    }

    private func pull(_ places: [Int], atOnce: Int) async throws -> [Pulling.Outcome] {
        guard atOnce > 1 else { return try await pull(places, living: true) }
        return try await withThrowingTaskGroup(of: [(Int, Pulling.Outcome)].self) { group in
            for part in 0..<atOnce {
                group.addTask {
                    var outcomes: [(Int, Pulling.Outcome)] = []
                    for (number, place) in places.enumerated() where number % atOnce == part {
                        outcomes += try await pull([place], living: true).map { (number, $0) }
                    }
                    return outcomes
                }
            }
            var found: [(Int, Pulling.Outcome)] = []
            for try await outcomes in group { found += outcomes }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// As often as it takes, as the daemon would: what was asked for goes on where it stood. Life goes on meanwhile.
    ///
    /// - Parameters:
    ///   - seed: of the chance by which requests meet the row's faults.
    ///   - tenThousand: so many of ten thousand do.
    ///   - atOnce: so many stores are pulled side by side; which of them moves the clock on first is left to chance then.
    /// - Returns: why it was never whole, for each store of which that is so.
    package func pullThroughFaults(seed: UInt64, of tenThousand: Int, atOnce: Int = 1) async throws -> [String] {
        for (place, platform) in platforms.enumerated() {
            await platform.meet(row.faults, seed: seed &* 1009 &+ UInt64(place), of: tenThousand)
        }
        var left = Array(platforms.indices)
        var failures: [String] = []
        for _ in 0..<40 where !left.isEmpty {
            let outcomes = try await pull(left, atOnce: atOnce)
            left = zip(left, outcomes).filter { $0.1.failure != nil }.map(\.0)
            failures = outcomes.compactMap { outcome in outcome.failure.map { "\(outcome.subject.en): \($0)" } }
            if !left.isEmpty { clock.advance(by: .minutes(1)) }
        }
        for platform in platforms { await platform.meet([], seed: seed, of: 0) }
        return failures
    }

    /// One pull more, and the ledger is what happened; nobody was asked more often than he allows.
    ///
    /// - Returns: what is not as it should be; empty: all is.
    package func wrong() async throws -> [String] {
        var wrong: [String] = []
        for outcome in try await pull() where outcome.failure != nil || outcome.isNotable {
            wrong.append("\(outcome.words.en)\n\(await lastCall())")
        }
        // Without a whole pull there is nothing to hold against what happened.
        if wrong.isEmpty { wrong = try await differences() }
        for (place, platform) in platforms.enumerated() {
            let overruns = await platform.desk.overruns
            if overruns > 0 { wrong.append("\(name(place)): \(overruns) requests beyond a limit") }
        }
        return wrong
    }

    /// What was asked and answered last, for who looks for what went wrong.
    package func lastCall() async -> String {
        let platform = platforms[0]
        guard let call = await platform.asked.last else { return "nothing was asked" }
        let query = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        let told = await platform.told.map { "\($0.status) \($0.body.prefix(600))" } ?? "nothing"
        return
            "\(call.method) \(call.path) \(query) \(String(decoding: call.body.prefix(600), as: UTF8.self)) → \(told)"
    }
}

extension PlatformHistory {
    /// All at which anything happened, in order.
    fileprivate var moments: [Int64] {
        var found: [Int64?] = []
        for order in orders {
            found += [
                order.placed, order.paid, order.shipped, order.delivered, order.completed, order.canceled,
                order.trashed,
            ]
        }
        for refund in refunds {
            found += [refund.opened, refund.responded, refund.intervened, refund.ended]
            found += [refund.disputedAt, refund.amended?.at, refund.deleted]
        }
        for rating in ratings { found += [rating.at, rating.amended?.at, rating.approved, rating.withdrawn] }
        return found.compactMap(\.self).sorted()
    }
}
