package import Daemon
package import Facts
import Rules

/// A report for programs.
package enum ReportJSON {
    package static func value(_ report: Report) -> JSONValue {
        .object([
            ("from", .string(report.days.lowerBound.description)), ("to", .string(report.days.upperBound.description)),
            ("at", .string(report.at.description)), ("stores", .array(report.stores.map(store))),
            ("labels", .array(report.labels.map(label))), ("agenda", .array(report.agenda.map(item))),
        ])
    }

    private static func store(_ store: Report.OfStore) -> JSONValue {
        .object([
            ("store", .string(store.store.id)), ("name", .string(store.store.name)),
            ("platform", .string(store.store.pack)),
            (
                "labels",
                .object(store.store.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            ),
            ("days", days(store.days)), ("breaches", .number("\(store.breaches)")),
            ("unwatched", .array(store.unwatched.map { .string($0.description) })),
            ("rules", .array(store.rules.map { rule($0, store.calendar) })), ("refunded", refunded(store.refunded)),
            ("reasons", reasons(store.reasons)),
        ])
    }

    private static func rule(_ rule: Report.OfRule, _ calendar: StoreCalendar) -> JSONValue {
        .object([
            ("rule", .string(rule.id)), ("title", JSONValue(rule.title)),
            ("severity", JSONValue(rule.severity?.rawValue)), ("days", days(rule.days)),
            (
                "outside",
                .array(
                    rule.stays.map { stay in
                        .object([
                            ("standing", .string(stay.standing.rawValue)), ("from", .string(stay.from.description)),
                            ("until", JSONValue(stay.until?.description)), ("days", .number("\(stay.days)")),
                            ("limit", .string(stay.limit)),
                            (
                                "values",
                                .object(stay.values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                            ),
                            ("because", JSONValue(stay.because)),
                        ])
                    })
            ),
        ])
    }

    private static func label(_ label: Report.OfLabel) -> JSONValue {
        .object([
            ("label", .string(label.key)), ("value", .string(label.value)), ("stores", .number("\(label.stores)")),
            ("days", days(label.days)), ("breaches", .number("\(label.breaches)")),
            ("refunded", refunded(label.refunded)), ("causes", .array(label.causes.map(cause))),
            ("reasons", reasons(label.reasons)), ("agenda", .array(label.agenda.map { .string($0.id) })),
        ])
    }

    private static func cause(_ cause: Report.Cause) -> JSONValue {
        .object([
            ("rule", .string(cause.rule)), ("title", JSONValue(cause.title)), ("because", JSONValue(cause.because)),
            ("breaches", .number("\(cause.breaches)")), ("days", .number("\(cause.days)")),
            ("stores", .array(cause.stores.map { .string($0.id) })),
        ])
    }

    private static func reasons(_ reasons: [(reason: String, refunded: Refunded)]) -> JSONValue {
        .array(
            reasons.map { reason in
                .object([
                    ("reason", reason.reason.isEmpty ? .null : .string(reason.reason)),
                    ("refunded", refunded(reason.refunded)),
                ])
            })
    }

    private static func item(_ item: Agenda.Item) -> JSONValue {
        .object([
            ("id", .string(item.id)), ("kind", .string(item.kind.rawValue)), ("day", .string(item.day.description)),
            ("store", JSONValue(item.store?.id)), ("rule", JSONValue(item.rule)), ("title", JSONValue(item.title)),
            ("details", JSONValue(item.details)),
        ])
    }

    private static func days(_ days: [Standing: Int]) -> JSONValue {
        .object(Standing.allCases.map { ($0.rawValue, .number("\(days[$0, default: 0])")) })
    }

    private static func refunded(_ refunded: Refunded) -> JSONValue {
        .object([
            ("count", .number("\(refunded.count)")), ("without_amount", .number("\(refunded.withoutAmount)")),
            (
                "amounts",
                .array(
                    refunded.sums.map {
                        .object([("currency", JSONValue($0.currency)), ("amount", .string($0.text))])
                    })
            ),
        ])
    }
}
