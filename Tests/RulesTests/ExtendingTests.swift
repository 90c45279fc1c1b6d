import Facts
import Language
import Rules
import Testing

@Suite("A pack that goes on from a built-in one")
struct ExtendingTests {
    private static func read(_ text: String) -> (pack: Pack?, [String]) {
        let (pack, found) = PackReader.read(SourceText(name: "mine.yaml", text: text), isBuiltIn: false)
        return (pack, places(found))
    }

    @Test("what it names is its own, and all else stands as it was")
    func merges() throws {
        let (mine, found) = Self.read(
            """
            pack: mine
            extends: marketplace
            title: Mine
            parameters:
              dispute_count_limit: {type: number, values: [{value: 7}]}
            metrics:
              big_orders: count(order where amount > 1000 and not excluded by paid_at over 30d)
            rules:
              cancellations: {require: cancellation_rate < 9%}
              big: {require: big_orders / paid_orders < 50%}
            """)
        let pack = try #require(mine)
        #expect(found == [])
        let base = try #require(PackLibrary.builtIn(only: ["marketplace"]).library["marketplace"])
        #expect(pack.name == "mine" && pack.title.en == "Mine" && pack.extends == "marketplace")
        #expect(pack.rules.map(\.id) == base.rules.map(\.id) + ["big"])
        #expect(pack.rule("cancellations")?.require.written.text == "cancellation_rate < 9%")
        #expect(pack.rule("refunds")?.require.written.text == base.rule("refunds")?.require.written.text)
        #expect(pack.parameter("dispute_count_limit")?.rows.map(\.value.text) == ["7"])
        #expect(pack.metrics == base.metrics + ["big_orders"] && pack.gates.map(\.id) == base.gates.map(\.id))
    }

    @Test("what the built-in pack suggests has still to be confirmed, and what is written here has not")
    func confirmation() throws {
        let (mine, _) = Self.read(
            """
            pack: mine
            extends: marketplace
            timezone: UTC
            rules:
              dispute-refunds: {require: dispute_orders < 1}
            """)
        var scene = try Scene(
            try #require(mine), EvaluationTests.files(100, 0), until: EvaluationTests.clock)
        let rules = scene.evaluate(clock: EvaluationTests.clock).rules
        #expect(rules.first { $0.rule.id == "refunds" }?.isConfirmed == false)
        #expect(rules.first { $0.rule.id == "dispute-refunds" }?.isConfirmed == true)
    }

    @Test("a pack that there is not, and what does not fit the other one, are told with their places")
    func refused() {
        #expect(
            Self.read("pack: mine\nextends: marketplase\n").1
                == ["2:10: error: there is no built-in pack 'marketplase'; did you mean 'marketplace'?"])
        let (pack, found) = Self.read("pack: mine\nextends: marketplace\nrules:\n  big: {require: paid_order < 5}\n")
        #expect(pack == nil)
        #expect(found == ["4:18: error: 'paid_order' is neither a metric nor a parameter; did you mean 'paid_orders'?"])
    }
}
