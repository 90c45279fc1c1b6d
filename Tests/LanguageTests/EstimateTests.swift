import Facts
import Language
import TestSupport
import Testing

/// Figures from a table.
private struct TableSource: SumSource {
    var metrics: [String: Estimate] = [:]
    var parameters: [String: Value] = [:]
    var windows: [String: Window] = [:]
    var calendar: StoreCalendar { .utc }

    func estimate(of aggregate: AggregateExpression, shifted shifts: [CalendarOffset]) -> Estimate { .anything }
    func parameter(_ name: String, shifted shifts: [CalendarOffset]) -> Value { parameters[name] ?? .missing }
    func window(_ name: String, shifted shifts: [CalendarOffset]) -> Window? { windows[name] }
    func metric(_ name: String, shifted shifts: [CalendarOffset]) -> Estimate {
        // Under offsets a figure of its own: the name with the offsets.
        let suffix = shifts.map { "@\($0.length)\($0.unit.rawValue)" }.joined()
        return metrics[name + suffix] ?? .exact(.missing)
    }
}

private func number(_ value: Int) -> Estimate { .exact(.number(Fraction(value))) }
private func range(_ low: Int?, _ high: Int?, mayBeMissing: Bool = false) -> Estimate {
    .range(
        low: low.map { Fraction($0) }, high: high.map { Fraction($0) }, mayBeMissing: mayBeMissing, isDuration: false)
}

/// "true", "2", "2...", "…5?", "TF?": exact, ranges, sets; a question mark for perhaps missing.
private func shown(_ estimate: Estimate) -> String {
    switch estimate {
    case .exact(let value): LanguageTests.shown(value)
    case .range(let low, let high, let mayBeMissing, _):
        "[\(low.map { LanguageTests.shown(.number($0)) } ?? "-∞"), \(high.map { LanguageTests.shown(.number($0)) } ?? "∞")]"
            + (mayBeMissing ? "?" : "")
    case .undecided(let t, let f, let m): (t ? "T" : "") + (f ? "F" : "") + (m ? "?" : "")
    case .anything: "anything"
    }
}

@Suite struct EstimateTests {
    static let vocabulary = TypeChecker.check(
        declarations(
            metrics: ["a", "b", "n", "d", "z", "m", "s"].map { ($0, "count(order by placed_at over 30d)") }
                + [("c", "a > 1"), ("t", "max(placed_at of order by placed_at over 30d)")])
    ).0

    private static let source = TableSource(metrics: [
        "a": number(0), "a@5d": number(7), "a@5d@1mo": number(9), "b": .exact(.missing), "n": range(2, nil),
        "d": range(100, nil), "z": range(0, nil), "m": range(1, 4, mayBeMissing: true), "s": range(-3, 2),
        "c": .undecided(mayBeTrue: true, mayBeFalse: false, mayBeMissing: true), "t": .anything,
    ])

