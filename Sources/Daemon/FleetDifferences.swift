import Facts
import Language
import Rollups
import Rules

/// What a changed configuration changes in stores, feeds, receivers, rules and limits, in words for the log. Of what may
/// hold a secret it says that it changed, and not into what.
enum FleetDifferences {
    /// For the log.
    static func words(from old: Fleet, to new: Fleet) -> [String] { differences(from: old, to: new).map(\.en) }

    static func differences(from old: Fleet, to new: Fleet) -> [Words] {
        var words = names(
            old.config.stores.map(\.subjectName), new.config.stores.map(\.subjectName), Words(en: "store", zh: "店铺"))
        words += names(old.config.feeds.map(\.id), new.config.feeds.map(\.id), Words(en: "feed", zh: "数据源"))
        words += names(old.config.receivers.map(\.id), new.config.receivers.map(\.id), Words(en: "receiver", zh: "接收方"))
        for feed in new.config.feeds {
            guard let before = old.config.feeds.first(where: { $0.id == feed.id }) else { continue }
            words += changes(Words(en: "feed '\(feed.id)'", zh: "数据源 '\(feed.id)'"), of: before, to: feed)
        }
        for receiver in new.config.receivers {
            guard let before = old.config.receivers.first(where: { $0.id == receiver.id }) else { continue }
            let what = Words(en: "receiver '\(receiver.id)'", zh: "接收方 '\(receiver.id)'")
            if before.address != receiver.address {
                words.append(what + Words(en: ": its address is another", zh: "：地址已更换"))
            }
            if before.writing != receiver.writing || before.hold != receiver.hold || before.route != receiver.route {
                words.append(what + Words(en: ": how it is told is another", zh: "：通知方式已更改"))
            }
            if before.secret != receiver.secret {
                words.append(what + Words(en: ": its secret is another", zh: "：密钥已更换"))
            }
        }
        func observed(_ fleet: Fleet) -> String? {
            let names = fleet.config.observed.map(\.name).sorted()
            return names.isEmpty ? nil : names.joined(separator: ", ")
        }
        func metrics(_ fleet: Fleet) -> String? {
            let entry = fleet.config.metrics
            let stores =
                switch entry.stores {
                case .all: "true"
                case .none: "false"
                case .fitting(let glob): glob
                }
            return entry == MetricsEntry()
                ? nil : "\(stores), \(entry.limit), [\(entry.labels.map(\.key).joined(separator: ", "))]"
        }
        words += compared(
            Words(en: "configuration", zh: "配置"),
            [
                ("public_url", old.config.publicURL, new.config.publicURL), ("observe", observed(old), observed(new)),
                ("metrics", metrics(old), metrics(new)),
            ])
        words += compared(
            Words(en: "heartbeat", zh: "心跳"),
            [("every", old.config.heartbeat?.every.written, new.config.heartbeat?.every.written)])
        if let before = old.config.heartbeat, let after = new.config.heartbeat, before.url != after.url {
            words.append(Words(en: "heartbeat: its address is another", zh: "心跳：地址已更换"))
        }
        for pack in Set(old.config.stores.map(\.pack)).intersection(new.config.stores.map(\.pack)).sorted() {
            guard let before = old.library[pack], let after = new.library[pack] else { continue }
            words += differences(of: before, to: after)
        }
        for entry in new.config.stores {
            guard let before = old.config.stores.first(where: { $0.subject == entry.subject }) else { continue }
            words += changes(of: before, to: entry)
        }
        return words
    }

    private static func names(_ before: [String], _ after: [String], _ what: Words) -> [Words] {
        let (old, new) = (Set(before), Set(after))
        return new.subtracting(old).sorted().map { Words(en: "\(what.en) '\($0)' added", zh: "新增\(what.zh) '\($0)'") }
            + old.subtracting(new).sorted().map { Words(en: "\(what.en) '\($0)' removed", zh: "移除\(what.zh) '\($0)'") }
    }

    /// `what: name was this, is that`, for each that is another.
    private static func compared(_ what: Words, _ values: [(name: String, before: String?, after: String?)])
        -> [Words]
    {
        values.filter { $0.before != $0.after }.map {
            Words(
                en: "\(what.en): \($0.name) was \($0.before ?? "nothing"), is \($0.after ?? "nothing")",
                zh: "\(what.zh)：\($0.name) 原为 \($0.before ?? "无")，现为 \($0.after ?? "无")")
        }
    }

    private static func changes(_ what: Words, of before: FeedEntry, to after: FeedEntry) -> [Words] {
        var words = compared(
            what,
            [
                ("every", "\(before.every)", "\(after.every)"),
                ("stale_after", "\(before.staleAfter)", "\(after.staleAfter)"),
                ("overlap", "\(before.overlap)", "\(after.overlap)"),
                (
                    "kinds", before.kinds?.map(\.name).joined(separator: ", "),
                    after.kinds?.map(\.name).joined(separator: ", ")
                ),
            ])
        if before.url != after.url { words.append(what + Words(en: ": its address is another", zh: "：地址已更换")) }
        let same = before.headers.elementsEqual(after.headers) { $0.name == $1.name && $0.value == $1.value }
        if !same { words.append(what + Words(en: ": its headers are others", zh: "：请求头已更换")) }
        return words
    }

