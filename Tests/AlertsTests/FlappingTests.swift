import Alerts
import Facts
import Rules
import TestSupport
import Testing

/// A script's observations in hours, damped as in the daemon.
private func hours(_ text: String, for: Int64 = 0, keep: Int64 = 0) -> [Observation] {
    text.split(separator: ",").map { item in
        let words = item.split(separator: " ")
        guard words.count == 2, let hour = Int64(words[0]), let standing = Standing(rawValue: String(words[1])) else {
            preconditionFailure("'\(item)' is not an hour and a standing")
        }
        var observation = observed(standing, hour * 60, for: .hours(`for`), keep: .hours(keep))
        observation.timing.damping = .standard
        return observation
    }
}

private struct Row: CustomTestStringConvertible, Sendable {
    var what: String
    var `for`: Int64 = 0
    var keep: Int64 = 0
    var given: String
    /// Hours and kinds; in parentheses what nobody is told of.
    var events: [String]
    var ends: Alert.State = .firing
    var announced: Standing?
    var testDescription: String { what }
}

private let cycle = "0 warning, 1 ok, 2 warning, 3 ok"

private let rows: [Row] = [
    Row(
        what: "three changes are three", given: "0 warning, 1 ok, 2 warning",
        events: ["0 firing warning", "1 resolved ok", "2 firing warning"], announced: .warning),
    Row(
        what: "the fourth is told as flapping, and it is held", given: cycle,
        events: ["0 firing warning", "1 resolved ok", "2 firing warning", "3 flapping warning"], ends: .recovering,
        announced: .warning),
    Row(
        what: "a firing may be the fourth", given: "0 warning, 170 ok, 171 warning, 172 ok, 173 warning",
        events: [
            "0 firing warning", "170 resolved ok", "171 firing warning", "172 resolved ok", "173 flapping warning",
        ], announced: .warning),
    Row(
        what: "four in more than seven days are four", given: "0 warning, 1 ok, 100 warning, 168 ok",
        events: ["0 firing warning", "1 resolved ok", "100 firing warning", "168 resolved ok"], ends: .resolved,
        announced: .warning),
    Row(
        what: "what comes and goes then is kept and withheld", given: cycle + ", 4 warning, 5 ok, 6 warning",
        events: [
            "0 firing warning", "1 resolved ok", "2 firing warning", "3 flapping warning", "(4 resumed warning)",
            "(5 paused ok)", "(6 resumed warning)",
        ], announced: .warning),
    Row(
        what: "held at the worst that was seen, in any of the stays", given: "0 breach, 1 ok, 2 warning, 3 ok",
        events: ["0 firing breach", "1 resolved ok", "2 firing warning", "3 flapping breach"], ends: .recovering,
        announced: .breach),
    Row(
        what: "a breach where a warning was told is told, and once", given: cycle + ", 4 breach, 5 ok, 6 breach",
        events: [
            "0 firing warning", "1 resolved ok", "2 firing warning", "3 flapping warning", "4 raised breach",
            "(5 paused ok)", "(6 resumed breach)",
        ], announced: .breach),
    Row(
        what: "for is waited out before a breach is told", for: 2,
        given: "0 warning, 2 warning, 3 ok, 4 warning, 6 warning, 7 ok, 8 breach, 9 breach, 10 breach",
        events: [
            "2 firing warning", "3 resolved ok", "6 firing warning", "7 flapping warning", "10 raised breach",
        ], announced: .breach),
    Row(
        what: "clear for a window ends it, as what it is", given: cycle + ", 160 ok, 168 ok, 169 ok, 170 ok",
        events: [
            "0 firing warning", "1 resolved ok", "2 firing warning", "3 flapping warning", "170 resolved ok",
        ], ends: .resolved, announced: .warning),
    Row(
        what: "outside ok for a window is told as what it is",
        given: "0 breach, 1 ok, 2 breach, 3 ok, 4 warning, 171 warning",
        events: [
            "0 firing breach", "1 resolved ok", "2 firing breach", "3 flapping breach", "(4 resumed warning)",
            "171 settled warning",
        ], announced: .warning),
    Row(
        what: "unknown ends nothing, however long", given: cycle + ", 5 unknown, 5000 unknown",
        events: ["0 firing warning", "1 resolved ok", "2 firing warning", "3 flapping warning"], ends: .recovering,
        announced: .warning),
    Row(
        what: "keep is waited out while it is held", keep: 2,
        given: "0 warning, 1 ok, 3 ok, 4 warning, 5 ok, 7 ok, 8 warning, 9 ok, 10 warning, 11 ok, 13 ok",
        events: [
            "0 firing warning", "3 resolved ok", "4 firing warning", "7 flapping warning", "(8 resumed warning)",
            "(13 paused ok)",
        ], ends: .recovering, announced: .warning),
]

