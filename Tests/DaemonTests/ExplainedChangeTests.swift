import Facts
import Language
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("Why a figure is another than it was shown")
struct ExplainedChangeTests {
    private static let pack = """
        pack: shop
        timezone: Asia/Shanghai
        parameters:
          least: {type: number, values: [{value: 1, from: 2026-01-01, until: 2026-03-18}, {value: 2, from: 2026-03-18}]}
          share:
            type: rate
            values: [{value: 50%, from: 2026-01-01, until: 2026-03-18}, {value: 40%, from: 2026-03-18}]
        kinds:
          dispute: refund where disputed and not excluded
        metrics:
          disputes: count(dispute by refunded_at over 10d)
          paid: count(order by paid_at over 10d)
          rate: disputes / paid
          taken: sum(amount of order where amount >= least by paid_at over 10d)
        rules:
          r: {require: rate < share and taken < 1000000}
        """

    /// A ledger of batches, each learnt at its moment.
    private func ledger(
        _ batches: [(at: Timestamp, facts: [Fact])], pack: String = pack
    ) async throws -> Folder {
        let folder = try Folder()
        try folder.write(pack, to: "shop.yaml")
        try folder.write(
            "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: s, pack: shop}]\n", to: "goodstanding.yaml")
        let assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .write)
        for batch in batches {
            let finish = PullFinish(
                stores: .these(["s"]), kinds: FactKinds([.order, .refund]), until: batch.at + .hours(13))
            _ = try await assembly.ledger.commit(
                FactBatch(source: .file, facts: batch.facts, finish: finish, readAt: batch.at),
                under: assembly.fleet.planBook(at: batch.at))
        }
        return folder
    }

    private func explained(
        _ folder: Folder, at: Timestamp, since: LocalDay? = nil, packThen: String? = nil
    ) async throws -> ExplainTask.ExplainedRule {
        let task = ExplainTask(
            .file(folder.path + "/goodstanding.yaml", log: "critical"), store: "s", rule: "r", at: at, since: since,
            packThen: packThen.map { folder.path + "/" + $0 })
        return try #require(try await task.run().rules.first)
    }

    private static let then = time("2026-03-15T00:00:00+08:00")
    private static let now = time("2026-03-20T12:00:00+08:00")
    private static let since = LocalDay(year: 2026, month: 3, day: 15)

    private func paid(_ id: String, _ moment: String, amount: MemberValue = 10) -> Fact {
        order(id, ["paid_at": .text("2026-03-\(moment):00+08:00"), "amount": amount])
    }
    private func disputed(_ id: String, _ moment: String, _ truth: Bool = true, reason: MemberValue = "quality") -> Fact
    {
        refund(
            id, updatedAt: truth ? "2026-03-16T00:00:00Z" : "2026-03-10T00:00:00Z",
            ["refunded_at": .text("2026-03-\(moment):00+08:00"), "disputed": .bool(truth), "reason": reason])
    }

    @Test("what was learnt late, what was corrected, another parameter, and what time moved, each by itself")
    func byHand() async throws {
        // On the 15th: 4 orders of the 10th, one dispute, and one refund not known as a dispute.
        let early =
            (1...4).map { paid("o\($0)", "10T10:00") } + [
                disputed("r1", "10T12:00"), disputed("r2", "11T12:00", false),
            ]
        // Then a dispute of the 12th is told, r2 turns out to be one, a small order of the 13th is told, and two more are paid.
        let late = [
            disputed("r3", "12T12:00", reason: "late"), disputed("r2", "11T12:00"), paid("o5", "13T10:00", amount: 1),
            paid("o6", "17T10:00"), paid("o7", "18T10:00"),
        ]
        let folder = try await ledger([
            (time("2026-03-14T20:00:00+08:00"), early), (time("2026-03-20T11:00:00+08:00"), late),
        ])
        let rule = try await explained(folder, at: Self.now, since: Self.since)
        #expect(
            rule.limitThen == "rate < 50% and taken < 1000000"
                && rule.evaluation.limit == "rate < 40% and taken < 1000000")
        let rate = try #require(rule.changes.first { $0.metric == "rate" })
        #expect(rate.isThenKnown)
        // 1 of 4 was shown. Now the 10 days hold 7 orders and 3 disputes.
        #expect(rate.then == .number(try #require(Fraction(1, over: 4))))
        #expect(rate.now == .number(try #require(Fraction(3, over: 7))))
        let parts = rate.parts.map { "\($0.cause.rawValue) \($0.title.en) \($0.effect.map { "\($0)" } ?? "-")" }
        #expect(
            parts == [
                // 2 of 4, then 2 of 5; 3 of 5; then over 7.
                "learnt_late disputes 0.25", "learnt_late paid -0.1", "corrected disputes 0.2",
                "passing paid \(try #require(Fraction(-6, over: 35)))",
            ], "\(parts)")
        #expect(rate.parts[0].came == [.init(reason: "late", product: nil, count: 1, effect: Fraction(1, over: 4))])
        #expect(rate.parts[2].came == [.init(reason: "quality", product: nil, count: 1, effect: Fraction(1, over: 5))])
        #expect(rate.parts[3].came.map(\.count) == [2] && rate.parts[3].left.isEmpty)
        let taken = try #require(rule.changes.first { $0.metric == "taken" })
        // 40, 41 with the small order learnt late, 40 without it as it is too small now, 60.
        #expect(taken.parts.map(\.cause) == [.learntLate, .terms, .passing])
        #expect(taken.parts.map(\.effect) == [1, -1, 20].map { Fraction($0) })
    }

    @Test("what another pack did comes first, and the rest adds up from there")
    func anotherPack() async throws {
        // Then every refund counted, and the limit was 60 %; the figure `taken` had another name.
        let old = Self.pack.replacing("refund where disputed and not excluded", with: "refund where not excluded")
            .replacing("rate < share", with: "rate < 60%").replacing("taken", with: "revenue")
        let early =
            (1...4).map { paid("o\($0)", "10T10:00") } + [
                disputed("r1", "10T12:00"), disputed("r2", "11T12:00", false),
            ]
        let folder = try await ledger([
            (time("2026-03-14T20:00:00+08:00"), early), (time("2026-03-20T11:00:00+08:00"), [paid("o5", "17T10:00")]),
        ])
        try folder.write(old, to: "old.yaml")
        let rule = try await explained(folder, at: Self.now, since: Self.since, packThen: "old.yaml")
        #expect(rule.limitThen == "rate < 60% and revenue < 1000000")
        let rate = try #require(rule.changes.first { $0.metric == "rate" })
        // 2 of 4 then; 1 of 4 by the pack of now, and 1 of 5 since the order of the 17th.
        #expect(rate.then == .number(try #require(Fraction(1, over: 2))))
        #expect(rate.parts.map(\.cause) == [.rule, .passing])
        #expect(rate.parts.map(\.effect) == [Fraction(-1, over: 4), Fraction(-1, over: 20)])
        #expect(rate.now == .number(try #require(Fraction(1, over: 5))))
        let taken = try #require(rule.changes.first { $0.metric == "taken" })
        // 40 that nobody spoke of, then 50.
        #expect(taken.then == .missing && taken.parts.map(\.cause) == [.rule, .passing])
        #expect(taken.parts.map(\.effect) == [nil, Fraction(10)])
        await #expect(throws: TaskError.self) {
            try folder.write(old.replacing("pack: shop", with: "pack: other"), to: "other.yaml")
            _ = try await explained(folder, at: Self.now, since: Self.since, packThen: "other.yaml")
        }
    }

    @Test("orders that count by their refunds are told by the refunds' reasons")
    func reasons() async throws {
        let text = Self.pack.replacing("count(dispute by", with: "count(order by min(refunded_at of dispute)")
            .replacing(
                "refunded_at over 10d)", with: "over 10d)")
        let facts = [paid("o1", "10T10:00"), paid("o2", "10T10:00"), paid("o3", "10T10:00")]
        let refunds = [("o1", "quality"), ("o2", "quality"), ("o3", "late")].map { id, reason in
            refund(
                "r" + id, of: id,
                [
                    "refunded_at": "2026-03-16T10:00:00+08:00", "disputed": true, "reason": .text(reason),
                    "product": "lamp",
                ])
        }
        let folder = try await ledger(
            [(time("2026-03-14T20:00:00+08:00"), facts), (time("2026-03-17T11:00:00+08:00"), refunds)], pack: text)
        let rule = try await explained(folder, at: time("2026-03-17T12:00:00+08:00"), since: Self.since)
        let part = try #require(rule.changes.first { $0.metric == "rate" }?.parts.first)
        #expect(
            part.cause == .passing
                && part.came == [
                    // 2 of 3, then all.
                    .init(reason: "quality", product: "lamp", count: 2, effect: Fraction(2, over: 3)),
                    .init(reason: "late", product: "lamp", count: 1, effect: Fraction(1, over: 3)),
                ])
    }

    @Test("what came is told beside what left though both come to nothing")
    func evenly() async throws {
        let facts = [paid("o1", "05T10:00"), paid("o2", "10T10:00")]
        let folder = try await ledger([
            (time("2026-03-14T20:00:00+08:00"), facts), (time("2026-03-17T11:00:00+08:00"), [paid("o3", "16T10:00")]),
        ])
        // The 10 days of the 15th begin on the 5th, those of the 17th on the 7th.
        let rule = try await explained(folder, at: time("2026-03-17T12:00:00+08:00"), since: Self.since)
        let taken = try #require(rule.changes.first { $0.metric == "taken" })
        #expect(taken.then == taken.now)
        let part = try #require(taken.parts.first { $0.cause == .passing })
        #expect(part.came.map(\.effect) == [Fraction(10)] && part.left.map(\.effect) == [Fraction(-10)], "\(part)")
    }

    @Test("of a time before the ledger it is said that it is not known")
    func before() async throws {
        let folder = try await ledger([(time("2026-03-16T00:00:00+08:00"), [paid("o1", "10T10:00")])])
        let rule = try await explained(folder, at: time("2026-03-16T00:00:00+08:00"), since: Self.since)
        #expect(rule.changes.allSatisfy { !$0.isThenKnown })
    }

    /// What is shown as `then` is what a ledger shows that has heard nothing since, and the parts add up to the difference.
    @Test("then is what was shown then, and the parts add up, to the last digit", arguments: 1...12)
    func asShown(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var batches: [(at: Timestamp, facts: [Fact])] = []
        for day in 6...20 {
            var facts: [Fact] = []
            for _ in 0..<20 {
                let on = day < 10 ? "0\(day)" : "\(day)"
                let back = max(1, day - Int.random(in: 0..<6, using: &random))
                let moment = "\(back < 10 ? "0\(back)" : "\(back)")T10:00"
                let number = Int.random(in: 0..<60, using: &random)
                var fact =
                    random.percent(60)
                    ? paid("o\(number)", moment, amount: .text("\(Int.random(in: 0..<4, using: &random))"))
                    : disputed("r\(number)", moment, random.percent(60), reason: "late")
                if random.percent(10) { fact = Fact(fact.kind, store: "s", id: fact.id, isDeleted: true) }
                fact.updatedAt = time("2026-03-\(on)T09:00:00+08:00")
                facts.append(fact)
            }
            batches.append((Self.then - .days(15) + .days(Int64(day)) + .hours(11), facts))
        }
        let heard = batches.filter { $0.at <= Self.then }
        #expect(heard.count > 4 && heard.count < batches.count)
        // Means, the greatest and the latest are split too.
        let pack = Self.pack.replacing(
            "taken < 1000000", with: "taken < 1000000 and mean_taken < 100 and largest < 100 and newest < 100"
        ).replacing(
            "rules:",
            with: """
                  mean_taken: mean(amount of order by paid_at over 10d)
                  largest: max(amount of order by paid_at over 10d)
                  newest: latest(amount of order by paid_at over 10d)
                rules:
                """)
        let (whole, part) = (try await ledger(batches, pack: pack), try await ledger(heard, pack: pack))
        let shown = try await explained(part, at: Self.then)
        let rule = try await explained(whole, at: Self.now, since: Self.since)
        var causes: Set<ExplainedChange.Cause> = []
        for change in rule.changes {
            guard
                case .exact(let then)? = shown.evaluation.values.first(where: { $0.metric == change.metric })?.estimate
            else { continue }
            #expect(change.isThenKnown && change.then == then, "\(change.metric)")
            causes.formUnion(change.parts.map(\.cause))
            guard case .number(let a) = change.then, case .number(let b) = change.now else { continue }
            let sum = change.parts.compactMap(\.effect).reduce(Fraction.zero) { $0.adding($1) ?? $0 }
            #expect(change.parts.allSatisfy { $0.effect != nil } && sum == b.subtracting(a), "\(change)")
            for part in change.parts where part.cause != .terms {
                let groups = (part.came + part.changed + part.left).map { $0.effect ?? .zero }
                #expect(groups.reduce(Fraction.zero) { $0.adding($1) ?? $0 } == part.effect, "\(part)")
            }
        }
        #expect(causes.isSuperset(of: [.learntLate, .corrected, .passing]))
    }
}
