import Facts
import Language
import Ledgers
import Rollups
import Rules
import TestSupport
import Testing

@testable import Daemon

/// Dispute refunds of a made-up shop whose platform counts them by the day of payment, where the pack takes the day on
/// which they succeeded.
@Suite("Own figures beside the platform's, and which definition fits")
struct ReconcileTests {
    private static let pack = """
        pack: shop
        timezone: Asia/Shanghai
        kinds:
          dispute: refund where disputed and status == refunded and not excluded
        metrics:
          paid: count(order where not excluded by paid_at over 30d)
          disputes: count(order where not excluded by min(refunded_at of dispute) over 30d)
          rate: disputes / paid
          by_payment: count(order where not excluded and has(dispute) by paid_at over 30d) / paid
          of_all: disputes / count(order by paid_at over 30d)
        reconcile:
          rate:
            theirs: shop.rate
            step: 0.01%
            open: {en: by which day, zh: 按哪一天}
            variants:
              payment-day:
                title: {en: by the day of payment, zh: 按支付日}
                value: count(order where not excluded and has(dispute) by paid_at over 30d) / paid
              of-all: {title: {en: of all orders, zh: 占全部订单}, value: disputes / count(order by paid_at over 30d)}
        rules:
          r: {require: rate < 90%}
          careful: {require: rate < 90%, trust: neither, fresh: 400d}
        """

