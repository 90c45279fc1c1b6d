import Facts
import Language
import TestSupport
import Testing

/// A text in which ‹ and › mark the place a complaint should point at.
private func marked(_ text: String) -> (text: String, range: Range<Int>?) {
    guard let open = text.firstIndex(of: "‹"), let close = text.firstIndex(of: "›") else { return (text, nil) }
    let before = String(text[..<open])
    let inside = String(text[text.index(after: open)..<close])
    let after = String(text[text.index(after: close)...])
    let from = before.utf8.count
    return (before + inside + after, from..<(from + inside.utf8.count))
}

@Suite struct DiagnosticTests {
    static let pack = declarations(
        labels: ["category"],
        parameters: ["limit": .rate, "grace": .duration, "review": .window],
        windows: [("look_back", "3mo offset 1mo")],
        kinds: [("dispute", "refund where disputed")],
        metrics: [("paid", "count(order by paid_at over 30d)"), ("late", "max(paid_at of order by paid_at over 30d)")])

    @Test(
        "one mistake, one complaint, at its place",
        arguments: [
            // Names.
            ("‹piad› > 1", "'piad' is neither a metric nor a parameter; did you mean 'paid'?"),
            (
                "‹refunded_at› > 1",
                "'refunded_at' is a member of refund; outside an aggregate only metrics and parameters have names"
            ),
            ("‹review› > 1", "'review' is a window; it stands after 'over'"),
            ("‹dispute› > 1", "'dispute' is a kind of fact; it is counted with count(dispute …)"),
            ("count(‹refunds› by opened_at over 30d)", "'refunds' is not a kind of fact; did you mean 'refund'?"),
            ("count(refund by ‹opend_at› over 30d)", "'opend_at' is not a member of refund; did you mean 'opened_at'?"),
            (
                "count(refund where ‹paid› > 1 by opened_at over 30d)",
                "'paid' is a metric and cannot stand inside an aggregate, where only the facts count"
            ),
            (
                "count(refund by ‹placed_at› over 30d)",
                "'placed_at' is a member of order, not of refund; write 'order.placed_at'"
            ),
            (
                "count(refund by order.‹placed› over 30d)",
                "'placed' is not a member of order; did you mean 'placed_at'?"
            ),
            ("count(penalty by ‹order›.placed_at over 30d)", "a penalty belongs to no order"),
            (
                "count(refund where labels.‹categry› == \"a\" by opened_at over 30d)",
                "'categry' is not among the pack's labels; did you mean 'category'?"
            ),
            (
                "count(refund where ‹refund.amount› > 1 by opened_at over 30d)",
                "only 'order.' and 'labels.' stand before a dot"
            ),
            ("‹order.amount› > 1", "members have a place only inside an aggregate"),
            ("count(order by placed_at over ‹lookback›)", "'lookback' is not a window; did you mean 'look_back'?"),
            ("count(order by placed_at over ‹limit›)", "expected a window, found a parameter of type rate"),
            ("‹flor›(1)", "'flor' is not a function; did you mean 'floor'?"),
            // Words and strings.
            (
                "count(refund where reason == ‹qualty› by refunded_at over 30d)",
                "'qualty' is not a reason; did you mean 'quality'?"
            ),
            (
                "count(refund where ‹qualty› == reason by refunded_at over 30d)",
                "'qualty' is not a reason; did you mean 'quality'?"
            ),
            (
                "count(refund where reason in (late, ‹qualty›) by refunded_at over 30d)",
                "'qualty' is not a reason; did you mean 'quality'?"
            ),
            (
                "count(refund where appeal == ‹maybe› by refunded_at over 30d)",
                "'maybe' is not an appeal; write one of none, open, won, lost"
            ),
            (
                "count(refund where reason == ‹\"quality\"› by refunded_at over 30d)",
                "expected a word, found a string; words are written without quotes"
            ),
            (
                "count(penalty where type == ‹fake› by issued_at over 30d)",
                "unknown name 'fake'; 'type' is a string, and strings stand in double quotes"
            ),
            (
                "count(refund where reason == ‹status› by refunded_at over 30d)",
                "these are words of different enumerations"
            ),
            (
                "count(refund where ‹reason < quality› by refunded_at over 30d)",
                "a word has no order; compare with '==' or '!='"
            ),
            ("‹true < false›", "a condition has no order; compare with '==' or '!='"),
            // Types.
            ("paid + ‹late›", "expected a number, found a time"), ("paid > ‹late›", "expected a number, found a time"),
            ("‹paid› and true", "expected a condition, found a number"),
            ("not ‹1›", "expected a condition, found a number"),
            ("late + ‹late›", "expected a duration, found a time"),
            ("‹true› + 1", "a condition cannot stand before '+'"),
            ("1 - ‹1h›", "expected a number, found a duration"), ("1h * ‹1h›", "expected a number, found a duration"),
            ("count(case by ‹opened_at - resolved_at› over 30d)", "expected a time, found a duration"),
            ("count(case where ‹visits› by opened_at over 30d)", "expected a condition, found a number"),
            ("sum(‹opened_at› of case by opened_at over 30d)", "'sum' takes a number or a duration, found a time"),
            (
                "mean(‹channel› of case by opened_at over 30d)",
                "'mean' takes a number, a duration or a condition, found a string"
            ),
            ("hour(‹paid›)", "expected a time, found a number"),
            ("if(‹paid›, 1, 2)", "expected a condition, found a number"),
            ("if(true, 1, ‹late›)", "expected a number, found a time"),
            ("paid in (1, ‹\"a\"›)", "expected a number, found a string"),
            ("round(1, ‹paid›)", "the digits of 'round' are a whole number from -9 to 9"),
            ("‹abs(1, 2)›", "'abs' is written abs(x)"), ("‹min(1)›", "'min' is written min(a, b, …)"),
            ("paid > ‹grace›", "expected a number, found a duration"),
            // Aggregates and spans.
            (
                "‹count›(order)",
                "an aggregate outside a fact says which facts: 'by TIME over WINDOW' or 'from TIME until TIME'"
            ),
            ("‹has(refund)›", "'has' reads the order file of a fact and stands only inside an aggregate"),
            (
                "count(order where count(refund by ‹opened_at› over 3d) > 1 by paid_at over 30d)",
                "inside an aggregate another one reads the order file and takes no 'by' or 'from'"
            ),
            (
                "count(order where has(refund by ‹opened_at› over 3d) by paid_at over 30d)",
                "'has' reads the fact's order file and takes no span"
            ),
            (
                "count(order where ‹has(penalty)› by paid_at over 30d)",
                "a penalty belongs to no order and has no order file"
            ),
            (
                "count(penalty where ‹count›(penalty) > 1 by issued_at over 30d)",
                "a penalty belongs to no order and has no order file"
            ),
            (
                "count(‹amount› of order by paid_at over 30d)",
                "'count' takes a kind alone; what is counted is narrowed with 'where'"
            ),
            (
                "‹sum›(order by paid_at over 30d)",
                "'sum' takes an expression 'of' a kind, such as sum(amount of order by placed_at over 30d)"
            ),
            ("‹percentile›(amount of order by paid_at over 30d)", "'percentile' is written percentile(x of kind …, p)"),
            (
                "percentile(amount of order by paid_at over 30d, ‹101›)",
                "a percentile lies above 0 and up to 100, without '%'"
            ),
            ("sum(amount of order by paid_at over 30d, ‹5›)", "'sum' takes no number after the kind"),
            (
                "count(order where ‹latest›(status of refund) == open by paid_at over 30d)",
                "'latest' needs a time, which an order file does not give"
            ),
            (
                "count(order where ‹amount offset 3d› > 1 by paid_at over 30d)",
                "'offset' moves aggregates, metrics and windows; it cannot stand over a single fact"
            ),
            (
                "count(order by paid_at over ‹4w including today›)",
                "'including today' goes with days and 'to date' windows only"
            ),
            (
                "count(order by paid_at over ‹look_back including today›)",
                "'including today' goes with days and 'to date' windows only"
            ),
            ("count(order by paid_at over ‹look_back offset 1d›)", "'look_back' has an offset already"),
            // Shapes.
            ("paid > 1 ‹>› 2", "comparisons do not chain; join them with 'and'"),
            ("1 < paid ‹<=› 3", "comparisons do not chain; join them with 'and'"),
            ("(1 + 2‹›", nil), ("‹(›1 + 2", "this '(' is not closed"), ("1 + 2‹)›", "')' without a '(' before it"),
            ("1 +‹›", "expected a value, found the end"), ("‹›", "expected a value, found the end"),
            ("paid ‹paid›", "unexpected 'paid' after the expression"),
            ("1 ‹%›", "'%' stands directly after a number"),
            ("paid ‹not› in (1, 2)", "'not in' is not an operator; write 'not x in (…)'"),
            ("paid is ‹1›", "expected 'missing' after 'is', found '1'; values are compared with '=='"),
            ("paid in ‹1›", "expected '(' and a list of values after 'in', found '1'"),
            ("‹by› > 1", "expected a value, found 'by'"),
            ("‹count› > 1", "'count' is followed by '('"), ("‹week› > 1", "expected a value, found 'week'"),
            ("paid offset ‹5›", "'5' is not an offset; write days, weeks or months, such as 5d, 2w or 1mo"),
            (
                "late - ‹3mo› < late",
                "a duration is in s, min, h or d; weeks and months stand only after 'over' and 'offset'"
            ),
            ("‹3days› > 1", "'days' is not a unit; a duration is in s, min, h or d"),
            ("‹1.5h› > 1", "a duration is a whole number of its unit; write '1.5h' in a smaller one"),
            ("count(order by paid_at ‹30d›)", "expected 'over' and a window after 'by …', found '30d'"),
            (
                "count(order by paid_at over ‹30›)",
                "'30' is not a window; write hours, days, weeks or months, such as 72h, 30d, 4w or 3mo"
            ),
            (
                "count(order by paid_at over ‹0d›)",
                "'0d' is not a window; write hours, days, weeks or months, such as 72h, 30d, 4w or 3mo"
            ),
            ("count(order by paid_at over month ‹date›)", "expected 'to date' after 'month', found 'date'"),
            (
                "count(order by paid_at over ‹if›(paid > 1, 3d, 4d))",
                "'if' chooses a window only in an entry of 'windows:'; name it there"
            ),
            ("sum(points of penalty from issued_at‹)›", "expected 'until' and a time after 'from …', found ')'"),
            // Characters.
            ("paid ‹=› 1", "'=' is not a comparison; write '=='"),
            ("true ‹&&› true", "unknown operator '&&'; write 'and'"), ("‹!›true", "unknown operator '!'; write 'not'"),
            ("count(penalty where type == ‹'a'› by issued_at over 3d)", "a string stands in double quotes"),
            ("count(penalty where type == ‹\"a by issued_at over 3d)›", nil),
            ("max(1‹，›2)", "unexpected character '，'; write ','"),
            ("‹已付款› > 1", "unexpected '已付款'; names are made of A-Z, a-z, 0-9 and '_'"),
            ("paid ‹#› 1", "unexpected character '#'"),
            ("‹9999999999999999999999999999999999› > 1", "a number has at most 30 digits"),
            ("‹99999999999999d› > 1h", "this duration is too long; at most a hundred years"),
        ] as [(String, String?)])
    func mistakes(_ text: String, _ message: String?) {
        let (vocabulary, faults) = TypeChecker.check(DiagnosticTests.pack)
        #expect(faults.map { $0.render() } == [])
        let (plain, range) = marked(text)
        let (typed, diagnostics) = vocabulary.expression(passage(plain))
        #expect(typed == nil)
        // Without a message: some complaint, wherever; the table says what is worth saying.
        guard let message else { return #expect(!diagnostics.isEmpty) }
        #expect(messages(diagnostics) == [message])
        #expect(diagnostics.first?.range == range)
    }

    @Test("all mistakes of an expression are told at once")
    func several() {
        let (vocabulary, _) = TypeChecker.check(DiagnosticTests.pack)
        let text = "count(refund where reason == qualty and stats == open by opend_at over lookback) > piad + true"
        #expect(
            messages(vocabulary.condition(passage(text)).1) == [
                "'qualty' is not a reason; did you mean 'quality'?",
                "'stats' is not a member of refund; did you mean 'status'?",
                "'opend_at' is not a member of refund; did you mean 'opened_at'?",
                "'lookback' is not a window; did you mean 'look_back'?",
                "'piad' is neither a metric nor a parameter; did you mean 'paid'?",
            ])
    }