@Suite("What comes and goes is told once")
struct FlappingTests {
    @Test("each row of the table", arguments: rows)
    private func row(_ row: Row) {
        var walk = AlertWalk()
        for observation in hours(row.given, for: row.for, keep: row.keep) { walk.take(observation) }
        let events = walk.events.map { event in
            let words = "\((event.at - start).microseconds / 3_600_000_000) \(event.kind.rawValue) \(event.standing)"
            return event.withheld == nil ? words : "(\(words))"
        }
        #expect(events == row.events)
        #expect(walk.alert?.state == row.ends)
        #expect(walk.alert?.announced == row.announced)
    }

    @Test("a rule that is removed ends what is held")
    func removed() {
        var walk = AlertWalk()
        for observation in hours(cycle) { walk.take(observation) }
        guard let alert = walk.alert else {
            Issue.record("there is one")
            return
        }
        let step = AlertStep.removal(of: alert, because: .ruleRemoved, at: start + .hours(4))
        #expect(step.event?.kind == .resolved && step.event?.reason == .ruleRemoved)
        #expect(step.alert?.flapping.isHeld == false)
    }

    /// Hours that go on, and standings that change often.
    private static func walk(_ generator: inout SeededGenerator) -> [Observation] {
        let (wait, keep) = (generator.pick([0, 0, 3]), generator.pick([0, 0, 3]))
        var hour: Int64 = 0
        return (0..<Int.random(in: 20...120, using: &generator)).map { _ in
            hour +=
                generator.percent(5)
                ? Int64.random(in: 100...300, using: &generator) : Int64.random(in: 0...4, using: &generator)
            let standing: Standing = generator.pick([.ok, .ok, .warning, .warning, .breach, .unjudged, .unknown])
            var observation = observed(standing, hour * 60, for: .hours(Int64(wait)), keep: .hours(Int64(keep)))
            observation.timing.damping = .standard
            return observation
        }
    }

    @Test("restarts anywhere give the same events, and unknown put in anywhere ends nothing")
    func restarts() {
        var held = 0
        for seed in UInt64(1)...300 {
            var generator = SeededGenerator(seed: seed)
            let observations = Self.walk(&generator)
            var (steady, restarted) = (AlertWalk(), AlertWalk())
            for observation in observations {
                steady.take(observation)
                if generator.percent(30) { restarted.alert = restarted.alert.map(throughLedger) }
                restarted.take(observation)
                if steady.alert?.flapping.isHeld ?? false { held += 1 }
                var blind = observation
                blind.standing = .unknown
                #expect(AlertStep.step(steady.alert, blind).event == nil, "seed \(seed)")
            }
            #expect(restarted.events == steady.events, "seed \(seed)")
            #expect(restarted.alert == steady.alert, "seed \(seed)")
        }
        #expect(held > 1000, "hardly anything was ever held: the property was not put to the test")
    }

    @Test("no breach that stands is unannounced, what is told ends once an episode, and little is told")
    func order() {
        for seed in UInt64(1)...300 {
            var generator = SeededGenerator(seed: seed)
            var walk = AlertWalk()
            for observation in Self.walk(&generator) {
                walk.take(observation)
                if let alert = walk.alert, alert.state == .firing, !alert.flapping.isClear, !alert.isBlind,
                    alert.standing == .breach
                {
                    #expect(alert.announced == .breach, "seed \(seed)")
                }
            }
            for episode in Dictionary(grouping: walk.events, by: \.episode).values {
                #expect(episode.map(\.number) == Array(1...episode.count), "seed \(seed)")
                #expect([.firing, .flapping].contains(episode[0].kind), "seed \(seed)")
                #expect(episode.dropLast().allSatisfy { $0.kind != .resolved }, "seed \(seed)")
            }
            // Of comings and goings no more than four are told within seven days.
            let told = walk.events.filter { [.firing, .resolved, .flapping].contains($0.kind) }
            for (place, event) in told.enumerated() where place + 5 < told.count {
                #expect(told[place + 5].at - event.at > .days(6), "seed \(seed)")
            }
        }
    }
}
