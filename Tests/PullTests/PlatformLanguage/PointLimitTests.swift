import Curl
import Facts
import HTTPTypes
import Language
import Rules
import Synchronization
import TestSupport
import Testing

@testable import Pull

@Suite("A limit in points is kept, and learnt from every answer")
struct PointLimitTests {
    private let start = Timestamp(seconds: 1_772_445_600)

    struct Row: Sendable, CustomTestStringConvertible {
        var (size, rate): (Int, Int)
        /// The dearest call.
        var dearest: Int
        var testDescription: String { "\(size), \(rate) a second, calls of up to \(dearest)" }
    }
    static let rows = [
        Row(size: 2000, rate: 100, dearest: 1000), Row(size: 1000, rate: 50, dearest: 1000),
        Row(size: 20_000, rate: 1000, dearest: 960), Row(size: 10, rate: 3, dearest: 7),
        // Dearer than what there ever is.
        Row(size: 100, rate: 7, dearest: 300),
    ]

    /// In parts so small that one microsecond fills `rate` of them, and a point takes a million.
    private struct Model {
        let (full, rate): (Int64, Int64)
        var (there, at): (Int64, Timestamp)

        init(_ row: Row, at: Timestamp) {
            (full, rate) = (Int64(row.size) * 1_000_000, Int64(row.rate))
            (there, self.at) = (full, at)
        }

        mutating func points(at moment: Timestamp) -> Int64 {
            there = min(full, there + (moment - at).microseconds * rate)
            at = moment
            return there / 1_000_000
        }
    }

    @Test("what a call may cost is there when it goes, however little the calls before it took", arguments: rows)
    func one(_ row: Row) {
        for seed in 1...5 as ClosedRange<UInt64> {
            var (generator, bucket, now) = (SeededGenerator(seed: seed), RateLimit.Bucket(), start)
            let limit = RateLimit(calls: row.rate, per: .seconds(1), burst: row.size)
            var model = Model(row, at: start)
            for _ in 0..<500 {
                if generator.percent(30) {
                    now = now + TimeSpan(microseconds: Int64.random(in: 0...20_000_000, using: &generator))
                }
                let cost = Int.random(in: 1...row.dearest, using: &generator)
                let place = bucket.take(limit, cost: cost, now: now)
                now = max(now, place.at)
                let there = model.points(at: now)
                #expect(there >= min(cost, row.size))
                if there < min(cost, row.size) { return }
                let spent = Int.random(in: 0...min(cost, row.size), using: &generator)
                model.there -= Int64(spent) * 1_000_000
                now = now + TimeSpan(microseconds: Int64.random(in: 0...300_000, using: &generator))
                if generator.percent(80) { bucket.settle(place, spent: spent, limit) }
            }
        }
    }

    @Test("nor when several are under way, and some that waited never go", arguments: rows)
    func several(_ row: Row) {
        for seed in 1...5 as ClosedRange<UInt64> {
            var (generator, bucket, now) = (SeededGenerator(seed: seed), RateLimit.Bucket(), start)
            let limit = RateLimit(calls: row.rate, per: .seconds(1), burst: row.size)
            var taken: [(place: RateLimit.Bucket.Place, spent: Int)] = []
            var gone: [(at: Timestamp, cost: Int, spent: Int)] = []
            for _ in 0..<300 {
                let cost = Int.random(in: 1...row.dearest, using: &generator)
                let place = bucket.take(limit, cost: cost, now: now)
                taken.append((place, Int.random(in: 0...min(cost, row.size), using: &generator)))
                guard generator.percent(40) else { continue }
                // As far as the first of them, sometimes farther.
                taken.sort { $0.place.at < $1.place.at }
                now = max(now, taken[0].place.at)
                if generator.percent(50) { now = now + TimeSpan(microseconds: 700_000) }
                for item in taken where item.place.at <= now {
                    gone.append((item.place.at, item.place.cost, item.spent))
                    bucket.settle(item.place, spent: item.spent, limit)
                }
                taken.removeAll { $0.place.at <= now }
                if let last = taken.popLast() { bucket.giveBack(last.place, limit, now: now) }
            }
            var model = Model(row, at: start)
            for call in gone.sorted(by: { $0.at < $1.at }) {
                let there = model.points(at: call.at)
                #expect(there >= call.cost)
                if there < call.cost { return }
                model.there -= Int64(call.spent) * 1_000_000
            }
        }
    }

    // MARK: What answers tell

    private let told: PullPlan.Limit.Told = {
        var told = PullPlan.Limit.Told()
        (told.asked, told.spent) = (["cost", "requested"], ["cost", "actual"])
        (told.left, told.size, told.rate) = (["cost", "left"], ["cost", "size"], ["cost", "rate"])
        return told
    }()

    private func allowance(_ stream: String, _ expected: Int) -> RateLimit.Allowance {
        RateLimit.Allowance(
            key: "shop", limit: RateLimit(calls: 100, per: .seconds(1), burst: 2000),
            points: .init(stream: stream, expected: expected, told: told))
    }

    /// One call, and what its answer tells; when it went.
    private func call(
        _ gate: RateGate, _ clock: ManualClock, _ stream: String, _ expected: Int, _ cost: String
    ) async throws -> TimeSpan {
        let allowance = allowance(stream, expected)
        let passed = try await gate.pass([allowance], isFirst: false, clock: clock)
        let answer = Reply(status: .ok, body: Array("{\"cost\": \(cost)}".utf8))
        await gate.learn(RateNews.all([allowance], in: answer, now: clock.now), passed, at: clock.now)
        return clock.now - start
    }

