import Facts
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("Every notice reaches every receiver, in order and under one id", .serialized, .timeLimit(.minutes(3)))
struct DeliveryTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private static var now: Timestamp { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }

    @Test("a signed body verifies, also when it is sent again after a refusal")
    func signed() async throws {
        let site = try Site()
        let listener = Listener(secret: Self.secret, clock: { Self.now })
        await listener.plan([.status(500)])
        try await listener.serving { hook in
            try site.configure(receivers: ["{id: ops, webhook: \"\(hook)\", secret: {env: HOOK_KEY}}"])
            let environment = ["HOOK_KEY": Self.secret]
            try await site.take(Site.refunds(3, at: "a"), environment: environment)
            try await RunningDaemon.running(site.config, environment: environment) { daemon in
                try #require(await Wait.until { await listener.deliveries.count == 2 }, "\(daemon.log)")
            }
        }
        let deliveries = await listener.deliveries
        #expect(deliveries.allSatisfy { $0.signature == .valid }, "\(deliveries.map(\.signature))")
        #expect(deliveries.allSatisfy { $0.method == "POST" && $0.headers["content-type"] == "application/json" })
        try expectOneIDForEachEvent(deliveries.map { ($0.id, $0.body) })
        #expect(try HeardAlert.read(deliveries[1].body).event == "firing")
    }

    /// One receiver for every way to refuse; each refuses once and then takes it.
    private struct Refusal: Sendable {
        var name: String
        var answer: Hook.Answer
        /// Between the first attempt and the second: two seconds at most, and what a slow machine adds.
        var wait: ClosedRange<Double> = 0...20
    }

    private static let refusals = [
        Refusal(name: "500", answer: .status(500)), Refusal(name: "404", answer: .status(404)),
        Refusal(name: "410", answer: .status(410)), Refusal(name: "401", answer: .status(401)),
        Refusal(name: "302", answer: .status(302, more: "Location: http://127.0.0.1:9/elsewhere\r\n")),
        Refusal(name: "hang-up", answer: .hangUp),
        Refusal(name: "429", answer: .status(429, more: "Retry-After: 5\r\n"), wait: 5...20),
        Refusal(name: "503-at-once", answer: .status(503, more: "Retry-After: 0\r\n")),
        Refusal(name: "503-nonsense", answer: .status(503, more: "Retry-After: soon\r\n")),
    ]

    @Test("whatever a receiver refuses with, it is asked again within two seconds, or when it said")
    func refused() async throws {
        let site = try Site()
        try await serving(Self.refusals) { hooks in
            try site.configure(receivers: hooks.map { "{id: \"to-\($0.refusal.name)\", webhook: \"\($0.address)\"}" })
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                _ = await Wait.until(40) { hooks.allSatisfy { $0.hook.arrivals.count >= 2 } }
                for (refusal, _, _) in hooks {
                    #expect(
                        !daemon.lines(with: "to-\(refusal.name)'", "failed").isEmpty, "\(refusal.name) is in the log")
                }
                let owed = "SELECT receiver FROM notices WHERE state <> 'taken'"
                _ = try await site.comes(to: [], owed, within: 10)
                #expect(try site.ask(owed) == [], "all are taken")
            }
            for (refusal, hook, _) in hooks {
                let arrivals = hook.arrivals
                #expect(arrivals.count == 2, "\(refusal.name): asked again, and not once more when it had taken it")
                guard arrivals.count > 1 else { continue }
                let seconds = (arrivals[1].at - arrivals[0].at) / .seconds(1)
                #expect(refusal.wait.contains(seconds), "\(refusal.name): asked again after \(seconds) s")
                try expectOneIDForEachEvent(hook.arrivals.map { ($0.id, $0.body) })
            }
            #expect(
                Set(hooks.compactMap { $0.hook.arrivals.first?.id }).count == hooks.count,
                "each receiver has its own notice")
        }
    }

    @Test("a 2xx is taken, whatever the receiver adds to it", arguments: [true, false])
    func taken(isFlood: Bool) async throws {
        let site = try Site()
        try await Hook.serving({ _ in isFlood ? .flood(256 << 20) : .cut }) { hook, address in
            try site.configure(receivers: ["{id: ops, webhook: \"\(address)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(
                    try await site.comes(to: ["taken|1"], "SELECT state, attempts FROM notices", within: 20),
                    "\(daemon.log)")
                await Pause.milliseconds(500)
                let memory = try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8)
                    .firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) }
                #expect(try #require(memory) < 150_000, "the answer's body was not kept")
            }
            #expect(hook.arrivals.count == 1)
        }
    }

    @Test("while one receiver stalls, another hears of everything at once")
    func stalled() async throws {
        let site = try Site()
        let gate = Gate()
        try await Metronome.ticking { tick in
            try await Hook.serving({ _ in .held(gate) }) { stalled, stalledAddress in
                try await Hook.serving({ _ in .status(204) }) { healthy, healthyAddress in
                    try site.configure(
                        feeds: [tick],
                        receivers: [
                            "{id: one, webhook: \"\(stalledAddress)\"}", "{id: two, webhook: \"\(healthyAddress)\"}",
                        ])
                    try await site.take(Site.refunds(3, at: "a"))
                    try await RunningDaemon.running(site.config) { daemon in
                        try #require(
                            await Wait.until { stalled.arrivals.count == 1 && healthy.arrivals.count == 1 },
                            "\(daemon.log)")
                        // Three more alerts, one after the other, while the first attempt at the other goes on.
                        for (index, store) in ["b", "c", "d"].enumerated() {
                            try await site.take(Site.refunds(3, at: store))
                            try #require(
                                await Wait.until(10) { healthy.arrivals.count == index + 2 }, "\(store): \(daemon.log)")
                        }
                        let seconds =
                            try (#require(healthy.arrivals.last).at - #require(stalled.arrivals.first).at) / .seconds(1)
                        #expect(seconds < 12, "the healthy one waited for the other's time limit: \(seconds) s")
                        #expect(
                            stalled.arrivals.filter { $0.id == stalled.arrivals[0].id }.count == 1,
                            "the first attempt was still under way")
                        // What the slow one was owed, it gets as well.
                        gate.open()
                        try #require(await Wait.until { stalled.alerts.count == 4 }, "\(daemon.log)")
                        #expect(healthy.arrivals.count == 4)
                    }
                    try expectOneIDForEachEvent(stalled.arrivals.map { ($0.id, $0.body) })
                    try expectOneIDForEachEvent(healthy.arrivals.map { ($0.id, $0.body) })
                }
            }
        }
    }

    @Test("a resolve waits for its firing to be taken, and both go out")
    func ordered() async throws {
        let site = try Site()
        let isOpen = Flag()
        try await Metronome.ticking { tick in
            try await Hook.serving({ _ in .status(isOpen.isSet ? 204 : 503) }) { hook, address in
                try site.configure(feeds: [tick], receivers: ["{id: ops, webhook: \"\(address)\"}"])
                try await site.take(Site.refunds(3, at: "a") + Site.refunds(3, at: "b"))
                try await RunningDaemon.running(site.config) { daemon in
                    try #require(await Wait.until { hook.alerts.count == 2 }, "\(daemon.log)")
                    // The platform takes a refund of each store back; one of them is soon over the limit again.
                    try await site.take(["a", "b"].map { Site.refund("r1", at: $0, more: #","deleted":true"#) })
                    let owed = "SELECT count(*) FROM notices WHERE state = 'owed'"
                    // What the first look found is one.
                    try #require(try await site.comes(to: ["3"], owed), "\(daemon.log)")
                    try await site.take([Site.refund("r4", at: "b")])
                    try #require(try await site.comes(to: ["4"], owed), "\(daemon.log)")
                    #expect(hook.alerts.count == 2, "nothing overtakes what is not taken")
                    let refused = hook.arrivals.count

                    isOpen.set()
                    try #require(try await site.comes(to: ["0"], owed, within: 60), "\(daemon.log)")
                    let taken = try hook.arrivals.dropFirst(refused).flatMap { try HeardAlert.all($0.body) }
                    #expect(taken.filter { $0.store == "a" }.map(\.event) == ["firing", "resolved"], "\(taken)")
                    #expect(
                        taken.filter { $0.store == "b" }.map(\.event) == ["firing", "resolved", "firing"], "\(taken)")
                    let episodes = taken.filter { $0.store == "b" }.map(\.episode)
                    #expect(
                        episodes[0] == episodes[1] && episodes[2] != episodes[0],
                        "what begins anew is an episode of its own")
                }
                try expectOneIDForEachEvent(hook.arrivals.map { ($0.id, $0.body) })
            }
        }
    }

    // MARK: Many receivers

    private func serving(
        _ refusals: [Refusal], _ hooks: [(refusal: Refusal, hook: Hook, address: String)] = [],
        _ body: ([(refusal: Refusal, hook: Hook, address: String)]) async throws -> Void
    ) async throws {
        guard let refusal = refusals.first else { return try await body(hooks) }
        try await Hook.serving({ $0 == 0 ? refusal.answer : .status(204) }) { hook, address in
            try await serving(Array(refusals.dropFirst()), hooks + [(refusal, hook, address)], body)
        }
    }
}
