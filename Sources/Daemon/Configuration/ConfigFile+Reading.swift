import Alerts
import Facts
import Language
import Notify
import Rules

extension ConfigFile {
    /// Reads what is written. Everything found wrong goes into `log`; what could be read comes back all the same.
    init(_ source: SourceText, log: DiagnosticLog) {
        guard let root = YAMLCursor.open(source, as: "the configuration", log: log) else { return }
        guard !root.isEmpty else {
            log.error("the configuration is empty; it needs at least `database:` and `stores:`", at: 0..<0, in: source)
            return
        }
        guard
            let keys = root.keys(
                [
                    "database", "packs", "listen", "public_url", "ca_file", "accounts", "stores", "feeds", "receivers",
                    "inhibit", "observe", "heartbeat", "access", "metrics",
                ],
                required: ["database", "stores"])
        else { return }
        database = keys["database"].flatMap(placed)
        packs = keys["packs"]?.items()?.compactMap(placed) ?? []
        listen = keys["listen"].flatMap(placed)
        publicURL = keys["public_url"].flatMap(placed)
        caFile = keys["ca_file"].flatMap(placed)
        accounts = keys["accounts"]?.items()?.compactMap(account) ?? []
        stores = keys["stores"].map(ConfigFile.storeItems) ?? []
        feeds = keys["feeds"]?.items()?.compactMap(feed) ?? []
        receivers = keys["receivers"]?.items()?.compactMap(receiver) ?? []
        inhibitions = keys["inhibit"]?.items()?.compactMap(RoutingReader.inhibition) ?? []
        if let written = keys["heartbeat"]?.keys(["url", "every"], required: ["url"]),
            let url = written["url"].flatMap(Self.secret)
        {
            heartbeat = HeartbeatItem(
                url: url, every: written["every"].flatMap { RoutingReader.positive($0, atLeast: .seconds(1)) })
        }
        access = keys["access"].flatMap(Self.accessTerms)
        metrics = keys["metrics"].flatMap(Self.metrics)
        observed = keys["observe"]?.items()?.compactMap(placed) ?? []
    }

    /// The entries of `stores:`, or of a file it names.
    static func storeItems(_ cursor: YAMLCursor) -> [StoreItem] {
        (cursor.items() ?? []).compactMap { item in
            item.isScalar ? placed(item).map(StoreItem.path) : storeEntry(item).map(StoreItem.entry)
        }
    }

    private static func storeEntry(_ cursor: YAMLCursor) -> StoreEntry? {
        guard
            let keys = cursor.keys(
                [
                    "id", "match", "name", "pack", "timezone", "currency", "market", "labels", "parameters",
                    "confirmed", "accepted", "sources", "marks", "quarantine_limit", "endpoint", "credentials", "every",
                    "stale_after", "since", "account", "streams", "expires", "maintenance", "promotions", "observe",
                ])
        else { return nil }
        let adding = ["id", "parameters", "confirmed", "accepted"]
        let isAddition = keys["pack"] == nil && keys.written.count > 1 && keys.written.allSatisfy(adding.contains)
        guard let pack = isAddition ? "" : keys["pack"]?.string() else {
            if keys["pack"] == nil { cursor.error("\(cursor.path) lacks 'pack'") }
            return nil
        }
        var subject: StoreEntry.Subject
        switch (keys["id"], keys["match"]) {
        case (let id?, nil):
            guard let text = id.string() else { return nil }
            if text.isEmpty || text.utf8.count > 200 { id.error("a store's id has 1 to 200 bytes") }
            subject = .id(text)
        case (nil, let match?):
            guard let text = match.string() else { return nil }
            subject = .match(text)
        case (nil, nil):
            cursor.error(
                "a store needs `id:`, or `match:` for all that a feed or a file brings, such as match: \"erp-*\"")
            return nil
        case (_?, _?):
            cursor.error("a store has either `id:` or `match:`, not both")
            return nil
        }
        if case .match = subject, let name = keys["name"] {
            name.error("`name:` is for one store; with `match:` every store keeps its id as its name")
        }
        var entry = StoreEntry(subject: subject, pack: pack, place: cursor.range, source: cursor.source)
        entry.packPlace = keys["pack"]?.range ?? cursor.range
        entry.name = keys["name"]?.string()
        (entry.market, entry.marketPlace) = (keys["market"]?.string(), keys["market"]?.range)
        entry.timezone = keys["timezone"]?.string()
        if let timezone = keys["timezone"], let name = entry.timezone, StoreCalendar(timezone: name) == nil {
            timezone.error("'\(name)' is no time zone; write an IANA name such as Asia/Shanghai, or UTC")
        }
        entry.currency = keys["currency"]?.string()
        if let currency = keys["currency"], let code = entry.currency, !isCurrency(code) {
            currency.error("'\(code)' is no ISO 4217 code such as CNY")
        }
        for label in keys["labels"]?.entries() ?? [] { entry.labels[label.key] = label.value.string() }
        for parameter in keys["parameters"]?.entries() ?? [] {
            entry.parameters[parameter.key] = parameter.value.passage()
            entry.parameterPlaces[parameter.key] = parameter.keyRange
        }
        if let confirmed = keys["confirmed"] {
            if confirmed.isList {
                entry.confirmation = .rules(Set((confirmed.items() ?? []).compactMap { $0.string() }))
            } else if confirmed.bool() == true {
                entry.confirmation = .all
            }
        }
        if let observed = keys["observe"] {
            if observed.isList {
                entry.observed = .rules(Set((observed.items() ?? []).compactMap { $0.string() }))
            } else if observed.bool() == true {
                entry.observed = .all
            }
        }
        for rule in keys["accepted"]?.entries() ?? [] {
            guard let accepted = rule.value.keys(["by", "why", "until"], required: ["by", "why", "until"]),
                let by = accepted["by"]?.string(), let why = accepted["why"]?.string(),
                let until = accepted["until"]?.day()
            else { continue }
            entry.accepted[rule.key] = Acceptance(by: by, why: why, until: until)
            entry.acceptedPlaces[rule.key] = rule.keyRange
        }
        for source in keys["sources"]?.entries() ?? [] {
            guard let kind = FactKind(name: source.key) else {
                source.error(
                    "'\(source.key)' is no kind of fact\(NearestName.hint(for: source.key, among: FactKind.allCases.map(\.name)))"
                )
                continue
            }
            entry.sources[kind] = source.value.string()
            entry.sourcePlaces[kind] = source.value.range
        }
        if let marks = keys["marks"], let word = marks.string() {
            if !["shown", "counted"].contains(word) {
                marks.error("`marks:` is `shown`, beside the platform's figures, or `counted`, in their place")
            }
            entry.countsMarks = word == "counted"
        }
        entry.windows = RoutingReader.windows(keys)
        entry.accessItem = access(keys, of: subject)
        if let limit = keys["quarantine_limit"]?.integer(0...1_000_000) { entry.quarantineLimit = limit }
        return entry
    }

