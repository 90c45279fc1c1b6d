import Alerts
import Facts
import Rules
import Testing

@Suite("an alert of which nobody has known for long how it stands")
struct BlindnessTests {
    private func outlasted(_ walk: AlertWalk, minute: Int64) -> AlertStep.Outlasted? {
        walk.alert.flatMap { AlertStep.outlasted($0, limit: .minutes(60), at: start + .minutes(minute)) }
    }

    @Test("that fires is told once; known again and unknown again, once more")
    func firing() throws {
        var walk = AlertWalk()
        for observation in script("0 breach, 5 unknown") { walk.take(observation) }
        #expect(
            outlasted(walk, minute: 59) == nil, "from the last word that decided, and not from the first that did not")
        guard case .told(let told)? = outlasted(walk, minute: 60) else { throw Refused() }
        #expect(told.isBlindTold && told.state == .firing && told.changes == walk.alert?.changes)
        walk.alert = told
        #expect(outlasted(walk, minute: 600) == nil)
        for observation in script("605 unknown, 610 breach") { walk.take(observation) }
        #expect(outlasted(walk, minute: 6000) == nil, "it is known")
        walk.take(observed(.unknown, 610))
        guard case .told? = outlasted(walk, minute: 670) else { throw Refused() }
        #expect(walk.events.count == 1)
    }

    @Test("that waits is given up without a word, and seen again begins anew")
    func pending() throws {
        var walk = AlertWalk()
        for observation in script("0 breach, 5 unknown", for: .minutes(30)) { walk.take(observation) }
        #expect(outlasted(walk, minute: 59) == nil)
        guard case .givenUp(let over)? = outlasted(walk, minute: 60) else { throw Refused() }
        #expect(over.state == .resolved && over.changes == 0)
        walk.alert = over
        for observation in script("70 breach, 99 breach", for: .minutes(30)) { walk.take(observation) }
        #expect(walk.events.isEmpty && walk.alert?.since == start + .minutes(70))
        walk.take(observed(.breach, 100, for: .minutes(30)))
        #expect(walk.told == ["100 firing breach limit"])
    }

    @Test("that recovers, or has ended, stays as it is")
    func others() {
        for given in ["0 breach, 5 ok, 6 unknown", "0 breach, 5 breach"] {
            var walk = AlertWalk()
            for observation in script(given, keep: .minutes(60)) { walk.take(observation) }
            #expect(outlasted(walk, minute: 6000) == nil, "\(given)")
        }
    }

    private struct Refused: Error {}
}
