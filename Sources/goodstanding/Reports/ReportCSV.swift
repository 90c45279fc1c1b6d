import Daemon
import Facts
import Rules

/// A report for spreadsheets: one table, of which `part` says what a row tells.
enum ReportCSV {
    private static let heading = ["part", "store", "label", "rule", "name", "value", "unit", "from", "to", "text"]

    static func text(_ report: Report, _ tongue: Tongue) -> String {
        var rows = [heading]
        for store in report.stores {
            let id = store.store.id
            rows += days(store.days, ["standing", id, "", ""])
            rows += store.unwatched.map { ["unwatched", id, "", "", "unknown", "1", "days", "\($0)", "\($0)", ""] }
            for rule in store.rules {
                rows += days(rule.days, ["standing", id, "", rule.id])
                rows += rule.stays.map { stay in
                    let values = stay.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                    return [
                        "outside", id, "", rule.id, stay.standing.rawValue, "\(stay.days)", "days",
                        stay.from.description, stay.until?.description ?? "",
                        (values + [stay.limit, tongue(stay.because)]).joined(separator: "; "),
                    ]
                }
            }
            rows += refunded(store.refunded, ["refunded", id, "", "", ""])
            for reason in store.reasons { rows += refunded(reason.refunded, ["reason", id, "", "", reason.reason]) }
        }
        for label in report.labels {
            let name = "\(label.key)=\(label.value)"
            rows += days(label.days, ["standing", "", name, ""])
            rows.append(["breaches", "", name, "", "", "\(label.breaches)", "", "", "", ""])
            rows += refunded(label.refunded, ["refunded", "", name, "", ""])
            rows += label.causes.map { cause in
                let stores = cause.stores.map(\.id).joined(separator: " ")
                return [
                    "cause", "", name, cause.rule, "breach", "\(cause.breaches)", "", "", "",
                    "\(tongue(cause.because)): \(stores)",
                ]
            }
            for reason in label.reasons { rows += refunded(reason.refunded, ["reason", "", name, "", reason.reason]) }
            rows += label.agenda.map { agenda($0, name, tongue) }
        }
        rows += report.agenda.map { agenda($0, "", tongue) }
        return rows.map { $0.map(CSVField.guarded).joined(separator: ",") + "\n" }.joined()
    }

    private static func agenda(_ item: Agenda.Item, _ label: String, _ tongue: Tongue) -> [String] {
        let details = tongue(item.details)
        return [
            "agenda", item.store?.id ?? "", label, item.rule ?? "", item.kind.rawValue, "", "", item.day.description,
            "",
            tongue(item.title) + (details.isEmpty ? "" : ": " + details),
        ]
    }

    private static func days(_ days: [Standing: Int], _ names: [String]) -> [[String]] {
        Standing.allCases.compactMap { standing in
            days[standing].map { names + [standing.rawValue, "\($0)", "days", "", "", ""] }
        }
    }

    private static func refunded(_ refunded: Refunded, _ names: [String]) -> [[String]] {
        refunded.sums.map { names + [$0.text, $0.currency ?? "", "", "", ""] }
            + (refunded.withoutAmount > 0
                ? [names + ["\(refunded.withoutAmount)", "refunds without amount", "", "", ""]] : [])
    }
}