    private func folder(marks: String = "shown") async throws -> Folder {
        let folder = try Folder()
        try folder.write(Self.pack, to: "shop.yaml")
        try folder.write(
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: s, pack: shop, marks: \(marks)}]\n",
            to: "goodstanding.yaml")
        return folder
    }

    private func commit(
        _ facts: [Fact], to folder: Folder, at: Timestamp, until: Timestamp? = nil
    ) async throws {
        let assembly = try Assembly.open(config: folder.config, log: "critical", access: .write)
        let finish = PullFinish(
            stores: .these(["s"]), kinds: FactKinds([.order, .refund]), until: until ?? at)
        _ = try await assembly.ledger.commit(
            FactBatch(source: .file, facts: facts, finish: finish, readAt: at),
            under: assembly.fleet.planBook(at: at))
    }

    private func day(_ text: String, _ hour: String = "10:00") -> MemberValue { .text("2026-\(text)T\(hour):00+08:00") }

    private func paid(_ id: String, _ moment: String) -> Fact { order(id, ["paid_at": day(moment)]) }

    private func dispute(_ id: String, of order: String, opened: String, refunded: String) -> Fact {
        refund(
            id, of: order,
            [
                "opened_at": day(opened), "refunded_at": day(refunded, "12:00"), "status": "refunded",
                "disputed": true,
            ])
    }

    private func shown(_ id: String, _ moment: String, _ value: MemberValue) -> Fact {
        measure(id, ["name": "shop.rate", "at": day(moment, "09:00"), "value": value])
    }

    /// Ten orders of 10 February, the first disputed on the 20th, the second on 4 March; two of 10 January, disputed on
    /// 25 February.
    private var facts: [Fact] {
        (1...10).map { paid("o\($0)", "02-10") } + [paid("p1", "01-10"), paid("p2", "01-10")] + [
            dispute("r1", of: "o1", opened: "02-15", refunded: "02-20"),
            dispute("r2", of: "o2", opened: "02-16", refunded: "03-04"),
            dispute("r3", of: "p1", opened: "02-16", refunded: "02-25"),
            dispute("r4", of: "p2", opened: "02-16", refunded: "02-25"),
        ]
    }

    private let now = time("2026-03-06T12:00:00+08:00")

    private func reconciled(_ folder: Folder, at: Timestamp) async throws -> Reconciled {
        let stores = try await ReconcileTask(.file(folder.config, log: "critical"), glob: "s", at: at).run()
        return try #require(stores.first?.figures.first)
    }

    private func calibrated(_ folder: Folder) async throws -> CalibrateTask.Report {
        try await CalibrateTask(config: folder.config, store: "s", metric: "rate", log: "critical").run()
    }

    @Test("what parts is told with since when, and with the definition that comes to theirs")
    func parted() async throws {
        let folder = try await folder()
        let figures = [
            shown("m1", "03-01", 0.3), shown("m2", "03-02", 0.1), shown("m3", "03-05", 0.2), shown("m4", "03-06", 0.2),
        ]
        try await commit(facts + figures, to: folder, at: now)
        let found = try await reconciled(folder, at: now)
        let comparison = try #require(found.comparison)
        #expect(found.standing == "differs")
        // Refunded in the 30 days before 6 March: r1, r2, r3 and r4, of ten orders.
        #expect(comparison.figure == Fraction(4, over: 10))
        #expect(comparison.theirs == Fraction(2, over: 10) && comparison.difference == Fraction(2, over: 10))
        #expect(comparison.at == time("2026-03-06T09:00:00+08:00"))
        // On the 1st it was 3 of 10 on both sides.
        #expect(found.since == time("2026-03-02T09:00:00+08:00"))
        let likely = try #require(found.likely.first)
        guard case .variant(let variant) = likely.cause else {
            Issue.record("\(likely)")
            return
        }
        #expect(variant.id == "payment-day" && likely.fits && likely.figure == Fraction(1, over: 5))
        #expect(found.likely.count == 1)
    }

    @Test("five figures tell which definition holds, as of the moment of each; four do not")
    func calibrates() async throws {
        let folder = try await folder()
        // What is disputed on 4 March was not yet before that, though its order counts by its payment.
        let values: [(String, MemberValue)] = [("03-01", 0.1), ("03-02", 0.1), ("03-04", 0.1), ("03-05", 0.2)]
        let figures = values.map { shown($0.0, $0.0, $0.1) }
        try await commit(facts + figures, to: folder, at: now)
        let few = try await calibrated(folder)
        #expect(!few.isEnough && few.fitting.isEmpty && few.comparable.count == 4)
        try await commit([shown("03-06", "03-06", 0.2)], to: folder, at: now)
        let enough = try await calibrated(folder)
        #expect(enough.isEnough)
        #expect(enough.fitting.map(\.id) == ["payment-day"])
        #expect(enough.meanings.indices.map(enough.fits) == [0, 5, 0])
        // One that fits none: nothing does.
        try await commit([shown("03-06", "03-06", 0.25)], to: folder, at: now + .hours(1))
        #expect(try await calibrated(folder).fitting.isEmpty)
    }

    @Test("of figures at which not all is known there is no comparison")
    func uncovered() async throws {
        let folder = try await folder()
        let figures = ["02", "03", "04", "05", "06"].map { shown($0, "03-\($0)", 0.1) }
        try await commit(facts + figures, to: folder, at: now, until: time("2026-03-04T20:00:00+08:00"))
        let found = try await reconciled(folder, at: now)
        #expect(found.standing == "unknown" && found.candidates.isEmpty && found.since == nil)
        let report = try await calibrated(folder)
        #expect(report.figures.count == 5 && report.comparable.count == 3 && !report.isEnough)
    }

    @Test("what was learnt or corrected after the moment is a candidate")
    func learntLate() async throws {
        let folder = try await folder()
        // r4 is only told of on the 8th; the platform's page of the 6th counted without it, too.
        let early = facts.filter { $0.id != "r4" }
        try await commit(early, to: folder, at: time("2026-03-06T08:00:00+08:00"))
        try await commit(
            facts.filter { $0.id == "r4" } + [shown("m", "03-06", 0.3)], to: folder,
            at: time("2026-03-08T08:00:00+08:00"))
        let found = try await reconciled(folder, at: time("2026-03-08T09:00:00+08:00"))
        #expect(found.comparison?.figure == Fraction(4, over: 10))
        let fitting = found.candidates.filter(\.fits).map(\.cause.word)
        #expect(fitting.contains("known_then"))
        let known = found.candidates.first { $0.cause.word == "known_then" }
        #expect(known?.cause.words.en.contains("2 facts") == true, "the refund and the reading")
    }

    @Test("marks are left out, and a candidate", arguments: ["shown", "counted"])
    func marks(_ counts: String) async throws {
        let folder = try await folder(marks: counts)
        try await commit(facts + [shown("m", "03-06", 0.3)], to: folder, at: now)
        let assembly = try Assembly.open(config: folder.config, log: "critical", access: .write)
        let member = try #require(Schema[.refund].member("excluded"))
        try await assembly.ledger.keep([
            Mark(
                store: "s", fact: FactKey(kind: .refund, id: "r4"), member: member, value: 1, by: "ops", why: "w",
                at: now)
        ])
        let found = try await reconciled(folder, at: now)
        #expect(found.comparison?.figure == Fraction(4, over: 10))
        let marks = found.candidates.first { $0.cause.word == "marks" }
        #expect(marks?.figure == Fraction(3, over: 10) && marks?.fits == true)
    }

    @Test("a page of another day is a candidate")
    func otherDay() async throws {
        let folder = try await folder()
        // On the 4th the second dispute had not succeeded: 3 of 10.
        try await commit(facts + [shown("m", "03-06", 0.3)], to: folder, at: now)
        let fitting = try await reconciled(folder, at: now).candidates.filter(\.fits).map(\.cause.words.en)
        #expect(fitting.contains("as of 2026-03-04, 2 days earlier"), "\(fitting)")
        #expect(!fitting.contains { $0.contains("2026-03-05") })
    }

    @Test("a rule that trusts neither is unknown in a check and in the daemon's pass, until they agree")
    func trust() async throws {
        let folder = try await folder()
        try await commit(facts + [shown("m", "03-06", 0.3)], to: folder, at: now)
        func standings() async throws -> [String] {
            let report = try await CheckTask(.file(folder.config, log: "critical"), glob: nil, at: now).run()
            let rules = try #require(report.evaluations.first).rules
            #expect(report.reconciled["s"]?.count == 1)
            return rules.map { "\($0.rule.id) \($0.standing.rawValue) \($0.because.word)" }
        }
        #expect(try await standings() == ["r ok holds", "careful unknown reconcile_failed"])
        let assembly = try Assembly.open(config: folder.config, log: "critical", access: .read)
        let watched = try #require(assembly.fleet.watched("s"))
        let prepared = try await Judge(fleet: assembly.fleet, ledger: assembly.ledger).prepare(
            [watched], at: now, clock: now)
        #expect(prepared[0].state.comparisons["rate"]?.standing == .differs)
        try await commit([shown("m2", "03-06", 0.4)], to: folder, at: now)
        #expect(try await standings() == ["r ok holds", "careful ok holds"])
    }

    // MARK: What always holds

    /// An order and what became of it, as it was known at a moment.
    private struct Life {
        var paidAt: Timestamp
        var excluded: Bool
        var openedAt: Timestamp?
        var refundedAt: Timestamp?
        var disputed: Bool

        func facts(_ number: Int, at moment: Timestamp?) -> [Fact] {
            func known(_ at: Timestamp?) -> Timestamp? {
                at.flatMap { at in moment.map { at <= $0 } ?? true ? at : nil }
            }
            guard known(paidAt) != nil else { return [] }
            var found = [
                order("o\(number)", ["paid_at": .text("\(paidAt)"), "excluded": .bool(excluded)])
            ]
            guard let opened = known(openedAt) else { return found }
            var members: [String: MemberValue] = [
                "opened_at": .text("\(opened)"), "disputed": .bool(disputed), "status": "open",
            ]
            if let refunded = known(refundedAt) {
                members["refunded_at"] = .text("\(refunded)")
                members["status"] = "refunded"
            }
            found.append(refund("r\(number)", of: "o\(number)", members))
            return found
        }
    }

    @Test(
        "a definition comes to what the evaluator makes of it on a ledger that ends with the moment", arguments: 1...6)
    func equalsCutLedger(_ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let start = time("2026-01-01T00:00:00+08:00")
        func after(_ moment: Timestamp, hours: ClosedRange<Int64>) -> Timestamp {
            moment + .hours(Int64.random(in: hours, using: &generator))
        }
        let lives = (0..<120).map { _ -> Life in
            let paidAt = after(start, hours: 0...1700)
            let opened = generator.percent(50) ? after(paidAt, hours: 0...400) : nil
            return Life(
                paidAt: paidAt, excluded: generator.percent(10), openedAt: opened,
                refundedAt: generator.percent(80) ? opened.map { after($0, hours: 0...400) } : nil,
                disputed: generator.percent(70))
        }
        let moments = (0..<6).map { _ in after(start, hours: 700...1700) }.sorted()
        let figures = moments.enumerated().map { place, moment in
            measure("m\(place)", ["name": "shop.rate", "at": .text("\(moment)"), "value": 0.2])
        }
        let whole = try await folder()
        let everything = lives.enumerated().flatMap { $1.facts($0, at: nil) }
        let end = start + .days(120)
        // As it went: the ledger knew what had happened by then, of half of the seeds from before the first moment on, and
        // the rest came later.
        for moment in (seed % 2 == 0 ? [start + .hours(690)] : []) + [moments[2]] {
            try await commit(lives.enumerated().flatMap { $1.facts($0, at: moment) }, to: whole, at: moment)
        }
        try await commit(everything + figures, to: whole, at: end)
        let report = try await calibrated(whole)
        #expect(report.figures.map(\.at) == Array(Set(moments)).sorted())
        for figure in report.figures {
            let cut = try await folder()
            try await commit(
                lives.enumerated().flatMap { $1.facts($0, at: figure.at) }, to: cut, at: figure.at)
            var told: [String: Value] = [:]
            try await MetricsTask(.file(cut.config, log: "critical"), glob: nil, at: figure.at).run { stores in
                for item in stores.flatMap(\.figures) { told[item.metric] = item.value }
            }
            let expected = ["rate", "by_payment", "of_all"].map { Estimate.exact(told[$0] ?? .missing) }
            #expect(figure.ours == expected, "seed \(seed) at \(figure.at)")
        }
    }
}

extension Folder {
    fileprivate var config: String { path + "/goodstanding.yaml" }
}
