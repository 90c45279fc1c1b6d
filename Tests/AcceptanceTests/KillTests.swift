import Facts
import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

/// Two parties of the same kind: one is killed again and again, the other is left alone. In the end they must not be
/// told apart.
@Suite("A kill loses nothing and doubles nothing", .serialized, .timeLimit(.minutes(5)))
struct KillTests {
    /// The daemon judges by the real clock, so that is when the marketplace lives.
    private static let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    private static let today = LocalDay(number: Int32((now.microseconds / 1_000_000 + 8 * 3600) / 86_400))

    private static func marketplace(
        _ stories: [MadeUpStore.Story], count: Int, days: Int, at moment: Timestamp, pageSize: Int
    ) -> MadeUpMarketplace {
        let stores = (0..<count).map { number in
            MadeUpStore(
                id: "shop-\(number)", story: stories[number % stories.count], ordersPerDay: 12,
                turn: today.advanced(by: -24))
        }
        return MadeUpMarketplace(
            seed: 5, stores: stores, days: today.advanced(by: -days)..<today, now: moment, pageSize: pageSize)
    }

    /// The pack in a zone where it is about noon: no midnight comes between what is compared.
    private static func site() throws -> Site {
        let east = 12 - Int(now.microseconds / 3_600_000_000 % 24)
        let zone = east == 0 ? "UTC" : "Etc/GMT\(east > 0 ? "-" : "+")\(abs(east))"
        let pack = try String(contentsOfFile: Dataset.pack("kill"), encoding: .utf8)
        return try Site(pack: pack.replacing("Asia/Shanghai", with: zone))
    }

    private static let stores = "[{match: \"*\", pack: kill}]"

    /// What the ledger says: every fact, and every figure at one moment.
    private func content(_ site: Site) async throws -> [String] {
        let facts = try await Program.run("export", "--config", site.config)
        let figures = try await Program.run(
            "metrics", "--config", site.config, "--at", Self.now.description, "--format", "csv")
        let verified = try await Program.run("verify", "--config", site.config)
        #expect(
            facts.status == 0 && figures.status == 0 && verified.status == 0,
            "\(facts.error)\(figures.error)\(verified.output)")
        // How far the data is complete is a moment of each run's own.
        let told = facts.output.split(separator: "\n").filter { !$0.contains(#""kind":"coverage""#) }
        return [told.joined(separator: "\n"), figures.output]
    }

    @Test("an import killed at random moments and repeated equals one that was left alone")
    func imports() async throws {
        let marketplace = Self.marketplace(
            [.healthy, .sliding, .late, .tiny], count: 8, days: 40, at: Self.now, pageSize: 500)
        let lines = await marketplace.history
        try #require(lines.count > 3000)
        let (whole, killed) = (try Self.site(), try Self.site())
        for site in [whole, killed] {
            try site.folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
            try site.configure(stores: Self.stores)
        }
        try #require(
            try await Program.run("import", "--config", whole.config, whole.folder.file("facts.jsonl")).status == 0)

        var random = SeededGenerator(seed: 41)
        for _ in 0..<20 {
            let running = try Program.Running(["import", "--config", killed.config, killed.folder.file("facts.jsonl")])
            await Pause.milliseconds(Int.random(in: 20...1000, using: &random))
            running.send(SIGKILL)
            _ = await running.finish()
        }
        let last = try await Program.run("import", "--config", killed.config, killed.folder.file("facts.jsonl"))
        try #require(last.status == 0, "\(last.error)")
        #expect(try await content(killed) == content(whole))
    }

    // MARK: The daemon

    /// A daemon's whole surroundings: a marketplace, which tells the same in every one of them, a receiver, a ledger.
    private struct Party {
        let marketplace = KillTests.marketplace(
            [.healthy, .sliding, .late, .healed], count: 12, days: 36, at: KillTests.now - .days(8), pageSize: 100)
        let listener = Listener()
        let site: Site

        init() throws { site = try KillTests.site() }

        /// Serves both while `body` runs, with the configuration written.
        func serving(_ body: @escaping @Sendable () async throws -> Void) async throws {
            try await marketplace.serving { feed in
                try await listener.serving { hook in
                    try site.configure(
                        stores: KillTests.stores, feeds: ["{id: erp, url: \"\(feed)\", every: 1s, stale_after: 1d}"],
                        receivers: ["{id: ops, webhook: \"\(hook)\"}"])
                    try await body()
                }
            }
        }

        /// Runs the daemon until it has pulled twice to the end, owes nothing, and has had nothing new to say for three
        /// seconds; then has it end.
        func runToRest() async throws {
            let began = KillTests.clock()
            try await RunningDaemon.running(site.config, level: "notice") { daemon in
                var (said, since) = ("", ContinuousClock.now)
                var finishes: Set<Int64> = []
                let isAtRest = try await Wait.until(120, every: 200) {
                    let answer = try site.ask(
                        """
                        SELECT (SELECT ifnull(max(finished_at), 0) FROM pulls), (SELECT count(*) FROM notices),
                            (SELECT count(*) FROM notices WHERE state = 'owed')
                                + (SELECT count(*) FROM notice_items WHERE state = 'waiting')
                        """)[0].split(separator: "|").map(String.init)
                    if let finish = Int64(answer[0]), finish > began { finishes.insert(finish) }
                    let now = "\(answer[1]) \(answer[2])"
                    if now != said { (said, since) = (now, .now) }
                    return finishes.count >= 2 && answer[2] == "0" && ContinuousClock.now - since > .seconds(3)
                }
                try #require(isAtRest, "\(daemon.log.suffix(3000))")
                let ended = await daemon.stop()
                #expect(ended.status == 0, "\(ended.error)")
            }
        }

