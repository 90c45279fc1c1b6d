import Daemon
import Facts
import Rules

/// A store, and where it stands at a glance.
enum StoreBody {
    /// - Parameter line: nil while it was not looked at since the start.
    static func json(_ store: Store, _ line: WallLine?) -> JSONValue {
        .object([
            ("store", .string(store.id)), ("name", .string(store.name)), ("platform", .string(store.pack)),
            ("timezone", .string(store.timezone)), ("currency", JSONValue(store.currency)),
            ("market", JSONValue(store.market)),
            ("labels", .object(store.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("standing", JSONValue(line?.standing.rawValue)), ("at", JSONValue(line?.at)),
        ])
    }

    static let shape = Shape.object([
        .init("store", .text), .init("name", .text), .init("platform", .described("its pack", .text)),
        .init("timezone", .text), .init("currency", .orNull(.text)), .init("market", .orNull(.text)),
        .init("labels", .map(.text)),
        .init("standing", .described("null: it was not judged since the daemon began", .orNull(.standing))),
        .init("at", .described("when it was judged", .orNull(.moment))),
    ])
}
