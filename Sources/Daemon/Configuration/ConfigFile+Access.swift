import Alerts
import Facts
import Rules

/// How platforms are reached: what stands at a store, and what its account gives.
extension ConfigFile {
    /// What says how the platform is reached; nil where nothing does.
    static func access(_ keys: YAMLKeys, of subject: StoreEntry.Subject) -> AccessItem? {
        let own = ["account", "endpoint", "credentials", "every", "stale_after", "since", "streams", "expires"]
        guard let first = own.first(where: { keys[$0] != nil }) else { return nil }
        if case .match = subject {
            keys[first]?.error("`\(first):` is for one store: a platform is pulled store by store; write `id:`")
        }
        var item = AccessItem(account: keys["account"].flatMap(placed), endpoint: keys["endpoint"].flatMap(placed))
        item.credentials = keys["credentials"].map(credentials) ?? []
        item.every = keys["every"].flatMap { RoutingReader.positive($0, atLeast: .seconds(1)) }
        item.staleAfter = keys["stale_after"].flatMap { RoutingReader.positive($0, atLeast: .seconds(1)) }
        item.since = keys["since"].flatMap { RoutingReader.positive($0, atLeast: .days(1)) }
        item.expires = keys["expires"].map(expiring) ?? []
        item.streams = (keys["streams"]?.entries() ?? []).compactMap { stream in
            guard
                let every = stream.value.keys(["every"], required: ["every"])?["every"].flatMap({
                    RoutingReader.positive($0, atLeast: .seconds(1))
                })
            else { return nil }
            return (Placed(value: stream.key, place: stream.keyRange, source: stream.value.source), every)
        }
        return item
    }

    func account(_ cursor: YAMLCursor) -> AccountItem? {
        guard
            let keys = cursor.keys(
                ["id", "pack", "credentials", "expires", "calls_per_second"], required: ["id", "pack", "credentials"]),
            let idCursor = keys["id"], let id = idCursor.id(), let pack = keys["pack"].flatMap(placed)
        else { return nil }
        return AccountItem(
            id: Placed(value: id, place: idCursor.range, source: cursor.source), pack: pack,
            credentials: keys["credentials"].map(Self.credentials) ?? [],
            expires: keys["expires"].map(Self.expiring) ?? [],
            callsPerSecond: keys["calls_per_second"]?.integer(1...10_000))
    }

    /// `{client_secret: 2026-12-31}`.
    private static func expiring(_ cursor: YAMLCursor) -> [(name: Placed<String>, day: LocalDay)] {
        (cursor.entries() ?? []).compactMap { entry in
            entry.value.day().map {
                (name: Placed(value: entry.key, place: entry.keyRange, source: entry.value.source), day: $0)
            }
        }
    }

    static func credentials(
        _ cursor: YAMLCursor
    ) -> [(name: Placed<String>, value: Placed<SecretReference>)] {
        (cursor.entries() ?? []).compactMap { credential in
            guard let value = secret(credential.value.named("the value of a credential")) else { return nil }
            return (Placed(value: credential.key, place: credential.keyRange, source: credential.value.source), value)
        }
    }
}
