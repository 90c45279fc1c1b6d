import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("What days to come will bring")
struct OutlookTests {
    static let metrics = """
        pack: p
        metrics:
          paid: count(order by paid_at over 30d)
          disputes: count(refund where disputed by refunded_at over 30d)
          rate: disputes / paid
          rated: count(rating where service is not missing by rated_at over 90d)
          service: mean(service of rating by rated_at over 90d)
          late_share: mean(shipped_at > ship_by of order by paid_at over 30d)
          tracked: count(order where tracked by paid_at over 30d)
          waited: percentile(waited_minutes of case by opened_at over 30d, 90)
          low: count(rating where service <= 2 by rated_at over 90d)
          rolling: count(case by opened_at over 72h)
          points: sum(points of penalty from issued_at until expires_at)

        """
    static let clock = time("2026-03-20T12:00:00Z")
    static let today = day("2026-03-20")

    static func outlook(_ rule: String, _ files: [OrderFile], from: String? = nil) throws -> Outlook? {
        var scene = try Scene(metrics + "rules:\n  r: {\(rule)}\n", files, until: clock)
        if let from { for kind in scene.state.coverage.kinds.kinds { scene.state.coverage[kind]?.from = time(from) } }
        let found = try #require(scene.evaluate(clock: clock).rules.first)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: today, scene.state.terms
        ).metrics
        let sums = StoreSums(
            reading: Evaluation.outlookNeeds(of: found, scene.state, set: set), from: files,
            calendar: scene.state.calendar)
        return Evaluation.outlook(of: found, scene.state, sums: sums, set: set)
    }

    /// So many orders paid and disputes refunded on each of some days before today; 1 is yesterday.
    static func files(_ days: ClosedRange<Int>, paid: Int, disputes: Int = 0) -> [OrderFile] {
        days.flatMap { back -> [OrderFile] in
            let day = today.advanced(by: -back)
            return (0..<paid).map {
                OrderFile(order: order("o\(back)-\($0)", ["paid_at": .text("\(day)T08:00:00Z")]))
            }
                + (0..<disputes).map {
                    OrderFile(children: [
                        refund("r\(back)-\($0)", ["refunded_at": .text("\(day)T09:00:00Z"), "disputed": true])
                    ])
                }
        }
    }

    @Test("a breach ends on the day its facts leave the window, and its orders go on")
    func recovery() throws {
        // 4 disputes on 10 March; 10 orders a day. 30 days before 9 April begin with 10 March; on the 10th it has left.
        let files = OutlookTests.files(1...30, paid: 10) + OutlookTests.files(10...10, paid: 0, disputes: 4)
        let outlook = try #require(try OutlookTests.outlook("require: disputes < 3 or rate < 1%", files))
        #expect(outlook.recovery == .on(day("2026-04-10"), .ok))
        #expect(outlook.forecast == nil && outlook.rollOff == nil)
    }

    @Test("a big day that leaves the window is announced, without one harmful fact more")
    func rollOff() throws {
        // 700 orders 20 days ago, which leave with 30 March, and 10 a day else: 4 of 1,000 are 0.4 %, 4 of 300 1.3 %.
        let files =
            OutlookTests.files(1...30, paid: 10) + OutlookTests.files(21...21, paid: 690)
            + OutlookTests.files(3...3, paid: 0, disputes: 4)
        let outlook = try #require(try OutlookTests.outlook("require: rate < 1%", files))
        // The big day is 27 February: day 30 of 29 March's window, and gone on the 30th. 28-day means hold it: 980 / 28.
        // Expected of each day to come: (27 × 10 + 700) / 28. On 30 March 20 known days of 10 and 10 of 34.6: 4 / 546.
        #expect(outlook.rollOff == .never)
        // Without the big day in its mean, the fall is seen.
        let older =
            OutlookTests.files(1...30, paid: 10) + OutlookTests.files(29...29, paid: 690)
            + OutlookTests.files(3...3, paid: 0, disputes: 4)
        let fall = try #require(try OutlookTests.outlook("require: rate < 1%", older))
        // 29 days ago is 19 February, the first of 30 days before 21 March: gone on the 22nd, 4 of 300.
        #expect(fall.rollOff == .on(day("2026-03-22"), .breach))
        // The day before it the window holds 980 known orders and 10 to come: 4 of 990, then 4 of 300.
        #expect(fall.leaving?.day == day("2026-02-19") && fall.leaving?.facts == 700 && fall.coming == nil)
        #expect(fall.leaving?.before == Fraction(4, over: 990) && fall.leaving?.after == Fraction(4, over: 300))
        #expect(
            fall.words.first?.en
                == "breach on 2026-03-22 without one harmful fact more, all else as in the last 28 days, because of what leaves the window: the 700 paid of 2026-02-19 leave: rate 0.4 % becomes 1.33 %",
            "\(fall.words)")
    }

    @Test("where a fact that is known already decides, and not what leaves, that is what is named")
    func coming() throws {
        // 4 disputes of 300; a fifth today counts from tomorrow on. What leaves each day are 10 orders of 300.
        let files =
            OutlookTests.files(1...30, paid: 10) + OutlookTests.files(3...3, paid: 0, disputes: 4)
            + OutlookTests.files(0...0, paid: 0, disputes: 1)
        let outlook = try #require(try OutlookTests.outlook("require: disputes < 5 or rate < 1%", files))
        #expect(outlook.rollOff == .on(day("2026-03-21"), .breach) && outlook.leaving == nil)
        #expect(outlook.coming?.day == Self.today && outlook.coming?.facts == 1)
        #expect(
            outlook.words.first?.en
                == "breach on 2026-03-21 without one harmful fact more, all else as in the last 28 days: what is known of 2026-03-20 counts from then on (1 dispute): rate 1.33 % becomes 1.67 %",
            "\(outlook.words)")
        #expect(outlook.words.first?.zh.contains("2026-03-20 已发生的 1 个disputes将计入") == true, "\(outlook.words)")
    }

    @Test("harm that goes on at its pace breaches on a day that can be reckoned")
    func forecast() throws {
        // One dispute on each of the last 4 days: 1/7 a day. 1 + … : 4 + n/7 reaches 6 with n = 14 days to come.
        let files = OutlookTests.files(1...30, paid: 10) + OutlookTests.files(1...4, paid: 0, disputes: 1)
        let outlook = try #require(try OutlookTests.outlook("require: disputes < 6", files))
        // Today is the first of them: the 14th is 2 April, and counts from 3 April on.
        #expect(outlook.forecast == .on(day("2026-04-03"), .breach))
        #expect(outlook.rollOff == .never && outlook.recovery == nil)
    }

    @Test("what ends only because the sample is too small is no recovery")
    func sample() throws {
        let files = OutlookTests.files(10...12, paid: 10, disputes: 2)
        let outlook = try #require(try OutlookTests.outlook("require: rate < 10%, given: paid >= 25", files))
        // 30 orders and 6 disputes on 8 to 10 March; the orders go on with 30 in 28 days. On 8 April the 8th has left: 4
        // disputes of 20 orders known and 19 days to come, 20.4 more: 9.9 %. The day before it is 6 of 49.3.
        #expect(outlook.recovery == .on(day("2026-04-08"), .ok))
        let halted = try #require(
            try OutlookTests.outlook("require: service >= 4.5, given: rated >= 5", OutlookTests.rated(1...10, 4)))
        // No more scores come, and none is counted: of 10 to 19 March four are left in the 90 days before 14 June, which
        // begin with the 16th.
        #expect(halted.recovery == .onlyUnjudged(day("2026-06-14")))
    }

    /// So many orders paid on each of some days before today, and of them so many shipped late and so many tracked.
    private static func orders(_ days: ClosedRange<Int>, _ count: Int, late: Int = 0, tracked: Int = 0) -> [OrderFile] {
        days.flatMap { back in
            (0..<count).map { number in
                let day = today.advanced(by: -back)
                return OrderFile(
                    order: order(
                        "o\(back)-\(number)",
                        [
                            "paid_at": .text("\(day)T08:00:00Z"), "ship_by": .text("\(day)T20:00:00Z"),
                            "shipped_at": .text("\(day)T\(number < late ? "21" : "09"):00:00Z"),
                            "tracked": .bool(number < tracked),
                        ]))
            }
        }
    }

    @Test("a share falls when none of what comes harms it, and rises by itself only where what leaves was good")
    func share() throws {
        // 3 of 10 late on each of the last 14 days, 1 of 10 on the 16 before: 58 of 300, 19.3 %. Whatever leaves, none of
        // those that come is late: it never passes 20 %. At its pace, 56 in 28 days, it does.
        let files = Self.orders(1...14, 10, late: 3) + Self.orders(15...30, 10, late: 1)
        let outlook = try #require(try OutlookTests.outlook("require: late_share <= 20%", files))
        #expect(outlook.rollOff == .never)
        // Each day 2 come in the place of 1: 59, 60 (20 % still hold), and 61 on the third.
        #expect(outlook.forecast == .on(day("2026-03-23"), .breach))
    }

    @Test("of a share that is wanted, all goes on: what is counted in it is counted below it too")
    func base() throws {
        // 6 of 10 tracked on days 11 to 30 before today, 9 of 10 since: 210 of 300 are 70 %. By the means of 28 days, in
        // which 198 of 280 were, it never comes to 90 %.
        let files = Self.orders(11...30, 10, tracked: 6) + Self.orders(1...10, 10, tracked: 9)
        let outlook = try #require(try OutlookTests.outlook("require: tracked / paid >= 90%", files))
        #expect(outlook.recovery == .never)
    }

    @Test("of what is known in part nothing is foretold")
    func inPart() throws {
        let files = OutlookTests.files(1...20, paid: 10, disputes: 1)
        #expect(try OutlookTests.outlook("require: service >= 4.5 or disputes < 3", files, from: "2026-02-10") == nil)
    }

    static func rated(_ days: ClosedRange<Int>, _ score: Int) -> [OrderFile] {
        days.map { back in
            OrderFile(children: [
                rating(
                    "s\(back)",
                    ["rated_at": .text("\(today.advanced(by: -back))T08:00:00Z"), "service": .text("\(score)")])
            ])
        }
    }

    @Test("what is in force ends when it says so")
    func inForce() throws {
        let points = [("a", 7, "2026-04-10T00:00:00Z"), ("b", 6, "2026-05-01T12:00:00Z")].map { id, points, end in
            OrderFile(children: [
                penalty(
                    id, ["issued_at": "2026-03-01T00:00:00Z", "expires_at": .text(end), "points": .text("\(points)")])
            ])
        }
        // 13, from 10 April on 6, and none from 2 May on.
        let outlook = try #require(try OutlookTests.outlook("require: points < 12", points))
        #expect(outlook.recovery == .on(day("2026-04-10"), .ok))
        #expect(try OutlookTests.outlook("require: points < 6", points)?.recovery == .on(day("2026-05-02"), .ok))
    }

    @Test("where no mean day adds to a figure, or too little is known, nothing is foretold")
    func unforeseeable() throws {
        let cases = [OrderFile(children: [serviceCase("c", ["opened_at": "2026-03-10", "waited_minutes": 9])])]
        #expect(try OutlookTests.outlook("require: rolling < 5", cases) == nil)
        // Of a percentile that harms no more comes: the case of 10 March has left on 10 April, and nothing is left.
        #expect(try OutlookTests.outlook("require: waited < 5", cases)?.recovery == .onlyUnjudged(day("2026-04-10")))
        let files = OutlookTests.files(1...20, paid: 10, disputes: 1)
        #expect(try OutlookTests.outlook("require: disputes < 3", files, from: "2026-02-18") != nil)
        #expect(try OutlookTests.outlook("require: disputes < 3", files, from: "2026-02-21") == nil)
    }

    /// Orders that go on as they did, and disputes that stop or go on as they did: what is foretold is what comes.
    @Test("what is foretold comes true when things go on as they did", arguments: 1...40)
    func comesTrue(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func some(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
        let (paid, pace) = (some(1..<12), some(0..<2))
        var files = OutlookTests.files(1...28, paid: paid, disputes: pace)
        for back in 29...40 { files += OutlookTests.files(back...back, paid: some(0..<60), disputes: some(0..<4)) }
        let rule = [
            "require: disputes < \(some(1..<40))", "require: rate < \(some(1..<30))%",
            "require: disputes < \(some(1..<20)) or rate < \(some(1..<30))%, prefer: rate < \(some(1..<20))%",
            "require: rate < \(some(1..<40))%, given: paid >= \(some(0..<200))",
        ][some(0..<4)]
        guard let outlook = try OutlookTests.outlook(rule, files) else { return }
        func standings(pace: Int) throws -> [Standing] {
            let coming = files + OutlookTests.files(-45...0, paid: paid, disputes: pace)
            return try (0...32).map { step in
                let at = OutlookTests.today.advanced(by: step).start
                var scene = try Scene(OutlookTests.metrics + "rules:\n  r: {\(rule)}\n", coming, until: at)
                return try #require(scene.evaluate(clock: at).rules.first).standing
            }
        }
        func first(_ standings: [Standing], _ isFound: (Standing) -> Bool) -> Outlook.Turn {
            for (step, standing) in standings.enumerated().dropFirst() where step <= 31 && isFound(standing) {
                return .on(OutlookTests.today.advanced(by: step), standing)
            }
            return .never
        }
        let (quiet, going) = (try standings(pace: 0), try standings(pace: pace))
        let now = quiet[0]
        guard [.ok, .warning, .breach].contains(now) else { return }
        func isBetter(_ standing: Standing) -> Bool { standing != .unjudged && standing.rank < now.rank }
        func isWorse(_ standing: Standing) -> Bool { standing.rank > now.rank }
        if let recovery = outlook.recovery {
            if case .onlyUnjudged = recovery {
                #expect(first(quiet, isBetter) == .never)
            } else {
                #expect(recovery == first(quiet, isBetter), "\(rule)")
            }
        }
        if let rollOff = outlook.rollOff { #expect(rollOff == first(quiet, isWorse), "\(rule)") }
        if let forecast = outlook.forecast { #expect(forecast == first(going, isWorse), "\(rule)") }
    }
}

extension LocalDay {
    fileprivate var start: Timestamp { StoreCalendar.utc.startOfDay(self) }
}