    @Test(
        "exact figures and what is missing",
        arguments: [
            ("a < 3 or b < 1%", "true"), ("b < 1% or a < 3", "true"), ("a > 3 or b < 1%", "missing"),
            ("a > 3 and b < 1", "false"), ("b < 1 and a > 3", "false"), ("a < 3 and b < 1", "missing"),
            ("not (b < 1)", "missing"), ("b != 1", "missing"), ("b == b", "missing"), ("b is missing", "true"),
            ("a is missing", "false"), ("if(b < 1, 1, 1)", "missing"), ("if(a < 1, 1, b)", "1"),
            ("coalesce(b, 5)", "5"),
            ("coalesce(b, b)", "missing"), ("a / 0", "missing"), ("1 / 3 + 1 / 6", "1/2"), ("b + 1", "missing"),
            ("a in (0, 1)", "true"), ("b in (0, 1)", "missing"), ("not a in (1)", "true"), ("max(a, b)", "missing"),
            ("a offset 5d", "7"), ("(a offset 1mo) offset 5d", "9"), ("a offset 5d - a", "7"),
            ("2 / 200 <= 1%", "true"), ("2 / 199 <= 1%", "false"),
        ])
    func exact(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "figures that may still grow or are not known",
        arguments: [
            ("n >= 2", "true"), ("n < 2", "false"), ("n > 2", "TF"), ("n == 1", "false"), ("n != 1", "true"),
            ("n == 2", "TF"),
            ("n < 3 or a < 3", "true"), ("n < 2 and z < 1", "false"), ("n < 3 and b < 1", "F?"),
            ("n / 100 < 1%", "false"),
            ("n / d", "[0, ∞]"), ("n / d < 1%", "TF"), ("n / z", "[0, ∞]?"), ("n / z < 1", "TF?"), ("z / 0", "missing"),
            ("coalesce(n / z, 0) >= 0", "true"), ("coalesce(m, 9)", "[1, 9]"), ("coalesce(m, b)", "[1, 4]?"),
            ("n + z", "[2, ∞]"), ("n - z", "[-∞, ∞]"), ("n * -2", "[-∞, -4]"), ("s * s", "[-6, 9]"),
            ("s * n", "[-∞, ∞]"),
            ("z * 0", "0"), ("1 / n", "[0, 1/2]"), ("1 / s", "[-∞, ∞]?"), ("6 / (s - 4)", "[-3, -6/7]"),
            ("-n", "[-∞, -2]"),
            ("abs(s)", "[0, 3]"), ("abs(s - 4)", "[2, 7]"), ("abs(-n)", "[2, ∞]"), ("min(n, 5)", "[2, 5]"),
            ("max(n, 5)", "[5, ∞]"),
            ("min(n, m)", "[1, 4]?"), ("round(n / 3)", "[1, ∞]"), ("floor(m / 2)", "[0, 2]?"),
            ("if(n < 3, 1, 2)", "[1, 2]"),
            ("if(n < 3, 1, 1)", "1"), ("if(c, 1, 2)", "[1, 1]?"), ("n in (1)", "false"), ("n in (1, 3)", "TF"),
            ("n is missing", "false"),
            ("m is missing", "TF"), ("m > 0", "T?"), ("m > 0 or b > 0", "T?"), ("not (m > 0)", "F?"),
            ("c and false", "false"),
            ("m > 4 and c", "F?"), ("t is missing", "TF"), ("t - t", "[-∞, ∞]?"), ("hour(t)", "[0, 23]?"),
            ("t == t", "TF?"),
            ("b * n", "missing"), ("(n > 2) == (n > 3)", "TF"),
        ])
    func ranges(_ text: String, _ expected: String) throws {
        try check(text, expected)
    }

    private func check(_ text: String, _ expected: String) throws {
        let (typed, diagnostics) = EstimateTests.vocabulary.expression(passage(text))
        #expect(messages(diagnostics) == [])
        #expect(shown(Evaluator.estimate(try #require(typed), from: EstimateTests.source)) == expected)
    }

    @Test("a window that is chosen by a condition not decided may be either")
    func windows() throws {
        let (vocabulary, diagnostics) = TypeChecker.check(
            declarations(
                parameters: ["review": .window, "none": .window],
                windows: [
                    ("look_back", "if(n >= 400, 3mo, 12mo)"), ("twice", "if(n > 1, look_back, 30d)"),
                    ("lost", "if(b > 1, 3mo, 12mo)"),
                ],
                metrics: [
                    ("n", "count(order by placed_at over 3mo)"), ("b", "n"),
                    ("a", "count(order by placed_at over twice offset 5d)"),
                    ("p", "count(order by placed_at over review including today)"),
                    ("q", "count(order by placed_at over none)"), ("l", "count(order by placed_at over lost)"),
                ]))
        #expect(messages(diagnostics) == [])
        func windows(_ metric: String, n: Estimate) throws -> [String] {
            let source = TableSource(metrics: ["n": n, "b": .exact(.missing)], windows: ["review": Window(7, .day)])
            guard case .aggregate(let aggregate)? = vocabulary.metrics[metric]?.node,
                case .window(_, let over) = aggregate.span
            else { throw EvaluatorTests.Unread() }
            return Evaluator.windows(over, in: vocabulary, from: source).map {
                $0.map { Printer.text(of: $0) } ?? "none"
            }
        }
        #expect(try windows("a", n: number(500)) == ["3mo offset 5d"])
        #expect(try windows("a", n: number(5)) == ["12mo offset 5d"])
        #expect(try windows("a", n: number(1)) == ["30d offset 5d"])
        #expect(try windows("a", n: range(5, nil)) == ["3mo offset 5d", "12mo offset 5d"])
        #expect(try windows("a", n: .exact(.missing)) == ["none"])
        #expect(try windows("p", n: number(1)) == ["7d including today"])
        #expect(try windows("q", n: number(1)) == ["none"])
        #expect(try windows("l", n: number(1)) == ["none"])
    }

    // MARK: Soundness

    /// The same question gets the same answer; some answers are blurred into something that holds them.
    private struct BlurredSource: SumSource {
        var seed: UInt64
        var isBlurred: Bool
        var calendar: StoreCalendar { .utc }

