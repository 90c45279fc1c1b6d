import Curl
import Daemon
import Facts
import Foundation
import Pull
import Rules
import Simulation
import Synchronization
import TestSupport
import Testing

/// Stores at made-up platforms of one kind, pulled through real HTTP into one real ledger by a clock that tests move.
struct PulledPlatform: Sendable {
    let row: PlatformRow
    /// One for each store.
    let platforms: [MadeUpPlatform]
    let clock: ManualClock
    let pace: Pace
    let folder: Workplace
    /// Of all pulls, as in a daemon.
    let gate = RateGate()

    /// How far the clock goes on with every request.
    final class Pace: Sendable {
        private let seconds = Mutex<Int64>(0)

        func set(_ seconds: Int64) { self.seconds.withLock { $0 = seconds } }
        var span: TimeSpan { .seconds(seconds.withLock { $0 }) }
    }

    /// The first second of the histories.
    static let from: Int64 = 1_772_409_600
    /// At which the first pull begins: in the middle of the day after so many.
    static let days = 40
    static let firstPull = from + Int64(days) * 86_400 + 43_200

    /// - Parameters:
    ///   - orders: a day, of each store.
    ///   - known: what the platform knows of each store besides its keys.
    init(_ row: PlatformRow, seed: UInt64, orders perDay: [Int], known: [String: String] = [:]) throws {
        self.row = row
        let clock = ManualClock(Timestamp(seconds: Self.firstPull))
        let pace = Pace()
        platforms = perDay.enumerated().map { place, orders in
            let history = PlatformHistory(
                seed: seed + UInt64(place), from: Self.from, days: Self.days + 6, orders: orders)
            // Each owner has tokens of its own.
            let tokens = row.dialect.credentials.filter {
                ["access_token", "refresh_token", "session"].contains($0.key)
            }
            return MadeUpPlatform(
                row.dialect, history: history, credentials: tokens.mapValues { $0 + "-\(place)" }.merging(known) { $1 }
            ) {
                if pace.span > .zero { clock.advance(by: pace.span) }
                return clock.now.microseconds / 1_000_000
            }
        }
        (self.clock, self.pace, folder) = (clock, pace, try Workplace())
    }

    /// Serves all of them while `body` runs, with the stores configured.
    func serving(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await serve(platforms[...], []) { endpoints in
            try await configure(endpoints)
            try await body()
        }
    }

    private func serve(
        _ left: ArraySlice<MadeUpPlatform>, _ endpoints: [String],
        _ body: @escaping @Sendable ([String]) async throws -> Void
    ) async throws {
        guard let platform = left.first else { return try await body(endpoints) }
        try await platform.serving { try await serve(left.dropFirst(), endpoints + [$0], body) }
    }

    private func name(_ place: Int) -> String { place == 0 ? "shop" : "small-\(place)" }

    private func configure(_ endpoints: [String]) async throws {
        var text = "database: sqlite:ledger.db\nstores:\n"
        for (place, endpoint) in endpoints.enumerated() {
            let given = await platforms[place].desk.credentials
            let credentials = row.credentials.compactMap { name in given[name].map { "      \(name): \"\($0)\"\n" } }
            text += "  - id: \(name(place))\n    pack: \(row.pack)\n    endpoint: \(endpoint)\n"
            if !row.more.isEmpty { text += "    \(row.more)\n" }
            text += "    credentials:\n" + credentials.joined()
        }
        try folder.write("goodstanding.yaml", text)
    }

