import Alerts
import Facts
import Rules
import Testing

private struct Row: CustomTestStringConvertible, Sendable {
    var what: String
    var before: Observation
    var after: Observation
    var reason: AlertReason
    var turning: Turning?
    var testDescription: String { what }
}

private let rows: [Row] = [
    Row(
        what: "unjudged is not applicable, whatever else changed",
        before: observed(.breach, 0), after: observed(.unjudged, 5, limit: "rate < 2%", revision: 9, hindsight: .ok),
        reason: .notApplicable),
    Row(
        what: "another limit", before: observed(.breach, 0), after: observed(.ok, 5, limit: "rate < 2%", revision: 9),
        reason: .limitChanged),
    Row(
        what: "another limit goes before a correction",
        before: observed(.breach, 0), after: observed(.ok, 5, limit: "rate < 2%", revision: 9, hindsight: .ok),
        reason: .limitChanged),
    Row(
        what: "the same facts, later days",
        before: observed(.breach, 0), after: observed(.ok, 1440), reason: .rolledOff),
    Row(
        what: "facts changed, and then was not so bad after all",
        before: observed(.breach, 0, evidence: 4), after: observed(.ok, 5, revision: 2, evidence: 3, hindsight: .ok),
        reason: .corrected),
    Row(
        what: "facts came that were not needed: what left did it",
        before: observed(.breach, 0, evidence: 4),
        after: observed(.ok, 1440, revision: 2, evidence: 2, hindsight: .breach, turning: .age), reason: .rolledOff),
    Row(
        what: "fewer facts harm now, but it took new orders as well",
        before: observed(.breach, 0, evidence: 4),
        after: observed(.ok, 1440, revision: 2, evidence: 2, hindsight: .breach, turning: .both), reason: .cleared,
        turning: .both),
    Row(
        what: "facts came and made it good: as many harm as before",
        before: observed(.warning, 0, evidence: 4),
        after: observed(.ok, 1440, revision: 2, evidence: 4, hindsight: .warning, turning: .news), reason: .cleared,
        turning: .news),
    Row(
        what: "the same facts, of which yesterday's came into the window with the day",
        before: observed(.breach, 0), after: observed(.ok, 1440, turning: .news), reason: .cleared, turning: .news),
    Row(
        what: "what did it cannot be told",
        before: observed(.breach, 0, evidence: 4),
        after: observed(.ok, 1440, revision: 2, evidence: 1, hindsight: .breach, turning: nil), reason: .cleared),
    Row(
        what: "nobody looked back",
        before: observed(.breach, 0, evidence: 4), after: observed(.ok, 1440, revision: 2, evidence: 1, turning: nil),
        reason: .cleared),
    Row(
        what: "looking back cannot tell",
        before: observed(.breach, 0, evidence: 4),
        after: observed(.ok, 1440, revision: 2, evidence: 1, hindsight: .unknown, turning: nil), reason: .cleared),
]

@Suite("why an alert ends")
struct AlertReasonTests {
    @Test("is told from what was and what is", arguments: rows)
    fileprivate func reasons(_ row: Row) {
        var walk = AlertWalk()
        walk.take(row.before)
        walk.take(row.after)
        #expect(walk.events.last?.kind == .resolved)
        #expect(walk.events.last?.reason == row.reason)
        #expect(walk.events.last?.turning == row.turning)
    }

    @Test("is told where ok begins, not where keep is over")
    func remembered() {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, keep: .minutes(60)))
        walk.take(observed(.ok, 5, revision: 2, hindsight: .ok, keep: .minutes(60)))
        walk.take(observed(.ok, 65, limit: "rate < 2%", revision: 3, keep: .minutes(60)))
        #expect(walk.told == ["0 firing breach limit", "65 resolved ok corrected"])
    }

    @Test("is told anew after a return")
    func toldAnew() {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, keep: .minutes(60)))
        walk.take(observed(.ok, 5, revision: 2, hindsight: .ok, keep: .minutes(60)))
        walk.take(observed(.breach, 10, revision: 3, keep: .minutes(60)))
        walk.take(observed(.ok, 15, revision: 3, keep: .minutes(60)))
        walk.take(observed(.ok, 75, revision: 3, keep: .minutes(60)))
        #expect(walk.told == ["0 firing breach limit", "75 resolved ok rolled_off"])
    }

    @Test("what did it is kept from where ok begins to the end, and forgotten with a return")
    func turningKept() throws {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, keep: .minutes(60)))
        walk.take(observed(.ok, 5, revision: 2, hindsight: .breach, turning: .news, keep: .minutes(60)))
        #expect(walk.alert?.turning == .news)
        walk.take(observed(.breach, 10, revision: 3, keep: .minutes(60)))
        #expect(walk.alert?.turning == nil)
        walk.take(observed(.ok, 15, revision: 4, hindsight: .breach, turning: .both, keep: .minutes(60)))
        walk.take(observed(.ok, 75, revision: 5, turning: nil, keep: .minutes(60)))
        #expect(walk.events.last?.turning == .both && walk.events.last?.reason == .cleared)
    }

    @Test("a breach that somebody answers for is lowered as accepted, and raised when nobody does any more")
    func accepted() {
        func breach(_ minute: Int64, isAccepted: Bool) -> Observation {
            var observation = observed(.breach, minute)
            observation.isAccepted = isAccepted
            return observation
        }
        var walk = AlertWalk()
        walk.take(breach(0, isAccepted: false))
        walk.take(breach(5, isAccepted: true))
        walk.take(breach(10, isAccepted: true))
        walk.take(breach(15, isAccepted: false))
        walk.take(observed(.warning, 20))
        #expect(
            walk.told == [
                "0 firing breach limit", "5 lowered warning accepted", "15 raised breach acceptance_over",
                "20 lowered warning eased",
            ])
    }

    @Test("hindsight is asked once, of the moment that last stood outside, and only where it can tell something")
    func hindsight() throws {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, keep: .minutes(60)))
        walk.take(observed(.breach, 7, keep: .minutes(60)))
        let alert = try #require(walk.alert)
        #expect(alert.hindsightMoment(for: observed(.ok, 9, revision: 2)) == start + .minutes(7))
        #expect(alert.hindsightMoment(for: observed(.ok, 9)) == nil)
        #expect(alert.hindsightMoment(for: observed(.breach, 9, revision: 2)) == nil)
        #expect(alert.hindsightMoment(for: observed(.unjudged, 9, revision: 2)) == nil)
        walk.take(observed(.ok, 9, revision: 2, keep: .minutes(60)))
        #expect(try #require(walk.alert).hindsightMoment(for: observed(.ok, 12, revision: 3)) == nil)
    }

    @Test("a raise by another limit says so")
    func raisedByLimit() {
        var walk = AlertWalk()
        walk.take(observed(.warning, 0))
        walk.take(observed(.breach, 5, limit: "rate < 0.5%"))
        #expect(walk.told == ["0 firing warning limit", "5 raised breach limit_changed"])
    }
}
