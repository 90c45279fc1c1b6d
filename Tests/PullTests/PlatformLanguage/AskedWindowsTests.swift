import Curl
import Facts
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Time is asked for in windows without gap or overlap")
struct AskedWindowsTests {
    private let until = Timestamp(seconds: 1_772_445_600)

    @Test("they cover all of it, each begins where the one before ends, and none is longer than allowed")
    func cover() {
        var generator = SeededGenerator(seed: 53)
        for _ in 0..<2000 {
            let span = TimeSpan(microseconds: Int64.random(in: 0...40_000_000_000, using: &generator))
            let longest = TimeSpan(microseconds: Int64.random(in: 60_000_000...9_000_000_000, using: &generator))
            let windows = AskedWindows(from: until - span, until: until, longest: longest)
            let all = (0..<windows.count).map { windows[$0] }
            #expect(all.first?.from == until - span && all.last?.until == until)
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.until == $1.from })
            #expect(all.allSatisfy { $0.until - ($0.from ?? until) <= longest })
            // None is empty, but where there is no time at all.
            let areFilled = all.allSatisfy { window in window.from.map { $0 < window.until } ?? false }
            #expect(span == .zero ? all.count == 1 : areFilled)
            // No more than are needed.
            #expect(all.count == max(1, Int((span.microseconds + longest.microseconds - 1) / longest.microseconds)))
        }
    }

    @Test("half an hour and a second are two windows, half an hour is one, the edge belongs to both")
    func edges() {
        func count(_ seconds: Int64) -> Int {
            AskedWindows(from: until - .seconds(seconds), until: until, longest: .minutes(30)).count
        }
        #expect([0, 1, 1799, 1800, 1801, 3600, 3601].map(count) == [1, 1, 1, 1, 2, 2, 3])
    }

    @Test("without a longest window all is one; without a beginning the last window is asked for")
    func open() {
        let whole = AskedWindows(from: until - .days(90), until: until, longest: nil)
        #expect(whole.count == 1 && whole[0].from == until - .days(90) && whole[0].until == until)
        let open = AskedWindows(from: nil, until: until, longest: nil)
        #expect(open.count == 1 && open[0].from == nil && open[0].until == until)
        let last = AskedWindows(from: nil, until: until, longest: .days(1))
        #expect(last.count == 1 && last[0].from == until - .days(1) && last[0].until == until)
    }

    @Test("an index beyond the last, as a shorter time leaves one behind, is the empty end")
    func beyond() {
        let windows = AskedWindows(from: until - .hours(1), until: until, longest: .minutes(30))
        #expect(windows[7].from == until && windows[7].until == until)
    }

    @Test("what looks back so far each time looks no farther than a store says, where it says so")
    func since() throws {
        func from(_ isReachGiven: Bool) throws -> Timestamp? {
            var source = try MadeUpPack.source("query: {since: \"{from}\"}\nagain: 60d\nfacts: []")
            source = try #require(
                PlatformSource(
                    source.store, calendar: .utc, plan: source.plan, endpoint: "https://shop.example",
                    credentials: ["token": Secret("given")], reach: .days(20), isReachGiven: isReachGiven,
                    decoding: decoding))
            var state = PullState()
            state.begin(at: until, reach: .days(20))
            return source.windows(of: source.plan.streams[0], state).from
        }
        #expect(try from(false) == until - .days(60))
        #expect(try from(true) == until - .days(20))
    }
}
