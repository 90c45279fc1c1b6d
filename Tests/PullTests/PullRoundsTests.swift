import Facts
import Pull
import Synchronization
import TestSupport
import Testing

@Suite("Rounds of many sources", .timeLimit(.minutes(2)))
struct PullRoundsTests {
    private static let start = Timestamp(seconds: 1_780_000_000)

    /// When each round began and ended, by the place of its source.
    private final class Log: Sendable {
        private let kept = Mutex<[(place: Int, began: Timestamp, ended: Timestamp)]>([])

        func note(_ place: Int, _ began: Timestamp, _ ended: Timestamp) {
            kept.withLock { $0.append((place, began, ended)) }
        }

        subscript(_ place: Int) -> [(place: Int, began: Timestamp, ended: Timestamp)] {
            kept.withLock { $0.filter { $0.place == place } }
        }

        /// The most rounds that were under way at once, of these sources.
        func most(_ places: some Sequence<Int>) -> Int {
            let wanted = Set(places)
            let rounds = kept.withLock { $0.filter { wanted.contains($0.place) } }
            return rounds.map { one in rounds.count { $0.began <= one.began && one.began < $0.ended } }.max() ?? 0
        }
    }

    private func run(
        _ entries: [PullRounds.Entry], atOnce: Int, for span: TimeSpan,
        _ pull: @escaping @Sendable (Int, VirtualClock) async throws -> PullRounds.End
    ) async -> Log {
        let (clock, log) = (VirtualClock(Self.start, end: Self.start + span), Log())
        await clock.run {
            try? await PullRounds(entries, atOnce: atOnce, clock: clock).run { place in
                let began = clock.now
                let end = try await pull(place, clock)
                log.note(place, began, clock.now)
                return end
            }
        }
        return log
    }

    private func entry(_ name: String?, _ line: String, every: TimeSpan, last: Timestamp? = nil, isFilled: Bool? = nil)
        -> PullRounds.Entry
    {
        PullRounds.Entry(every: every, name: name, line: line, last: last, isFilled: isFilled ?? (last != nil))
    }

    @Test("a source that hangs for an hour delays no other, of its platform or of another one")
    func slow() async {
        let entries = (0..<20).map { entry("s\($0)", $0 < 10 ? "a" : "b", every: .minutes(10)) }
        let log = await run(entries, atOnce: 3, for: .hours(3)) { place, clock in
            try await clock.sleep(until: clock.now + (place == 0 ? .hours(1) : .seconds(2)))
            return PullRounds.End(isWhole: true)
        }
        for place in 1..<20 {
            #expect(log[place].count >= 17, "\(place): \(log[place].count)")
            #expect(log[place].allSatisfy { $0.ended - $0.began == .seconds(2) })
        }
        #expect(log.most(0..<10) <= 6 && log.most(10..<20) <= 6)
    }

