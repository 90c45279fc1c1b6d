import Testing

@testable import Daemon

@Suite("Which stores stand in the middle of a pull")
struct PullsUnderWayTests {
    private func touched(_ stores: (String, by: String)...) -> PullsUnderWay {
        var pulls = PullsUnderWay()
        for (store, feed) in stores { pulls.touch([store], by: feed) }
        return pulls
    }

    @Test("from its first page to its end those it touched, and no others")
    func unfinished() {
        var pulls = touched(("a", by: "one"), ("b", by: "one"), ("c", by: "two"), ("c", by: "one"))
        #expect(pulls.beginPass() == ["a": ["one"], "b": ["one"], "c": ["one", "two"]])
        pulls.end("one")
        #expect(pulls.beginPass() == ["c": ["two"]])
    }

    @Test("a pull that began and ended within a pass is known to it, and to no later one")
    func withinAPass() {
        var pulls = PullsUnderWay()
        #expect(pulls.beginPass().isEmpty)
        pulls.touch(["a"], by: "one")
        pulls.end("one")
        #expect(pulls.halfRead == ["a": ["one"]])
        #expect(pulls.beginPass().isEmpty && pulls.halfRead.isEmpty)
    }

    @Test("none of a feed that a reload took away")
    func takenAway() {
        var pulls = touched(("a", by: "one"), ("b", by: "two"))
        pulls.keep(["two"])
        #expect(pulls.beginPass() == ["b": ["two"]])
    }
}
