import Alerts
import Daemon
import Facts
import Language
import Rules

/// Standings for people: the stores that need looking at, worst first, and a line that counts all.
struct CheckTable {
    private let report: CheckTask.Report
    private let showsAll: Bool
    private let tongue = Tongue.current

    init(_ report: CheckTask.Report, showsAll: Bool) { (self.report, self.showsAll) = (report, showsAll) }

    var text: String {
        var table = TextTable([
            (tongue("STANDING", "状态"), .left), (tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left),
            (tongue("FIGURES", "数值"), .left), (tongue("LIMIT", "要求"), .left),
        ])
        let order = report.evaluations.enumerated().sorted { a, b in
            (b.element.standing.rank, a.offset) < (a.element.standing.rank, b.offset)
        }
        for (_, evaluation) in order {
            for rule in evaluation.rules where isShown(rule, in: evaluation) {
                table.add([
                    .init(tongue(rule.announced.title), rule.announced.style), .init(evaluation.store),
                    .init(tongue(rule.rule.title)), .init(figures(rule)), .init(limit(rule)),
                ])
                guard let other = rule.counterpart else { continue }
                let side = other.isMarked ? tongue("with marks", "计入标记") : tongue("without marks", "不计标记")
                table.add([
                    .init(""), .init(""), .init("\(side): \(tongue(other.standing.title))", .dim),
                    .init(figures(other.values, rule), .dim), .init(""),
                ])
            }
        }
        return (table.isEmpty ? "" : table.text + "\n") + gates + parted + summary
    }

    private func isShown(_ rule: RuleEvaluation, in evaluation: StoreEvaluation) -> Bool {
        if showsAll { return true }
        guard rule.isInForce else { return false }
        // Healthy by the marks alone, or the other way round: both are shown.
        if let other = rule.counterpart, [.warning, .breach].contains(other.standing) { return true }
        return switch rule.announced {
        case .ok, .unjudged: false
        case .warning, .breach, .unknown: true
        }
    }

    private func figures(_ rule: RuleEvaluation) -> String { figures(rule.values, rule) }

    private func figures(_ values: [(metric: String, estimate: Estimate)], _ rule: RuleEvaluation) -> String {
        values.map { "\($0.metric) \(FigureText.text($0.estimate, of: $0.metric, in: rule))" }.joined(
            separator: ", ")
    }

    private func limit(_ rule: RuleEvaluation) -> String {
        switch rule.because {
        case .holds: rule.limit
        case .limit:
            rule.passedLimit + (rule.isConfirmed ? "" : tongue(" (suggested, not confirmed)", "（建议值，未确认）"))
                + weight(rule)
        default: tongue(rule.because.words)
        }
    }

    /// What a breach that is shown counts for, where that is less.
    private func weight(_ rule: RuleEvaluation) -> String {
        guard rule.announced == .breach else { return "" }
        return switch rule.counted {
        case .warning?: tongue(" (minor: counts as a warning)", "（次要：计为预警）")
        case nil: tongue(" (for information: counts for nothing)", "（仅供参考：不计入）")
        default: ""
        }
    }

    private var gates: String {
        let closed = report.evaluations.flatMap { evaluation in
            evaluation.gates.filter { $0.state == .closed && !$0.because.isEmpty && evaluation.standing != .unjudged }
                .map { (evaluation.store, $0) }
        }
        guard !closed.isEmpty, showsAll || closed.count <= 20 else { return "" }
        return closed.map { store, gate in
            "\(Terminal.printable(store)): \(tongue(gate.gate.title)) \(tongue("is closed by", "未开放，原因")) \(gate.because.joined(separator: ", "))\n"
        }.joined() + "\n"
    }

    /// Figures that lie apart from the platform's; with those that are fine, all of which the platform shows one.
    private var parted: String {
        var table = TextTable([
            (tongue("FIGURE", "核对"), .left), (tongue("STORE", "店铺"), .left), (tongue("METRIC", "指标"), .left),
            (tongue("OURS AND THEIRS", "我方与平台"), .left),
        ])
        for store in report.stores {
            for figure in report.reconciled[store.id] ?? [] {
                guard let comparison = figure.comparison, showsAll || comparison.standing == .differs else { continue }
                table.add([
                    .init(tongue(comparison.standing.title), comparison.standing == .differs ? .yellow : .dim),
                    .init(store.id), .init(figure.pair.metric),
                    .init(ReconcileText.line(figure, StoreCalendar(timezone: store.timezone))),
                ])
            }
        }
        return table.isEmpty ? "" : table.text + "\n"
    }

    private var summary: String {
        var counts: [Standing: Int] = [:]
        for evaluation in report.evaluations { counts[evaluation.standing, default: 0] += 1 }
        let parts = Standing.worstFirst.compactMap { standing in
            counts[standing].map { Terminal.styled("\($0) \(tongue(standing.title))", standing.style ?? .dim) }
        }
        var line =
            tongue(counted(report.evaluations.count, "store"), "共 \(report.evaluations.count) 家店铺") + ": "
            + (parts.isEmpty ? tongue("nothing to judge", "没有可考核的店铺") : parts.joined(separator: ", ")) + "\n"
        if !report.quarantined.isEmpty {
            let (facts, stores) = (report.quarantined.values.reduce(0, +), report.quarantined.count)
            line +=
                tongue(
                    "\(counted(facts, "fact")) of \(counted(stores, "store")) could not be read and count nowhere; `goodstanding doctor` shows why",
                    "有 \(stores) 家店铺的 \(facts) 条数据无法读取、未计入；`goodstanding doctor` 说明原因") + "\n"
        }
        if !report.unwatched.isEmpty {
            let names = report.unwatched.prefix(5).joined(separator: ", ") + (report.unwatched.count > 5 ? ", …" : "")
            line +=
                tongue(
                    "facts and no entry in the configuration for \(counted(report.unwatched.count, "store")): \(names)",
                    "有 \(report.unwatched.count) 家店铺有数据但未配置：\(names)") + "\n"
        }
        return line
    }
}

extension Standing {
    var style: Terminal.Style? {
        switch self {
        case .breach: .red
        case .warning: .yellow
        case .unknown: .magenta
        case .ok: .green
        case .unjudged: .dim
        }
    }
}