    @Test("a condition must be one")
    func condition() {
        let (vocabulary, _) = TypeChecker.check(DiagnosticTests.pack)
        #expect(messages(vocabulary.condition(passage("paid + 1")).1) == ["expected a condition, found a number"])
        #expect(messages(vocabulary.condition(passage("late")).1) == ["expected a condition, found a time"])
    }

    @Test("mistakes in declarations, each told once, whatever else is wrong")
    func declared() {
        let (vocabulary, diagnostics) = TypeChecker.check(
            Language.Declarations(
                parameters: ["limit": .rate, "where": .number, "review": .window],
                parameterPlaces: ["where": passage("where"), "limit": passage("limit")],
                windows: declarations(windows: [
                    ("refund", "3d"), ("review", "3d"), ("w", "w2"), ("w2", "w"), ("ok", "30d"),
                ]).windows,
                kinds: declarations(kinds: [
                    ("k1", "refund where has(k2)"), ("k2", "k1"), ("good", "refund where disputed"),
                    ("spanned", "refund by opened_at over 3d"),
                ]).kinds,
                metrics: declarations(metrics: [
                    ("a", "b + 1"), ("b", "c + 1"), ("c", "a + 1"), ("d", "a + 1"), ("self", "self"), ("count", "1"),
                    ("1st", "1"),
                    ("limit", "1"), ("fine", "count(good by opened_at over ok)"), ("fine", "2"), ("broken", "piad"),
                    ("uses", "broken > 1"),
                    ("over_w", "count(order by paid_at over w)"), ("of_k1", "count(k1 by opened_at over ok)"),
                ]).metrics))
        #expect(
            messages(diagnostics).sorted() == [
                "'1st' cannot name a metric; names are made of A-Z, a-z, 0-9 and '_' and do not begin with a digit",
                "'count' is a word of the language and cannot name a metric",
                "'limit' is already a parameter",
                "'piad' is neither a metric nor a parameter",
                "'refund' is a kind of fact and cannot name a window",
                "'review' is already a parameter of type window",
                "'where' is a word of the language and cannot name a parameter",
                "a kind takes no span; write it where the kind is counted",
                "kind 'k1' depends on itself: k1 → k2 → k1",
                "metric 'a' depends on itself: a → b → c → a",
                "metric 'self' depends on itself: self → self",
                "there is already a metric 'fine'",
                "window 'w' depends on itself: w → w2 → w",
            ])
        #expect(vocabulary.metrics["fine"] != nil)
        #expect(vocabulary.metrics["d"] == nil)
    }

    @Test("a metric that shares its name with a member does not depend on itself")
    func shared() {
        let (vocabulary, diagnostics) = TypeChecker.check(
            declarations(metrics: [
                ("amount", "sum(amount of order by paid_at over 30d)"),
                ("quality", "count(refund where reason == quality by opened_at over 30d)"),
            ]))
        #expect(messages(diagnostics) == [])
        #expect(vocabulary.metricOrder == ["amount", "quality"])
    }

    @Test("windows and metrics that choose by one another are a cycle")
    func mixed() {
        let (_, diagnostics) = TypeChecker.check(
            declarations(
                windows: [("w", "if(m > 1, 3d, 4d)")], metrics: [("m", "count(order by paid_at over w)")]))
        #expect(messages(diagnostics) == ["window 'w' depends on itself: w → m → w"])
    }

    @Test("a complaint is shown with its line and a caret under its place, wide characters counted as two columns")
    func rendering() {
        let text = """
            pack: shop
            metrics:
                quality_refunds: count(refund where reason == qualty by refunded_at over 30d)
                # 质量退款 x
            """
        let source = SourceText(name: "rules/shop.yaml", text: text)
        let expression = "count(refund where reason == qualty by refunded_at over 30d)"
        let utf8 = Array(text.utf8)
        let start = utf8.indices.first { utf8[$0...].starts(with: expression.utf8) } ?? 0
        let place = Passage(text: expression, source: source, offsets: Array(start...start + expression.utf8.count))
        let (_, diagnostics) = Vocabulary().expression(place)
        #expect(
            diagnostics.map { $0.render() } == [
                """
                rules/shop.yaml:3:51: error: 'qualty' is not a reason; did you mean 'quality'?
                    quality_refunds: count(refund where reason == qualty by refunded_at over 30d)
                                                                  ^~~~~~
                """
            ])
        let wide = utf8.indices.first { utf8[$0...].starts(with: "退款".utf8) } ?? 0
        let complaint = Diagnostic(.warning, "so wide", at: wide..<wide + "退款".utf8.count, in: source)
        #expect(
            complaint.render() == "rules/shop.yaml:4:9: warning: so wide\n    # 质量退款 x\n          ^~~~")
        let tab = Diagnostic(.error, "here", at: 3..<3, in: SourceText(name: "t", text: "\ta b\nnext"))
        #expect(tab.render() == "t:1:4: error: here\n\ta b\n\t  ^")
        let beyond = Diagnostic(.error, "both", at: 1..<7, in: SourceText(name: "t", text: "\tab\nnext"))
        #expect(beyond.render() == "t:1:2: error: both\n\tab\n\t^~")
    }

    @Test(
        "depth without end gives a complaint, not a crash",
        arguments: [
            (
                String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000),
                "nested more than 200 levels deep"
            ),
            (String(repeating: "not ", count: 10_000) + "true", "nested more than 200 levels deep"),
            (String(repeating: "-", count: 10_000) + "1", "nested more than 200 levels deep"),
            (String(repeating: "abs(", count: 10_000) + "1", "nested more than 200 levels deep"),
            (String(repeating: "count(order where ", count: 10_000), "nested more than 200 levels deep"),
            ("1" + String(repeating: " + 1", count: 10_000), "this expression is too long"),
            ("true" + String(repeating: " or true", count: 10_000), "this expression is too long"),
        ])
    func depth(_ text: String, _ message: String) {
        let (typed, diagnostics) = Vocabulary().expression(passage(text))
        #expect(typed == nil)
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.message.hasPrefix(message) == true)
    }

    @Test("what lies within the limits is read, however long")
    func length() {
        let deep = String(repeating: "(", count: 190) + "1" + String(repeating: ")", count: 190)
        #expect(Vocabulary().expression(passage(deep)).0 != nil)
        let long = "1" + String(repeating: " + 1", count: 300)
        #expect(Vocabulary().expression(passage(long)).0 != nil)
        let wide = "1 in (" + (0..<20_000).map { "\($0)" }.joined(separator: ", ") + ")"
        #expect(Vocabulary().expression(passage(wide)).0 != nil)
        let kinds = (1...30).map {
            ("k\($0)", $0 == 1 ? "refund where disputed" : "refund where has(k\($0 - 1)) and has(k\($0 - 1))")
        }
        let (_, diagnostics) = TypeChecker.check(declarations(kinds: kinds))
        #expect(messages(diagnostics) == ["this kind, with those it names written out, is too large"])
    }

    @Test("whatever stands there, reading ends, with a complaint or an expression", arguments: 0..<8 as Range<UInt64>)
    func anything(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "count(", "refund", "where", "by", "over", "30d", "(", ")", ",", "and", "not", "in", "is", "missing", "if(",
            "1%", "\"", "\\", "of",
            "sum(", "has(", "offset", "5d", "==", "<", "-", "+", "order.", "paid", "labels.", "。", "é", "\u{0}",
            "until", "from", "min(", "3mo", "to", ".",
        ]
        for _ in 0..<400 {
            let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined(separator: Bool.random(using: &random) ? " " : "")
            let (vocabulary, _) = TypeChecker.check(
                declarations(windows: [("w", text)], kinds: [("k", text)], metrics: [("paid", text)]))
            let (typed, diagnostics) = vocabulary.expression(passage(text))
            #expect((typed == nil) != diagnostics.isEmpty || vocabulary.metrics["paid"] == nil, "\(text)")
        }
    }
}