    @Test("a call holds back what it may cost, and gives back what it did not")
    func settles() async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        // Of 2000 the third would have to wait, had the first two taken what they might.
        for number in 1...3 {
            let at = try await call(
                gate, clock, "orders", 900, #"{"requested": 900, "actual": 100, "left": \#(2000 - number * 100)}"#)
            #expect(at == .zero)
        }
        // 1700 are left by our count. What somebody else took besides is told, and waited for.
        #expect(try await call(gate, clock, "orders", 900, #"{"actual": 100, "left": 400.9}"#) == .zero)
        #expect(try await call(gate, clock, "orders", 900, "{}") == .seconds(5))
        // That one told nothing: it counts as it was expected, though the first answers had told of 900.
        #expect(try await call(gate, clock, "orders", 1, "{}") == .seconds(14))
    }

    @Test("what a call turned out to need is waited for by the next of its stream, and by no other")
    func asked() async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        #expect(try await call(gate, clock, "lines", 10, #"{"requested": 1500, "actual": 1500, "left": 500}"#) == .zero)
        #expect(try await call(gate, clock, "orders", 400, #"{"actual": 400, "left": 100}"#) == .zero)
        #expect(try await call(gate, clock, "lines", 10, #"{"actual": 0, "left": 1500}"#) == .seconds(14))
    }

    @Test("a greater plan is used, and a smaller one kept, as soon as an answer tells of it")
    func plans() async throws {
        for (size, rate, wait) in [(20_000, "1000.0", 500_000), (1000, "50", 10_000_000), (2000, "100.0", 5_000_000)] {
            let (gate, clock) = (RateGate(), ManualClock(start))
            let all = #"{"actual": 1000, "left": 400, "size": \#(size).0, "rate": \#(rate)}"#
            #expect(try await call(gate, clock, "orders", 900, all) == .zero)
            let at = try await call(gate, clock, "orders", 900, #"{"actual": 900, "left": 0}"#)
            #expect(at == TimeSpan(microseconds: Int64(wait)), "\(size)")
            // After long it is as full as it can be.
            clock.advance(by: .hours(1))
            let before = clock.now
            for _ in 0..<(size / 500) { _ = try await call(gate, clock, "s", 500, #"{"actual": 500}"#) }
            #expect(clock.now == before)
            _ = try await call(gate, clock, "s", 500, "{}")
            #expect(clock.now > before)
        }
    }

    @Test("a call that was refused took nothing, and goes again as soon as it can be paid")
    func refused() async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        let refusal = #"{"requested": 900, "actual": null, "left": 350, "rate": 100.0}"#
        #expect(try await call(gate, clock, "orders", 900, refusal) == .zero)
        #expect(try await call(gate, clock, "orders", 900, "{}") == TimeSpan(microseconds: 5_500_000))
    }

    @Test(
        "what makes no sense in an answer changes nothing",
        arguments: [
            "{}", "null", #"{"left": "many", "rate": -1, "size": 0, "requested": 0}"#,
            #"{"rate": 0, "requested": "x"}"#,
        ])
    func nonsense(_ cost: String) async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        for _ in 0..<2 { #expect(try await call(gate, clock, "orders", 900, cost) == .zero) }
        #expect(try await call(gate, clock, "orders", 900, cost) == .seconds(7))
    }

    // MARK: Packs

    private func errors(_ limit: String) -> [String] {
        let text = """
            pack: p
            timezone: UTC
            source:
              credentials: [key]
              authorization: {header: Authorization, value: "{key}"}
              limits: [\(limit)]
              streams:
                orders: {get: /o, items: list, facts: [{kind: order, id: id}]}
                more: {get: /m, items: list, facts: [{kind: refund, id: id}]}
            """
        return PackReader.read(SourceText(name: "p.yaml", text: text), isBuiltIn: false).1
            .filter { $0.severity == .error }.map(\.message)
    }

    static let wrong = [
        ("{points: 1, per: 1s, burst: 9, cost: {orders: 3}}", "the cost of more is lacking"),
        ("{points: 1, per: 1s, burst: 9, cost: {orders: 3, more: 1, mor: 1}}", "did you mean 'more'"),
        ("{points: 1, per: 1s, burst: 9}", "what a call of each stream costs"),
        ("{points: 1, per: 1s, cost: {orders: 3, more: 1}}", "has `burst:`"),
        ("{points: 1, calls: 1, per: 1s}", "either `calls:` or `points:`"),
        ("{per: 1s}", "either `calls:` or `points:`"),
        ("{calls: 1, per: 1s, cost: {orders: 1}}", "are of a limit in points"),
        ("{calls: 1, per: 1s, told: {left: a}}", "are of a limit in points"),
    ]

    @Test("a pack that says of points what cannot be is told so", arguments: wrong)
    func pack(_ row: (limit: String, words: String)) {
        let found = errors(row.limit)
        #expect(found.contains { $0.contains(row.words) }, "\(found)")
    }

    @Test("one that says it right is taken, of all streams or of some")
    func right() {
        #expect(errors("{points: 1, per: 1s, burst: 9, cost: {orders: 3, more: 1}, told: {left: a.b}}") == [])
        #expect(errors("{points: 1, per: 1s, burst: 9, streams: [more], cost: {more: 1}}") == [])
    }
}
