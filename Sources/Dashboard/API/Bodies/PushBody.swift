import Daemon
import Facts

/// What became of facts that were pushed.
enum PushBody {
    /// Of what could not be read, so much is told one by one.
    private static let shown = 1000

    static func json(_ outcome: PushTask.Outcome) -> JSONValue {
        func counts(_ kinds: [FactKind: Int]) -> JSONValue {
            .object(kinds.sorted { $0.key < $1.key }.map { ($0.key.name, JSONValue($0.value)) })
        }
        return .object([
            ("source", .string(outcome.source)), ("committed", JSONValue(outcome.committed)),
            ("unchanged", JSONValue(outcome.unchanged)), ("conflicts", JSONValue(outcome.conflicts)),
            ("set_aside", counts(outcome.setAside)), ("displaced", counts(outcome.displaced)),
            ("quarantined", JSONValue(outcome.rejected.count)),
            (
                "quarantine",
                .array(
                    outcome.rejected.prefix(shown).map { rejected in
                        .object([
                            ("position", .string(rejected.position)), ("store", JSONValue(rejected.store)),
                            ("kind", JSONValue(rejected.kind?.name)), ("id", JSONValue(rejected.id)),
                            ("reason", .string(rejected.reason)),
                        ])
                    })
            ), ("ignored", JSONValue(outcome.ignored)),
            ("unknown_members", .array(outcome.unknownMembers.names.map { .string("\($0.kind.name).\($0.member)") })),
            (
                "complete",
                outcome.complete.map { complete in
                    .object([
                        ("stores", .array(complete.stores.map(JSONValue.string))),
                        ("kinds", .array(complete.kinds.kinds.map { .string($0.name) })),
                        ("from", JSONValue(complete.from)), ("until", .string(complete.until.description)),
                    ])
                } ?? .null
            ), ("remark", JSONValue(outcome.remark)),
        ])
    }

    static let shape = Shape.object([
        .init("source", .described("by which `sources:` of a store names it", .text)),
        .init("committed", .described("facts that are new, newer or taken back", .whole)),
        .init("unchanged", .described("facts that were known in this version or a newer one", .whole)),
        .init(
            "conflicts",
            .described("of these, with the same `updated_at` and other members: the first to arrive stays", .whole)),
        .init(
            "set_aside",
            .described("by kind, kept and not counted, as another source brings that kind there", .map(.whole))),
        .init(
            "displaced",
            .described("by kind, of other sources and counted no more, as what is pushed goes before", .map(.whole))),
        .init("quarantined", .described("that could not be read as facts", .whole)),
        .init(
            "quarantine",
            .described(
                "the first thousand of these",
                .list(
                    .object([
                        .init("position", .described("`line 3`, or `fact 3` of a list", .text)),
                        .init("store", .orNull(.text)), .init("kind", .orNull(.kind)), .init("id", .orNull(.text)),
                        .init("reason", .text),
                    ])))),
        .init("ignored", .described("lines of an export that are no facts: marks and coverage", .whole)),
        .init(
            "unknown_members",
            .described("dropped, as the schema does not know them: `rating.stars`", .list(.text))),
        .init(
            "complete",
            .described(
                "what is complete from now on; null: nothing was said of it",
                .orNull(
                    .object([
                        .init("stores", .list(.text)), .init("kinds", .list(.kind)), .init("from", .orNull(.moment)),
                        .init("until", .moment),
                    ])))), .init("remark", .described("why less is complete than was said", .orNull(.text))),
    ])
}
