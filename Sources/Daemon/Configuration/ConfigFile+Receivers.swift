import Alerts
import Facts
import Language
import Notify
import Rules

/// Receivers, as they are written: a kind names itself by the key of its address, and has keys of its own.
extension ConfigFile {
    func receiver(_ cursor: YAMLCursor) -> ReceiverItem? {
        let kinds = ReceiverKind.allCases.map(\.rawValue)
        guard
            let keys = cursor.keys(
                ["id"] + kinds + ["secret", "fallback", "expire"] + ReceiverEntry.keys + RoutingReader.keys,
                required: ["id"]),
            let idCursor = keys["id"], let id = idCursor.id()
        else { return nil }
        let given = ReceiverKind.allCases.filter { keys[$0.rawValue] != nil }
        guard let kind = given.first, given.count == 1, let address = keys[kind.rawValue] else {
            cursor.error(
                "a receiver has one address, under the key of its kind: \(kinds.joined(separator: ", "))")
            return nil
        }
        for key in ReceiverEntry.keys where !ReceiverEntry.has(key, kind) {
            if let written = keys[key] {
                written.error("\(kind.rawValue) has no \(key):; leave it out")
                return nil
            }
        }
        guard let language: MessageLanguage = word(keys["language"], else: .en),
            let evidence: EvidenceShown = word(keys["evidence"], else: .full),
            let format: WebhookFormat = word(keys["format"], else: .goodstanding),
            let afterOutage: ReceiverEntry.AfterOutage = word(keys["after_outage"], else: .each)
        else { return nil }
        var item = ReceiverItem(
            id: Placed(value: id, place: idCursor.range, source: cursor.source),
            writing: ReceiverWriting(kind, MessageWriting(language: language, evidence: evidence), format: format),
            route: RoutingReader.route(keys, of: id, kind))
        item.writing.message.zone = item.route.zone
        item.secret = keys["secret"].flatMap(Self.secret)
        item.template = keys["template"].flatMap(placed)
        item.chat = keys["chat"]?.string()
        item.fallback = keys["fallback"].flatMap(placed)
        item.expires = keys["expire"].flatMap { RoutingReader.positive($0, atLeast: .minutes(1)) }
        item.afterOutage = afterOutage
        item.hold = keys["hold"].flatMap { RoutingReader.positive($0, atLeast: .seconds(1)) }
        return read(address, keys, into: &item) ? item : nil
    }

    /// Where it listens.
    private func read(_ address: YAMLCursor, _ keys: YAMLKeys, into item: inout ReceiverItem) -> Bool {
        switch item.writing.kind {
        case .command:
            item.command = address.items()?.compactMap(placed) ?? []
            if item.command.isEmpty {
                address.error(
                    "a command is a list, the program and its arguments, such as [/usr/local/bin/page, --urgent]")
            }
            return !item.command.isEmpty
        case .alertmanager where address.isList:
            item.urls = address.items()?.compactMap(Self.secret) ?? []
            if item.urls.isEmpty { address.error("a list of addresses is not empty") }
            return !item.urls.isEmpty
        case .email:
            item.from = keys["from"].flatMap(placed)
            item.to =
                keys["to"].map { $0.isList ? $0.items()?.compactMap(placed) ?? [] : [placed($0)].compactMap { $0 } }
                ?? []
            item.user = keys["user"]?.string()
            guard item.from != nil, !item.to.isEmpty else {
                address.error("email needs from:, one address, and to:, one or several")
                return false
            }
        default: break
        }
        guard let url = Self.secret(address) else { return false }
        item.urls = [url]
        return true
    }
}
