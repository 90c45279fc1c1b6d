import Facts
import Language
import Rollups
import Rules
import Testing

@Suite("What rests on a list that the platform withholds is unknown, and nothing else is")
struct WithheldRuleTests {
    private static let text = """
        pack: shop
        timezone: UTC
        metrics:
          disputes: count(refund where disputed by opened_at over 30d)
          dispute_rate: disputes / orders
          orders: count(order by placed_at over 30d)
          returns: count(refund where not disputed by opened_at over 30d)
          others: count(refund where amount > 5 by opened_at over 30d)
        rules:
          disputes: {require: dispute_rate < 1% or disputes < 3}
          orders: {require: orders >= 0}
          returns: {require: returns / orders < 1% or returns < 3}
          inline: {require: count(refund where disputed by opened_at over 30d) < 3, given: returns >= 0}
          others: {require: others < 3}
        source:
          credentials: [token]
          address: https://shop.example
          authorization: {header: Authorization, value: "{token}"}
          streams:
            orders: {get: /orders, items: list, facts: [{kind: order, id: id}, {kind: refund, id: refund}]}
            disputes:
              get: /disputes
              items: list
              optional: {spares: [returns], why: {en: the scope disputes is lacking, zh: 缺少权限}}
              facts: [{kind: refund, id: id}]
        """

    private func standings(
        _ text: String, _ right: String, _ reading: FixedPoint?
    ) throws -> [String: (Standing, Cause)] {
        let (read, diagnostics) = PackReader.read(SourceText(name: "shop.yaml", text: text), isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let pack = try #require(read)
        let now = Timestamp(seconds: 1_772_445_600)
        var coverage = Coverage()
        for kind in [FactKind.order, .refund] { coverage[kind] = CoverageInterval(from: now - .days(100), until: now) }
        let state = StoreState(
            store: Store(id: "s", pack: "shop", timezone: "UTC"), calendar: .utc, pack: pack, coverage: coverage,
            newestMeasures: reading.map {
                [PullPlan.OptionalList.reading(of: right): MeasureReading(at: now - .days(100), value: $0)]
            } ?? [:])
        var valuations = PackValuations()
        let evaluation = Evaluation.evaluate(state, sums: StoreSums(), at: nil, clock: now, &valuations)
        return Dictionary(
            evaluation.rules.map { ($0.rule.id, ($0.standing, $0.because)) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("of what is extra only that is unknown which reads a member that it adds", arguments: [1, 0] as [Int64])
    func extras(_ value: Int64) throws {
        let text = """
            pack: shop
            timezone: UTC
            kinds: {stepped: refund where intervened}
            metrics:
              interventions: count(stepped by opened_at over 30d)
              rate: interventions / refunds
              refunds: count(refund by opened_at over 30d)
            rules:
              intervened: {require: rate < 1% or interventions < 3}
              inline: {require: count(refund where intervened by opened_at over 30d) < 3}
              refunds: {require: refunds < 3}
            source:
              credentials: [token]
              address: https://shop.example
              authorization: {header: Authorization, value: "{token}"}
              streams:
                refunds:
                  get: /refunds
                  items: list
                  facts: [{kind: refund, id: id}]
                  details:
                    item: id
                    streams:
                      look:
                        extra: true
                        optional: {right: look, spares: [], why: {en: it may not look, zh: 无权查看}}
                        get: /look/{item}
                        adds: [{kind: refund, intervened: stepped_in}]
            """
        let found = try standings(text, "look", FixedPoint(millionths: value * 1_000_000))
        #expect(found["refunds"]?.0 == .ok)
        for rule in ["intervened", "inline"] {
            #expect(found[rule]?.0 == (value == 1 ? .unknown : .ok), "\(rule)")
            #expect((found[rule]?.1.words.en == "it may not look") == (value == 1), "\(rule)")
        }
    }

    @Test("withheld, given again, and never asked for", arguments: [1, 0, nil] as [Int64?])
    func rules(_ value: Int64?) throws {
        let found = try standings(Self.text, "disputes", value.map { FixedPoint(millionths: $0 * 1_000_000) })
        #expect(found["orders"]?.0 == .ok)
        #expect(found["returns"]?.0 == .ok, "it rests on other lists")
        for rule in ["disputes", "inline", "others"] {
            let (standing, cause) = try #require(found[rule])
            if value == 1 {
                #expect(standing == .unknown && cause.word == "withheld", "\(rule)")
                #expect(cause.words.en == "the scope disputes is lacking")
            } else {
                #expect(standing == .ok, "\(rule)")
            }
        }
    }
}