    private func feed(_ cursor: YAMLCursor) -> FeedItem? {
        guard
            let keys = cursor.keys(
                ["id", "url", "headers", "every", "stale_after", "overlap", "kinds"], required: ["id", "url"],
                advice: ["since": "is not supported yet: a feed's first pull asks for everything"]),
            let idCursor = keys["id"], let id = idCursor.id(), let url = keys["url"].flatMap(placed)
        else { return nil }
        var item = FeedItem(id: Placed(value: id, place: idCursor.range, source: cursor.source), url: url)
        for header in keys["headers"]?.entries() ?? [] {
            // Part of a secret may have been read as the key.
            guard let value = Self.secret(header.value.named("the value of a header")) else { continue }
            item.headers.append((Placed(value: header.key, place: header.keyRange, source: cursor.source), value))
        }
        item.every = keys["every"].flatMap { RoutingReader.positive($0, atLeast: .seconds(1)) }
        item.staleAfter = keys["stale_after"].flatMap { RoutingReader.positive($0, atLeast: .seconds(1)) }
        item.overlap = keys["overlap"].flatMap { RoutingReader.positive($0, atLeast: .zero) }
        item.kinds = keys["kinds"]?.items()?.compactMap { kind in
            guard let name = kind.string() else { return nil }
            guard let found = FactKind(name: name) else {
                kind.error(
                    "'\(name)' is no kind of fact\(NearestName.hint(for: name, among: FactKind.allCases.map(\.name)))")
                return nil
            }
            return found
        }
        return item
    }

    /// One of the words of an enumeration; nil where it is another one, which is said.
    func word<Word: RawRepresentable & CaseIterable>(
        _ cursor: YAMLCursor?, else standard: Word
    ) -> Word? where Word.RawValue == String {
        guard let cursor else { return standard }
        guard let text = cursor.string() else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        cursor.error(
            "\(cursor.path) is one of \(known.joined(separator: ", "))\(NearestName.hint(for: text, among: known))")
        return nil
    }

    /// `{env: NAME}`, `{file: PATH}`, `{credential: NAME}`, or plain text.
    static func secret(_ cursor: YAMLCursor) -> Placed<SecretReference>? {
        if cursor.isScalar {
            guard let text = cursor.string() else { return nil }
            return Placed(value: .literal(text), place: cursor.range, source: cursor.source)
        }
        guard let entries = cursor.entries() else { return nil }
        guard entries.count == 1, let text = entries[0].value.named("the place of a secret").string() else {
            cursor.error("a secret is one of {env: NAME}, {file: PATH}, {credential: NAME}")
            return nil
        }
        let reference: SecretReference
        switch entries[0].key {
        case "env": reference = .env(text)
        case "file": reference = .file(text)
        case "credential": reference = .credential(text)
        default:
            entries[0].error(
                "'\(entries[0].key)' is no place for a secret; write {env: NAME}, {file: PATH} or {credential: NAME}")
            return nil
        }
        return Placed(value: reference, place: cursor.range, source: cursor.source)
    }

    static func isCurrency(_ code: String) -> Bool {
        code.utf8.count == 3 && code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}

/// Text as written, with its place.
func placed(_ cursor: YAMLCursor) -> Placed<String>? {
    cursor.string().map { Placed(value: $0, place: cursor.range, source: cursor.source) }
}
