package import Daemon
package import Facts
import Rules

/// A report as one page that needs nothing beside it: to be read, sent and printed.
package struct ReportPage {
    private let report: Report
    private let tongue: Tongue

    package init(_ report: Report, _ tongue: Tongue) { (self.report, self.tongue) = (report, tongue) }

    package var text: String {
        let whole = report.whole
        let (breaches, reasons) = (self.breaches, self.reasons)
        return Templates.render(
            "report",
            [
                "en": tongue == .english, "zh": tongue == .chinese, "lang": tongue == .chinese ? "zh-CN" : "en",
                "from": report.days.lowerBound.shown(tongue), "to": report.days.upperBound.shown(tongue),
                "at": calendar.shown(report.at, tongue), "version": Version.current,
                "standings": Standing.worstFirst.map { tongue($0.title) },
                "tiles": tiles(whole), "unwatched": unwatched, "hasLabels": !report.labels.isEmpty,
                "labels": report.labels.map { label -> View in
                    row(
                        label.days, label.breaches, label.refunded,
                        ["name": "\(label.key): \(label.value)", "stores": label.stores])
                }, "ofLabels": report.labels.map(ofLabel),
                "stores": report.stores.map { store -> View in
                    row(
                        store.days, store.breaches, store.refunded,
                        ["name": store.store.name, "id": store.store.id, "platform": store.store.pack])
                },
                "hasBreaches": !breaches.isEmpty, "breaches": breaches,
                "hasReasons": !reasons.isEmpty, "reasons": reasons,
                "hasAgenda": !report.agenda.isEmpty,
                "agenda": report.agenda.map(item),
            ])
    }

    private func item(_ item: Agenda.Item) -> View {
        [
            "day": item.day.shown(tongue), "kind": tongue(item.kind.title), "title": tongue.shown(item.title),
            "details": tongue.shown(item.details),
        ]
    }

    /// What went wrong at the stores of a label, why money went back, and what they have to do.
    private func ofLabel(_ label: Report.OfLabel) -> View {
        [
            "name": "\(label.key): \(label.value)",
            "causes": label.causes.map { cause -> String in
                let stores = cause.stores.map(\.name).joined(separator: tongue(", ", "、"))
                return tongue(
                    "\(cause.title.en): \(cause.breaches) breach\(cause.breaches == 1 ? "" : "es"), \(counted(cause.days, "day")), \(cause.because.en) (\(stores))",
                    "\(cause.title.zh)：\(cause.breaches) 次不达标，共 \(cause.days) 天，\(cause.because.zh)（\(stores)）")
            }.ifEmpty([tongue("No breach.", "无不达标记录。")]), "hasReasons": !label.reasons.isEmpty,
            "reasons": label.reasons.map { reason, refunded -> String in
                let name = reason.isEmpty ? tongue("not said", "未说明") : ReasonText.text(reason, tongue)
                return "\(name): \("\(refunded.count)".grouped) (\(amounts(refunded)))"
            }.joined(separator: tongue(", ", "，")),
            "agenda": label.agenda.map {
                "\($0.day.shown(tongue)) · \(tongue($0.kind.title)) · \(tongue.shown($0.title))"
            }
            .ifEmpty([tongue("Nothing is known that has to be done.", "暂无待办事项。")]),
        ]
    }

    /// Stretches of days on which the daemon did not run.
    private var unwatched: Any {
        let days = Set(report.stores.flatMap(\.unwatched)).sorted()
        guard !days.isEmpty else { return false }
        let stretches = days.reduce(into: [ClosedRange<LocalDay>]()) { found, day in
            if let last = found.last, last.upperBound.advanced(by: 1) == day {
                found[found.count - 1] = last.lowerBound...day
            } else {
                found.append(day...day)
            }
        }
        return stretches.map { stretch in
            stretch.count == 1
                ? stretch.lowerBound.shown(tongue)
                : "\(stretch.lowerBound.shown(tongue)) – \(stretch.upperBound.shown(tongue))"
        }.joined(separator: tongue(", ", "、"))
    }

    /// Of all stores where they live in one zone, else UTC.
    private var calendar: StoreCalendar {
        Set(report.stores.map(\.calendar.timezone)).count == 1 ? report.stores[0].calendar : .utc
    }

    private func tiles(_ whole: Report.OfLabel) -> [View] {
        func tile(_ count: String, _ name: Words, _ kind: String = "") -> View {
            ["count": count, "name": tongue(name), "kind": kind]
        }
        let days = Standing.worstFirst.map { standing in
            tile(
                "\(whole.days[standing, default: 0])".grouped,
                Words(en: "store-days \(standing.title.en)", zh: "店铺·天 \(standing.title.zh)"), standing.rawValue)
        }
        return [tile("\(report.stores.count)".grouped, Words(en: "stores", zh: "家店铺"))] + days + [
            tile("\(whole.breaches)", Words(en: "breaches", zh: "次不达标")),
            tile(amounts(whole.refunded), Words(en: "refunded", zh: "退款")),
        ]
    }

    private func row(_ days: [Standing: Int], _ breaches: Int, _ refunded: Refunded, _ names: View) -> View {
        names.merging([
            "days": Standing.worstFirst.map { standing -> View in
                let count = days[standing, default: 0]
                return ["count": count == 0 ? "–" : "\(count)".grouped, "kind": count == 0 ? "" : standing.rawValue]
            },
            "breaches": breaches, "refunded": amounts(refunded), "refunds": "\(refunded.count)".grouped,
        ]) { $1 }
    }

    private func amounts(_ refunded: Refunded) -> String {
        var parts = refunded.sums.map { $0.shown(tongue) }
        if refunded.withoutAmount > 0 {
            parts.append(
                tongue("\(refunded.withoutAmount) of unknown amount", "\(refunded.withoutAmount) 笔金额未知"))
        }
        return parts.isEmpty ? "–" : parts.joined(separator: ", ")
    }

    /// The longest first.
    private var breaches: [View] {
        report.stores.flatMap { store in
            store.rules.flatMap { rule in
                rule.stays.filter { $0.standing == .breach }.map { (store, rule, $0) }
            }
        }.sorted { ($1.2.days, $0.0.store.id, $0.2.from) < ($0.2.days, $1.0.store.id, $1.2.from) }
            .map { store, rule, stay -> View in
                [
                    "store": store.store.name, "rule": tongue(rule.title), "days": stay.days,
                    "from": store.calendar.shown(stay.from, tongue),
                    "until": stay.until.map { store.calendar.shown($0, tongue) } ?? tongue("goes on", "持续中"),
                    "limit": stay.limit,
                    "values": stay.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.grouped)" }
                        .joined(separator: ", "),
                    "because": tongue(stay.because),
                ]
            }
    }

    /// Of all stores.
    private var reasons: [View] {
        report.whole.reasons.map { reason, refunded -> View in
            [
                "reason": reason.isEmpty ? tongue("not said", "未说明") : ReasonText.text(reason, tongue),
                "count": "\(refunded.count)".grouped, "amounts": amounts(refunded),
            ]
        }
    }
}
