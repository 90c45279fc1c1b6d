import Alerts
import Curl
import Facts
import Language
import Rules

extension FleetDifferences {
    static func changes(of before: StoreEntry, to after: StoreEntry) -> FleetComparison {
        let (old, new) = (before.access, after.access)
        func windows(_ entry: StoreEntry, _ kind: StoreWindow.Kind) -> Words? {
            list(entry.windows.filter { $0.kind == kind }.map(\.written))
        }
        var values = [
            Value("name", before.name, after.name), Value("pack", before.pack, after.pack),
            Value("timezone", before.timezone, after.timezone), Value("currency", before.currency, after.currency),
            Value("market", before.market, after.market),
            Value("labels", pairs(before.labels), pairs(after.labels)),
            Value("sources", sources(of: before), sources(of: after)),
            Value("confirmed", confirmed(before.confirmation), confirmed(after.confirmation)),
            Value("accepted", accepted(of: before), accepted(of: after)),
            Value("observe", observed(before.observed), observed(after.observed)),
            Value("marks", before.countsMarks ? "counted" : "shown", after.countsMarks ? "counted" : "shown"),
            Value("quarantine_limit", "\(before.quarantineLimit)", "\(after.quarantineLimit)"),
            Value("maintenance", windows(before, .maintenance), windows(after, .maintenance)),
            Value("promotions", windows(before, .promotion), windows(after, .promotion)),
            Value("calls_per_second", old?.callsPerSecond.map { "\($0)" }, new?.callsPerSecond.map { "\($0)" }),
            Value("account", old?.account, new?.account), Value("endpoint", old?.endpoint, new?.endpoint),
            Value("every", old?.every.written, new?.every.written),
            Value("stale_after", old?.staleAfter.written, new?.staleAfter.written),
            Value("since", old?.since?.written, new?.since?.written),
            Value("streams", pairs(old?.streams.mapValues(\.written)), pairs(new?.streams.mapValues(\.written))),
            Value(
                "expires", pairs(old?.expires.mapValues { "\($0.day)" }), pairs(new?.expires.mapValues { "\($0.day)" })),
        ]
        let packs = Words(en: "the pack's", zh: "规则包的值")
        for key in Set(before.parameters.keys).union(after.parameters.keys).sorted() {
            func text(_ entry: StoreEntry) -> Words { entry.parameters[key].map { Words($0.text) } ?? packs }
            values.append(Value(key, text(before), text(after)))
        }
        let what = Words(en: "store '\(after.subjectName)'", zh: "店铺 '\(after.subjectName)'")
        func credentials(_ access: PlatformAccess?) -> String? {
            access?.credentials.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.reveal())" }
                .joined(separator: "\n")
        }
        values.append(
            .sealed(
                "credentials", credentials(old), credentials(new),
                Words(en: ": its credentials are others", zh: "：凭证已更换")))
        return .values(what, values)
    }

    private static func pairs(_ values: [String: String]?) -> Words? {
        list(values?.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    }

    private static func sources(of entry: StoreEntry) -> Words? {
        pairs(Dictionary(uniqueKeysWithValues: entry.sources.map { ($0.key.name, $0.value) }))
    }

    static func confirmed(_ confirmation: StoreEntry.Confirmation) -> Words {
        rules(confirmation, none: Words(en: "no limit", zh: "无"), all: Words(en: "all limits", zh: "全部限值"))
    }

    private static func observed(_ confirmation: StoreEntry.Confirmation) -> Words {
        rules(confirmation, none: Words(en: "nothing", zh: "无"), all: Words(en: "everything", zh: "全部"))
    }

    private static func rules(_ confirmation: StoreEntry.Confirmation, none: Words, all: Words) -> Words {
        switch confirmation {
        case .none: none
        case .all: all
        case .rules(let rules): list(rules.sorted()) ?? none
        }
    }

    static func accepted(of entry: StoreEntry) -> Words? {
        guard !entry.accepted.isEmpty else { return nil }
        return entry.accepted.sorted { $0.key < $1.key }.map { rule, accepted in
            Words(
                en: "\(rule) by \(accepted.by) until \(accepted.until) (\(accepted.why))",
                zh: "\(rule) 由 \(accepted.by) 负责至 \(accepted.until)（\(accepted.why)）")
        }.joined(separator: Words(en: ", ", zh: "、"))
    }
}

extension StoreEntry {
    /// What people know the entry by.
    var subjectName: String {
        switch subject {
        case .id(let id): id
        case .match(let pattern): "match \(pattern)"
        }
    }
}