        private func answer(_ question: String, _ shifts: [CalendarOffset], _ type: ValueType) -> Estimate {
            let text = question + shifts.map { "@\($0.length)\($0.unit.rawValue)" }.joined()
            var random = SeededGenerator(seed: text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
            let isMissing = random.percent(12)
            let whole = Int.random(in: -4...12, using: &random)
            let divisor = random.pick([1, 1, 2, 5])
            var value: Value =
                switch type {
                case .number: .number(Fraction(Int128(whole), over: Int128(divisor)) ?? .zero)
                case .duration: .duration(Fraction(whole * 1_800_000_000))
                case .time: .time(Timestamp(seconds: 1_770_000_000 + Int64(whole) * 3600))
                case .bool: .bool(whole > 3)
                case .string: .string(whole > 3 ? "a" : "x")
                case .word(let words): .word(words[abs(whole) % words.count])
                }
            if isMissing { value = .missing }
            guard isBlurred, random.percent(60) else { return .exact(value) }
            if random.percent(10) { return .anything }
            let mayBeMissing = isMissing || random.percent(20)
            switch value {
            case .number(let exact), .duration(let exact):
                let width = Fraction(Int.random(in: 0...5, using: &random) * (type == .duration ? 600_000_000 : 1))
                let low = random.percent(20) ? nil : exact.subtracting(width)
                let high = random.percent(40) ? nil : exact.adding(width)
                return .range(low: low, high: high, mayBeMissing: mayBeMissing, isDuration: type == .duration)
            case .bool(let truth):
                return Estimate(
                    Outcomes(
                        mayBeTrue: truth || random.percent(50), mayBeFalse: !truth || random.percent(50),
                        mayBeMissing: mayBeMissing))
            case .missing where type == .number || type == .duration:
                return .range(low: .zero, high: nil, mayBeMissing: true, isDuration: type == .duration)
            default: return .anything
            }
        }

        func estimate(of aggregate: AggregateExpression, shifted shifts: [CalendarOffset]) -> Estimate {
            let type: ValueType =
                switch aggregate.reducer {
                case .count, .distinct: .number
                case .mean: aggregate.value?.type == .bool ? .number : aggregate.value?.type ?? .number
                default: aggregate.value?.type ?? .number
                }
            return answer(Printer.text(of: aggregate), shifts, type)
        }
        func parameter(_ name: String, shifted shifts: [CalendarOffset]) -> Value {
            let type: ValueType = name == "p_bool" ? .bool : name == "p_duration" ? .duration : .number
            var exact = self
            exact.isBlurred = false
            if case .exact(let value) = exact.answer(name, shifts, type) { return value }
            return .missing
        }
        func window(_ name: String, shifted shifts: [CalendarOffset]) -> Window? { nil }
        func metric(_ name: String, shifted shifts: [CalendarOffset]) -> Estimate {
            answer(name, shifts, RandomExpressions.vocabulary.metrics[name]?.type ?? .number)
        }
    }

    private func holds(_ estimate: Estimate, _ value: Value) -> Bool {
        switch (estimate, value) {
        case (.anything, _): true
        case (.exact(let exact), _): exact == value
        case (.range(_, _, let mayBeMissing, _), .missing), (.undecided(_, _, let mayBeMissing), .missing): mayBeMissing
        case (.range(let low, let high, _, let isDuration), .number(let number)):
            !isDuration && (low.map { $0 <= number } ?? true) && (high.map { number <= $0 } ?? true)
        case (.range(let low, let high, _, let isDuration), .duration(let span)):
            isDuration && (low.map { $0 <= span } ?? true) && (high.map { span <= $0 } ?? true)
        case (.undecided(let mayBeTrue, let mayBeFalse, _), .bool(let truth)): truth ? mayBeTrue : mayBeFalse
        default: false
        }
    }

    @Test("whatever is blurred, the estimate holds the exact result", arguments: 0..<20 as Range<UInt64>)
    func soundness(_ seed: UInt64) {
        var expressions = RandomExpressions(seed: seed &+ 1000)
        var decided = 0
        for round in 0..<300 as Range<UInt64> {
            let typed = expressions.outside(expressions.random.pick([.number, .bool, .bool, .duration]), depth: 5)
            let exact = Evaluator.estimate(typed, from: BlurredSource(seed: seed &* 1000 &+ round, isBlurred: false))
            let blurred = Evaluator.estimate(typed, from: BlurredSource(seed: seed &* 1000 &+ round, isBlurred: true))
            guard case .exact(let value) = exact else {
                Issue.record("exact figures gave \(shown(exact)) of \(Printer.text(of: typed))")
                return
            }
            if case .exact = blurred { decided += 1 }
            #expect(
                holds(blurred, value),
                "\(LanguageTests.shown(value)) is not in \(shown(blurred)): \(Printer.text(of: typed))")
        }
        // The property says nothing when everything is blurred away.
        #expect(decided > 20)
    }
}
