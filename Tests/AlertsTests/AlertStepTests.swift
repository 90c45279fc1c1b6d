import Alerts
import Facts
import Rules
import Testing

private struct Row: CustomTestStringConvertible, Sendable {
    var what: String
    /// In minutes.
    var `for`: Int64 = 0
    var keep: Int64 = 0
    var confirm = 1
    var given: String
    var told: [String]
    /// The state at the end; nil when there is no alert at all.
    var ends: Alert.State?
    var testDescription: String { what }
}

/// Minutes and standings as observed; minutes, events, standings and reasons as they must come of it. All observations
/// share one revision of the store, so an end by ok is a rolling off.
private let rows: [Row] = [
    // Where nothing is wrong.
    Row(
        what: "ok, unjudged and unknown open nothing", given: "0 ok, 5 unjudged, 10 unknown, 15 ok", told: [],
        ends: nil),
    // Opening.
    Row(what: "0d fires on the first breach", given: "0 breach", told: ["0 firing breach limit"], ends: .firing),
    Row(what: "0d fires on the first warning", given: "0 warning", told: ["0 firing warning limit"], ends: .firing),
    Row(
        what: "what fires is told once", given: "0 breach, 5 breach, 10 breach", told: ["0 firing breach limit"],
        ends: .firing),
    Row(
        what: "a first observation is pending while for has not passed", for: 60, given: "0 breach", told: [],
        ends: .pending),
    Row(what: "a minute short of for is pending", for: 60, given: "0 breach, 59 breach", told: [], ends: .pending),
    Row(
        what: "for is reached, not exceeded", for: 60, given: "0 breach, 60 breach",
        told: ["60 firing breach limit"], ends: .firing),
    Row(
        what: "for counts warning and breach alike, and fires as it stands", for: 60,
        given: "0 warning, 30 warning, 60 breach", told: ["60 firing breach limit"], ends: .firing),
    Row(
        what: "a breach that eased while pending fires as a warning", for: 60,
        given: "0 breach, 30 warning, 60 warning", told: ["60 firing warning limit"], ends: .firing),
    // Confirmed by other data.
    Row(
        what: "a first observation is not confirmed", confirm: 2, given: "0 breach", told: [], ends: .pending),
    Row(
        what: "nor is it by itself, however often", confirm: 2, given: "0 breach, 0 breach, 0 breach", told: [],
        ends: .pending),
    Row(
        what: "another moment confirms it, and it fires as it stands", confirm: 2, given: "0 breach, 5 warning",
        told: ["5 firing warning limit"], ends: .firing),
    Row(
        what: "as many as are asked for, and no fewer", confirm: 4, given: "0 breach, 5 breach, 10 breach",
        told: [], ends: .pending),
    Row(
        what: "beside for, which has to pass as well", for: 60, confirm: 2, given: "0 breach, 5 breach, 59 breach",
        told: [], ends: .pending),
    Row(
        what: "and for alone does not do", for: 60, confirm: 4, given: "0 breach, 60 breach, 90 breach",
        told: [], ends: .pending),
    Row(
        what: "both together do", for: 60, confirm: 3, given: "0 breach, 5 breach, 60 breach",
        told: ["60 firing breach limit"], ends: .firing),
    Row(
        what: "ok in between counts anew", confirm: 3, given: "0 breach, 5 breach, 10 ok, 15 breach, 20 breach",
        told: [], ends: .pending),
    Row(
        what: "unknown in between takes nothing away and adds nothing", confirm: 3,
        given: "0 breach, 5 unknown, 10 breach, 15 unknown, 20 unknown", told: [], ends: .pending),
    Row(
        what: "and what is known again is counted on", confirm: 3,
        given: "0 breach, 5 unknown, 10 breach, 15 unknown, 20 breach", told: ["20 firing breach limit"],
        ends: .firing),
    Row(
        what: "a clock set back confirms nothing that it showed before", confirm: 2,
        given: "10 breach, 2 breach, 5 breach, 10 breach", told: [], ends: .pending),
    Row(
        what: "what fires needs no other word to end or to be raised", confirm: 2,
        given: "0 warning, 5 warning, 10 breach, 15 ok",
        told: ["5 firing warning limit", "10 raised breach worsened", "15 resolved ok rolled_off"], ends: .resolved),
    // Pending.
    Row(what: "ok ends what is pending without a word", for: 60, given: "0 breach, 30 ok", told: [], ends: .resolved),
    Row(
        what: "and the next stay begins to count anew", for: 60, given: "0 breach, 30 ok, 40 breach, 70 breach",
        told: [], ends: .pending),
    Row(
        what: "unjudged ends what is pending without a word", for: 60, given: "0 breach, 30 unjudged", told: [],
        ends: .resolved),
    Row(
        what: "unknown stops the clock of for without resetting it", for: 60,
        given: "0 breach, 40 breach, 50 unknown, 300 breach, 319 breach", told: [], ends: .pending),
    Row(
        what: "which goes on where data is decided again", for: 60,
        given: "0 breach, 40 breach, 50 unknown, 300 breach, 320 breach", told: ["320 firing breach limit"],
        ends: .firing),
    Row(
        what: "unknown alone keeps it pending however long", for: 60, given: "0 breach, 50 unknown, 5000 unknown",
        told: [], ends: .pending),
    // Firing.
    Row(
        what: "warning to breach is raised", given: "0 warning, 5 breach",
        told: ["0 firing warning limit", "5 raised breach worsened"], ends: .firing),
    Row(
        what: "breach to warning is lowered", given: "0 breach, 5 warning",
        told: ["0 firing breach limit", "5 lowered warning eased"], ends: .firing),
    Row(
        what: "and back", given: "0 breach, 5 warning, 10 breach",
        told: ["0 firing breach limit", "5 lowered warning eased", "10 raised breach worsened"], ends: .firing),
    Row(
        what: "unknown neither resolves nor raises", keep: 10, given: "0 warning, 5 unknown, 5000 unknown",
        told: ["0 firing warning limit"], ends: .firing),
    Row(
        what: "unknown between is no new event", given: "0 breach, 5 unknown, 10 breach",
        told: ["0 firing breach limit"], ends: .firing),
    Row(
        what: "0d resolves on the first ok", given: "0 breach, 5 ok",
        told: ["0 firing breach limit", "5 resolved ok rolled_off"], ends: .resolved),
    Row(
        what: "0d resolves on the first unjudged, claiming nothing", given: "0 breach, 5 unjudged",
        told: ["0 firing breach limit", "5 resolved unjudged not_applicable"], ends: .resolved),
    // Recovering.
    Row(
        what: "keep is waited out", keep: 60, given: "0 breach, 5 ok, 64 ok", told: ["0 firing breach limit"],
        ends: .recovering),
    Row(
        what: "keep is reached, not exceeded", keep: 60, given: "0 breach, 5 ok, 65 ok",
        told: ["0 firing breach limit", "65 resolved ok rolled_off"], ends: .resolved),
    Row(
        what: "the time before the first ok does not count", keep: 60, given: "0 breach, 100 ok, 101 ok",
        told: ["0 firing breach limit"], ends: .recovering),
    Row(
        what: "a return resumes the episode without a word and resets keep", keep: 60,
        given: "0 breach, 5 ok, 60 ok, 62 breach, 63 ok, 122 ok", told: ["0 firing breach limit"], ends: .recovering),
    Row(
        what: "a worse return is raised", keep: 60, given: "0 warning, 5 ok, 10 breach",
        told: ["0 firing warning limit", "10 raised breach worsened"], ends: .firing),
    Row(
        what: "a milder return is lowered", keep: 60, given: "0 breach, 5 ok, 10 warning",
        told: ["0 firing breach limit", "10 lowered warning eased"], ends: .firing),
    Row(
        what: "unknown stops the clock of keep without resetting it", keep: 60,
        given: "0 breach, 5 ok, 45 ok, 50 unknown, 500 ok, 519 ok", told: ["0 firing breach limit"], ends: .recovering),
    Row(
        what: "which goes on with the next ok", keep: 60,
        given: "0 breach, 5 ok, 45 ok, 50 unknown, 500 ok, 520 ok",
        told: ["0 firing breach limit", "520 resolved ok rolled_off"], ends: .resolved),
    Row(
        what: "unjudged counts towards keep, and what stands at the end is told", keep: 60,
        given: "0 breach, 5 ok, 35 unjudged, 65 unjudged",
        told: ["0 firing breach limit", "65 resolved unjudged not_applicable"], ends: .resolved),
    Row(
        what: "unjudged that became ok ends as ok", keep: 60, given: "0 breach, 5 unjudged, 35 ok, 65 ok",
        told: ["0 firing breach limit", "65 resolved ok rolled_off"], ends: .resolved),
    Row(
        what: "unknown never resolves what recovers", keep: 60, given: "0 breach, 5 ok, 5000 unknown, 9000 unknown",
        told: ["0 firing breach limit"], ends: .recovering),
    // Resolved.
    Row(
        what: "after the end a new episode begins", given: "0 breach, 5 ok, 10 warning",
        told: ["0 firing breach limit", "5 resolved ok rolled_off", "10 firing warning limit"], ends: .firing),
    Row(
        what: "after the end ok, unjudged and unknown are nothing new",
        given: "0 breach, 5 ok, 10 ok, 15 unknown, 20 unjudged",
        told: ["0 firing breach limit", "5 resolved ok rolled_off"], ends: .resolved),
    // The same moment, and moments that go backwards.
    Row(
        what: "a moment observed again counts nothing", for: 60,
        given: "0 breach, 30 breach, 30 breach, 30 breach, 59 breach",
        told: [], ends: .pending),
    Row(
        what: "a moment observed again tells nothing again",
        given: "0 breach, 0 breach, 5 warning, 5 warning, 9 ok, 9 ok",
        told: ["0 firing breach limit", "5 lowered warning eased", "9 resolved ok rolled_off"], ends: .resolved),
    Row(
        what: "an earlier moment resolves nothing", given: "60 breach, 30 ok", told: ["60 firing breach limit"],
        ends: .firing),
    Row(
        what: "an earlier moment raises nothing", given: "60 warning, 30 breach",
        told: ["60 firing warning limit"], ends: .firing),
    Row(
        what: "a clock set back goes on from there; no event lies before its stay began",
        given: "60 breach, 30 ok, 31 ok",
        told: ["60 firing breach limit", "60 resolved ok rolled_off"], ends: .resolved),
    Row(
        what: "a clock set back takes nothing away and adds nothing", for: 60,
        given: "0 breach, 50 breach, 20 breach, 25 breach, 34 breach", told: [], ends: .pending),
    Row(
        what: "what passes after it counts", for: 60, given: "0 breach, 50 breach, 20 breach, 25 breach, 35 breach",
        told: ["35 firing breach limit"], ends: .firing),
]

