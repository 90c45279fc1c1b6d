import Facts
import Language
import Rollups
import Rules

extension FleetDifferences {
    /// What is another in a pack, a line a change; nothing where it is the same.
    static func differences(of before: Pack, to after: Pack) -> [Words] { comparison(of: before, to: after).words }

    static func comparison(of before: Pack, to after: Pack) -> FleetComparison {
        let name = after.name
        func what(_ en: String, _ zh: String) -> Words { Words(en: "\(name) \(en)", zh: "\(name) \(zh)") }
        var former: [String: String] = [:]
        for rule in after.rules {
            for id in rule.previousIDs where after.rule(id) == nil { former[id] = rule.id }
        }
        var all = [
            FleetComparison.names(what("rule", "规则"), before.rules.map(\.id), after.rules.map(\.id), former: former)
        ]
        for rule in after.rules {
            if let earlier = before.rules.first(where: { former[$0.id] ?? $0.id == rule.id }) {
                all.append(changes(name, of: earlier, to: rule))
            }
        }
        let (then, now) = (before.vocabulary, after.vocabulary)
        all += named(
            what("metric", "指标"), "definition", then.metrics.mapValues { Words(Printer.text(of: $0)) },
            now.metrics.mapValues { Words(Printer.text(of: $0)) })
        all += named(what("parameter", "参数"), "value", values(before), values(after))
        all.append(
            .names(
                what("reconciled metric", "对账指标"), before.reconcile.map(\.metric), after.reconcile.map(\.metric)))
        for pair in after.reconcile {
            guard let earlier = before.reconcile.first(where: { $0.metric == pair.metric }) else { continue }
            all.append(
                .values(
                    what("reconcile \(pair.metric)", "对账 \(pair.metric)"),
                    [
                        Value("theirs", earlier.theirs, pair.theirs),
                        Value("tolerance", earlier.toleranceText, pair.toleranceText),
                        Value("shown_after", "\(earlier.shownAfter)d", "\(pair.shownAfter)d"),
                        Value("variants", variants(earlier), variants(pair)),
                    ]))
        }
        all += named(what("gate", "门槛"), "rules", gates(before), gates(after))
        all += named(
            what("window", "时间窗口"), "length", then.windows.mapValues { Words(Printer.text(of: $0)) },
            now.windows.mapValues { Words(Printer.text(of: $0)) })
        all += named(
            what("kind", "类别"), "definition", then.kinds.mapValues { Words(text(of: $0)) },
            now.kinds.mapValues { Words(text(of: $0)) })
        all.append(
            .values(
                Words(name),
                [
                    Value("timezone", before.timezone, after.timezone),
                    Value("currency", before.currency, after.currency),
                    Value("extends", before.extends, after.extends),
                    Value("labels", list(before.labels), list(after.labels)),
                    Value("first", first(of: before), first(of: after)),
                    Value("settles", settles(of: before), settles(of: after)),
                    Value("optional", list(before.optional.kinds.map(\.name)), list(after.optional.kinds.map(\.name))),
                ]))
        let another = Words(en: ": its text is another, and nothing that it judges by", zh: "：文本有改动，考核规则不变")
        return .either(
            all, .values(Words(name), [.sealed("text", before.source.text, after.source.text, another)]))
    }

    /// What comes and goes, and of what stays what it says.
    private static func named(
        _ what: Words, _ key: String, _ before: [String: Words], _ after: [String: Words]
    ) -> [FleetComparison] {
        [.names(what, before.keys.sorted(), after.keys.sorted())]
            + after.sorted { $0.key < $1.key }.compactMap { name, text in
                before[name].map { .values(what + Words(" \(name)"), [Value(key, $0, text)]) }
            }
    }

    private static func values(_ pack: Pack) -> [String: Words] {
        Dictionary(pack.parameters.map { ($0.name, values($0)) }) { $1 }
    }

