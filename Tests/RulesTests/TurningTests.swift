import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("What brought a rule back to where it holds")
struct TurningTests {
    /// Of a rule that holds at noon of 20 March, since it last did not.
    private func turning(
        _ rule: String, _ files: [OrderFile], since: String, more: String = ""
    ) throws -> Turning? {
        let clock = OutlookTests.clock
        var scene = try Scene(OutlookTests.metrics + more + "rules:\n  r: {\(rule)}\n", files, until: clock)
        let found = try #require(scene.evaluate(clock: clock).rules.first)
        #expect(found.standing == .ok, "\(found.values)")
        let then = try #require(scene.evaluate(at: time(since), clock: time(since)).rules.first)
        #expect(then.standing == .breach, "\(then.values)")
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: OutlookTests.today, scene.state.terms
        ).metrics
        let sums = StoreSums(
            reading: Evaluation.turningNeeds(of: found, since: time(since), scene.state), from: files,
            calendar: scene.state.calendar)
        return Evaluation.turning(of: found, since: time(since), scene.state, sums: sums, set: set)
    }

    /// On 19 March the 30 days begin with 17 February, on the 20th with the 18th: 31 days ago leaves.
    private let since = "2026-03-19T12:00:00Z"

    @Test("old disputes left: by age, whatever orders came")
    func age() throws {
        let files =
            OutlookTests.files(1...31, paid: 10) + OutlookTests.files(31...31, paid: 0, disputes: 2)
            + OutlookTests.files(9...9, paid: 0, disputes: 2)
        #expect(try turning("require: disputes < 3", files, since: since) == .age)
        // 4 of 300, then 2 of 300.
        #expect(try turning("require: rate < 1%", files, since: since) == .age)
    }

    @Test("as many disputes and many new orders: by what came, and not by age")
    func news() throws {
        // 4 of 300 on the 19th; on the 20th 4 of 890, yesterday's 600 among them.
        let files =
            OutlookTests.files(2...31, paid: 10) + OutlookTests.files(1...1, paid: 600)
            + OutlookTests.files(9...9, paid: 0, disputes: 4)
        #expect(try turning("require: rate < 1%", files, since: since) == .news)
    }

    @Test("fewer disputes and new orders, neither of which would have done alone; and either of which would")
    func both() throws {
        // 6 of 300; of the 5 left 290 would be 1.7 %, 6 of 890 with a limit of 0.6 % too many, 5 of 890 are 0.56 %.
        let few =
            OutlookTests.files(2...31, paid: 10) + OutlookTests.files(1...1, paid: 600)
            + OutlookTests.files(31...31, paid: 0, disputes: 1) + OutlookTests.files(9...9, paid: 0, disputes: 5)
        #expect(try turning("require: rate < 0.6%", few, since: since) == .both)
        // 4 of 300; 1 of 290 is enough, and so is 4 of 900.
        let much =
            OutlookTests.files(2...31, paid: 10) + OutlookTests.files(1...1, paid: 600)
            + OutlookTests.files(31...31, paid: 0, disputes: 3) + OutlookTests.files(9...9, paid: 0, disputes: 1)
        #expect(try turning("require: rate < 1%", much, since: since) == .both)
    }

    @Test("what the sample has to be is no matter of it")
    func sample() throws {
        let files =
            OutlookTests.files(1...31, paid: 10) + OutlookTests.files(31...31, paid: 0, disputes: 2)
            + OutlookTests.files(9...9, paid: 0, disputes: 2)
        #expect(try turning("require: rate < 1%, given: paid >= 300", files, since: since) == .age)
    }

    @Test("rolling hours are told apart by their facts")
    func hours() throws {
        func cases(_ back: Int, _ count: Int) -> [OrderFile] {
            (0..<count).map {
                OrderFile(children: [
                    fact(
                        .case, "c\(back)-\($0)",
                        ["opened_at": .text("\(OutlookTests.today.advanced(by: -back))T10:00:00Z")])
                ])
            }
        }
        // 72 hours before noon of the 19th hold the 17th to 19th and what came after noon of the 16th.
        #expect(try turning("require: rolling < 3", cases(3, 3) + cases(1, 1), since: since) == .age)
    }

    @Test("points that expire leave by age; a case that somebody closed does not")
    func inForce() throws {
        let penalties = [("a", "2026-03-20T00:00:00Z"), ("b", "2026-04-20T00:00:00Z")].map { id, end in
            OrderFile(children: [
                fact(
                    .penalty, id,
                    ["issued_at": "2026-03-01T00:00:00Z", "expires_at": .text(end), "points": 6])
            ])
        }
        #expect(try turning("require: points < 12", penalties, since: since) == .age)
        let closed = (1...3).map { number in
            OrderFile(children: [
                fact(
                    .case, "c\(number)",
                    ["opened_at": "2026-03-01T00:00:00Z", "resolved_at": "2026-03-20T08:00:00Z"])
            ])
        }
        #expect(
            try turning(
                "require: waiting < 3", closed, since: since,
                more: "  waiting: count(case from opened_at until resolved_at)\n") == .news)
    }

    @Test("of a rule judged for each value of a member every value has to stand as well")
    func each() throws {
        func disputes(_ back: Int, _ product: String, _ count: Int) -> [OrderFile] {
            (0..<count).map {
                OrderFile(children: [
                    refund(
                        "r\(back)-\(product)-\($0)",
                        [
                            "refunded_at": .text("\(OutlookTests.today.advanced(by: -back))T09:00:00Z"),
                            "disputed": true, "product": .text(product),
                        ])
                ])
            }
        }
        let files = disputes(31, "lamp", 2) + disputes(9, "lamp", 2) + disputes(9, "chair", 2)
        #expect(try turning("require: disputes < 3, each: product", files, since: since) == .age)
    }

    @Test("of a rule that the platform looks at on certain days only nothing is said")
    func assessed() throws {
        let files = OutlookTests.files(9...9, paid: 300, disputes: 1)
        var scene = try Scene(
            OutlookTests.metrics + "rules:\n  r: {require: disputes < 3, assessed: {day: 20}}\n", files,
            until: OutlookTests.clock)
        let found = try #require(scene.evaluate(clock: OutlookTests.clock).rules.first)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: OutlookTests.today, scene.state.terms
        ).metrics
        #expect(
            Evaluation.turning(of: found, since: time(since), scene.state, sums: StoreSums(), set: set) == nil)
    }
}
