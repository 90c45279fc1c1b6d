import Alerts
import Daemon
import Dashboard
import Facts
import Language
import Rules

/// Past days for people, and for programs.
enum BacktestText {
    private static let order: [Standing] = [.ok, .warning, .breach, .unknown, .unjudged]

    static func table(_ report: BacktestReport, _ other: BacktestReport?) -> String {
        let tongue = Tongue.current
        var text = tongue(
            "\(report.from) to \(report.to), \(counted(report.stores, "store"))\n",
            "\(report.from) 至 \(report.to)，\(report.stores) 家店铺\n")
        if let other { return text + differences(report, other, tongue) }
        guard !report.courses.isEmpty else {
            return text + tongue("every rule was ok or unjudged on every day\n", "所有规则每天均为正常或暂不考核\n")
        }
        var days = TextTable(
            [(tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left)]
                + order.map { (tongue($0.title), .right) } + [(tongue("ALERTS", "告警"), .right)])
        for course in report.courses {
            days.add(
                [.init(course.store), .init(tongue(course.rule.title))]
                    + order.map { .init("\(course.days[$0, default: 0])", course.days[$0] == nil ? .dim : $0.style) }
                    + [.init("\(course.events.count)")])
        }
        text += days.text + "\n"
        var changes = TextTable([
            (tongue("DAY", "日期"), .left), (tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left),
            (tongue("STANDING", "状态"), .left), (tongue("FIGURES", "数值"), .left), (tongue("ALERT", "告警"), .left),
        ])
        let all = report.courses.flatMap { course in course.changes.map { (course, $0) } }
        for (course, change) in all.sorted(by: { ($0.1.day, $0.0.store) < ($1.1.day, $1.0.store) }) {
            let event = course.events.first { $0.at == change.evaluation.coveredMoment }
            let standing = change.evaluation.announced
            changes.add([
                .init("\(change.day)"), .init(course.store), .init(tongue(course.rule.title)),
                .init((change.from.map { tongue($0.title) + " → " } ?? "") + tongue(standing.title), standing.style),
                .init(figures(change.evaluation)), .init(event.map { tongue($0.kind.title) } ?? "–"),
            ])
        }
        text += changes.text
        let (recoveries, breaches) = (report.foresight.recoveries, report.foresight.breaches)
        if recoveries.foretold + breaches.foretold + recoveries.overtaken + breaches.overtaken > 0 {
            text +=
                "\n"
                + tongue(
                    "Foretold once a week, and true within a day: recoveries \(recoveries.cameTrue) of \(recoveries.foretold), falls \(breaches.cameTrue) of \(breaches.foretold)\n",
                    "每周预测一次，误差一天内应验：恢复 \(recoveries.cameTrue) / \(recoveries.foretold)，转差 \(breaches.cameTrue) / \(breaches.foretold)\n"
                )
            let overtaken = recoveries.overtaken + breaches.overtaken
            if overtaken > 0 {
                text += tongue(
                    "\(overtaken) more were foretold for the case that no more harm comes, and more came\n",
                    "另有 \(overtaken) 次以“不再新增不利数据”为前提，但之后仍有新增\n")
            }
        }
        return text
    }

    private static func figures(_ evaluation: RuleEvaluation) -> String {
        evaluation.values.map { "\($0.metric) \(FigureText.text($0.estimate, of: $0.metric, in: evaluation))" }
            .joined(separator: ", ")
    }

