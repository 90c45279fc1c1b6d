import Alerts
import Facts
import Rules
import TestSupport
import Testing

/// Observations as a store would give them: minutes that mostly go on, sometimes stand and sometimes go back.
private func randomWalk(_ generator: inout SeededGenerator, mayGoBack: Bool = true) -> [Observation] {
    let timing = AlertTiming(
        for: .minutes(generator.pick([0, 0, 7, 30])), keep: .minutes(generator.pick([0, 0, 7, 30])),
        confirm: generator.pick([1, 1, 2, 3]))
    var minute: Int64 = 0
    var revision: Int64 = 1
    return (0..<Int.random(in: 1...60, using: &generator)).map { _ in
        if mayGoBack, generator.percent(5) {
            minute -= Int64.random(in: 1...40, using: &generator)
        } else if !generator.percent(15) {
            minute += Int64.random(in: 1...15, using: &generator)
        }
        if generator.percent(40) { revision += 1 }
        return observed(
            generator.pick([.ok, .ok, .warning, .breach, .breach, .unjudged, .unknown]), minute,
            limit: generator.pick(["rate < 1%", "rate < 1%", "rate < 1%", "rate < 2%"]),
            isConfirmed: !generator.percent(10), revision: revision,
            evidence: generator.percent(50) ? Int.random(in: 0...5, using: &generator) : nil,
            hindsight: generator.pick([nil, .ok, .breach]), for: timing.for, keep: timing.keep,
            confirm: timing.confirm)
    }
}

/// An alert through plain values, as a ledger keeps it: what has no place here would be lost by a restart.
func throughLedger(_ alert: Alert) -> Alert {
    let texts: [String?] = [
        alert.key.store, alert.key.rule, alert.episode, alert.state.rawValue, alert.standing.rawValue,
        alert.announced?.rawValue, alert.reason?.rawValue, alert.ending?.rawValue, alert.outside.limit,
        alert.told?.rawValue, alert.flapping.text,
    ]
    let integers: [Int64?] = [
        alert.since.microseconds, alert.firedAt?.microseconds, alert.endedAt?.microseconds, alert.elapsed.microseconds,
        alert.observedAt.microseconds, alert.isBlind ? 1 : 0, Int64(alert.changes), alert.outside.at.microseconds,
        alert.outside.isConfirmed ? 1 : 0, alert.outside.revision, alert.outside.evidenceTotal.map(Int64.init),
        Int64(alert.confirmed), alert.confirmedTo.microseconds, alert.isBlindTold ? 1 : 0,
    ]
    var copy = Alert(
        key: AlertKey(store: texts[0] ?? "", rule: texts[1] ?? ""), episode: texts[2] ?? "",
        state: texts[3].flatMap(Alert.State.init) ?? .resolved, standing: texts[4].flatMap(Standing.init) ?? .unknown,
        announced: texts[5].flatMap(Standing.init), since: Timestamp(microseconds: integers[0] ?? 0),
        firedAt: integers[1].map(Timestamp.init(microseconds:)),
        endedAt: integers[2].map(Timestamp.init(microseconds:)),
        elapsed: TimeSpan(microseconds: integers[3] ?? 0), observedAt: Timestamp(microseconds: integers[4] ?? 0),
        isBlind: integers[5] == 1, changes: Int(integers[6] ?? 0), reason: texts[6].flatMap(AlertReason.init),
        ending: texts[7].flatMap(AlertReason.init),
        outside: OutsideReading(
            at: Timestamp(microseconds: integers[7] ?? 0), limit: texts[8] ?? "", isConfirmed: integers[8] == 1,
            revision: integers[9] ?? 0, evidenceTotal: integers[10].map(Int.init)),
        subject: alert.subject, told: texts[9].flatMap(Standing.init), flapping: Flapping(text: texts[10]),
        confirmed: integers[11].map(Int.init) ?? 0, confirmedTo: integers[12].map(Timestamp.init(microseconds:)),
        isBlindTold: integers[13] == 1)
    copy.turning = alert.turning.flatMap { Turning(rawValue: $0.rawValue) }
    copy.outside.isAccepted = alert.outside.isAccepted
    return copy
}

@Suite("what holds for every alert")
struct AlertPropertyTests {
    private static let seeds: [UInt64] = Array(1...400)

