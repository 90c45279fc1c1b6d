import Daemon
import Facts
import Language
import Rules

/// A pack: what it says, with the source of every rule.
enum PackBody {
    static func listed(_ pack: Pack, stores: Int) -> JSONValue { .object(head(pack, stores)) }

    private static func head(_ pack: Pack, _ stores: Int) -> [(String, JSONValue)] {
        [
            ("pack", .string(pack.name)), ("title", JSONValue(pack.title)), ("built_in", .bool(pack.isBuiltIn)),
            ("extends", JSONValue(pack.extends)), ("timezone", JSONValue(pack.timezone)),
            ("currency", JSONValue(pack.currency)), ("pulls", .bool(pack.pull != nil)),
            ("stores", JSONValue(stores)), ("rule_count", JSONValue(pack.rules.count)),
        ]
    }

    static func json(_ pack: Pack, stores: Int) -> JSONValue {
        .object(
            head(pack, stores) + [
                ("rules", .array(pack.rules.map(json))),
                (
                    "gates",
                    .array(
                        pack.gates.map { gate in
                            .object([
                                ("gate", .string(gate.id)), ("title", JSONValue(gate.title)),
                                ("rules", .array(gate.rules.map(JSONValue.string))),
                            ])
                        })
                ),
                (
                    "metrics",
                    .array(
                        pack.metrics.map { metric in
                            .object([
                                ("metric", .string(metric)), ("title", JSONValue(pack.title(of: metric))),
                                (
                                    "definition",
                                    .string(pack.vocabulary.metrics[metric].map { Printer.text(of: $0) } ?? "")
                                ),
                            ])
                        })
                ), ("parameters", .array(pack.parameters.map(json))),
            ])
    }

    private static func json(_ rule: Rule) -> JSONValue {
        func seconds(_ span: TimeSpan) -> JSONValue { JSONValue(Int(span.microseconds / 1_000_000)) }
        return .object([
            ("rule", .string(rule.id)), ("title", JSONValue(rule.title)),
            ("require", .string(rule.require.written.text)), ("prefer", JSONValue(rule.prefer?.written.text)),
            ("given", JSONValue(rule.given?.written.text)),
            (
                "levels",
                .array(
                    rule.levels.map {
                        .object([("level", .string($0.name)), ("condition", .string($0.condition.written.text))])
                    })
            ), ("aim", JSONValue(rule.aim)), ("severity", .string(rule.severity.rawValue)), ("for", seconds(rule.for)),
            ("keep", seconds(rule.keep)), ("basis", JSONValue(rule.basis?.rawValue)),
            ("source", JSONValue(rule.source)), ("consequence", JSONValue(rule.consequence)),
            ("remedy", JSONValue(rule.remedy)), ("from", JSONValue(rule.from)), ("until", JSONValue(rule.until)),
            ("limits", .array(rule.limits.map(JSONValue.string))),
        ])
    }

    private static func json(_ parameter: Parameter) -> JSONValue {
        .object([
            ("parameter", .string(parameter.name)), ("title", JSONValue(parameter.title)),
            ("measure", JSONValue(parameter.measure)),
            (
                "values",
                .array(
                    parameter.rows.map { row in
                        .object([
                            ("value", .string(row.value.text)), ("from", JSONValue(row.from)),
                            ("until", JSONValue(row.until)), ("market", JSONValue(row.market)),
                            ("currency", JSONValue(row.currency)),
                            (
                                "labels",
                                .object(row.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                            ), ("basis", JSONValue(row.basis?.rawValue)), ("source", JSONValue(row.source)),
                        ])
                    })
            ),
        ])
    }

    private static let headShape: [Shape.Member] = [
        .init("pack", .text), .init("title", .orNull(.inBothTongues)), .init("built_in", .truth),
        .init("extends", .orNull(.text)), .init("timezone", .orNull(.text)), .init("currency", .orNull(.text)),
        .init("pulls", .described("it says how the platform's own API is pulled", .truth)),
        .init("stores", .described("that are judged by it", .whole)), .init("rule_count", .whole),
    ]

    static let listedShape = Shape.object(headShape)

    static let shape = Shape.object(
        headShape + [
            .init(
                "rules",
                .list(
                    .object([
                        .init("rule", .text), .init("title", .orNull(.inBothTongues)), .init("require", .text),
                        .init("prefer", .orNull(.text)), .init("given", .orNull(.text)),
                        .init("levels", .list(.object([.init("level", .text), .init("condition", .text)]))),
                        .init("aim", .orNull(.text)), .init("severity", .words(of: Severity.self)),
                        .init("for", .described("seconds outside ok before it fires", .whole)),
                        .init("keep", .described("seconds in ok before it resolves", .whole)),
                        .init("basis", .orNull(.words(of: Basis.self))), .init("source", .orNull(.text)),
                        .init("consequence", .orNull(.inBothTongues)), .init("remedy", .orNull(.inBothTongues)),
                        .init("from", .orNull(.day)), .init("until", .orNull(.day)),
                        .init("limits", .described("the parameters that it rests on", .list(.text))),
                    ]))),
            .init(
                "gates",
                .list(
                    .object([
                        .init("gate", .text), .init("title", .orNull(.inBothTongues)), .init("rules", .list(.text)),
                    ]))),
            .init(
                "metrics",
                .list(
                    .object([
                        .init("metric", .text), .init("title", .orNull(.inBothTongues)), .init("definition", .text),
                    ]))),
            .init(
                "parameters",
                .list(
                    .object([
                        .init("parameter", .text), .init("title", .orNull(.inBothTongues)),
                        .init("measure", .described("by which the platform shows it", .orNull(.text))),
                        .init(
                            "values",
                            .list(
                                .object([
                                    .init("value", .text), .init("from", .orNull(.day)), .init("until", .orNull(.day)),
                                    .init("market", .orNull(.text)), .init("currency", .orNull(.text)),
                                    .init("labels", .map(.text)), .init("basis", .orNull(.words(of: Basis.self))),
                                    .init("source", .orNull(.text)),
                                ]))),
                    ]))),
        ])
}
