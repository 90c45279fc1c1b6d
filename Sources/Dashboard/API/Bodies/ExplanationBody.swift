import Alerts
package import Daemon
package import Facts
import Language
import Rollups
import Rules

/// A standing down to the facts.
package enum ExplanationBody {
    package static func json(_ explanation: ExplainTask.Explanation) -> JSONValue {
        .object([
            ("store", .string(explanation.store.id)), ("name", .string(explanation.store.name)),
            ("platform", .string(explanation.store.pack)), ("timezone", .string(explanation.store.timezone)),
            ("at", .string(explanation.at.description)), ("standing", .string(explanation.standing.rawValue)),
            (
                "coverage",
                .object(
                    FactKind.allCases.compactMap { kind in
                        explanation.coverage[kind].map { interval in
                            (
                                kind.name,
                                .object([
                                    ("source", JSONValue(explanation.sources[kind])),
                                    ("from", JSONValue(interval.from?.description)),
                                    ("until", .string(interval.until.description)),
                                ])
                            )
                        }
                    })
            ),
            ("quarantined", .number(String(explanation.quarantined))),
            ("rules", .array(explanation.rules.map(json))),
        ])
    }

    private static func json(_ rule: ExplainTask.ExplainedRule) -> JSONValue {
        let evaluation = rule.evaluation
        return .object([
            ("rule", .string(evaluation.rule.id)), ("title", JSONValue(evaluation.rule.title)),
            ("standing", .string(evaluation.announced.rawValue)), ("because", .string(evaluation.because.word)),
            ("words", JSONValue(evaluation.words)), ("severity", .string(evaluation.rule.severity.rawValue)),
            ("judged_to", .string(evaluation.judgedTo.description)), ("limit", .string(evaluation.limit)),
            ("prefer", JSONValue(evaluation.preference)), ("basis", JSONValue(evaluation.basis?.rawValue)),
            ("confirmed", .bool(evaluation.isConfirmed)), ("sources", .array(rule.sources.map { .string($0) })),
            ("metrics", .array(rule.metrics.map(json))), ("evidence", .array(rule.evidence.map(EvidenceBody.json))),
            ("level", JSONValue(evaluation.level)), ("each", JSONValue(evaluation.rule.each?.text)),
            ("marks", evaluation.marksJSON), ("reconciled", .array(rule.reconciled.map(ReconciledBody.json))),
            (
                "parts",
                .array(
                    evaluation.parts.map { part in
                        .object([
                            ("value", .string(part.value)), ("standing", .string(part.standing.rawValue)),
                            ("level", JSONValue(part.level)),
                            ("values", .object(part.values.map { ($0.metric, JSONValue($0.estimate)) })),
                        ])
                    })
            ),
            ("headroom", .array(rule.prospects.headroom.map { JSONValue($0) })),
            ("recovery", recovery(rule.prospects.outlook)),
            ("changes", .array(rule.changes.map(ChangeText.json))), ("limit_then", JSONValue(rule.limitThen)),
        ])
    }

    private static func recovery(_ outlook: Outlook?) -> JSONValue {
        guard let outlook else { return .null }
        func day(_ turn: Outlook.Turn?) -> JSONValue {
            if case .on(let day, _)? = turn { .string(day.description) } else { .null }
        }
        return .object([
            ("on", day(outlook.recovery)), ("worse_on", day(outlook.forecast)),
            ("worse_by_roll_off_on", day(outlook.rollOff)), ("words", .array(outlook.words.map { JSONValue($0) })),
        ])
    }

    private static func json(_ metric: ExplainTask.ExplainedRule.Metric) -> JSONValue {
        let figures = metric.figures.map { figure -> JSONValue in
            .object([
                ("aggregate", .string(figure.aggregate)), ("window", .string(figure.window)),
                ("value", JSONValue(figure.value)),
            ])
        }
        return .object([
            ("metric", .string(metric.name)), ("value", JSONValue(metric.estimate)),
            ("definition", .string(metric.definition)), ("figures", .array(figures)),
        ])
    }

    static let shape = Shape.object([
        .init("store", .text), .init("name", .text), .init("platform", .text), .init("timezone", .text),
        .init("at", .moment), .init("standing", .described("of the store", .standing)),
        .init(
            "coverage",
            .described(
                "by kind of fact, from when (null: the beginning) until when it is complete",
                .map(
                    .object([
                        .init("source", .orNull(.text)), .init("from", .orNull(.moment)), .init("until", .moment),
                    ])))), .init("quarantined", .whole), .init("rules", .list(.named("ExplainedRule"))),
    ])

    static let ruleShape = Shape.object([
        .init("rule", .text), .init("title", .orNull(.inBothTongues)), .init("standing", .standing),
        .init("because", .text), .init("words", .orNull(.inBothTongues)), .init("severity", .words(of: Severity.self)),
        .init("judged_to", .day), .init("limit", .text), .init("prefer", .orNull(.text)),
        .init("basis", .orNull(.words(of: Basis.self))), .init("confirmed", .truth), .init("sources", .list(.text)),
        .init(
            "metrics",
            .list(
                .object([
                    .init("metric", .text), .init("value", .figure), .init("definition", .text),
                    .init(
                        "figures",
                        .list(
                            .object([.init("aggregate", .text), .init("window", .text), .init("value", .figure)]))),
                ]))), .init("evidence", .list(.named("Evidence"))), .init("level", .orNull(.text)),
        .init("each", .orNull(.text)), .init("marks", .marks), .init("reconciled", .list(.named("Reconciled"))),
        .init(
            "parts",
            .list(
                .object([
                    .init("value", .text), .init("standing", .standing), .init("level", .orNull(.text)),
                    .init("values", .figures),
                ]))), .init("headroom", .list(.headroom)),
        .init(
            "recovery",
            .orNull(
                .object([
                    .init("on", .orNull(.day)), .init("worse_on", .orNull(.day)),
                    .init("worse_by_roll_off_on", .orNull(.day)), .init("words", .list(.orNull(.inBothTongues))),
                ]))), .init("changes", .list(.named("Change"))), .init("limit_then", .orNull(.text)),
    ])

    private static let groupShape = Shape.list(
        .object([
            .init("reason", .orNull(.text)), .init("product", .orNull(.text)), .init("count", .whole),
            .init("effect", .value),
        ]))

    /// What `ChangeText.json` gives.
    static let changeShape = Shape.object([
        .init("metric", .text), .init("then", .value), .init("now", .value), .init("covered", .truth),
        .init("then_known", .truth),
        .init(
            "parts",
            .list(
                .object([
                    .init("cause", .text), .init("of", .orNull(.inBothTongues)), .init("then", .value),
                    .init("now", .value), .init("effect", .value), .init("came", groupShape), .init("left", groupShape),
                    .init("changed", groupShape),
                ]))),
    ])
}
