import Alerts
import Daemon
import Facts
import Rules

/// A test suite a store, a test case a rule: for pipelines that know nothing but JUnit.
struct CheckJUnit {
    private let report: CheckTask.Report
    init(_ report: CheckTask.Report) { self.report = report }

    var text: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"goodstanding\">\n"
        for evaluation in report.evaluations {
            let rules = evaluation.rules
            let failures = rules.count { $0.announced == .breach || $0.announced == .warning }
            let errors = rules.count { $0.announced == .unknown }
            let skipped = rules.count { $0.announced == .unjudged }
            text +=
                "  <testsuite name=\"\(XML.escaped(evaluation.store))\" tests=\"\(rules.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" timestamp=\"\(report.at)\">\n"
            text += properties(evaluation.store)
            for rule in rules { text += testCase(rule, evaluation.store) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    /// Own figures beside the platform's: no tests, for nothing fails by them.
    private func properties(_ store: String) -> String {
        let figures = report.reconciled[store] ?? []
        guard !figures.isEmpty else { return "" }
        let lines = figures.map { figure in
            let value = XML.escaped("\(figure.standing): \(ReconcileText.line(figure, nil))")
            return "      <property name=\"reconcile.\(XML.escaped(figure.pair.metric))\" value=\"\(value)\"/>\n"
        }
        return "    <properties>\n\(lines.joined())    </properties>\n"
    }

    private func testCase(_ rule: RuleEvaluation, _ store: String) -> String {
        let figures = rule.values.map { "\($0.metric) \(FigureText.text($0.estimate, of: $0.metric, in: rule))" }
            .joined(separator: ", ")
        let marks = rule.counterpart.map { "; \($0.isMarked ? "with" : "without") marks \($0.standing.rawValue)" } ?? ""
        let words = XML.escaped("\(rule.words.en); \(figures); \(rule.passedLimit)\(marks)")
        let inner: String =
            switch rule.announced {
            case .ok: ""
            case .warning, .breach: "      <failure type=\"\(rule.announced.rawValue)\" message=\"\(words)\"/>\n"
            case .unknown: "      <error type=\"unknown\" message=\"\(words)\"/>\n"
            case .unjudged: "      <skipped message=\"\(words)\"/>\n"
            }
        let head = "    <testcase classname=\"\(XML.escaped(store))\" name=\"\(XML.escaped(rule.rule.id))\""
        return inner.isEmpty ? head + "/>\n" : head + ">\n" + inner + "    </testcase>\n"
    }
}
