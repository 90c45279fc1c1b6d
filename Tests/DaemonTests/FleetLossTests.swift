import Alerts
import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("A configuration that would end much waits until somebody says that it is meant")
struct FleetLossTests {
    private static func entries(_ ids: ClosedRange<Int>) -> [String] { ids.map { "{id: s\($0), pack: shop}" } }

    /// Stores of which each has an alert that fires.
    private func bench(_ stores: Int, firing: Int) async throws -> HealthBench {
        let bench = try await HealthBench(Self.entries(1...stores))
        for number in 1...firing {
            try await bench.imported(try bench.refunds(1...3, at: "s\(number)"), of: "s\(number)")
        }
        try await bench.look(at: 0)
        try await bench.assembly.noteInForce()
        #expect(try await bench.open().filter { $0.contains("refunds") }.count == firing)
        return bench
    }

    private struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var stores: ClosedRange<Int>
        var isTooMuch: Bool
    }

    private static let changes = [
        Change(testDescription: "of 60 stores three are five in a hundred", stores: 1...57, isTooMuch: false),
        Change(testDescription: "four are more", stores: 1...56, isTooMuch: true),
        Change(testDescription: "more come than go", stores: 4...90, isTooMuch: false),
    ]

    @Test("stores are counted against those that were watched", arguments: changes)
    private func stores(_ change: Change) async throws {
        let bench = try await bench(60, firing: 1)
        try await bench.reconfigure(Self.entries(change.stores))
        #expect((try await bench.assembly.lossAtStart() != nil) == change.isTooMuch)
    }

    @Test("of few stores one is more than five in a hundred, and of twenty it is not")
    func few() async throws {
        let bench = try await bench(3, firing: 1)
        try await bench.reconfigure(Self.entries(2...3))
        let loss = try #require(try await bench.assembly.lossAtStart())
        #expect(loss.lost == ["s1"] && loss.watched == 3)
        let many = try await self.bench(20, firing: 1)
        try await many.reconfigure(Self.entries(2...20))
        #expect(try await many.assembly.lossAtStart() == nil)
    }

    @Test("at a start nothing is ended until it is accepted, and then all of it, once")
    func start() async throws {
        let bench = try await bench(30, firing: 21)
        // The rule is another one, and no store is lost.
        try await bench.reconfigure(
            Self.entries(1...30), pack: HealthBench.pack().replacing("{refunds: {", with: "{other: {"))
        let loss = try #require(try await bench.assembly.lossAtStart())
        #expect(loss.ending.count == 21 && loss.ending.allSatisfy { $0.reason == .ruleRemoved } && loss.lost.isEmpty)
        try await bench.look(at: 10, endsRemoved: false)
        #expect(try await bench.open().filter { $0.contains("/refunds firing") }.count == 21)
        let accepted = try await ConfigAcceptTask(config: bench.config, log: "critical").run()
        #expect(accepted.ending.count == 21)
        #expect(try await bench.assembly.lossAtStart() == nil)
        bench.restart()
        try await bench.look(at: 20)
        #expect(try await bench.open().filter { $0.contains("/refunds firing") }.isEmpty)
        try await bench.assembly.noteInForce()
        #expect(
            try await bench.assembly.ledger.note(.accepted) == nil, "it has passed, and the next one has to ask again")
    }

    @Test("what was accepted is this configuration, and no other")
    func other() async throws {
        let bench = try await bench(30, firing: 1)
        try await bench.reconfigure(Self.entries(1...10))
        _ = try await ConfigAcceptTask(config: bench.config, log: "critical").run()
        #expect(try await bench.assembly.lossAtStart() == nil)
        try await bench.reconfigure(Self.entries(1...9))
        #expect(try await bench.assembly.lossAtStart()?.lost.count == 21)
    }

    @Test("a reload keeps the old one in force and says so, until it is accepted")
    func reload() async throws {
        let bench = try await bench(30, firing: 1)
        let state = DaemonState(assembly: bench.assembly)
        let reload = Reload(state: state, notifier: SystemdNotifier(environment: [:]))
        try bench.write(Self.entries(1...20))
        await reload.run()
        #expect(await state.generation == 0)
        let line = await state.status.line
        #expect(
            line.contains(
                "configuration held back: it would end 0 alerts and no longer watch 10 of 30 stores; if that is meant, goodstanding config accept"
            ),
            "\(line)")
        _ = try await ConfigAcceptTask(config: bench.config, log: "critical").run()
        await reload.run()
        #expect(await state.generation == 1)
        #expect(await state.status.refusal == nil)
    }

    private struct Edit: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pack = HealthBench.pack()
        /// Of 21 alerts.
        var ending: Int
        var reason = AlertReason.limitChanged
    }

    private static let edits = [
        Edit(
            testDescription: "a looser condition", pack: HealthBench.pack().replacing("< 3", with: "< 30"), ending: 21),
        Edit(
            testDescription: "a sample that no store has",
            pack: HealthBench.pack().replacing("refunds < 3}", with: "refunds < 3, given: refunds > 90}"), ending: 21,
            reason: .notApplicable),
        Edit(
            testDescription: "a rule that is over",
            pack: HealthBench.pack().replacing("refunds < 3}", with: "refunds < 3, until: 2026-01-01}"), ending: 21,
            reason: .notApplicable),
        Edit(
            testDescription: "a metric that counts less",
            pack: HealthBench.pack().replacing("over 30d", with: "over 1d"), ending: 21),
        Edit(
            testDescription: "a stricter condition", pack: HealthBench.pack().replacing("< 3", with: "< 2"), ending: 0),
        Edit(
            testDescription: "what it is called",
            pack: HealthBench.pack().replacing("refunds < 3}", with: "refunds < 3, severity: minor, title: R}"),
            ending: 0),
    ]

    @Test("alerts that a changed rule would end count as those of one that is gone", arguments: edits)
    private func edited(_ edit: Edit) async throws {
        let bench = try await bench(30, firing: 21)
        let old = bench.assembly.fleet
        try await bench.reconfigure(Self.entries(1...30), pack: edit.pack)
        #expect((try await bench.assembly.lossAtStart()?.ending.count ?? 0) == edit.ending)
        let loss = try await bench.assembly.loss(after: [], before: old)
        #expect(loss.ending.count == edit.ending && loss.isTooMuch == (edit.ending > 20))
        #expect(loss.ending.allSatisfy { $0.reason == edit.reason })
    }

    @Test(
        "also while its source fails, or a pull is in its middle: with the next one they would end",
        arguments: [true, false])
    func unknown(isHalfTold: Bool) async throws {
        let bench = try await bench(30, firing: 21)
        let old = bench.assembly.fleet
        if isHalfTold {
            for number in 1...21 {
                let again = try bench.refunds(3...3, at: "s\(number)")
                _ = try await bench.assembly.ledger.commit(
                    FactBatch(source: .file, facts: again, part: .more(of: .pull), readAt: bench.start),
                    under: bench.assembly.fleet.planBook(at: bench.start))
            }
        }
        try await bench.reconfigure(Self.entries(1...30), pack: HealthBench.pack().replacing("< 3", with: "< 30"))
        let clearing = Clearing(
            fleet: bench.assembly.fleet, ledger: bench.assembly.ledger,
            now: bench.start + (isHalfTold ? .minutes(1) : .days(9)))
        #expect(try await clearing.endings(of: try await bench.assembly.ledger.openAlerts(), before: old).count == 21)
    }

    @Test("what ends by itself ends by no edit")
    func byItself() async throws {
        let bench = try await bench(30, firing: 21)
        for number in 1...21 {
            try await bench.imported([Fact(.refund, store: "s\(number)", id: "r1", isDeleted: true)], of: "s\(number)")
        }
        bench.restart()
        #expect(try await bench.assembly.lossAtStart() == nil, "nothing was edited")
        let old = bench.assembly.fleet
        try await bench.reconfigure(Self.entries(1...30), pack: HealthBench.pack().replacing("< 3", with: "< 4"))
        #expect(try await bench.assembly.loss(after: [], before: old).ending.isEmpty, "by the old ones it ends as well")
    }

    @Test(
        "twenty pass; with one more a limit that is too loose ends nothing until it is accepted, then all in one message"
    )
    func tooLoose() async throws {
        let few = try await bench(30, firing: 20)
        let loose = HealthBench.pack().replacing("< 3", with: "< 30")
        try await few.reconfigure(Self.entries(1...30), pack: loose)
        #expect(try await few.assembly.lossAtStart() == nil)

        let bench = try await bench(30, firing: 21)
        try await bench.reconfigure(Self.entries(1...30), pack: loose)
        let loss = try #require(try await bench.assembly.lossAtStart())
        let state = DaemonState(assembly: bench.assembly)
        await Reload(state: state, notifier: SystemdNotifier(environment: [:])).run()
        #expect(try await bench.assembly.lossAtStart()?.ending.count == 21, "to load it once more is not to accept it")
        try await bench.look(at: 10, endsRemoved: false, kept: loss.kept)
        #expect(try await bench.open().filter { $0.contains("/refunds firing") }.count == 21)
        let accepted = try await ConfigAcceptTask(config: bench.config, log: "critical").run()
        #expect(accepted.ending.count == 21)
        #expect(try await bench.assembly.isAccepted())
        #expect(try await bench.assembly.lossAtStart() == nil)
        bench.restart()
        try await bench.look(at: 20)
        #expect(try await bench.open().filter { $0.contains("/refunds") }.isEmpty)
        let told = try await bench.notices().dropFirst().filter { $0.contains { $0.contains("/refunds resolved") } }
        #expect(told.count == 1 && told.first?.count == 21, "\(told)")
    }

    @Test("a reload of a limit that is too loose is refused as well, and what was accepted is that limit")
    func reloadedLimit() async throws {
        let bench = try await bench(30, firing: 21)
        let state = DaemonState(assembly: bench.assembly)
        let reload = Reload(state: state, notifier: SystemdNotifier(environment: [:]))
        func edit(_ limit: Int) throws {
            try bench.write(
                Self.entries(1...30), pack: HealthBench.pack().replacing("< 3", with: "< \(limit)"))
        }
        try edit(30)
        await reload.run()
        #expect(await state.generation == 0)
        #expect(await state.status.refusal?.contains("it would end 21 alerts") == true)
        _ = try await ConfigAcceptTask(config: bench.config, log: "critical").run()
        try edit(40)
        await reload.run()
        #expect(await state.generation == 0, "another limit was accepted")
        try edit(30)
        await reload.run()
        #expect(await state.generation == 1)
    }

    @Test("what changes, what would end and whether it waits is told before, of a ledger that is only read")
    func diff() async throws {
        let bench = try await bench(30, firing: 2)
        let new = try bench.write(
            Self.entries(2...20), as: "new.yaml", pack: HealthBench.pack().replacing("refunds < 3", with: "refunds < 4")
        )
        let found = try await ConfigDiffTask(old: bench.config, new: new).run()
        #expect(
            found.loss.ending.map(\.key) == ["s1", "s2"].map { AlertKey(store: $0, rule: "refunds") })
        #expect(found.loss.ending.map(\.reason) == [.storeRemoved, .limitChanged] && found.loss.isTooMuch)
        let words = found.changes
        #expect(words.contains { $0.en == "store 's1' removed" && $0.zh == "移除店铺 's1'" })
        #expect(
            words.contains {
                $0.en == "shop refunds: require was refunds < 3, is refunds < 4"
                    && $0.zh == "shop refunds：require 原为 refunds < 3，现为 refunds < 4"
            }, "\(words)")
        #expect(try await bench.open().contains("s1/refunds firing"))
        let same = try await ConfigDiffTask(old: bench.config, new: bench.config).run()
        #expect(same.changes.isEmpty && !same.loss.isTooMuch)
    }
}
