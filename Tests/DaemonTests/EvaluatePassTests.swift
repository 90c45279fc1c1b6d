import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("A pass looks at whom it has to, and in the middle of a pull takes nothing that rests on it")
struct EvaluatePassTests {
    private static let scores = "scores: {require: bad_scores < 3}"

    @Test("a store that moved is looked at once it is told whole, and once")
    func owed() async throws {
        let bench = try await PassBench()
        try await bench.commit(try bench.refunds(1...1, at: "b"), by: "one")
        #expect(try await bench.pass() == 1, "a, and not b")
        #expect(try await bench.pass() == 0)
        try await bench.commit([], by: "one", finishing: .all)
        #expect(try await bench.pass() == 2, "the pull has ended, and covers every store of its feed")
        #expect(try await bench.pass() == 0)
        try await bench.commit(try bench.refunds(2...2, at: "b"), by: "one")
        #expect(try await bench.pass() == 0, "another has begun")
        try await bench.commit([], by: "one", finishing: .all)
        #expect(try await bench.pass() == 1, "it is covered to where it was")
    }

    @Test("what a feed sends and names no store makes every store look again, at once and not at every tick")
    func unattributed() async throws {
        let bench = try await PassBench()
        #expect(try await bench.pass() == 2)
        #expect(try await bench.pass() == 0)
        let rejection = PlacedRejection(
            position: "page 1, fact 1", rejection: Rejection(reason: "store is missing", text: "{}"))
        _ = try await bench.assembly.ledger.commit(
            FactBatch(source: .feed("one"), rejections: [rejection], readAt: bench.start),
            under: bench.assembly.fleet.planBook(at: bench.start))
        #expect(try await bench.pass() == 2)
        #expect(try await bench.pass() == 0)
    }

    @Test(
        "in the middle of its first pull a store is unknown; judged before, it is looked at when it is stale, no sooner"
    )
    func stale() async throws {
        let bench = try await PassBench(settles: "2h")
        try await bench.commit(try bench.refunds(1...1, at: "a"), by: "one")
        #expect(try await bench.pass() == 1, "b; half of a first pull is not judged")
        #expect(bench.standings == [.unknown: 2], "nor is it passed over")

        try await bench.commit(try bench.refunds(1...1, at: "a"), by: "one", finishing: .all)
        try await bench.pass()
        #expect(bench.standings == [.ok: 1, .unknown: 1], "b was never brought")

        try await bench.commit(try bench.refunds(2...3, at: "a"), by: "one")
        let last = bench.start + .hours(3)
        #expect(try await bench.pass(at: last) == 0, "it settles for two hours and may be one late")
        #expect(bench.standings == [.unknown: 2], "and half of a pull is no standing")
        #expect(try await bench.pass(at: last + .seconds(1)) == 1)
        #expect(bench.standings == [.unknown: 2])
        #expect(try await bench.pass(at: last + .seconds(2)) == 0, "once is enough")
        #expect(try await bench.alerts().isEmpty)

        try await bench.commit(try bench.refunds(1...3, at: "a"), by: "one", finishing: .all, until: last)
        try await bench.pass(at: last + .seconds(3))
        #expect(bench.standings == [.breach: 1, .unknown: 1])
        #expect(try await bench.alerts() == ["a/refunds firing"])
    }

    @Test("a slow pull of one feed holds back nothing that another proves")
    func otherFeed() async throws {
        let bench = try await PassBench(more: [Self.scores])
        try await bench.commit(try bench.ratings(1...1, at: "a"), by: "one", finishing: FactKinds(.rating))
        try await bench.commit(try bench.refunds(1...1, at: "a"), by: "two", finishing: FactKinds(.refund))
        try await bench.pass()
        #expect(bench.standings == [.ok: 1, .unknown: 1])
        try await bench.commit(try bench.ratings(2...3, at: "a"), by: "one")
        try await bench.commit(try bench.refunds(2...3, at: "a"), by: "two", finishing: FactKinds(.refund))
        try await bench.pass()
        #expect(bench.standings == [.breach: 1, .unknown: 1])
        #expect(try await bench.alerts() == ["a/refunds firing"], "and not of ratings that are half told")
        #expect(try await bench.pass() == 0, "nothing more is known of it")
        // The last page is of another store: the alert of scores hears of the whole pull all the same.
        try await bench.commit(try bench.ratings(9...9, at: "b"), by: "one", finishing: FactKinds(.rating))
        try await bench.pass()
        #expect(try await bench.alerts() == ["a/refunds firing", "a/scores firing"])
    }