    private static func gates(_ pack: Pack) -> [String: Words] {
        Dictionary(pack.gates.map { ($0.id, list($0.rules) ?? Words("")) }) { $1 }
    }

    private static func variants(_ pair: ReconcilePair) -> Words? {
        list(pair.variants.map { "\($0.id): \(Printer.text(of: $0.expression))" })
    }

    private static func text(of kind: NamedKind) -> String {
        kind.kind.name + (kind.filter.map { " where " + Printer.text(of: $0) } ?? "")
    }

    private static func first(of pack: Pack) -> Words? {
        list(
            pack.first.sorted { $0.key < $1.key }.map {
                "\($0.key.name) \($0.value.map(\.name).joined(separator: " "))"
            })
    }

    private static func settles(of pack: Pack) -> Words? {
        list(pack.settles.sorted { $0.key < $1.key }.map { "\($0.key.name) \($0.value.written)" })
    }

    private static func changes(_ pack: String, of before: Rule, to after: Rule) -> FleetComparison {
        .values(
            Words("\(pack) \(after.id)"),
            [
                Value("require", before.require.written.text, after.require.written.text),
                Value("prefer", before.prefer?.written.text, after.prefer?.written.text),
                Value("given", before.given?.written.text, after.given?.written.text),
                Value("for", before.for.written, after.for.written),
                Value("blind_limit", before.blindLimit?.written, after.blindLimit?.written),
                Value("confirm", "\(before.confirm)", "\(after.confirm)"),
                Value("keep", before.keep.written, after.keep.written),
                Value("severity", before.severity.rawValue, after.severity.rawValue),
                Value("from", before.from.map { "\($0)" }, after.from.map { "\($0)" }),
                Value("until", before.until.map { "\($0)" }, after.until.map { "\($0)" }),
                Value("basis", before.basis?.rawValue, after.basis?.rawValue),
                Value("levels", levels(before), levels(after)), Value("each", before.each?.text, after.each?.text),
                Value("assessed", before.assessed?.text, after.assessed?.text),
                Value(
                    "evidence", before.evidence.map { Printer.text(of: $0) },
                    after.evidence.map { Printer.text(of: $0) }),
                Value("fresh", before.fresh.written, after.fresh.written),
                Value("stands_in_for", before.standsInFor, after.standsInFor),
                Value("trust", trust(before), trust(after)),
            ], former: after.previousIDs.map { "\(pack) \($0)" })
    }

    private static func trust(_ rule: Rule) -> String? { rule.distrusted.isEmpty ? nil : "neither" }

    static func levels(_ rule: Rule) -> Words? {
        guard let aim = rule.aim else { return nil }
        let levels = rule.levels.map { "\($0.name): \($0.condition.written.text)" }.joined(separator: ", ")
        return Words(en: "\(levels); aim \(aim)", zh: "\(levels)；达标级别 \(aim)")
    }

    /// Where it is shown, and its rows, each with where and when it holds.
    static func values(_ parameter: Parameter) -> Words {
        let shown = parameter.measure.map { [Words(en: "as shown (\($0))", zh: "以平台显示为准（\($0)）")] } ?? []
        return (shown + parameter.rows.map(text)).joined(separator: Words(en: ", else ", zh: "，否则 "))
    }

    private static func text(of row: Parameter.Row) -> Words {
        let terms = [
            row.market.map { Words(en: "market \($0)", zh: "市场 \($0)") },
            row.currency.map { Words(en: "currency \($0)", zh: "币种 \($0)") },
            list(row.labels.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }),
            row.from.map { Words(en: "from \($0)", zh: "自 \($0) 起") },
            row.until.map { Words(en: "until \($0)", zh: "至 \($0)") },
        ].compactMap { $0 }
        guard !terms.isEmpty else { return Words(row.value.text) }
        let said = terms.joined(separator: Words(en: ", ", zh: "，"))
        return Words(en: "\(row.value.text) (\(said.en))", zh: "\(row.value.text)（\(said.zh)）")
    }
}
