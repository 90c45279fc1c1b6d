import Daemon
import Facts
import Language
import Rules

/// Standings for programs, as the manual fixes them. Members are added, never renamed.
struct CheckJSON {
    private let report: CheckTask.Report
    init(_ report: CheckTask.Report) { self.report = report }

    var text: String {
        JSONValue.object([
            ("at", .string(report.at.description)), ("standing", .string(report.standing.rawValue)),
            ("stores", .array(zip(report.stores, report.evaluations).map(store))),
            ("unwatched", .array(report.unwatched.map(JSONValue.string))),
        ]).text + "\n"
    }

    private func store(_ store: Store, _ evaluation: StoreEvaluation) -> JSONValue {
        .object([
            ("store", .string(evaluation.store)), ("name", .string(store.name)), ("platform", .string(store.pack)),
            ("labels", .object(store.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("standing", .string(evaluation.standing.rawValue)), ("rules", .array(evaluation.rules.map(rule))),
            ("quarantined", .number(String(report.quarantined[evaluation.store] ?? 0))),
            ("reconciled", .array((report.reconciled[evaluation.store] ?? []).map(ReconcileText.json))),
            (
                "gates",
                .array(
                    evaluation.gates.map { gate in
                        .object([
                            ("gate", .string(gate.gate.id)), ("title", JSONValue(gate.gate.title)),
                            ("open", gate.state == .unknown ? .null : .bool(gate.state == .open)),
                            ("because", .array(gate.because.map(JSONValue.string))),
                        ])
                    })
            ),
        ])
    }

    private func rule(_ rule: RuleEvaluation) -> JSONValue {
        .object([
            ("rule", .string(rule.rule.id)), ("title", JSONValue(rule.rule.title)),
            ("standing", .string(rule.announced.rawValue)),
            ("because", .string(rule.because.word)), ("words", JSONValue(rule.words)),
            ("severity", .string(rule.rule.severity.rawValue)), ("judged_to", .string(rule.judgedTo.description)),
            ("covered_to", .string(rule.coveredMoment.description)),
            ("values", .object(rule.values.map { ($0.metric, value($0.estimate)) })), ("limit", .string(rule.limit)),
            ("prefer", JSONValue(rule.preference)), ("basis", JSONValue(rule.basis?.rawValue)),
            ("confirmed", .bool(rule.isConfirmed)), ("level", JSONValue(rule.level)),
            (
                "accepted",
                rule.accepted.map { accepted in
                    .object([
                        ("by", .string(accepted.by)), ("why", .string(accepted.why)),
                        ("until", .string(accepted.until.description)),
                    ])
                } ?? .null
            ),
            ("marks", rule.marksJSON),
            (
                "assessed",
                rule.assessment.map { assessment in
                    .object([
                        ("on", .string(assessment.day.description)), ("next", .string(assessment.next.description)),
                        ("standing", .string(assessment.standing.rawValue)),
                        ("projected", .string(assessment.projected.rawValue)),
                    ])
                } ?? .null
            ),
        ])
    }
}

/// An exact figure as itself; a range as its two ends, null where there is no limit; what may be anything as null.
func value(_ estimate: Estimate) -> JSONValue {
    switch estimate {
    case .exact(let value): JSONValue(value)
    case .range(let low, let high, _, let isDuration):
        .object([
            ("at_least", low.map { JSONValue(isDuration ? .duration($0) : .number($0)) } ?? .null),
            ("at_most", high.map { JSONValue(isDuration ? .duration($0) : .number($0)) } ?? .null),
        ])
    case .undecided, .anything: .null
    }
}