        /// Kills so many daemons, each at its own random moment.
        func kill(_ count: Int, using random: inout SeededGenerator) async throws {
            for _ in 0..<count {
                let running = try Program.Running(["run", "--config", site.config])
                await Pause.milliseconds(Int.random(in: 30...900, using: &random))
                running.send(SIGKILL)
                let ended = await running.finish()
                #expect(ended.status == 128 + SIGKILL, "it ended by itself: \(ended.error)")
            }
        }
    }

    private static func clock() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    /// Every stretch of the marketplace's story is pulled, judged and delivered under kills: first what had happened
    /// eight days ago, then all of it, with disputes taken back on appeal, so that alerts resolve.
    @Test(
        "a daemon killed 50 times among faulty feeds and receivers ends where an undisturbed one does, alert by alert")
    func daemon() async throws {
        let undisturbed = try Party()
        try await undisturbed.serving {
            try await undisturbed.runToRest()
            await undisturbed.marketplace.advance(to: Self.now)
            try await undisturbed.runToRest()
        }
        let expected = try await Tale(undisturbed)
        try #require(
            expected.alerts.values.contains { $0.count == 2 }, "some alert fires and resolves: \(expected.alerts)")
        try #require(expected.alerts.count >= 5, "several stores have alerts: \(expected.alerts)")

        let killed = try Party()
        try await killed.serving {
            var random = SeededGenerator(seed: 7)
            for moment in [nil, Self.now] {
                if let moment { await killed.marketplace.advance(to: moment) }
                // What never answers comes early, so that kills meet it and the way to rest does not.
                await killed.marketplace.plan(
                    [nil, nil, .stall, nil, .stall] + (0..<50).map { _ in random.pick(Self.feedFaults) })
                // A first look is one notice, which may meet all of these: never so many in a row that it waits for minutes.
                await killed.listener.plan(
                    [.stall, .status(500), nil, .stall, .stall, nil]
                        + (0..<8).flatMap { _ in [random.pick(Self.receiverFaults), nil] })
                try await killed.kill(25, using: &random)
                try await killed.runToRest()
            }
        }
        let told = try await Tale(killed)
        #expect(told.alerts == expected.alerts)
        #expect(try await content(killed.site) == content(undisturbed.site))
        #expect(try killed.site.ask("SELECT count(*) FROM notices WHERE state <> 'taken'") == ["0"])
        let refusals = await killed.listener.deliveries.filter { !$0.wasTaken }.count
        // How many it meets is a matter of when the kills come.
        #expect(refusals > 2, "the receiver was a faulty one")
    }

    private static let feedFaults: [Fault?] =
        Array(repeating: nil, count: 24) + [
            .status(500), .hangUp, .cut, .half, .garbage, .repeatPage, .reorder, .slow, .throttle(seconds: 1),
            .unavailable(retryAfter: "1"), .loopCursor,
        ]
    private static let receiverFaults: [Fault?] = [
        nil, nil, .status(500), .status(404), .status(410), .hangUp, .throttle(seconds: 1), .garbage,
    ]

    /// What a receiver was told, held together: each notice at least once, under one id, with one body, and those of an
    /// alert in order.
    private struct Tale {
        /// Store and rule → what was told of them, in order, without what depends on when it was judged.
        var alerts: [String: [String]] = [:]

        init(_ party: Party) async throws {
            let deliveries = await party.listener.deliveries
            try expectOneIDForEachEvent(deliveries.map { ($0.id, $0.body) })
            var visits: [String: (first: Int, last: Int, isTaken: Bool)] = [:]
            var order: [String: [String]] = [:]
            for (index, delivery) in deliveries.enumerated() {
                if let visit = visits[delivery.id] {
                    visits[delivery.id] = (visit.first, index, visit.isTaken || delivery.wasHeard)
                    continue
                }
                visits[delivery.id] = (index, index, delivery.wasHeard)
                // What a first look finds comes in one notice.
                for alert in try HeardAlert.all(delivery.body) {
                    let key = "\(alert.store)/\(alert.rule)"
                    order[key, default: []].append(delivery.id)
                    alerts[key, default: []].append("\(alert.event) \(alert.standing)")
                }
            }
            #expect(visits.values.allSatisfy { $0.isTaken }, "what failed was sent again until it was taken")
            for (key, ids) in order {
                for (earlier, later) in zip(ids, ids.dropFirst()) {
                    #expect(
                        visits[earlier]!.last < visits[later]!.first,
                        "\(key): the first is done with before the next is sent")
                }
            }
            let owed = try party.site.ask("SELECT id FROM notices ORDER BY id")
            #expect(owed == visits.keys.sorted(), "every notice of the ledger was sent, and no other")
        }
    }
}

extension Listener.Delivery {
    /// Answered with 2xx, whatever the body.
    fileprivate var wasHeard: Bool { wasTaken || fault == .garbage }
}