@Suite("a step of an alert")
struct AlertStepTests {
    @Test("standings over time give these events", arguments: rows)
    fileprivate func steps(_ row: Row) {
        var walk = AlertWalk()
        for observation in script(row.given, for: .minutes(row.for), keep: .minutes(row.keep), confirm: row.confirm) {
            walk.take(observation)
        }
        #expect(walk.told == row.told)
        #expect(walk.alert?.state == row.ends)
    }

    @Test("firing and resolve bear one episode, counted through; the next stay bears another")
    func episodes() {
        var walk = AlertWalk()
        for observation in script("0 warning, 5 breach, 10 ok, 15 breach") { walk.take(observation) }
        #expect(walk.events.map(\.number) == [1, 2, 3, 1])
        #expect(Set(walk.events[0...2].map(\.episode)).count == 1)
        #expect(walk.events[3].episode != walk.events[0].episode)
        #expect(walk.events.map(\.since) == [start, start, start, start + .minutes(15)])
    }

    @Test("a stay that begins at the moment the last one ended has a name of its own")
    func sameMomentAnotherEpisode() {
        var walk = AlertWalk()
        for observation in script("0 breach, 0 ok, 0 breach, 0 ok, 0 breach") { walk.take(observation) }
        #expect(walk.events.map(\.kind) == [.firing, .resolved, .firing, .resolved, .firing])
        #expect(Set(walk.events.map(\.episode)).count == 3)
        #expect(walk.events.allSatisfy { $0.at >= $0.since })
    }

