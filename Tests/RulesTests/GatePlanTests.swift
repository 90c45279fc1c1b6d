import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("A gate on a day to come")
struct GatePlanTests {
    private static func plan(
        _ rule: String, _ files: [OrderFile], on day: String, orders: Int64? = nil, harm: Int64? = nil
    ) throws -> GatePlan {
        let (clock, today) = (OutlookTests.clock, OutlookTests.today)
        var scene = try Scene(
            OutlookTests.metrics + "rules:\n  r: {\(rule)}\ngates:\n  g: {rules: [r]}\n", files, until: clock)
        let found = scene.evaluate(clock: clock)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: today, scene.state.terms
        ).metrics
        var needs = Needs()
        for rule in found.rules { needs.add(Evaluation.outlookNeeds(of: rule, scene.state, set: set)) }
        return Evaluation.plan(
            scene.state.pack.gates[0], on: TestSupport.day(day), found, scene.state,
            sums: StoreSums(reading: needs, from: files, calendar: scene.state.calendar), set: set, orders: orders,
            harm: harm)
    }

    private static func shown(_ plan: GatePlan) -> String {
        let rule = plan.rules[0]
        let headroom = rule.headroom.map { "\($0.more) \($0.subject)" + ($0.value.map { " of \($0)" } ?? "") }
        return ([plan.state.rawValue] + headroom + [rule.opens.map { "opens \($0)" } ?? ""]).filter { !$0.isEmpty }
            .joined(separator: ", ")
    }

    /// 10 orders a day, and 4 disputes 10 days ago, on 10 March.
    private static let disputed =
        OutlookTests.files(1...30, paid: 10) + OutlookTests.files(10...10, paid: 0, disputes: 4)

    @Test("open if: what left the window opens it, and the pace of before would shut it again")
    func openIf() throws {
        // The 30 days before 10 April begin with 11 March: none of the four. 4 in 28 days are 3 in the 21 days to come.
        let plan = try Self.plan("require: disputes < 3", Self.disputed, on: "2026-04-10")
        #expect(Self.shown(plan) == "open_if, 3 disputes, opens 2026-04-10")
        #expect(plan.rules[0].lastDay == day("2026-04-09"))
        #expect(plan.rules[0].now == .breach && plan.rules[0].quiet == .ok && plan.rules[0].going == .breach)
    }

    @Test("a rule that the platform looks at on certain days stands as it was last seen")
    func assessed() throws {
        // Seen in breach on 15 March. On 14 April that still stands; on the 15th it looks again, and the four have left.
        let rule = "require: disputes < 3, assessed: {day: 15}"
        let before = try Self.plan(rule, Self.disputed, on: "2026-04-14")
        #expect(before.state == .shut && before.rules[0].quiet == .breach && before.rules[0].headroom.isEmpty)
        let after = try Self.plan(rule, Self.disputed, on: "2026-04-15")
        #expect(Self.shown(after) == "open_if, 3 disputes, opens 2026-04-15")
        // It is not looked at again before 15 May.
        #expect(
            Self.shown(try Self.plan(rule, Self.disputed, on: "2026-05-03")) == "open_if, 3 disputes, opens 2026-04-15")
    }

    @Test("shut while its facts are in the window, and nothing avoided helps")
    func shut() throws {
        #expect(Self.shown(try Self.plan("require: disputes < 3", Self.disputed, on: "2026-04-05")) == "shut")
        // 4 of 300 are 1.33 %; orders dilute: 4 of 401 are below 1 %.
        #expect(Self.shown(try Self.plan("require: rate < 1%", Self.disputed, on: "2026-04-05")) == "shut, 101 paid")
    }

    @Test("open, with a budget that is not reached at the pace of before")
    func open() throws {
        let plan = try Self.plan("require: disputes < 9", Self.disputed, on: "2026-04-05")
        // The four stay, so five more shut it; at 4 in 28 days 16 days bring 2.3.
        #expect(Self.shown(plan) == "open, 5 disputes")
    }

    @Test("good scores open it, until the day before")
    func scores() throws {
        let plan = try Self.plan("require: service >= 4.5", OutlookTests.rated(1...10, 4), on: "2026-04-01")
        #expect(Self.shown(plan) == "shut, 10 service of 5")
        #expect(plan.rules[0].lastDay == day("2026-03-31"))
    }

    @Test("supposed orders and harm take the place of what means tell")
    func supposed() throws {
        // 1,200 orders evenly over the 12 days to 1 April, all of them in its window: with 18 known days of 10 they are 1,380.
        let many = try Self.plan("require: rate < 1%", Self.disputed, on: "2026-04-01", orders: 1200)
        #expect(many.rules[0].quiet == .ok, "4 of 1,380")
        #expect(try Self.plan("require: rate < 1%", Self.disputed, on: "2026-04-01").rules[0].quiet == .breach)
        // Ten more that harm: 14 of 1,380 are 1.01 %.
        let worse = try Self.plan("require: rate < 1%", Self.disputed, on: "2026-04-01", orders: 1200, harm: 10)
        #expect(worse.rules[0].quiet == .breach)
    }

    @Test("rules count as they are in force on the day, and not today")
    func inForce() throws {
        let later = try Self.plan("require: disputes < 1, from: 2026-04-01", Self.disputed, on: "2026-04-05")
        #expect(later.state == .shut && later.rules.count == 1)
        let ended = try Self.plan("require: disputes < 1, until: 2026-04-01", Self.disputed, on: "2026-04-05")
        #expect(ended.state == .open && ended.rules.isEmpty)
    }

    @Test("supposed refunds are refunds, and nothing else that harms")
    func refunds() throws {
        let rated = OutlookTests.rated(1...10, 1)
        // Ten more refunds make ten disputes, and no low rating more.
        let plan = try Self.plan("require: disputes < 5 and low < 11", rated, on: "2026-04-01", harm: 4)
        #expect(plan.state == .openIf || plan.state == .open, "\(Self.shown(plan))")
        #expect(try Self.plan("require: disputes < 5 and low < 11", rated, on: "2026-04-01", harm: 5).state == .shut)
    }

    @Test("what cannot be foretold is not")
    func unknown() throws {
        let plan = try Self.plan("require: rolling < 5", [], on: "2026-04-01")
        #expect(plan.state == .unknown && plan.rules[0].quiet == nil)
    }
}