    @Test(
        "alerts follow the platform's figures, or where the store says so its marks, until they end",
        arguments: [true, false])
    func marks(_ isCounted: Bool) async throws {
        let bench = try await PassBench(marks: isCounted ? "counted" : "shown")
        try await bench.commit(try bench.refunds(1...3, at: "a"), by: "one", finishing: .all)
        try await bench.pass()
        #expect(try await bench.alerts() == ["a/refunds firing"])
        let member = try #require(Mark.members(of: .refund).first { $0.name == "excluded" })
        let end = bench.start + .minutes(30)
        try await bench.assembly.ledger.keep([
            Mark(
                store: "a", fact: FactKey(kind: .refund, id: "r2"), member: member, value: 1, by: "Kim", why: "exempt",
                at: bench.start, until: end)
        ])
        #expect(try await bench.pass(at: bench.start + .seconds(1)) == 1)
        #expect(try await bench.alerts() == ["a/refunds \(isCounted ? "resolved" : "firing")"])
        #expect(bench.standings == (isCounted ? [.ok: 1, .unknown: 1] : [.breach: 1, .unknown: 1]))
        #expect(try await bench.pass(at: bench.start + .minutes(20)) == 0)
        // Nothing arrives; the mark is over.
        try await bench.pass(at: end)
        #expect(try await bench.alerts() == ["a/refunds firing"])
        #expect(bench.standings == [.breach: 1, .unknown: 1])
    }

    @Test("facts that cannot be read make a store unknown in the middle of the pull that brought them")
    func quarantined() async throws {
        let bench = try await PassBench()
        try await bench.commit(try bench.refunds(1...1, at: "a"), by: "one", finishing: .all)
        try await bench.pass()
        #expect(bench.standings == [.ok: 1, .unknown: 1])
        try await bench.commit(try bench.refunds(2...2, at: "a"), by: "one")
        #expect(try await bench.pass() == 0)
        let bad = (1...11).map {
            PlacedRejection(
                position: "fact \($0)",
                rejection: Rejection(reason: "bad", store: "a", kind: .refund, id: "x\($0)", text: "\($0)"))
        }
        _ = try await bench.assembly.ledger.commit(
            FactBatch(source: .feed("one"), rejections: bad, part: .more(of: .pull), readAt: bench.start),
            under: bench.assembly.fleet.planBook(at: bench.start))
        #expect(try await bench.pass() == 1, "for that no end is waited for")
        #expect(bench.standings == [.unknown: 2])
    }

    @Test("a pull that broke off in its middle is judged by no half of it, now, after a restart, or in a check")
    func brokenOff() async throws {
        let bench = try await PassBench()
        try await bench.commit(try bench.refunds(1...3, at: "a"), by: "one", finishing: .all)
        try await bench.pass()
        #expect(try await bench.alerts() == ["a/refunds firing"])
        // Half of a correction: two are taken back, and two others would have come.
        let back = ["r1", "r2"].map { Fact(.refund, store: "a", id: $0, isDeleted: true) }
        try await bench.commit(back, by: "one")
        try await bench.pass()
        #expect(bench.standings == [.unknown: 2])
        #expect(try await bench.alerts() == ["a/refunds firing"])
        bench.restart()
        try await bench.pass()
        #expect(bench.standings == [.unknown: 2])
        #expect(try await bench.alerts() == ["a/refunds firing"])
        let judge = Judge(fleet: bench.assembly.fleet, ledger: bench.assembly.ledger)
        let watched = try #require(bench.assembly.fleet.watched("a"))
        let checked = try await judge.judge([watched], at: nil, clock: bench.start)
        #expect(checked.first?.evaluation.rules.first?.because == .halfTold(FactKinds(.refund)))
        try await bench.commit(try bench.refunds(4...5, at: "a"), by: "one", finishing: .all)
        try await bench.pass()
        #expect(bench.standings[.breach] == 1)
        #expect(try await bench.alerts() == ["a/refunds firing"])
    }

    @Test("stores that cannot be read, one or all, stop nobody, and their alerts' clocks stand still")
    func unreadable() async throws {
        let bench = try await PassBench(more: ["slow: {require: refunds < 2, keep: 1h}"])
        for store in ["a", "b"] { try await bench.commit(try bench.refunds(1...2, at: store), by: "one") }
        try await bench.commit([], by: "one", finishing: .all)
        try await bench.pass()
        #expect(try await bench.alerts() == ["a/slow firing", "b/slow firing"])
        let sqlite = try #require(Tool("sqlite3"), "the package sqlite3 is not installed")
        func damage(_ sql: String) throws { _ = try sqlite.run([bench.ledger, sql]) }
        try damage(
            """
            UPDATE blocks SET cells = x'FFFFFF'; UPDATE ledger SET value = value + 1 WHERE name = 'revision';
            UPDATE stores SET revision = (SELECT value FROM ledger WHERE name = 'revision')
            """)
        for _ in 1...2 { try await bench.pass() }
        #expect(bench.standings == [.unknown: 2])
        let blind = try await bench.assembly.ledger.alerts(of: ["a", "b"]).map(\.isBlind)
        #expect(blind == [true, true])
        try damage(
            "UPDATE blocks SET cells = x'01' WHERE number >> 32 = (SELECT number FROM stores WHERE id = 'b')")
        try await bench.pass(at: bench.start + .minutes(2))
        #expect(bench.standings[.unknown] == 1, "it is tried again after a while")
    }

    @Test("what a feed brought that is configured no more is stale after a quarter of an hour, and not after a day")
    func feedGone() async throws {
        let bench = try await PassBench()
        let pack = try #require(bench.assembly.fleet.watched("a")).pack
        let freshness = bench.assembly.fleet.freshness(of: [.refund: .feed("gone"), .order: .file], in: pack, nil)
        #expect(freshness[.refund]?.staleAfter == .minutes(15))
        #expect(freshness[.order]?.staleAfter == .hours(26))
    }
}
