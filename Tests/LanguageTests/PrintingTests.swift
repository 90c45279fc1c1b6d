import Facts
import Language
import TestSupport
import Testing

@Suite struct PrintingTests {
    @Test("what is printed of any typed expression reads as the same", arguments: 0..<20 as Range<UInt64>)
    func outside(_ seed: UInt64) {
        var expressions = RandomExpressions(seed: seed)
        for _ in 0..<200 {
            let type = expressions.random.pick(RandomExpressions.types)
            let typed = expressions.outside(type, depth: 5)
            let text = Printer.text(of: typed)
            let (again, diagnostics) = RandomExpressions.vocabulary.expression(passage(text))
            #expect(messages(diagnostics) == [], "\(text)")
            #expect(again == typed, "\(text)")
            if again != typed { return }
        }
    }

    @Test(
        "the canonical text",
        arguments: [
            ("1+2*3", "1 + 2 * 3"), ("(1+2)*3", "(1 + 2) * 3"), ("1-(2-3)", "1 - (2 - 3)"), ("(1-2)-3", "1 - 2 - 3"),
            ("8/(4/2)", "8 / (4 / 2)"), ("-(1+2)", "-(1 + 2)"), ("--1", "--1"), ("((((7))))", "7"),
            ("1.50%", "1.5%"), ("0.010", "0.01"), ("30min", "30min"), ("paid is not missing", "paid is not missing"),
            ("not paid is missing", "paid is not missing"),
            ("not (paid > 1 and paid < 3)", "not (paid > 1 and paid < 3)"),
            ("true or false and true", "true or false and true"),
            ("(true or false) and true", "(true or false) and true"),
            ("true and (true and true)", "true and (true and true)"), ("(paid > 1) == true", "(paid > 1) == true"),
            ("paid offset 5d offset", nil), ("(paid offset 5d) offset 1mo", "(paid offset 5d) offset 1mo"),
            ("(paid + 1) offset 2w", "(paid + 1) offset 2w"), ("-paid offset 5d", "-paid offset 5d"),
            ("paid in(1,2%, -3)", "paid in (1, 2%, -3)"), ("if(paid>1,1,2)", "if(paid > 1, 1, 2)"),
            (
                "count(order where count(refund) > 0 by placed_at over month to date including today offset 1mo)",
                "count(order where has(refund) by placed_at over month to date including today offset 1mo)"
            ),
            (
                "percentile(responded_at-opened_at of case where order.amount>5 and labels.category==\"a\\\"b\\\\\" by closed over 7d,99.5)",
                nil
            ),
            (
                "percentile(responded_at-opened_at of case where order.amount>5 and labels.category==\"a\\\"b\\\\\" by opened_at over 7d,99.5)",
                "percentile(responded_at - opened_at of case where order.amount > 5 and labels.category == \"a\\\"b\\\\\" by opened_at over 7d, 99.5)"
            ),
            (
                "count(order where order.amount > 1 by order.paid_at over 1d)",
                "count(order where amount > 1 by paid_at over 1d)"
            ),
        ] as [(String, String?)])
    func canonical(_ text: String, _ expected: String?) {
        let (vocabulary, _) = TypeChecker.check(
            declarations(metrics: [("paid", "count(order by paid_at over 30d)")]))
        let (typed, diagnostics) = vocabulary.expression(passage(text))
        #expect(typed.map { Printer.text(of: $0) } == expected)
        #expect(diagnostics.isEmpty == (expected != nil))
    }
}