    @Test("so has one that begins where a stay ended that nobody was told of")
    func sameMomentAfterPending() {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0))
        walk.take(observed(.ok, 0))
        walk.take(observed(.breach, 0, for: .minutes(1)))
        walk.take(observed(.ok, 0))
        walk.take(observed(.breach, 0))
        #expect(walk.events.map(\.kind) == [.firing, .resolved, .firing])
        #expect(walk.events[2].episode != walk.events[0].episode)
    }

    @Test("an unconfirmed suggested limit fires as a warning, and is raised once it is confirmed")
    func unconfirmed() {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, isConfirmed: false))
        walk.take(observed(.breach, 5, isConfirmed: false))
        walk.take(observed(.breach, 10, isConfirmed: true))
        walk.take(observed(.breach, 15, isConfirmed: false))
        #expect(
            walk.told == [
                "0 firing warning limit", "10 raised breach limit_changed", "15 lowered warning limit_changed",
            ])
    }

    @Test("a timer that changes while an alert fires does not unsay it; a pending one takes the new timer")
    func changedTimer() {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0))
        walk.take(observed(.breach, 5, for: .days(9)))
        #expect(walk.alert?.state == .firing)
        walk = AlertWalk()
        walk.take(observed(.breach, 0, for: .days(9)))
        walk.take(observed(.breach, 5, for: .minutes(5)))
        #expect(walk.told == ["5 firing breach limit"])
    }

    @Test("what is new is another revision, or what a source reaches further to; not the passing of a clock")
    func otherData() {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, confirm: 3, reach: 0))
        walk.take(observed(.breach, 5, confirm: 3, reach: 0))
        #expect(walk.alert?.confirmed == 1)
        walk.take(observed(.breach, 10, revision: 2, confirm: 3, reach: 0))
        walk.take(observed(.breach, 15, revision: 2, confirm: 3, reach: 0))
        #expect(walk.alert?.confirmed == 2 && walk.events.isEmpty)
        walk.take(observed(.breach, 20, revision: 2, confirm: 3, reach: 1))
        #expect(walk.told == ["20 firing breach limit"])
    }

    @Test("an edit of confirm while an alert waits counts by the new number; what fires is not unsaid")
    func changedConfirmation() {
        var walk = AlertWalk()
        for minute in [0, 5, 10] as [Int64] { walk.take(observed(.breach, minute, confirm: 9)) }
        #expect(walk.alert?.confirmed == 3 && walk.events.isEmpty)
        walk.take(observed(.breach, 10, confirm: 3))
        #expect(walk.told == ["10 firing breach limit"], "the same data again, and enough of it by now")
        walk.take(observed(.breach, 15, confirm: 9))
        #expect(walk.alert?.state == .firing)
        walk = AlertWalk()
        walk.take(observed(.breach, 0, confirm: 2))
        walk.take(observed(.breach, 5, confirm: 3))
        #expect(walk.alert?.state == .pending)
    }

    @Test("what is kept says where the alert is")
    func kept() throws {
        var walk = AlertWalk()
        walk.take(observed(.warning, 0, for: .minutes(10)))
        var alert = try #require(walk.alert)
        #expect(alert.isOpen && !alert.wasAnnounced && alert.announced == nil && alert.firedAt == nil)
        walk.take(observed(.unknown, 3))
        #expect(walk.alert?.isBlind == true && walk.alert?.standing == .warning)
        walk.take(observed(.breach, 5, for: .minutes(10)))
        #expect(walk.alert?.isBlind == false && walk.alert?.elapsed == .zero)
        walk.take(observed(.breach, 15, for: .minutes(10)))
        alert = try #require(walk.alert)
        #expect(alert.announced == .breach && alert.firedAt == start + .minutes(15) && alert.since == start)
        walk.take(observed(.ok, 20, keep: .minutes(10)))
        walk.take(observed(.ok, 26, keep: .minutes(10)))
        #expect(walk.alert?.state == .recovering && walk.alert?.elapsed == .minutes(6))
        #expect(walk.alert?.announced == .breach && walk.alert?.standing == .ok && walk.alert?.endedAt == nil)
        walk.take(observed(.ok, 30, keep: .minutes(10)))
        #expect(walk.alert?.endedAt == start + .minutes(30) && walk.alert?.isOpen == false)
    }
}

