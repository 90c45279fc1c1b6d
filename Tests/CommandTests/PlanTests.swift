import Foundation
import TestSupport
import Testing

@Suite("plan asks about a gate on a day to come", .timeLimit(.minutes(2)))
struct PlanTests {
    /// A store in breach by three disputes of yesterday among ten orders a day.
    private func folder() async throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        try folder.write("goodstanding.yaml", Sample.configuration)
        let now = Date()
        func stamp(_ back: Int) -> String {
            ISO8601DateFormatter().string(from: now.addingTimeInterval(TimeInterval(-86_400 * back)))
        }
        var lines: [String] = []
        for back in 1...30 {
            for number in 0..<10 {
                lines.append(
                    #"{"kind":"order","store":"shop-a","id":"\#(back)-\#(number)","placed_at":"\#(stamp(back))","paid_at":"\#(stamp(back))"}"#
                )
            }
        }
        for number in 0..<3 {
            lines.append(
                #"{"kind":"refund","store":"shop-a","id":"r\#(number)","order":"1-\#(number)","refunded_at":"\#(stamp(1))","status":"refunded","disputed":true,"reason":"quality","appeal":"\#(number == 2 ? "lost" : "none")","appeal_by":"\#(stamp(-1 - number))"}"#
            )
        }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        let imported = try await folder.run("import", "--kinds", "order,refund,rating", "facts.jsonl")
        try #require(imported.status == 0, "\(imported.error)")
        return folder
    }

    private func day(_ ahead: Int) -> String {
        String(ISO8601DateFormatter().string(from: Date().addingTimeInterval(TimeInterval(86_400 * ahead))).prefix(10))
    }

    @Test("it says what is shut, what opens it, and what is unjudged")
    func plan() async throws {
        let folder = try await folder()
        let soon = try await folder.run("plan", "--gate", "campaign", "--on", day(9), "--store", "shop-a")
        #expect(soon.status == 0 && soon.output.contains("Campaign entry") && soon.output.contains("shut"), "\(soon)")
        let late = try await folder.run(
            "plan", "--gate", "campaign", "--on", day(40), "--store", "shop-a", "--format", "json")
        let plans = try list(JSONSerialization.jsonObject(with: Data(late.output.utf8)))
        let rules = try list(plans[0]["rules"])
        let disputes = try #require(rules.first { $0["rule"] as? String == "disputes" })
        #expect(disputes["now"] as? String == "breach" && disputes["quiet"] as? String == "ok", "\(late.output)")
        // Two shut nothing but what is preferred; from the third on it is in breach, and 3 of 300 are 1 %.
        let headroom = try list(disputes["headroom"]).first
        #expect(headroom?["more"] as? Int == 3 && headroom?["of"] as? String == "dispute_orders", "\(late.output)")
        // All three of yesterday leave on the 30th day after.
        let leaving = try list(disputes["leaving"])
        #expect(leaving.count == 1 && leaving[0]["facts"] as? Int == 3, "\(late.output)")
        // Scores never came, and nobody can tell what is not there.
        let score = try #require(rules.first { $0["rule"] as? String == "score" })
        #expect(score["quiet"] as? String == "unjudged" && plans[0]["state"] as? String == "shut")
    }

    @Test("appeals that would open the gate are told, also those whose deadline is after the day")
    func opening() async throws {
        let folder = try Workplace()
        let pack = """
            pack: mine
            metrics:
              disputes: count(refund where disputed and not excluded by refunded_at over 30d)
            rules:
              r: {title: Disputes, require: disputes < 3}
            gates:
              g: {title: Entry, rules: [r]}
            """
        try folder.write("mine.yaml", pack)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [mine.yaml]\nstores: [{id: a, pack: mine, timezone: UTC}]\n")
        let lines = [("r0", 2), ("r1", 12), ("r2", -1)].map { id, deadline in
            #"{"kind":"refund","store":"a","id":"\#(id)","refunded_at":"\#(day(-2))T10:00:00Z","disputed":true,"appeal_by":"\#(day(deadline))T10:00:00Z"}"#
        }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        try #require(try await folder.run("import", "--kinds", "refund", "facts.jsonl").status == 0)
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(5))
        #expect(
            plan.output.contains(
                "any 1 of 2 appeals contested by \(day(4))T24:00:00Z and won before \(day(5)) would open it: refund/r0, refund/r1"
            ),
            "\(plan)")
        // Where none is allowed the one that can no longer be contested keeps it shut.
        try folder.write("mine.yaml", pack.replacing("disputes < 3", with: "disputes < 1"))
        let shut = try await folder.run("plan", "--gate", "g", "--on", day(5))
        #expect(shut.output.contains("2 appeals still open, and won they would not open it"), "\(shut)")
    }

    @Test("facts behind a rule of which nobody knows a deadline are counted beside those that have one")
    func undated() async throws {
        let folder = try Workplace()
        try folder.write(
            "mine.yaml",
            """
            pack: mine
            metrics:
              disputes: count(refund where disputed and not excluded by refunded_at over 30d)
            rules:
              r: {title: Disputes, require: disputes < 1}
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [mine.yaml]\nstores: [{id: a, pack: mine, timezone: UTC}]\n")
        // Of one the deadline is known and ends with a day, one is under way, of one nothing is known, of one the deadline
        // has passed, one is lost already.
        let lines = [
            #""appeal_by":"\#(day(3))T00:00:00Z""#, #""appeal":"open""#, #""appeal":"none""#,
            #""appeal_by":"\#(day(-1))T00:00:00Z""#, #""appeal":"lost""#,
        ].enumerated().map { number, members in
            #"{"kind":"refund","store":"a","id":"r\#(number)","refunded_at":"\#(day(-2))T10:00:00Z","disputed":true,\#(members)}"#
        }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        try #require(try await folder.run("import", "--kinds", "refund", "facts.jsonl").status == 0)
        let table = try await folder.run("appeals").output
        #expect(
            table.contains("\(day(2))T24:00:00Z") && table.contains("1 more fact behind it without a known deadline"),
            "\(table)")
        #expect(table.contains("all 2 won would not change where it stands"), "\(table)")
        let report = try await folder.run("appeals", "--format", "json").output
        let cases = try list(JSONSerialization.jsonObject(with: Data(report.utf8)))
        #expect(cases[0]["undated"] as? Int == 1, "\(report)")
    }

    /// A store of 300 orders of the last days, with refunds of some amounts, each contestable for some days, and a pack of
    /// gates.
    private func contested(_ rules: String, _ refunds: [(amount: Int, members: String)]) async throws -> Workplace {
        let folder = try Workplace()
        try folder.write(
            "mine.yaml",
            """
            pack: mine
            metrics:
              refunds: count(refund where not excluded by refunded_at over 30d)
              taken: sum(amount of refund where not excluded by refunded_at over 30d)
              shown: latest(value of measure where name == "shown" by at over 30d including today)
            rules:
            \(rules)
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [mine.yaml]\nstores: [{id: a, pack: mine, timezone: UTC}]\n")
        let lines =
            refunds.enumerated().map { number, refund in
                #"{"kind":"refund","store":"a","id":"r\#(number)","refunded_at":"\#(day(-2))T10:00:00Z","amount":\#(refund.amount),\#(refund.members)}"#
            } + [#"{"kind":"measure","store":"a","id":"m","name":"shown","value":4,"at":"\#(day(-1))T10:00:00Z"}"#]
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        try #require(try await folder.run("import", "--kinds", "refund", "facts.jsonl").status == 0)
        return folder
    }

    @Test("a gate is promised only where whichever appeals are won open it")
    func anyOpens() async throws {
        // Any two of the refunds mend the count; only the two of 60 leave less than 100.
        let folder = try await contested(
            """
              n: {title: Number, require: refunds < 5}
              t: {title: Taken, require: taken < 100}
            gates: {g: {title: Entry, rules: [n, t]}}
            """, [60, 60, 5, 5, 5, 5].map { ($0, #""appeal_by":"\#(day(3))T00:00:00Z""#) })
        let cases = try list(
            JSONSerialization.jsonObject(with: Data(try await folder.run("appeals", "--format", "json").output.utf8)))
        let number = try #require(cases.first { $0["rule"] as? String == "n" })
        #expect(number["won"] as? Int == 2 && number["any"] as? Bool == true)
        #expect((number["gates"] as? [String]) == [], "\(cases)")
        // Of 140 one of 60 leaves 80: the first does it, a small one does not.
        let taken = try #require(cases.first { $0["rule"] as? String == "t" })
        #expect(taken["won"] as? Int == 1 && taken["any"] as? Bool == false)
    }

    @Test("an appeal under way is counted whatever its deadline, and nothing is left to contest")
    func underWay() async throws {
        let folder = try await contested(
            "  n: {title: Number, require: refunds < 1}",
            [(1, #""appeal":"open","appeal_by":"\#(day(-1))T00:00:00Z""#)])
        let table = try await folder.run("appeals").output
        #expect(table.contains("this one won, makes it ok") && table.contains("under way"), "\(table)")
    }

    @Test("a rule that is assessed on certain days is planned by its look, and what is won later is not asked for")
    func assessed() async throws {
        // Looked at on every day of the week that is four days ahead; planned for two days after that.
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let days = Int(Date().timeIntervalSince1970 / 86_400) + 4
        let folder = try await contested(
            """
              n: {title: Number, require: refunds < 1, assessed: {weekday: \(names[(days + 3) % 7])}}
            gates: {g: {title: Entry, rules: [n]}}
            """, [(1, #""appeal_by":"\#(day(12))T00:00:00Z""#)])
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(6)).output
        #expect(plan.contains("any 1 of 1 appeal contested by \(day(3))T24:00:00Z and won before \(day(4))"), "\(plan)")
    }

    @Test("the fewest appeals that do it are named where not any so many do")
    func those() async throws {
        // Only the last, with the latest deadline, is large enough.
        let folder = try await contested(
            "  t: {title: Taken, require: taken < 30}",
            [10, 10, 60].enumerated().map { ($1, #""appeal_by":"\#(day(3 + $0))T00:00:00Z""#) })
        let report = try list(
            JSONSerialization.jsonObject(with: Data(try await folder.run("appeals", "--format", "json").output.utf8)))
        #expect(report[0]["won"] as? Int == 1 && report[0]["any"] as? Bool == false, "\(report)")
        #expect(report[0]["those"] as? [String] == ["r2"])
        let table = try await folder.run("appeals").output
        #expect(table.contains("r2 of these 3, contested by \(day(4))T24:00:00Z and won, makes it ok"), "\(table)")
    }

    @Test("how large a refund will be that never came cannot be foretold")
    func unsized() async throws {
        let folder = try await contested(
            """
              t: {title: Taken, require: taken < 150}
            gates: {g: {title: Entry, rules: [t]}}
            """, [])
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(9), "--refunds", "10").output
        #expect(plan.contains("Taken: cannot be foretold"), "\(plan)")
    }

    @Test("of supposed orders a filter gets its usual share")
    func share() async throws {
        let folder = try Workplace()
        try folder.write(
            "mine.yaml",
            """
            pack: mine
            metrics:
              all: count(order by paid_at over 30d)
              own: count(order where fulfillment == seller by paid_at over 30d)
              refunds: count(refund by refunded_at over 30d)
            rules:
              a: {title: All, require: all >= 0}
              o: {title: Own, require: refunds / own < 10%}
            gates: {g: {title: Entry, rules: [a, o]}}
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [mine.yaml]\nstores: [{id: a, pack: mine, timezone: UTC}]\n")
        // Ten orders a day, one of them the seller's.
        let lines = (1...40).flatMap { back in
            (0..<10).map { number in
                #"{"kind":"order","store":"a","id":"\#(back)-\#(number)","paid_at":"\#(day(-back))T10:00:00Z","fulfillment":"\#(number == 0 ? "seller" : "platform")"}"#
            }
        }
        let refunds = (0..<3).map {
            #"{"kind":"refund","store":"a","id":"r\#($0)","refunded_at":"\#(day(-2))T10:00:00Z"}"#
        }
        try folder.write("facts.jsonl", (lines + refunds).joined(separator: "\n") + "\n")
        try #require(try await folder.run("import", "facts.jsonl").status == 0)
        // 100 orders are 10 of the seller's: with those of the 20 days before 30, of which 3 are 10 %.
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(10), "--orders", "100").output
        #expect(plan.contains("Own: breach"), "\(plan)")
        // 300 are 30: 3 of 50.
        let many = try await folder.run("plan", "--gate", "g", "--on", day(10), "--orders", "300").output
        #expect(many.contains("Own: ok"), "\(many)")
    }

    @Test("whether harm that goes on shuts a gate is asked of the orders that were supposed")
    func goingOn() async throws {
        let folder = try Workplace()
        try folder.write(
            "mine.yaml",
            """
            pack: mine
            metrics: {orders: count(order by paid_at over 30d), refunds: count(refund by refunded_at over 30d)}
            rules: {r: {title: Rate, require: refunds / orders < 2%}}
            gates: {g: {title: Entry, rules: [r]}}
            """)
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\npacks: [mine.yaml]\nstores: [{id: a, pack: mine, timezone: UTC}]\n")
        let orders = (1...40).flatMap { back in
            (0..<10).map {
                #"{"kind":"order","store":"a","id":"\#(back)-\#($0)","paid_at":"\#(day(-back))T10:00:00Z"}"#
            }
        }
        let refunds = (1...4).map {
            #"{"kind":"refund","store":"a","id":"r\#($0)","refunded_at":"\#(day(-$0))T10:00:00Z"}"#
        }
        try folder.write("facts.jsonl", (orders + refunds).joined(separator: "\n") + "\n")
        try #require(try await folder.run("import", "facts.jsonl").status == 0)
        // 14 days at 4 in 28 bring two more: 6 of 300 are 2 %.
        let usual = try await folder.run("plan", "--gate", "g", "--on", day(14)).output
        #expect(usual.contains("ok, but if all goes on as it did breach"), "\(usual)")
        // 6 of 1160 are not.
        let many = try await folder.run("plan", "--gate", "g", "--on", day(14), "--orders", "1000").output
        #expect(many.contains("Entry \(day(14)): open\n") && !many.contains("but if"), "\(many)")
        let none = try await folder.run("plan", "--gate", "g", "--on", day(14), "--refunds", "0").output
        #expect(none.contains("Entry \(day(14)): open\n"), "\(none)")
    }

    @Test("what rests on readings is open only as long as they stay")
    func readings() async throws {
        let folder = try await contested(
            """
              s: {title: Shown, require: shown >= 3}
            gates: {g: {title: Entry, rules: [s]}}
            """, [])
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(9))
        #expect(plan.output.contains("as long as what is entered stays as it is"), "\(plan)")
        let json = try await folder.run("plan", "--gate", "g", "--on", day(9), "--format", "json").output
        #expect(json.contains(#""state":"open_if""#) && json.contains(#""rests_on_readings":true"#), "\(json)")
    }

    @Test("what is supposed to come is as large as what came, whatever appeals are won")
    func supposed() async throws {
        // 20 each on average. Ten more bring 200, and no appeal takes those away.
        let folder = try await contested(
            """
              t: {title: Taken, require: taken < 150}
            gates: {g: {title: Entry, rules: [t]}}
            """, [60, 10, 5, 5].map { ($0, #""appeal_by":"\#(day(3))T00:00:00Z""#) })
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(9), "--refunds", "10").output
        #expect(plan.contains("4 appeals still open, and won they would not open it"), "\(plan)")
    }

    @Test("appeals that mend one of two rules are not called useless")
    func mended() async throws {
        let folder = try await contested(
            """
              n: {title: Number, require: refunds < 1}
              s: {title: Shown, require: shown >= 5}
            gates: {g: {title: Entry, rules: [n, s]}}
            """, [(1, #""appeal_by":"\#(day(3))T00:00:00Z""#)])
        let plan = try await folder.run("plan", "--gate", "g", "--on", day(9)).output
        #expect(
            plan.contains("1 appeal still open: won they put Number right, and what else shuts it stays"), "\(plan)")
    }

    @Test("what can still be contested is told by deadline, with what it is worth")
    func appeals() async throws {
        let folder = try await folder()
        let ended = try await folder.run("appeals", "--format", "json")
        let cases = try list(JSONSerialization.jsonObject(with: Data(ended.output.utf8)))
        #expect(cases.count == 1, "\(ended)")
        // The third was lost already. With one of the other two won, two are left: below 3, and no longer below 2.
        #expect(cases[0]["won"] as? Int == 1 && cases[0]["then"] as? String == "warning", "\(ended.output)")
        #expect(try list(cases[0]["appeals"]).map { $0["id"] as? String } == ["r0", "r1"])
        let table = try await folder.run("appeals")
        // The score of the gate's other rule never came: winning alone does not open it.
        #expect(
            table.output.contains("any 1 of these 2, contested by")
                && table.output.contains("and won, make it warning\n"), "\(table)")
        #expect(cases[0]["any"] as? Bool == true && (cases[0]["gates"] as? [String]) == [])
        #expect(try await folder.run("appeals", "--store", "silent").output.contains("nothing that can be contested"))
    }

    @Test("of an order that counts by its refunds those are contested, and the deadline is the order's")
    func orders() async throws {
        let folder = try await folder()
        try folder.write(
            "shop.yaml", Sample.pack.replacing("    evidence: dispute by refunded_at over 30d\n", with: ""))
        let ended = try await folder.run("appeals", "--format", "json")
        let cases = try list(JSONSerialization.jsonObject(with: Data(ended.output.utf8)))
        #expect(try list(cases.first?["appeals"]).map { $0["id"] as? String } == ["r0", "r1"], "\(ended)")
        let page = try await folder.run("explain", "--store", "shop-a", "disputes", "--format", "json")
        let report = try object(JSONSerialization.jsonObject(with: Data(page.output.utf8)))
        let evidence = try list(try list(report["rules"])[0]["evidence"])
        #expect(evidence.count == 3 && evidence.allSatisfy { $0["kind"] as? String == "order" })
        #expect(evidence.filter { $0["contestable_until"] is String }.count == 2)
    }

    @Test("where each product is judged by itself, only the worst one's facts are contested")
    func each() async throws {
        let folder = try Workplace()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: UTC
            metrics: {refunds: count(refund where not excluded by refunded_at over 30d)}
            rules:
              refunds: {require: refunds < 3, each: product}
            """)
        try folder.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores: [{id: a, pack: shop}]\n")
        let now = Date()
        func stamp(_ days: Int) -> String {
            ISO8601DateFormatter().string(from: now.addingTimeInterval(TimeInterval(86_400 * days)))
        }
        // Four of the red one, two of the blue one with nearer deadlines.
        let lines = [("red", 4, 5), ("blue", 2, 1)].flatMap { product, count, deadline in
            (0..<count).map { number in
                #"{"kind":"refund","store":"a","id":"\#(product)\#(number)","product":"\#(product)","refunded_at":"\#(stamp(-3))","appeal_by":"\#(stamp(deadline + number))"}"#
            }
        }
        let imported = try await folder.run("import", "-", input: lines.joined(separator: "\n") + "\n")
        try #require(imported.status == 0, "\(imported.error)")
        let ended = try await folder.run("appeals")
        #expect(ended.output.contains("any 2 of these 4"), "\(ended.output)")
        #expect(!ended.output.contains("blue"))
    }

    @Test("gates and days that cannot be are refused")
    func refused() async throws {
        let folder = try await folder()
        let gate = try await folder.run("plan", "--gate", "campain", "--on", day(9))
        #expect(gate.status == 64 && gate.error.contains("no store has a gate 'campain'; did you mean 'campaign'?"))
        let past = try await folder.run("plan", "--gate", "campaign", "--on", "2026-01-01", "--store", "shop-a")
        #expect(past.status == 64 && past.error.contains("is not after today"), "\(past.error)")
        let negative = try await folder.run("plan", "--gate", "campaign", "--on", day(9), "--orders=-1")
        #expect(negative.status == 64)
    }
}
