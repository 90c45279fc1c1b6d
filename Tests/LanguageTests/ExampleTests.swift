import Facts
import Language
import Testing

@Suite struct ExampleTests {
    @Test("the design's example is read without a complaint, and each metric stands after those it names")
    func example() throws {
        let (vocabulary, diagnostics) = TypeChecker.check(LanguageTests.example)
        #expect(diagnostics.map { $0.render() } == [])
        #expect(vocabulary.metrics.count == LanguageTests.example.metrics.count)
        let place = { (name: String) in vocabulary.metricOrder.firstIndex(of: name) }
        #expect(try #require(place("dispute_orders")) < #require(place("dispute_rate")))
        #expect(try #require(place("bad_day")) < #require(place("bad_days")))
        #expect(vocabulary.kinds["dispute"]?.kind == .refund)
        #expect(vocabulary.metrics["bad_days"]?.type == .bool)
    }

    @Test(
        "conditions of rules are read",
        arguments: [
            "dispute_orders < 3 or dispute_rate < dispute_rate_limit", "dispute_orders < 2 or dispute_rate < 0.8%",
            "paid_orders >= 20", "true",
        ])
    func condition(_ text: String) {
        let (vocabulary, _) = TypeChecker.check(LanguageTests.example)
        let (typed, diagnostics) = vocabulary.condition(passage(text))
        #expect(messages(diagnostics) == [])
        #expect(typed?.type == .bool)
        #expect(typed.map { Printer.text(of: $0) } == text)
    }

    @Test("what is printed of the example reads as the same")
    func printing() {
        let (vocabulary, _) = TypeChecker.check(LanguageTests.example)
        for (name, typed) in vocabulary.metrics {
            let text = Printer.text(of: typed)
            let (again, diagnostics) = vocabulary.expression(passage(text))
            #expect(messages(diagnostics) == [], "\(name): \(text)")
            #expect(again == typed, "\(name): \(text)")
        }
    }

    @Test("evidence is a kind with a filter and a span, each of which may be left out")
    func evidence() {
        let (vocabulary, _) = TypeChecker.check(LanguageTests.example)
        let texts = [
            "dispute by refunded_at over 30d":
                "refund where disputed and not excluded and status == refunded by refunded_at over 30d",
            "refund": "refund", "rating where score <= 2": "rating where score <= 2",
            "penalty from issued_at until expires_at": "penalty from issued_at until expires_at",
        ]
        for (text, canonical) in texts {
            let (evidence, diagnostics) = vocabulary.evidence(passage(text))
            #expect(messages(diagnostics) == [])
            #expect(evidence.map { Printer.text(of: $0) } == canonical)
        }
    }
}
