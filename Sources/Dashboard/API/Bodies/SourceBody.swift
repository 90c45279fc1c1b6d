import Daemon
import Facts
import Ledgers

/// A feed or a store's platform, and how its pulls go; or what else a store is judged by.
enum SourceBody {
    struct Source {
        var name: SourceName
        /// nil: of a feed, which brings many.
        var store: String?
        /// nil: the configuration has it no more, or it is pushed.
        var every: TimeSpan?
        var record = PullRecord()
        /// What a store is judged by; nil: readings alone, or a feed as a whole.
        var input: WallLine.Input?
    }

    static func json(_ source: Source) -> JSONValue {
        let record = source.record
        return .object([
            ("source", .string(source.name.description)), ("store", JSONValue(source.store)),
            ("every", source.every.map { JSONValue(Int($0.microseconds / 1_000_000)) } ?? .null),
            ("finished_at", JSONValue(record.finishedAt)), ("failures", JSONValue(record.failures)),
            ("failed_at", JSONValue(record.failedAt)), ("failure", JSONValue(record.failure)),
            ("trouble", JSONValue(record.trouble?.rawValue)), ("brought_at", JSONValue(record.broughtAt)),
            ("complete_until", JSONValue(source.input?.coveredUntil)),
            ("fresh_until", JSONValue(source.input?.freshUntil)),
        ])
    }

    static let shape = Shape.object([
        .init(
            "source",
            .described("`platform`, `feed:` and its id (`feed:push` is what is pushed), `file` or `hand`", .text)),
        .init("store", .orNull(.text)),
        .init("every", .described("seconds; null: it is not pulled", .orNull(.whole))),
        .init("finished_at", .described("the end of the last whole pull", .orNull(.moment))),
        .init("failures", .described("since the last page that came", .whole)), .init("failed_at", .orNull(.moment)),
        .init("failure", .orNull(.text)), .init("trouble", .orNull(.words(of: PullTrouble.self))),
        .init("brought_at", .described("when it last brought a fact", .orNull(.moment))),
        .init("complete_until", .described("up to when it is complete at the store", .orNull(.moment))),
        .init("fresh_until", .described("from when on some of it is stale there", .orNull(.moment))),
    ])
}
