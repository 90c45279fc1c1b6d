package import Daemon
package import Facts
import Language
import Rules

/// Standings for programs, as the manual fixes them. Members are added, never renamed.
package enum StandingsBody {
    package static func json(_ report: CheckTask.Report) -> JSONValue {
        .object([
            ("at", .string(report.at.description)), ("standing", .string(report.standing.rawValue)),
            (
                "stores",
                .array(zip(report.stores, report.evaluations).map { json($0, $1, report) })
            ), ("unwatched", .array(report.unwatched.map(JSONValue.string))),
        ])
    }

    private static func json(_ store: Store, _ evaluation: StoreEvaluation, _ report: CheckTask.Report) -> JSONValue {
        .object([
            ("store", .string(evaluation.store)), ("name", .string(store.name)), ("platform", .string(store.pack)),
            ("labels", .object(store.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("standing", .string(evaluation.standing.rawValue)), ("rules", .array(evaluation.rules.map(json))),
            ("quarantined", .number(String(report.quarantined[evaluation.store] ?? 0))),
            ("reconciled", .array((report.reconciled[evaluation.store] ?? []).map(ReconciledBody.json))),
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

    private static func json(_ rule: RuleEvaluation) -> JSONValue {
        .object([
            ("rule", .string(rule.rule.id)), ("title", JSONValue(rule.rule.title)),
            ("standing", .string(rule.announced.rawValue)),
            ("because", .string(rule.because.word)), ("words", JSONValue(rule.words)),
            ("severity", .string(rule.rule.severity.rawValue)), ("judged_to", .string(rule.judgedTo.description)),
            ("covered_to", .string(rule.coveredMoment.description)),
            ("values", .object(rule.values.map { ($0.metric, JSONValue($0.estimate)) })),
            ("limit", .string(rule.limit)), ("prefer", JSONValue(rule.preference)),
            ("basis", JSONValue(rule.basis?.rawValue)), ("confirmed", .bool(rule.isConfirmed)),
            ("level", JSONValue(rule.level)),
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

    static let shape = Shape.object([
        .init(
            "at",
            .described("as of when: the last moment at which anything came, or the beginning of this minute", .moment)),
        .init("standing", .described("the worst of these stores'; `unknown` where there is none", .standing)),
        .init("stores", .list(.named("StoreStanding"))),
        .init("unwatched", .described("stores of which facts are known and that nothing watches", .list(.text))),
        .init("next", APIRoute.nextShape),
    ])

    static let storeShape = Shape.object([
        .init("store", .text), .init("name", .text), .init("platform", .text), .init("labels", .map(.text)),
        .init("standing", .standing), .init("rules", .list(.named("RuleStanding"))),
        .init("quarantined", .described("facts that could not be read and count nowhere", .whole)),
        .init("reconciled", .list(.named("Reconciled"))),
        .init(
            "gates",
            .list(
                .object([
                    .init("gate", .text), .init("title", .orNull(.inBothTongues)),
                    .init("open", .described("null: unknown", .orNull(.truth))),
                    .init("because", .described("rules that keep it from being open", .list(.text))),
                ]))),
    ])

    static let ruleShape = Shape.object([
        .init("rule", .text), .init("title", .orNull(.inBothTongues)), .init("standing", .standing),
        .init("because", .text), .init("words", .orNull(.inBothTongues)), .init("severity", .words(of: Severity.self)),
        .init("judged_to", .described("the last local day of the store that counts", .day)),
        .init("covered_to", .moment), .init("values", .figures),
        .init("limit", .described("the condition with its parameters replaced", .text)),
        .init("prefer", .orNull(.text)), .init("basis", .orNull(.words(of: Basis.self))), .init("confirmed", .truth),
        .init("level", .orNull(.text)),
        .init(
            "accepted", .orNull(.object([.init("by", .text), .init("why", .text), .init("until", .day)]))),
        .init("marks", .marks),
        .init(
            "assessed",
            .orNull(
                .object([
                    .init("on", .day), .init("next", .day), .init("standing", .standing), .init("projected", .standing),
                ]))),
    ])
}