    /// One pull of each store, as `goodstanding pull` does it, but for the clock.
    ///
    /// - Parameter living: its life goes on meanwhile; else it is held still where nothing has happened so lately that the
    ///   platform may not show it yet, as waiting for a limit moves the clock on.
    func pull(living: Bool = false) async throws -> [Pulling.Outcome] {
        var assembly = try Assembly.open(config: folder.file("goodstanding.yaml"), log: "critical", asksOthers: true)
        assembly.clock = clock
        let transport = assembly.transport()
        let pulling = Pulling(
            assembly: assembly, transport: transport, decoding: try await assembly.decoding(),
            tokens: assembly.tokenKeeper(transport), gate: gate)
        let lag = try lag()
        var outcomes: [Pulling.Outcome] = []
        for (place, platform) in platforms.enumerated() {
            if living {
                await platform.setHorizon(nil)
            } else {
                let moments = await platform.desk.history.moments
                func isQuiet(_ now: Int64) -> Bool { !(now - lag - 1...now).contains(where: moments.contains) }
                while !isQuiet(clock.now.microseconds / 1_000_000) { clock.advance(by: .minutes(1)) }
                await platform.setHorizon(clock.now.microseconds / 1_000_000)
            }
            let subject = assembly.fleet.pullSubjects.first { $0.id == name(place) }
            outcomes.append(try await pull(try #require(subject), by: pulling, living: living))
        }
        await transport.shutDown()
        return outcomes
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

    /// What was asked and answered last, for who looks for what went wrong.
    func lastCall() async -> String {
        let platform = platforms[0]
        guard let call = await platform.asked.last else { return "nothing was asked" }
        let query = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        let told = await platform.told.map { "\($0.status) \($0.body.prefix(600))" } ?? "nothing"
        return
            "\(call.method) \(call.path) \(query) \(String(decoding: call.body.prefix(600), as: UTF8.self)) → \(told)"
    }

    /// How late the platform may show what happened, in seconds.
    func lag() throws -> Int64 {
        let assembly = try Assembly.open(config: folder.file("goodstanding.yaml"), log: "critical")
        let span = try #require(assembly.fleet.watched("shop")?.pack.pull?.lag)
        return span.microseconds / 1_000_000
    }

    // MARK: What came of it

    /// The ledger's facts, by store, kind and id, members as texts.
    func ledger() async throws -> [String: [String: String]] {
        var known: [String: [String: String]] = [:]
        for line in try await folder.run("export").output.split(separator: "\n") {
            guard let fact = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let kind = fact["kind"] as? String, let id = fact["id"] as? String, let store = fact["store"] as? String
            else { continue }
            known["\(store) \(kind) \(id)"] = fact.mapValues { value in
                if let number = value as? NSNumber, isTruth(number) {
                    return number.boolValue ? "true" : "false"
                }
                return "\(value)"
            }
        }
        return known
    }

    /// Holds the ledger against what happened: what differs, by kind and member, with how often and an example.
    func differences() async throws -> [String] {
        let known = try await ledger()
        var found: [String: [String]] = [:]
        for (place, platform) in platforms.enumerated() {
            let moment = await platform.desk.horizon ?? clock.now.microseconds / 1_000_000
            let expected = row.truth(await platform.desk.history, moment).filter { !row.without.contains($0.kind) }
            if expected.isEmpty { found["nothing expected", default: []].append(name(place)) }
            for fact in expected {
                guard let there = known["\(name(place)) \(fact.kind) \(fact.id)"] else {
                    found["\(fact.kind) missing", default: []].append("\(name(place)) \(fact.id): \(fact.members)")
                    continue
                }
                for (member, value) in fact.members where there[member] != value {
                    found["\(fact.kind).\(member)", default: []].append(
                        "\(name(place)) \(fact.id): \(there[member] ?? "nothing") for \(value)")
                }
            }
            let ids = Set(expected.map { "\(name(place)) \($0.kind) \($0.id)" })
            for kind in Set(expected.map(\.kind)) {
                for (id, fact) in known where id.hasPrefix("\(name(place)) \(kind) ") && !ids.contains(id) {
                    found["\(kind) too many", default: []].append("\(id): \(fact)")
                }
            }
        }
        return found.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.count)): \($0.value.min() ?? "")" }
    }
}

extension PlatformHistory {
    /// All at which anything happened.
    fileprivate var moments: Set<Int64> {
        Set(
            orders.flatMap {
                [$0.placed, $0.paid, $0.shipped, $0.delivered, $0.completed, $0.canceled].compactMap(\.self)
            }
                + refunds.flatMap { [$0.opened, $0.responded, $0.intervened, $0.ended].compactMap(\.self) }
                + ratings.map(\.at))
    }
}

/// JSON's truths come as numbers.
private func isTruth(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
