import Facts
import Pull
import TestSupport
import Testing

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
        for number in 0..<300 {
            let isNew = state.seen.insert("cursor \(number)")
            #expect(isNew)
        }
        let again = try #require(PullState(text: state.text))
        #expect(again == state)
        #expect(again.text == state.text)
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
