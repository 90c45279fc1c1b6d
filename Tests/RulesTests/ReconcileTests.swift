import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("Our figures held against the platform's")
struct ReconcileTests {
    private static let clock = time("2026-03-20T12:00:00Z")

    private func pack(_ pair: String, rule: String = "require: rate < 50%") -> String {
        """
        pack: p
        metrics:
          paid: count(order by paid_at over 10d)
          refunds: count(order where has(refund where status == refunded) by paid_at over 10d)
          rate: refunds / paid
        reconcile:
          rate: \(pair)
        rules:
          r: {\(rule)}
        """
    }

    /// Four orders of the 10th; two of them refunded, the second on the 19th.
    private static let files = (1...4).map { number in
        let id = "o\(number)"
        let paid = order(id, ["paid_at": "2026-03-10T10:00:00Z"])
        let members: [String: MemberValue] = [
            "opened_at": "2026-03-11", "refunded_at": number == 1 ? "2026-03-12" : "2026-03-19", "status": "refunded",
        ]
        return OrderFile(order: paid, children: number > 2 ? [] : [refund("r\(number)", of: id, members)])
    }

    private func scene(
        _ pair: String, _ theirs: Double?, at: String = "2026-03-20T09:00:00Z", rule: String = "require: rate < 50%",
        until: Timestamp = clock
    ) throws -> Scene {
        var scene = try Scene(pack(pair, rule: rule), Self.files, until: until)
        if let theirs {
            scene.state.newestMeasures["x"] = MeasureReading(at: time(at), value: FixedPoint("\(theirs)"))
        }
        var valuations = PackValuations()
        let set = valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: day("2026-03-20"), scene.state.terms
        ).metrics
        scene.state.comparisons = Reconciliation.comparisons(scene.state, set, files: scene.files)
        return scene
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var pair: String
        var theirs: Double
        var standing: Comparison.Standing
        var testDescription: String { "\(pair) \(theirs)" }
    }

    // Ours is 2 of 4: 0.5.
    static let rows = [
        Row(pair: "{theirs: x, step: 0.01%}", theirs: 0.5, standing: .agrees),
        // Half a step belongs to it, and no more.
        Row(pair: "{theirs: x, step: 0.01%}", theirs: 0.50005, standing: .agrees),
        Row(pair: "{theirs: x, step: 0.01%}", theirs: 0.49995, standing: .agrees),
        Row(pair: "{theirs: x, step: 0.01%}", theirs: 0.500051, standing: .differs),
        Row(pair: "{theirs: x, tolerance: 2%}", theirs: 0.48, standing: .agrees),
        Row(pair: "{theirs: x, tolerance: 2%}", theirs: 0.4799, standing: .differs),
        // A quarter of theirs.
        Row(pair: "{theirs: x, tolerance: {relative: 25%}}", theirs: 0.4, standing: .agrees),
        Row(pair: "{theirs: x, tolerance: {relative: 25%}}", theirs: 0.39, standing: .differs),
        // The wider holds, of the step too.
        Row(pair: "{theirs: x, tolerance: {relative: 1%, absolute: 0.1}}", theirs: 0.4, standing: .agrees),
        Row(pair: "{theirs: x, step: 20%, tolerance: 1%}", theirs: 0.4, standing: .agrees),
        Row(pair: "{theirs: x, step: 20%, tolerance: 1%}", theirs: 0.39, standing: .differs),
    ]

    @Test("they agree as far as is tolerated, to the last digit", arguments: rows)
    func tolerance(_ row: Row) throws {
        let found = try #require(try scene(row.pair, row.theirs).state.comparisons["rate"])
        #expect(found.standing == row.standing)
        #expect(found.figure == Fraction(1, over: 2))
    }

    @Test("ours is counted as of the moment of theirs, of the facts as they stood then")
    func asOfThen() throws {
        // On the 18th the second refund was open.
        let then = try #require(
            try scene("{theirs: x, step: 1%}", 0.25, at: "2026-03-18T09:00:00Z").state.comparisons["rate"])
        #expect(then.standing == .agrees && then.figure == Fraction(1, over: 4))
        // On the 10th nothing of the 10th counts: there is nothing to divide by.
        let first = try #require(
            try scene("{theirs: x, step: 1%}", 0.25, at: "2026-03-10T12:00:00Z").state.comparisons["rate"])
        #expect(first.standing == .unknown && first.hindrance == .missing)
        #expect(try scene("{theirs: x, step: 1%}", nil).state.comparisons.isEmpty)
    }

    @Test("a figure that names a day is of the page whose last day that is, shown a day later or as the pack says")
    func ofDay() throws {
        func ours(_ pair: String, _ at: String) throws -> Fraction? {
            try scene(pair, 0, at: at).state.comparisons["rate"]?.figure
        }
        // The ten days that end with the 10th hold the orders of the 10th, of which none was refunded yet.
        #expect(try ours("{theirs: x, step: 1%}", "2026-03-10T00:00:00Z") == .zero)
        // Shown on the 13th, after the first refund.
        #expect(try ours("{theirs: x, step: 1%, shown_after: 3d}", "2026-03-10T00:00:00Z") == Fraction(1, over: 4))
        // A time of day is a moment.
        #expect(try ours("{theirs: x, step: 1%}", "2026-03-12T00:00:01Z") == Fraction(1, over: 4))
        #expect(try ours("{theirs: x, step: 1%}", "2026-03-11T23:59:59Z") == .zero)
    }

    @Test("without coverage nothing is compared; what ends on the day of theirs is enough")
    func coverage() throws {
        let pair = "{theirs: x, step: 1%}"
        let short = try #require(
            try scene(pair, 0.5, until: time("2026-03-19T23:00:00Z")).state.comparisons["rate"])
        #expect(short.standing == .unknown)
        #expect(short.hindrance == .uncovered([FactKinds(.order), FactKinds(.refund)]))
        let enough = try #require(
            try scene(pair, 0.5, until: time("2026-03-20T01:00:00Z")).state.comparisons["rate"])
        #expect(enough.standing == .agrees)
    }

    @Test("where the platform withholds what ours rests on nothing is compared", arguments: [1, 0] as [Int64])
    func withheld(_ reading: Int64) throws {
        let source = """
            source:
              credentials: [token]
              address: https://shop.example
              authorization: {header: Authorization, value: "{token}"}
              streams:
                orders: {get: /orders, items: list, facts: [{kind: order, id: id}]}
                disputes:
                  get: /disputes
                  items: list
                  optional: {spares: [], why: {en: the right is lacking, zh: 缺少权限}}
                  facts: [{kind: refund, id: id}]
            """
        var scene = try Scene(pack("{theirs: x, step: 1%}") + "\n" + source, Self.files, until: Self.clock)
        let at = time("2026-03-20T09:00:00Z")
        scene.state.newestMeasures = [
            "x": MeasureReading(at: at, value: FixedPoint("0.5")),
            "withheld.disputes": MeasureReading(at: at - .days(50), value: FixedPoint(millionths: reading * 1_000_000)),
        ]
        var valuations = PackValuations()
        let set = valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: day("2026-03-20"), scene.state.terms
        ).metrics
        let found = try #require(
            Reconciliation.comparisons(scene.state, set, files: scene.files)["rate"])
        #expect(found.standing == (reading == 1 ? .unknown : .agrees))
        #expect(found.hindrance == (reading == 1 ? .withheld(Words(en: "the right is lacking", zh: "缺少权限")) : nil))
    }

    @Test("a rule that trusts neither is unknown while they part, and only while theirs is fresh")
    func trust() throws {
        let rule = "require: rate <= 50%, trust: neither"
        func shown(_ theirs: Double?, at: String = "2026-03-20T09:00:00Z", rule: String = rule) throws -> String {
            var scene = try scene("{theirs: x, step: 1%}", theirs, at: at, rule: rule)
            return scene.evaluated(Self.clock).shown("r")
        }
        #expect(try shown(0.5) == "ok holds")
        #expect(try shown(0.3) == "unknown reconcile_failed")
        #expect(try shown(nil) == "ok holds")
        #expect(try shown(0.3, rule: "require: rate <= 50%") == "ok holds")
        #expect(try shown(0.3, at: "2026-03-18T12:00:00Z") == "unknown reconcile_failed")
        // Older than two days, as every reading that a rule takes.
        #expect(try shown(0.3, at: "2026-03-18T11:59:59Z") == "ok holds")
        #expect(try shown(0.3, at: "2026-03-18T11:59:59Z", rule: rule + ", fresh: 3d") == "unknown reconcile_failed")
    }

    @Test("where it stands changes when theirs is too old")
    func nextChange() throws {
        let scene = try scene("{theirs: x, step: 1%}", 0.3, rule: "require: rate <= 50%, trust: neither, fresh: 190min")
        var valuations = PackValuations()
        let next = Evaluation.nextChange(of: scene.state, after: Self.clock, &valuations)
        #expect(next == time("2026-03-20T12:10:00.000001Z"))
    }

    @Test("every shipped pack's pairs name metrics, and their variants say something else than the metric")
    func shipped() {
        let packs = PackLibrary.builtIn().library.packs.values
        let pairs = packs.flatMap { pack in pack.reconcile.map { (pack, $0) } }
        #expect(pairs.count >= 40)
        #expect(
            packs.first { $0.name == "pinduoduo" }?.reconcile.first { $0.metric == "dispute_rate" }?.variants.count == 7
        )
        for (pack, pair) in pairs {
            #expect(pair.theirs.hasPrefix(pack.name + "."))
            for variant in pair.variants {
                #expect(variant.title.en != variant.title.zh, "\(pack.name) \(pair.metric) \(variant.id)")
            }
        }
    }
}

extension Scene {
    fileprivate mutating func evaluated(_ clock: Timestamp) -> StoreEvaluation { evaluate(clock: clock) }
}
