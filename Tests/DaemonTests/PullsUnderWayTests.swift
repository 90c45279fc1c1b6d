import Facts
import Testing

@testable import Daemon

@Suite("Stores in the middle of a pull are left alone, but not for ever")
struct PullsUnderWayTests {
    private let noon = Timestamp(seconds: 1_790_000_000)

    @Test("from its first page to its end a pull holds the stores it touched, and no others")
    func held() {
        var pulls = PullsUnderWay()
        pulls.touch(["a"], by: "one", until: noon + .hours(1))
        pulls.touch(["b"], by: "one", until: noon + .hours(1))
        pulls.touch(["c"], by: "two", until: nil)
        #expect(pulls.beginPass(at: noon) == ["a", "b", "c"])
        pulls.end("one")
        #expect(pulls.beginPass(at: noon) == ["c"])
        #expect(!pulls.holdsAll(at: noon))
    }

    @Test("a pull that began and ended within a pass is known to it, and to no later one")
    func touched() {
        var pulls = PullsUnderWay()
        #expect(pulls.beginPass(at: noon).isEmpty)
        pulls.touch(["a"], by: "one", until: nil)
        pulls.end("one")
        #expect(pulls.unsettled(at: noon) == ["a"])
        #expect(pulls.beginPass(at: noon).isEmpty && pulls.unsettled(at: noon).isEmpty)
    }

    @Test("one that goes on for too long holds nothing back any more: stale is never ok")
    func tooLong() {
        var pulls = PullsUnderWay()
        pulls.touch(["a"], by: "one", until: noon)
        pulls.touch(["b"], by: "first", until: nil)
        #expect(pulls.beginPass(at: noon - .seconds(1)) == ["a", "b"])
        #expect(pulls.beginPass(at: noon) == ["b"], "a first pull holds to its end")
    }

    @Test("what a former process left over holds every store until it ends, is given up, or takes too long")
    func leftOver() {
        var pulls = PullsUnderWay()
        pulls.leaveOver("one", until: noon)
        pulls.leaveOver("two", until: noon)
        #expect(pulls.holdsAll(at: noon - .seconds(1)))
        #expect(!pulls.holdsAll(at: noon))
        pulls.end("one")
        #expect(pulls.holdsAll(at: noon - .seconds(1)))
        pulls.keep(["one"])
        #expect(!pulls.holdsAll(at: noon - .seconds(1)))
    }

    @Test("a feed that a reload took away holds nothing")
    func takenAway() {
        var pulls = PullsUnderWay()
        pulls.touch(["a"], by: "one", until: nil)
        pulls.touch(["b"], by: "two", until: nil)
        pulls.keep(["two"])
        #expect(pulls.beginPass(at: noon) == ["b"])
    }
}