@Suite("the end of watching")
struct RemovalTests {
    @Test(
        "a removed rule or store resolves what was announced, claiming nothing",
        arguments: [
            (AlertReason.ruleRemoved, "0 breach"), (.storeRemoved, "0 breach, 5 ok"),
            (.ruleRemoved, "0 warning, 5 unknown"),
        ])
    func announced(_ reason: AlertReason, _ before: String) throws {
        var walk = AlertWalk()
        for observation in script(before, keep: .minutes(60)) { walk.take(observation) }
        let step = AlertStep.removal(of: try #require(walk.alert), because: reason, at: start + .minutes(30))
        let event = try #require(step.event)
        #expect(line(event) == "30 resolved unjudged \(reason.rawValue)")
        #expect(event.judgedTo == nil && event.number == 2)
        #expect(step.alert?.state == .resolved)
        let again = AlertStep.removal(of: try #require(step.alert), because: reason, at: start + .minutes(31))
        #expect(again.event == nil && again.alert == step.alert)
    }

    @Test("what was pending ends without a word")
    func pending() throws {
        var walk = AlertWalk()
        walk.take(observed(.breach, 0, for: .minutes(60)))
        let step = AlertStep.removal(of: try #require(walk.alert), because: .ruleRemoved, at: start + .minutes(30))
        #expect(step.event == nil && step.alert?.state == .resolved)
    }

    @Test("the moment of a removal never lies before what was judged")
    func clockSetBack() throws {
        var walk = AlertWalk()
        walk.take(observed(.breach, 60))
        let step = AlertStep.removal(of: try #require(walk.alert), because: .storeRemoved, at: start)
        #expect(step.event.map(line) == "60 resolved unjudged store_removed")
    }
}

@Suite("ids from content")
struct ContentIDTests {
    // Computed with Python's hashlib over the length-prefixed parts.
    @Test("are the first 16 bytes of SHA-256 over the parts with their lengths")
    func literal() {
        let episode = ContentID.episode(key, since: start)
        #expect(episode == "ep_d16a4459ac397fd6c776a4efa93de1e6")
        let notices = [1, 2].map { ContentID.notice(receiver: "ops", episode: episode, change: $0) }
        #expect(
            notices == [
                "ntc_952d43e911ea4974dd17d90bb8149d32", "ntc_2fe19ee08e3869688e8d07b40597d7a2",
            ])
        let chinese = AlertKey(store: "拼多多", rule: "dispute-refunds")
        #expect(ContentID.episode(chinese, since: start) == "ep_d0a3c94dfa918239b9b2213314d98219")
    }

    @Test("do not run together where one part ends and the next begins")
    func separated() {
        let a = ContentID.episode(AlertKey(store: "ab", rule: "c"), since: start)
        let b = ContentID.episode(AlertKey(store: "a", rule: "bc"), since: start)
        #expect(a != b)
    }
}