    private static func changes(of before: StoreEntry, to after: StoreEntry) -> [Words] {
        func sorted(_ values: [String: String]) -> String {
            values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        func confirmed(_ confirmation: StoreEntry.Confirmation) -> String {
            switch confirmation {
            case .none: "no limit"
            case .all: "all limits"
            case .rules(let rules): rules.sorted().joined(separator: ", ")
            }
        }
        func observed(_ entry: StoreEntry) -> String {
            switch entry.observed {
            case .none: "nothing"
            case .all: "everything"
            case .rules(let rules): rules.sorted().joined(separator: ", ")
            }
        }
        func accepted(_ entry: StoreEntry) -> String {
            sorted(entry.accepted.mapValues { "by \($0.by) until \($0.until)" })
        }
        func sources(_ entry: StoreEntry) -> String {
            sorted(Dictionary(uniqueKeysWithValues: entry.sources.map { ($0.key.name, $0.value) }))
        }
        var values: [(name: String, before: String?, after: String?)] = [
            ("pack", before.pack, after.pack), ("timezone", before.timezone, after.timezone),
            ("currency", before.currency, after.currency), ("market", before.market, after.market),
            ("labels", sorted(before.labels), sorted(after.labels)), ("sources", sources(before), sources(after)),
            ("confirmed", confirmed(before.confirmation), confirmed(after.confirmation)),
            ("accepted", accepted(before), accepted(after)),
            ("observe", observed(before), observed(after)),
            ("marks", before.countsMarks ? "counted" : "shown", after.countsMarks ? "counted" : "shown"),
            ("quarantine_limit", "\(before.quarantineLimit)", "\(after.quarantineLimit)"),
            ("endpoint", before.access?.endpoint, after.access?.endpoint),
            ("every", before.access?.every.written, after.access?.every.written),
            ("stale_after", before.access?.staleAfter.written, after.access?.staleAfter.written),
            ("since", before.access?.since?.written, after.access?.since?.written),
        ]
        for key in Set(before.parameters.keys).union(after.parameters.keys).sorted() {
            values.append(
                (key, before.parameters[key]?.text ?? "the pack's", after.parameters[key]?.text ?? "the pack's"))
        }
        let what = Words(en: "store '\(after.subjectName)'", zh: "店铺 '\(after.subjectName)'")
        let isSame = before.access?.credentials == after.access?.credentials
        return compared(what, values) + (isSame ? [] : [what + Words(en: ": its credentials are others", zh: "：凭证已更换")])
    }

    // MARK: Packs

    /// What is another in a pack, a line a change; nothing where its text is the same.
    static func changes(of before: Pack, to after: Pack) -> [String] { differences(of: before, to: after).map(\.en) }

    static func differences(of before: Pack, to after: Pack) -> [Words] {
        guard before.source.text != after.source.text else { return [] }
        let name = after.name
        var words = names(before.rules.map(\.id), after.rules.map(\.id), Words(en: "\(name) rule", zh: "\(name) 规则"))
        words += names(before.metrics, after.metrics, Words(en: "\(name) metric", zh: "\(name) 指标"))
        for rule in after.rules {
            if let earlier = before.rule(rule.id) {
                words += changes(Words("\(name) \(rule.id)"), of: earlier, to: rule)
            }
        }
        for metric in after.metrics {
            guard let then = before.vocabulary.metrics[metric], let now = after.vocabulary.metrics[metric] else {
                continue
            }
            words += compared(
                Words(en: "\(name) metric \(metric)", zh: "\(name) 指标 \(metric)"),
                [("definition", Printer.text(of: then), Printer.text(of: now))])
        }
        for parameter in after.parameters {
            guard let earlier = before.parameter(parameter.name) else { continue }
            words += compared(
                Words(en: "\(name) parameter \(parameter.name)", zh: "\(name) 参数 \(parameter.name)"),
                [("value", values(earlier), values(parameter))])
        }
        words += names(
            before.reconcile.map(\.metric), after.reconcile.map(\.metric),
            Words(en: "\(name) reconciled metric", zh: "\(name) 对账指标"))
        for pair in after.reconcile {
            guard let earlier = before.reconcile.first(where: { $0.metric == pair.metric }) else { continue }
            words += compared(
                Words(en: "\(name) reconcile \(pair.metric)", zh: "\(name) 对账 \(pair.metric)"),
                [
                    ("theirs", earlier.theirs, pair.theirs),
                    ("tolerance", earlier.toleranceText, pair.toleranceText),
                    ("shown_after", "\(earlier.shownAfter)d", "\(pair.shownAfter)d"),
                    ("variants", variants(earlier), variants(pair)),
                ])
        }
        words += names(before.gates.map(\.id), after.gates.map(\.id), Words(en: "\(name) gate", zh: "\(name) 门槛"))
        for gate in after.gates {
            guard let earlier = before.gates.first(where: { $0.id == gate.id }) else { continue }
            words += compared(
                Words(en: "\(name) gate \(gate.id)", zh: "\(name) 门槛 \(gate.id)"),
                [("rules", earlier.rules.joined(separator: ", "), gate.rules.joined(separator: ", "))])
        }
        let (windows, kinds) = (after.vocabulary.windows, after.vocabulary.kinds)
        words += names(
            Array(before.vocabulary.windows.keys), Array(windows.keys), Words(en: "\(name) window", zh: "\(name) 时间窗口"))
        for (window, now) in windows.sorted(by: { $0.key < $1.key }) {
            guard let then = before.vocabulary.windows[window] else { continue }
            words += compared(
                Words(en: "\(name) window \(window)", zh: "\(name) 时间窗口 \(window)"),
                [("length", Printer.text(of: then), Printer.text(of: now))])
        }
        words += names(
            Array(before.vocabulary.kinds.keys), Array(kinds.keys), Words(en: "\(name) kind", zh: "\(name) 类别"))
        for (kind, now) in kinds.sorted(by: { $0.key < $1.key }) {
            guard let then = before.vocabulary.kinds[kind] else { continue }
            words += compared(
                Words(en: "\(name) kind \(kind)", zh: "\(name) 类别 \(kind)"),
                [("definition", text(of: then), text(of: now))])
        }
        words += compared(
            Words(name),
            [
                ("timezone", before.timezone, after.timezone), ("currency", before.currency, after.currency),
                ("labels", before.labels.joined(separator: ", "), after.labels.joined(separator: ", ")),
                ("first", first(of: before), first(of: after)), ("settles", settles(of: before), settles(of: after)),
                (
                    "optional", before.optional.kinds.map(\.name).joined(separator: ", "),
                    after.optional.kinds.map(\.name).joined(separator: ", ")
                ),
            ])
        return words.isEmpty
            ? [
                Words(
                    en: "\(name): its text is another, and nothing that it judges by", zh: "\(name)：文本有改动，考核标准不变")
            ] : words
    }

    private static func variants(_ pair: ReconcilePair) -> String? {
        pair.variants.isEmpty
            ? nil : pair.variants.map { "\($0.id): \(Printer.text(of: $0.expression))" }.joined(separator: ", ")
    }

    private static func text(of kind: NamedKind) -> String {
        kind.kind.name + (kind.filter.map { " where " + Printer.text(of: $0) } ?? "")
    }

    private static func first(of pack: Pack) -> String {
        pack.first.sorted { $0.key < $1.key }
            .map { "\($0.key.name) \($0.value.map(\.name).joined(separator: " "))" }.joined(separator: ", ")
    }

    private static func settles(of pack: Pack) -> String {
        pack.settles.sorted { $0.key < $1.key }.map { "\($0.key.name) \($0.value.written)" }.joined(separator: ", ")
    }

    private static func changes(_ what: Words, of before: Rule, to after: Rule) -> [Words] {
        compared(
            what,
            [
                ("require", before.require.written.text, after.require.written.text),
                ("prefer", before.prefer?.written.text, after.prefer?.written.text),
                ("given", before.given?.written.text, after.given?.written.text),
                ("for", before.for.written, after.for.written), ("keep", before.keep.written, after.keep.written),
                ("severity", before.severity.rawValue, after.severity.rawValue),
                ("from", before.from.map { "\($0)" }, after.from.map { "\($0)" }),
                ("until", before.until.map { "\($0)" }, after.until.map { "\($0)" }),
                ("basis", before.basis?.rawValue, after.basis?.rawValue),
                ("levels", levels(before), levels(after)), ("each", before.each?.text, after.each?.text),
                ("assessed", before.assessed?.text, after.assessed?.text),
                ("evidence", before.evidence.map { Printer.text(of: $0) }, after.evidence.map { Printer.text(of: $0) }),
                ("fresh", before.fresh.written, after.fresh.written),
                ("stands_in_for", before.standsInFor, after.standsInFor),
                ("trust", trust(before), trust(after)),
            ])
    }

    private static func trust(_ rule: Rule) -> String? { rule.distrusted.isEmpty ? nil : "neither" }

    private static func levels(_ rule: Rule) -> String? {
        guard let aim = rule.aim else { return nil }
        return rule.levels.map { "\($0.name): \($0.condition.written.text)" }.joined(separator: ", ") + "; aim \(aim)"
    }

    /// Where it is shown, and its rows, each with where and when it holds.
    private static func values(_ parameter: Parameter) -> String {
        let shown = parameter.measure.map { ["as shown (\($0))"] } ?? []
        return
            (shown
            + parameter.rows.map { row in
                let terms = [
                    row.market.map { "market \($0)" }, row.from.map { "from \($0)" }, row.until.map { "until \($0)" },
                ].compactMap { $0 }
                return row.value.text + (terms.isEmpty ? "" : " (\(terms.joined(separator: ", ")))")
            }).joined(separator: ", else ")
    }
}

extension StoreEntry {
    /// What people know the entry by.
    fileprivate var subjectName: String {
        switch subject {
        case .id(let id): id
        case .match(let pattern): "match \(pattern)"
        }
    }
}
