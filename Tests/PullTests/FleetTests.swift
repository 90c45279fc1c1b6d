import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Pull
import Rules
import Synchronization
import TestSupport
import Testing

/// Three thousand stores under one application's limit, pulled by the scheduler, the gate and the puller of the daemon, in
/// a time that passes only while all wait.
@Suite("A fleet stays fresh under one application's limits", .timeLimit(.minutes(5)))
struct FleetTests {
    /// 10 calls a second; 3,000 stores of two calls each half hour need a third of it.
    private static let pack = """
        pack: fleet
        timezone: UTC
        source:
          credentials: [app, shop]
          authorization: {header: Authorization, value: "{app}"}
          limits:
            - {calls: 10, per: 1s, of: application}
            - {calls: 2, per: 1s, of: store}
          lag: 1m
          streams:
            orders:
              get: "/{shop}/orders"
              query: {from: "{from}", until: "{until}"}
              window: 1d
              items: list
              facts: [{kind: order, id: id}]
            refunds:
              get: "/{shop}/refunds"
              query: {from: "{from}", until: "{until}"}
              window: 1d
              items: list
              facts: [{kind: refund, id: id}]
        """
    private static let every = TimeSpan.minutes(30)
    private static let start = Timestamp(seconds: 1_780_000_000)

    /// A platform that answers everything at once, and remembers when it was asked.
    private final class Desk: Transport {
        private let asked = Mutex<[Int64]>([])
        private let clock: VirtualClock
        init(clock: VirtualClock) { self.clock = clock }

        func send(_ request: Request) async throws(TransportError) -> Reply {
            asked.withLock { $0.append(clock.now.microseconds) }
            return Reply(status: .ok, headers: [:], body: Array(#"{"list":[]}"#.utf8))
        }

        var moments: [Int64] { asked.withLock { $0.sorted() } }
    }

    private struct Shop: Sendable {
        var name: String
        var reach: TimeSpan
        /// Its first pull is over.
        var isFilled: Bool
    }

    private func run(_ shops: [Shop], for span: TimeSpan) async throws -> (
        desk: [Int64], finished: [String: [Timestamp]]
    ) {
        let (read, found) = PackReader.read(SourceText(name: "p.yaml", text: Self.pack), isBuiltIn: false)
        try #require(!found.contains { $0.severity == .error }, "\(found.map { $0.render() })")
        let plan = try #require(read?.pull)
        let clock = VirtualClock(Self.start, end: Self.start + span)
        let (desk, gate, finished, states) = (Desk(clock: clock), RateGate(), Finished(), States())
        var (entries, sources) = ([PullRounds.Entry](), [PlatformSource]())
        for (place, shop) in shops.enumerated() {
            let source = try #require(
                PlatformSource(
                    Store(id: shop.name, pack: "fleet", timezone: "UTC"), calendar: .utc, plan: plan,
                    endpoint: "https://fleet.example",
                    credentials: ["app": Secret("one-app"), "shop": Secret(shop.name)], reach: shop.reach,
                    decoding: decoding))
            var last: Timestamp?
            if shop.isFilled {
                // Pulled before, each at its own moment.
                let before = PullSchedule(every: Self.every).ownMoment(of: shop.name, after: Self.start) - Self.every
                var state = PullState()
                state.fingerprint = source.fingerprint
                (state.finishedRequestAt, state.updatedAfter, last) = (before, before, before)
                state.coversFrom = before - shop.reach
                states[place] = state
            }
            sources.append(source)
            entries.append(
                PullRounds.Entry(every: Self.every, name: shop.name, line: "fleet", last: last, isFilled: last != nil))
        }
        let (asked, names) = (sources, shops.map(\.name))
        let rounds = PullRounds(entries, atOnce: 200, clock: clock)
        await clock.run {
            try? await rounds.run { place in
                let puller = Puller(transport: desk, clock: clock, together: 1, gate: gate)
                var generator = SeededGenerator(seed: UInt64(place))
                let outcome = try await puller.pull(asked[place], from: states[place], using: &generator) { _ in }
                states[place] = outcome.state
                if outcome.failure == nil { finished.note(names[place], clock.now) }
                return PullRounds.End(notBefore: outcome.failure?.notBefore, isWhole: outcome.failure == nil)
            }
        }
        return (desk.moments, finished.all)
    }

    private final class States: Sendable {
        private let kept = Mutex<[Int: PullState]>([:])
        subscript(_ place: Int) -> PullState {
            get { kept.withLock { $0[place] ?? PullState() } }
            set { kept.withLock { $0[place] = newValue } }
        }
    }

    private final class Finished: Sendable {
        private let moments = Mutex<[String: [Timestamp]]>([:])
        func note(_ name: String, _ moment: Timestamp) { moments.withLock { $0[name, default: []].append(moment) } }
        var all: [String: [Timestamp]] { moments.withLock { $0 } }
    }

    /// Whichever way a second is laid over them.
    private func mostInASecond(_ moments: [Int64]) -> Int {
        var (first, most) = (0, 0)
        for (index, moment) in moments.enumerated() {
            while moments[first] <= moment - 1_000_000 { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }

    private func longestGap(_ moments: [Timestamp]) -> TimeSpan {
        zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }

    @Test(
        "3,000 stores that all begin at once are filled, and from then on none is older than its interval and a quarter"
    )
    func fleet() async throws {
        let names = (1...3000).map { "shop-\($0)" }
        let shops = names.map { Shop(name: $0, reach: $0 == "shop-7" ? .days(365) : .days(2), isFilled: false) }
        let (desk, finished) = try await run(shops, for: .hours(6))
        #expect(mostInASecond(desk) <= 10, "the limit is never passed")
        let bound = TimeSpan(microseconds: Self.every.microseconds * 5 / 4)
        for name in names {
            let moments = finished[name] ?? []
            try #require(!moments.isEmpty, "\(name) was never filled")
            // A store's own limit alone makes 730 calls of a year take six minutes.
            if name != "shop-7" {
                #expect(moments[0] < Self.start + .minutes(80), "\(name) was filled late: \(moments[0])")
            }
            #expect(longestGap(moments) <= bound, "\(name) waited \(longestGap(moments)) s")
            let last = Self.start + .hours(6) - moments[moments.count - 1]
            #expect(last <= bound, "\(name) was forgotten \(last) s ago")
        }
    }

    @Test("forty stores that are filled with a year never starve the daily pulls of the others")
    func fills() async throws {
        let old = (1...2960).map { Shop(name: "old-\($0)", reach: .days(2), isFilled: true) }
        let new = (1...40).map { Shop(name: "new-\($0)", reach: .days(365), isFilled: false) }
        let (desk, finished) = try await run(old + new, for: .hours(4))
        #expect(mostInASecond(desk) <= 10)
        let bound = TimeSpan(microseconds: Self.every.microseconds * 5 / 4)
        for shop in old {
            let moments = finished[shop.name] ?? []
            #expect(moments.count >= 5, "\(shop.name) was pulled \(moments.count) times")
            #expect(longestGap(moments) <= bound, "\(shop.name) waited \(longestGap(moments)) s")
        }
        // 29,200 calls at two fifths of seven a second take two hours and three quarters.
        let filled = new.compactMap { finished[$0.name]?.first }
        #expect(filled.count == 40, "each fill comes to its end")
        if let first = filled.min(), let last = filled.max() {
            #expect(last - first < .minutes(15), "they are filled side by side, none before the others")
        }
    }
}