    @Test("no more of a platform than there is room for; what was never filled takes nobody's turn")
    func room() async {
        // Eight fills of two hours each, two at a time, beside six that are pulled every ten minutes.
        let entries =
            (0..<8).map { entry("new\($0)", "a", every: .minutes(10)) }
            + (8..<14).map { entry("old\($0)", "a", every: .minutes(10), last: Self.start - .minutes(10)) }
        let log = await run(entries, atOnce: 2, for: .hours(10)) { place, clock in
            let isFill = place < 8 && marks.mark(place)
            try await clock.sleep(until: clock.now + (isFill ? .hours(2) : .seconds(20)))
            return PullRounds.End(isWhole: true)
        }
        for place in 8..<14 {
            let begun = log[place].map(\.began)
            #expect(zip(begun, begun.dropFirst()).allSatisfy { $1 - $0 <= .minutes(12) }, "\(begun)")
        }
        let fills = (0..<8).compactMap { log[$0].first }
        #expect(fills.count == 8)
        for one in fills { #expect(fills.count { $0.began <= one.began && one.began < $0.ended } <= 2) }
    }

    @Test("what was filled once waits behind no fill, also when its last pull failed")
    func filledBefore() async {
        let entries =
            (0..<4).map { entry("new\($0)", "a", every: .minutes(10)) }
            + [entry("old", "a", every: .minutes(10), isFilled: true)]
        let log = await run(entries, atOnce: 2, for: .hours(5)) { place, clock in
            let isFill = place < 4 && marks.mark(place)
            try await clock.sleep(until: clock.now + (isFill ? .hours(2) : .seconds(20)))
            return PullRounds.End(isWhole: true)
        }
        #expect(log[4].first?.began == Self.start && log[4].count >= 29, "\(log[4].map(\.began))")
    }

    @Test("as many that hang as there are places hold up nobody of another line")
    func lines() async {
        let entries = (0..<6).map {
            entry("s\($0)", $0 < 3 ? "a" : "b", every: .minutes(10), last: Self.start - .hours(1))
        }
        let log = await run(entries, atOnce: 3, for: .hours(2)) { place, clock in
            try await clock.sleep(until: clock.now + (place < 3 ? .hours(9) : .seconds(2)))
            return PullRounds.End(isWhole: true)
        }
        for place in 3..<6 { #expect(log[place].count >= 12) }
    }

    @Test("canceled while all sleep or wait, it ends at once", arguments: [1, 3])
    func canceled(_ atOnce: Int) async {
        let clock = VirtualClock(Self.start, end: Self.start + .days(30))
        let entries = (0..<9).map { entry("s\($0)", "a", every: .hours(10), last: $0 < 3 ? nil : Self.start) }
        let log = Log()
        await clock.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await PullRounds(entries, atOnce: atOnce, clock: clock).run { _ in
                        try await clock.sleep(until: clock.now + .days(2))
                        return PullRounds.End(isWhole: true)
                    }
                    log.note(0, Self.start, clock.now)
                }
                try? await clock.sleep(until: Self.start + .hours(5))
                group.cancelAll()
            }
        }
        #expect(log[0].map(\.ended) == [Self.start + .hours(5)])
    }

    private let marks = Marks()

    /// Which sources were here before.
    private final class Marks: Sendable {
        private let seen = Mutex<Set<Int>>([])
        func mark(_ place: Int) -> Bool { seen.withLock { $0.insert(place).inserted } }
    }

    @Test("none is asked before it may be, nor before it is settled; a place within the interval is kept")
    func times() async {
        let entries = [
            entry(nil, "feed", every: .minutes(1)), entry("s1", "a", every: .minutes(30)),
            entry(nil, "other", every: .minutes(1)),
        ]
        let log = await run(entries, atOnce: 2, for: .hours(4)) { place, clock in
            switch place {
            case 0: PullRounds.End(notBefore: clock.now + .minutes(7), isWhole: false)
            case 2:
                PullRounds.End(isWhole: true) { try await clock.sleep(until: clock.now + .minutes(3)) }
            default: PullRounds.End(isWhole: true)
            }
        }
        let asked = log[0].map(\.began)
        #expect(asked.first == Self.start && zip(asked, asked.dropFirst()).allSatisfy { $1 - $0 == .minutes(7) })
        let settled = log[2].map(\.began)
        #expect(zip(settled, settled.dropFirst()).allSatisfy { $1 - $0 == .minutes(3) } && settled.count > 70)
        let own = log[1].map(\.began).dropFirst()
        #expect(own.first.map { $0 > Self.start && $0 <= Self.start + .minutes(30) } == true)
        #expect(zip(own, own.dropFirst()).allSatisfy { $1 - $0 == .minutes(30) } && own.count >= 7)
    }

    @Test("who does not want to wait has his source pulled at once, but not before the other side lets itself be asked")
    func hurried() async {
        let entries = [
            entry("s0", "a", every: .hours(2), last: Self.start), entry("s1", "a", every: .hours(2), last: Self.start),
            entry("s2", "a", every: .hours(2)),
        ]
        let (clock, log) = (VirtualClock(Self.start, end: Self.start + .hours(5)), Log())
        // The third is asked at once, and answers that it wants to be left alone for an hour.
        let asked: @Sendable () async throws -> [Int] = { [marks] in
            guard marks.mark(0) else {
                try await clock.sleep(until: Self.start + .days(1))
                return []
            }
            try await clock.sleep(until: Self.start + .minutes(10))
            return [0, 2, 7]
        }
        await clock.run {
            try? await PullRounds(entries, atOnce: 2, clock: clock).run(hurried: asked) { place in
                log.note(place, clock.now, clock.now)
                return PullRounds.End(notBefore: place == 2 ? clock.now + .hours(1) : nil, isWhole: true)
            }
        }
        #expect(log[0].first?.began == Self.start + .minutes(10), "\(log[0].map(\.began))")
        let others = log[1].map(\.began)
        #expect(others.first.map { $0 > Self.start + .minutes(10) } == true)
        #expect(log[2].map(\.began).prefix(2) == [Self.start, Self.start + .hours(1)])
        // It has one place in the queue, not two.
        let begun = log[0].map(\.began)
        #expect(zip(begun, begun.dropFirst()).allSatisfy { $1 - $0 > .minutes(30) }, "\(begun)")
    }

    @Test("what ends the rounds is what a round throws; without sources there are none")
    func ends() async throws {
        struct Broken: Error {}
        let clock = VirtualClock(Self.start, end: Self.start + .hours(1))
        try await PullRounds([], atOnce: 1, clock: clock).run { _ in throw Broken() }
        let rounds = PullRounds([entry("s", "a", every: .minutes(1))], atOnce: 1, clock: clock)
        await #expect(throws: Broken.self) { try await rounds.run { _ in throw Broken() } }
    }
}
