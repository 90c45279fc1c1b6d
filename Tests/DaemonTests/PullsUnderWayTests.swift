import Facts
import Testing

@testable import Daemon

@Suite("Stores in the middle of a pull are left alone, but not for ever")
struct PullsUnderWayTests {
    private let noon = Timestamp(seconds: 1_790_000_000)

    private func touched(_ stores: [(String, by: String)], until: Timestamp) -> PullsUnderWay {
        var pulls = PullsUnderWay()
        for (store, feed) in stores { pulls.touch([store], by: feed, at: noon - .hours(1), until: until) }
        return pulls
    }

    @Test("from its first page to its end a pull holds the stores it touched, and no others")
    func held() {
        var pulls = touched([("a", by: "one"), ("b", by: "one"), ("c", by: "two")], until: noon + .hours(1))
        #expect(pulls.beginPass(at: noon) == ["a", "b", "c"])
        pulls.end("one")
        #expect(pulls.beginPass(at: noon) == ["c"])
    }

    @Test("a pull that began and ended within a pass is known to it, and to no later one")
    func withinAPass() {
        var pulls = PullsUnderWay()
        #expect(pulls.beginPass(at: noon).isEmpty)
        pulls.touch(["a"], by: "one", at: noon, until: noon + .hours(1))
        pulls.end("one")
        #expect(pulls.unsettled(at: noon) == ["a"])
        #expect(pulls.beginPass(at: noon).isEmpty && pulls.unsettled(at: noon).isEmpty)
    }

    @Test("one that goes on for too long holds nothing back any more, whatever it still brings: stale is never ok")
    func tooLong() {
        var pulls = touched([("a", by: "one")], until: noon)
        #expect(pulls.beginPass(at: noon - .seconds(1)) == ["a"])
        #expect(pulls.beginPass(at: noon).isEmpty)
        pulls.touch(["a", "b"], by: "one", at: noon, until: noon)
        #expect(pulls.unsettled(at: noon).isEmpty)
    }

    @Test("a feed that a reload took away holds nothing")
    func takenAway() {
        var pulls = touched([("a", by: "one"), ("b", by: "two")], until: noon + .hours(1))
        pulls.keep(["two"])
        #expect(pulls.beginPass(at: noon) == ["b"])
    }
}
