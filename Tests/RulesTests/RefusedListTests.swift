import Facts
import Language
import Rollups
import Rules
import Testing

@Suite("A list that the platform refuses is not one that nobody brings")
struct RefusedListTests {
    private static let text = """
        pack: shop
        timezone: UTC
        optional: [rating]
        metrics:
          reviews: count(rating by rated_at over 30d)
          orders: count(order by placed_at over 30d)
        rules:
          reviews: {require: reviews < 3}
          both: {require: reviews + orders < 3}
          orders: {require: orders < 3}
        source:
          credentials: [token]
          address: https://shop.example
          authorization: {header: Authorization, value: "{token}"}
          streams:
            orders: {get: /orders, items: list, facts: [{kind: order, id: id}]}
            reviews:
              get: /reviews
              items: list
              optional: true
              facts: [{kind: rating, id: id, score: stars}]
        """

    /// - Parameter reading: what the last pull said of the list; nil: nothing pulls this store.
    @Test("refused it leaves what rests on it unknown, else unjudged", arguments: [1, 0, nil] as [Int64?])
    func rules(_ reading: Int64?) throws {
        let (read, diagnostics) = PackReader.read(SourceText(name: "shop.yaml", text: Self.text), isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let now = Timestamp(seconds: 1_772_445_600)
        var coverage = Coverage()
        coverage[.order] = CoverageInterval(from: now - .days(100), until: now)
        let state = StoreState(
            store: Store(id: "s", pack: "shop", timezone: "UTC"), calendar: .utc, pack: try #require(read),
            coverage: coverage,
            newestMeasures: reading.map {
                let value = FixedPoint(millionths: $0 * 1_000_000)
                let name = PullPlan.OptionalList.reading(of: "reviews")
                return [name: MeasureReading(at: now - .days(100), value: value)]
            } ?? [:])
        var valuations = PackValuations()
        let evaluation = Evaluation.evaluate(state, sums: StoreSums(), at: nil, clock: now, &valuations)
        let standings = Dictionary(uniqueKeysWithValues: evaluation.rules.map { ($0.rule.id, $0.standing) })
        let expected: Standing = reading == 1 ? .unknown : .unjudged
        #expect(standings == ["reviews": expected, "both": expected, "orders": .ok])
    }
}