    /// Where the two differ: rules that one has and the other has not, and days on which they stand elsewhere.
    private static func differences(_ before: BacktestReport, _ after: BacktestReport, _ tongue: Tongue) -> String {
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left),
            (tongue("BREACH", "不达标天数"), .right), (tongue("WARNING", "预警天数"), .right),
            (tongue("UNKNOWN", "未知天数"), .right), (tongue("ALERTS", "告警"), .right),
            (tongue("DAYS THAT DIFFER", "不同天数"), .right),
        ])
        for (store, rule, old, new) in pairs(before, after) {
            func both(_ standing: Standing) -> String { "\(old?.days[standing] ?? 0) → \(new?.days[standing] ?? 0)" }
            let differing = differing(old, new, days: before.from.distance(to: before.to) + 1)
            guard differing > 0 || old?.events.count ?? 0 != new?.events.count ?? 0 else { continue }
            table.add([
                .init(store), .init(rule), .init(both(.breach)), .init(both(.warning)), .init(both(.unknown)),
                .init("\(old?.events.count ?? 0) → \(new?.events.count ?? 0)"), .init("\(differing)"),
            ])
        }
        return table.isEmpty ? tongue("no rule stands elsewhere on any day\n", "所有规则每天均无差异\n") : table.text
    }

    private static func pairs(
        _ before: BacktestReport, _ after: BacktestReport
    ) -> [(store: String, rule: String, BacktestReport.Course?, BacktestReport.Course?)] {
        var order: [[String]] = []
        var (old, new): ([[String]: BacktestReport.Course], [[String]: BacktestReport.Course]) = ([:], [:])
        for course in before.courses { old[[course.store, course.rule.id]] = course }
        for course in after.courses { new[[course.store, course.rule.id]] = course }
        for course in before.courses + after.courses where !order.contains([course.store, course.rule.id]) {
            order.append([course.store, course.rule.id])
        }
        return order.map { ($0[0], $0[1], old[$0], new[$0]) }
    }

    /// A course that is not told of was ok or unjudged throughout.
    private static func differing(_ old: BacktestReport.Course?, _ new: BacktestReport.Course?, days: Int) -> Int {
        (0..<days).filter { index in
            func quiet(_ course: BacktestReport.Course?) -> Standing? {
                guard let course, course.standings.indices.contains(index) else { return nil }
                return course.standings[index] == .ok || course.standings[index] == .unjudged
                    ? nil : course.standings[index]
            }
            return quiet(old) != quiet(new)
        }.count
    }

    // MARK: JSON

    static func json(_ report: BacktestReport, _ other: BacktestReport?) -> String {
        JSONValue.object([
            ("from", .string(report.from.description)), ("to", .string(report.to.description)),
            ("stores", .number(String(report.stores))), ("rules", .array(report.courses.map(json))),
            ("foretold", json(report.foresight)),
            ("other", other.map { .object([("rules", .array($0.courses.map(json)))]) } ?? .null),
        ]).text + "\n"
    }

    private static func json(_ foresight: BacktestReport.Foresight) -> JSONValue {
        func score(_ score: BacktestReport.Foresight.Score) -> JSONValue {
            .object([
                ("foretold", .number(String(score.foretold))), ("came_true", .number(String(score.cameTrue))),
                ("overtaken", .number(String(score.overtaken))),
            ])
        }
        return .object([("recoveries", score(foresight.recoveries)), ("falls", score(foresight.breaches))])
    }

    private static func json(_ course: BacktestReport.Course) -> JSONValue {
        .object([
            ("store", .string(course.store)), ("rule", .string(course.rule.id)),
            ("days", .object(order.map { ($0.rawValue, .number(String(course.days[$0, default: 0]))) })),
            ("standings", .array(course.standings.map { .string($0.rawValue) })),
            (
                "changes",
                .array(
                    course.changes.map { change in
                        .object([
                            ("day", .string(change.day.description)), ("from", JSONValue(change.from?.rawValue)),
                            ("to", .string(change.evaluation.announced.rawValue)),
                            ("because", .string(change.evaluation.because.word)),
                            ("values", .object(change.evaluation.values.map { ($0.metric, JSONValue($0.estimate)) })),
                        ])
                    })
            ),
            (
                "events",
                .array(
                    course.events.map { event in
                        .object([
                            ("event", .string(event.kind.rawValue)), ("at", .string(event.at.description)),
                            ("standing", .string(event.standing.rawValue)), ("reason", .string(event.reason.rawValue)),
                        ])
                    })
            ),
        ])
    }
}
