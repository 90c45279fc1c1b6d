import Alerts
import Daemon
import Facts
import Rules

/// One line for a monitoring system, with performance data, then a line for every rule outside ok.
struct CheckNagios {
    private let report: CheckTask.Report
    init(_ report: CheckTask.Report) { self.report = report }

    /// A plugin's output is read up to some kilobytes: the worst come first, the rest is counted.
    private static let lineLimit = 50

    var text: String {
        let word: String =
            switch report.standing {
            case .ok, .unjudged: "OK"
            case .warning: "WARNING"
            case .breach: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        var counts: [Standing: Int] = [:]
        for evaluation in report.evaluations { counts[evaluation.standing, default: 0] += 1 }
        let order = Standing.worstFirst
        let summary = order.compactMap { standing in counts[standing].map { "\($0) \(standing.rawValue)" } }.joined(
            separator: ", ")
        let performance = order.map { "\($0.rawValue)=\(counts[$0, default: 0])" }.joined(separator: " ")
        var lines = ["GOODSTANDING \(word) - \(summary.isEmpty ? "no store to judge" : summary) | \(performance)"]
        var bad: [(store: String, rule: RuleEvaluation)] = []
        for evaluation in report.evaluations {
            for rule in evaluation.rules where rule.isInForce {
                switch rule.announced {
                case .breach, .unknown, .warning: bad.append((evaluation.store, rule))
                case .ok, .unjudged: continue
                }
            }
        }
        bad.sort { $0.rule.announced.rank > $1.rule.announced.rank }
        lines += bad.prefix(Self.lineLimit).map { store, rule in
            let figures = rule.values.map { "\($0.metric) \(FigureText.text($0.estimate, of: $0.metric, in: rule))" }
                .joined(separator: ", ")
            // A | would begin performance data.
            let why = rule.because == .limit ? rule.passedLimit : Tongue.current(rule.words)
            let weight = rule.counted.map { $0 == rule.announced ? "" : " as \($0.rawValue)" } ?? " for information"
            let marks =
                rule.counterpart.map { "; \($0.isMarked ? "with" : "without") marks \($0.standing.rawValue)" } ?? ""
            let line = "\(rule.announced.rawValue)\(weight): \(store) \(rule.rule.id): \(figures) (\(why)\(marks))"
            return Terminal.printable(line).replacing("|", with: "/")
        }
        if bad.count > Self.lineLimit { lines.append("and \(bad.count - Self.lineLimit) more") }
        lines += parted.prefix(Self.lineLimit)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Figures that lie apart from the platform's: worth a line, and no standing.
    private var parted: [String] {
        report.stores.flatMap { store in
            (report.reconciled[store.id] ?? []).filter { $0.comparison?.standing == .differs }.map { figure in
                let calendar = StoreCalendar(timezone: store.timezone)
                let line = "differs: \(store.id) \(figure.pair.metric): \(ReconcileText.line(figure, calendar))"
                return Terminal.printable(line).replacing("|", with: "/")
            }
        }
    }
}