    @Test("restarts anywhere give the same events")
    func restarts() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            let observations = randomWalk(&generator)
            var (steady, restarted) = (AlertWalk(), AlertWalk())
            for observation in observations {
                steady.take(observation)
                if generator.percent(30) { restarted.alert = restarted.alert.map(throughLedger) }
                restarted.take(observation)
            }
            #expect(restarted.events == steady.events, "seed \(seed)")
            #expect(restarted.alert == steady.alert, "seed \(seed)")
        }
    }

    @Test("every episode is a firing, then raises and lowers in turn, then at most one resolve")
    func order() {
        var resolves = 0
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            var walk = AlertWalk()
            for observation in randomWalk(&generator) { walk.take(observation) }
            // In the order of their first events; an episode never comes back after another began.
            var episodes: [[AlertEvent]] = []
            for event in walk.events {
                if episodes.last?.first?.episode == event.episode {
                    episodes[episodes.count - 1].append(event)
                } else {
                    episodes.append([event])
                }
            }
            #expect(Set(episodes.map { $0[0].episode }).count == episodes.count, "seed \(seed)")
            for events in episodes {
                #expect(events.map(\.number) == Array(1...events.count), "seed \(seed)")
                #expect(events[0].kind == .firing, "seed \(seed)")
                #expect(events.dropFirst().allSatisfy { $0.kind != .firing }, "seed \(seed)")
                #expect(events.dropLast().allSatisfy { $0.kind != .resolved }, "seed \(seed)")
                #expect(zip(events, events.dropFirst()).allSatisfy { $0.standing != $1.standing }, "seed \(seed)")
                #expect(events.allSatisfy { $0.since == events[0].since && $0.at >= $0.since }, "seed \(seed)")
                if events.last?.kind == .resolved { resolves += 1 }
            }
            // All but the last have ended.
            #expect(episodes.dropLast().allSatisfy { $0.last?.kind == .resolved }, "seed \(seed)")
        }
        #expect(resolves > 400, "the walks hardly ever came to an end: the property was not put to the test")
    }

    @Test("unknown gives no event, changes no standing and counts no time")
    func unknown() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            var walk = AlertWalk()
            for observation in randomWalk(&generator) {
                var blind = observation
                blind.standing = .unknown
                blind.at = observation.at + .minutes(generator.pick([-50, 0, 50]))
                let before = walk.alert
                let step = AlertStep.step(before, blind)
                #expect(step.event == nil, "seed \(seed)")
                var after = step.alert
                after?.isBlind = before?.isBlind ?? false
                #expect(after == before, "seed \(seed)")
                walk.take(observation)
            }
        }
    }

    @Test("unknown put in anywhere never lets a first firing come earlier")
    func unknownNeverShortens() {
        var delayed = 0
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            let observations = randomWalk(&generator, mayGoBack: false)
            var (plain, blinded) = (AlertWalk(), AlertWalk())
            for observation in observations {
                plain.take(observation)
                if generator.percent(30) {
                    var blind = observation
                    blind.standing = .unknown
                    blinded.take(blind)
                }
                blinded.take(observation)
            }
            guard let first = blinded.events.first else { continue }
            let undisturbed = plain.events.first?.at
            #expect(undisturbed.map { $0 <= first.at } == true, "seed \(seed)")
            if let undisturbed, undisturbed < first.at { delayed += 1 }
        }
        #expect(delayed > 0, "no walk was ever delayed: the property was not put to the test")
    }

    @Test("whatever fires was found outside ok by as many observations of other data as were asked for")
    func confirmed() {
        var (waited, fired) = (0, 0)
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            var walk = AlertWalk()
            var seen: Set<[Int64]> = []
            for observation in randomWalk(&generator, mayGoBack: false) {
                let wasPending = walk.alert.map { $0.state == .pending } ?? true
                walk.take(observation)
                if observation.standing == .ok || observation.standing == .unjudged { seen = [] }
                guard observation.standing == .warning || observation.standing == .breach else { continue }
                seen.insert([observation.revision, observation.at.microseconds])
                if walk.events.last?.kind == .firing, walk.alert?.state == .firing, wasPending {
                    #expect(seen.count >= observation.timing.confirm, "seed \(seed)")
                    fired += 1
                } else if walk.alert?.state == .pending, seen.count < observation.timing.confirm {
                    waited += 1
                }
            }
        }
        #expect(waited > 100 && fired > 100, "hardly any alert waited: the property was not put to the test")
    }

    @Test("the same observation again gives no second event")
    func repeated() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            var walk = AlertWalk()
            for observation in randomWalk(&generator) {
                walk.take(observation)
                let again = AlertStep.step(walk.alert, observation)
                // A moment that went back was only marked; observed again, it is where the clock stands, and decides.
                guard walk.alert?.isBlind != true else { continue }
                #expect(again.event == nil, "seed \(seed)")
                #expect(again.alert == walk.alert, "seed \(seed)")
            }
        }
    }

    @Test("time never runs backwards in an alert")
    func noNegativeTime() {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            var walk = AlertWalk()
            for observation in randomWalk(&generator) {
                walk.take(observation)
                #expect((walk.alert?.elapsed ?? .zero) >= .zero, "seed \(seed)")
                if let alert = walk.alert, let end = alert.endedAt { #expect(end >= alert.since, "seed \(seed)") }
            }
        }
    }
}
