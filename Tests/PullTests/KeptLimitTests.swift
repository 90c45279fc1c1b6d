import Curl
import Facts
import Language
import Pull
import Rules
import Synchronization
import TestSupport
import Testing

@Suite("A day's limit outlives the process")
struct KeptLimitTests {
    private func source(_ per: String) throws -> PlatformSource {
        let pack = """
            pack: day
            timezone: UTC
            source:
              credentials: [key]
              authorization: {header: Authorization, value: "{key}"}
              limits: [{calls: 10, per: \(per), of: application}]
              streams:
                orders: {get: /o, items: list, facts: [{kind: order, id: id}]}
            """
        let (read, found) = PackReader.read(SourceText(name: "p.yaml", text: pack), isBuiltIn: false)
        try #require(!found.contains { $0.severity == .error }, "\(found.map { $0.render() })")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "day", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://shop.example", credentials: ["key": Secret("made-up")], reach: .days(1),
                decoding: decoding))
    }

    private final class Disk: Sendable {
        private let kept = Mutex<[String: Timestamp]>([:])
        var levels: [String: Timestamp] { kept.withLock { $0 } }
        func keep(_ levels: [String: Timestamp]) { kept.withLock { $0 = levels } }
    }

    /// When the call of a process that begins now goes.
    private func call(_ source: PlatformSource, _ clock: ManualClock, _ disk: Disk) async throws -> Timestamp {
        let gate = RateGate(kept: KeptLimits(levels: disk.levels)) { disk.keep($0.levels) }
        let transport = CannedTransport([reply(200, #"{"list":[]}"#)])
        var state = PullState()
        state.fingerprint = source.fingerprint
        (state.finishedRequestAt, state.updatedAfter) = (clock.now, clock.now)
        var generator = SeededGenerator(seed: 1)
        let outcome = try await Puller(transport: transport, clock: clock, gate: gate).pull(
            source, from: state, using: &generator
        ) { _ in }
        try #require(outcome.failure == nil && transport.requests.count == 1)
        return clock.now
    }

    @Test("what a former process used of a day is not used again; of a minute nothing is kept")
    func restart() async throws {
        let (clock, disk) = (ManualClock(), Disk())
        let began = clock.now
        let daily = try source("1d")
        #expect(try await call(daily, clock, disk) == began)
        #expect(!disk.levels.isEmpty, "it is written down before the call goes")
        #expect(!disk.levels.keys.contains { $0.contains("made-up") }, "a key is no name")
        // One may come at once, and nine more are spread over the day: one in 9600 s.
        #expect(try await call(daily, clock, disk) == began + .seconds(9600))
        let nothing = Disk()
        let minute = try source("60s")
        _ = try await call(minute, ManualClock(), nothing)
        #expect(nothing.levels.isEmpty)
    }

    @Test("a level that a wrong clock left in the far future holds nobody up for longer than a day")
    func wrongClock() async throws {
        let (clock, disk) = (ManualClock(), Disk())
        let began = clock.now
        let daily = try source("1d")
        _ = try await call(daily, clock, disk)
        disk.keep(disk.levels.mapValues { _ in began + .days(4000) })
        let at = try await call(daily, clock, disk)
        #expect(at > began && at <= began + .days(2), "\(at)")
    }
}
