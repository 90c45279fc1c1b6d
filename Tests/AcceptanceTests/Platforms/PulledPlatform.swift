import Curl
import Daemon
import Facts
import Foundation
import Pull
import Rules
import Simulation
import TestSupport
import Testing

/// A store at a made-up platform, pulled through real HTTP into a real ledger by a clock that tests move.
struct PulledPlatform: Sendable {
    let row: PlatformRow
    let platform: MadeUpPlatform
    let clock: ManualClock
    let folder: Workplace

    /// The first second of the history.
    static let from: Int64 = 1_772_409_600

    init(_ row: PlatformRow, seed: UInt64, orders perDay: Int, days: Int) throws {
        self.row = row
        let clock = ManualClock(Timestamp(seconds: Self.from + Int64(row.days) * 86_400 + 43_200))
        let history = PlatformHistory(seed: seed, from: Self.from, days: days, orders: perDay)
        platform = MadeUpPlatform(row.dialect, history: history) { clock.now.microseconds / 1_000_000 }
        (self.clock, folder) = (clock, try Workplace())
    }

    func configure(_ endpoint: String) async throws {
        let given = await platform.desk.credentials
        let lines = row.credentials.compactMap { name in given[name].map { "      \(name): \"\($0)\"" } }
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - id: shop
                pack: \(row.pack)
                endpoint: \(endpoint)
                \(row.more.isEmpty ? "quarantine_limit: 10" : row.more)
                credentials:
            \(lines.joined(separator: "\n"))

            """)
    }

    /// One pull, as `goodstanding pull` does it, but for the clock.
    func pull() async throws -> Pulling.Outcome {
        var assembly = try Assembly.open(config: folder.file("goodstanding.yaml"), log: "critical", asksOthers: true)
        assembly.clock = clock
        let transport = assembly.transport()
        let pulling = Pulling(
            assembly: assembly, transport: transport, decoding: try await assembly.decoding(),
            tokens: assembly.tokenKeeper(transport), gate: RateGate())
        let subject = try #require(assembly.fleet.pullSubjects.first)
        // Waiting for a limit moves the clock on; the store's life waits meanwhile.
        await platform.setHorizon(clock.now.microseconds / 1_000_000)
        let outcome = try await pulling.pull(subject)
        await transport.shutDown()
        return outcome
    }

    /// What was asked and answered last, for who looks for what went wrong.
    func lastCall() async -> String {
        guard let call = await platform.asked.last else { return "nothing was asked" }
        let query = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        let told = await platform.told.map { "\($0.status) \($0.body.prefix(600))" } ?? "nothing"
        return
            "\(call.method) \(call.path) \(query) \(String(decoding: call.body.prefix(600), as: UTF8.self)) → \(told)"
    }

    /// The ledger's facts, by kind and id, members as texts.
    func ledger() async throws -> [String: [String: String]] {
        var known: [String: [String: String]] = [:]
        for line in try await folder.run("export").output.split(separator: "\n") {
            guard let fact = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let kind = fact["kind"] as? String, let id = fact["id"] as? String
            else { continue }
            known["\(kind) \(id)"] = fact.mapValues { value in
                if let number = value as? NSNumber, isTruth(number) {
                    return number.boolValue ? "true" : "false"
                }
                return "\(value)"
            }
        }
        return known
    }

    /// Moves the clock on, and a little farther where something happened so lately that the platform may not show it yet.
    func wait(_ span: TimeSpan) async throws {
        clock.advance(by: span)
        let lag = try lag()
        let history = await platform.desk.history
        let moments: [Int64?] =
            history.orders.flatMap { [$0.placed, $0.paid, $0.shipped, $0.delivered, $0.completed, $0.canceled] }
            + history.refunds.flatMap { [$0.opened, $0.responded, $0.intervened, $0.ended] }
            + history.ratings.map { $0.at }
        func isQuiet(_ now: Int64) -> Bool { !moments.contains { ($0 ?? 0) <= now && ($0 ?? 0) >= now - lag - 1 } }
        while !isQuiet(clock.now.microseconds / 1_000_000) { clock.advance(by: .minutes(1)) }
    }

    private func lag() throws -> Int64 {
        let assembly = try Assembly.open(config: folder.file("goodstanding.yaml"), log: "critical")
        let span = try #require(assembly.fleet.watched("shop")?.pack.pull?.lag)
        return span.microseconds / 1_000_000
    }

    /// Holds the ledger against what happened: what differs, by kind and member, with how often and an example.
    func differences() async throws -> [String] {
        let known = try await ledger()
        let moment = await platform.desk.horizon ?? clock.now.microseconds / 1_000_000
        let expected = row.truth(await platform.desk.history, moment).filter { !row.without.contains($0.kind) }
        var found: [String: [String]] = [:]
        for fact in expected {
            guard let there = known["\(fact.kind) \(fact.id)"] else {
                found["\(fact.kind) missing", default: []].append("\(fact.id): \(fact.members)")
                continue
            }
            for (name, value) in fact.members where there[name] != value {
                found["\(fact.kind).\(name)", default: []].append(
                    "\(fact.id): \(there[name] ?? "nothing") for \(value)")
            }
        }
        for kind in Set(expected.map(\.kind)) {
            let ids = Set(expected.filter { $0.kind == kind }.map { kind + " " + $0.id })
            for (name, fact) in known where name.hasPrefix(kind + " ") && !ids.contains(name) {
                found["\(kind) too many", default: []].append("\(name): \(fact)")
            }
        }
        if expected.isEmpty { found["nothing expected"] = [""] }
        return found.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.count)): \($0.value.min() ?? "")" }
    }
}

/// JSON's truths come as numbers.
private func isTruth(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
