import Facts
import TestSupport
import Testing

@testable import Pull

@Suite("the state of a pull")
struct PullStateTests {
    @Test("goes through its text and back")
    func text() throws {
        var state = PullState()
        #expect(PullState(text: state.text) == state)
        state.updatedAfter = Timestamp(microseconds: 1_780_000_000_000_001)
        state.cursor = "line one\nand \\n = two"
        state.firstRequestAt = Timestamp(seconds: 1_780_000_600)
        state.greatestUpdatedAt = Timestamp(seconds: 1_780_000_500)
        state.finishedRequestAt = Timestamp(seconds: 1_780_000_400)
        state.etag = "W/\"a=b\""
        state.noteLateness(.hours(5), at: Timestamp(seconds: 1_780_000_300))
        state.askedAt = ["one": Timestamp(seconds: 1_780_000_200), "two three": Timestamp(seconds: 1)]
        for number in 0..<300 {
            let isNew = state.seen.insert("cursor \(number)")
            #expect(isNew)
        }
        let again = try #require(PullState(text: state.text))
        #expect(again == state)
        #expect(again.text == state.text)
    }

    @Test("what came late is looked back for, by half as much more and a day at most, for thirty days")
    func lateness() {
        var state = PullState()
        let start = Timestamp(seconds: 1_780_000_000)
        state.finishedRequestAt = start
        state.updatedAfter = start - .minutes(10)
        state.noteLateness(.hours(2), at: start)
        #expect(state.updatedAfter == start - .hours(3))
        // A shorter one changes nothing.
        state.noteLateness(.hours(1), at: start + .days(1))
        #expect(state.lateness == Lateness(span: .hours(2), at: start))
        state.begin(at: start + .days(30))
        #expect(state.lateness?.overlap == .hours(3))
        state.noteLateness(.days(9), at: start + .days(2))
        #expect(state.lateness?.overlap == .days(1))
        state.begin(at: start + .days(33))
        #expect(state.lateness == nil)
    }

    @Test("who was away for longer than the platform remembers begins anew; who is tried again asks no farther back")
    func memory() {
        let start = Timestamp(seconds: 1_780_000_000)
        var state = PullState()
        state.begin(at: start, reach: .days(90), memory: .days(90))
        #expect(state.coversFrom == start - .days(90) + .minutes(1))
        // Nothing was committed: a day later the first day is forgotten there.
        (state.cursor, state.firstRequestAt) = (nil, nil)
        state.begin(at: start + .days(1), reach: .days(90), memory: .days(90))
        #expect(state.coversFrom == start - .days(89) + .minutes(1))
        // Somewhere in the middle it goes on, and what it covers stays.
        state.cursor = "2"
        state.begin(at: start + .days(2), reach: .days(90), memory: .days(90))
        #expect(state.coversFrom == start - .days(89) + .minutes(1))
        state.finishedRequestAt = start + .days(1)
        state.updatedAfter = start + .days(1)
        (state.cursor, state.firstRequestAt) = (nil, nil)
        state.begin(at: start + .days(92), reach: .days(90), memory: .days(90))
        #expect(state.finishedRequestAt == nil && state.updatedAfter == nil)
        #expect(state.coversFrom == start + .days(2) + .minutes(1))
    }

    @Test("a cursor of any characters goes through, at its ends too", arguments: 1...200)
    func cursors(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let odd: [Unicode.Scalar] = [
            "\r", "\n", "\t", "=", "\\", "\u{301}", "\u{200D}", "n", "a", "\u{1F1E6}", "é", "\0",
        ]
        var state = PullState()
        func text() -> String {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...5, using: &random) { text.append(odd.randomElement(using: &random) ?? "a") }
            return String(text)
        }
        (state.cursor, state.etag) = (text(), text())
        state.notBefore = Timestamp(seconds: 1_780_000_400)
        let again = try #require(PullState(text: state.text), "\(state.text)")
        #expect(again.cursor.map { Array($0.utf8) } == state.cursor.map { Array($0.utf8) })
        #expect(again.etag.map { Array($0.utf8) } == state.etag.map { Array($0.utf8) })
        #expect(again.notBefore == state.notBefore)
    }

    @Test(
        "is not read from something else",
        arguments: ["", "nonsense", "pull=2", "pull=1\ncursor=\\q", "pull=1\nseen=x"])
    func refused(_ text: String) {
        #expect(PullState(text: text) == nil)
    }

    @Test(
        "a loop is found, whatever its length and where it begins",
        arguments: [(0, 1), (3, 2), (50, 100), (10, 128), (7, 5_000)])
    func loops(lead: Int, length: Int) {
        var seen = SeenHashes()
        var pages = 0
        while seen.insert("c\(pages < lead ? pages : lead + (pages - lead) % length)") {
            pages += 1
            #expect(pages <= 4 * (lead + length))
            if pages > 4 * (lead + length) { return }
        }
        #expect(pages >= lead + length, "no cursor was called seen before its repetition")
        if length <= 128 { #expect(pages == lead + length, "a short loop is found at its first repetition") }
    }

    @Test("a hundred thousand different cursors are no loop, and take no more room than a few")
    func bounded() {
        var state = PullState()
        let isNew = (0..<100_000).allSatisfy { state.seen.insert("page-\($0)") }
        #expect(isNew)
        #expect(state.text.utf8.count < 4_000)
    }
}
