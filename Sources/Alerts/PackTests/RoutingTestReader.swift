import Facts
import Language
import Rules

/// Who is to hear in tests of a pack, under the keys of the configuration: receivers without addresses, what inhibits what,
/// and silences as people would have said them.
struct RoutingTestReader {
    /// Of a file of tests.
    static let keys = ["receivers", "inhibit", "silences"]

    private let pack: Pack
    private var routes: [Route] = []
    private var inhibitions: [Inhibition] = []
    /// For all tests of the file.
    private var silences: YAMLCursor?

    /// nil: the file says nothing of receivers.
    init?(_ keys: YAMLKeys, of pack: Pack) {
        guard let receivers = keys["receivers"] else {
            for key in ["inhibit", "silences"] {
                keys[key]?.error("there is nobody to hear: say who under receivers:")
            }
            return nil
        }
        (self.pack, silences) = (pack, keys["silences"])
        for item in receivers.items() ?? [] { routes += [route(item)].compactMap { $0 } }
        inhibitions = keys["inhibit"]?.items()?.compactMap(RoutingReader.inhibition) ?? []
        if routes.isEmpty, !receivers.log.hasErrors { receivers.error("\(receivers.path) names nobody") }
    }

    private func route(_ cursor: YAMLCursor) -> Route? {
        guard let keys = cursor.keys(["id", "kind"] + RoutingReader.keys, required: ["id"]), let id = keys["id"]?.id()
        else { return nil }
        if routes.contains(where: { $0.receiver == id }) {
            keys["id"]?.error("the receiver '\(id)' is there twice")
            return nil
        }
        let kinds = ReceiverKind.allCases.map(\.rawValue)
        let kind = keys["kind"].map { $0.word(of: kinds).flatMap(ReceiverKind.init(rawValue:)) } ?? .webhook
        return kind.map { RoutingReader.route(keys, of: id, $0) }
    }

    /// With the silences of one test.
    func routing(
        _ own: YAMLCursor?, windows: [StoreWindow], moment: (YAMLCursor) -> Timestamp?
    ) -> PackTest.Routing {
        let silences = [self.silences, own].compactMap { $0 }.flatMap { $0.items() ?? [] }
        return PackTest.Routing(
            routes: routes, inhibitions: inhibitions,
            silences: silences.enumerated().compactMap { silence($0.element, number: $0.offset, moment) },
            windows: windows)
    }

    private func silence(_ cursor: YAMLCursor, number: Int, _ moment: (YAMLCursor) -> Timestamp?) -> Silence? {
        guard let keys = cursor.keys(RoutingReader.filterKeys + ["from", "until", "ends"], required: ["from"]),
            let begin = keys["from"].flatMap(moment)
        else { return nil }
        let words = Silence.End.allCases.map(\.rawValue)
        let ends = keys["ends"].map { $0.word(of: words).flatMap(Silence.End.init(rawValue:)) } ?? .time
        let until = keys["until"].flatMap(moment)
        guard let ends else { return nil }
        if keys["until"] == nil, ends == .time {
            cursor.error("until when? until:, or ends: resolved")
            return nil
        }
        if let until, until <= begin {
            keys["until"]?.error("\(cursor.path) ends before it begins; until: is excluded")
        }
        return Silence(
            id: "silence \(number + 1)", filter: RoutingReader.filter(keys, cursor), from: begin, until: until,
            ends: ends, by: "the test", why: "the test")
    }

    // MARK: Expectations

    /// `{ops: [firing late-shipment, [firing a, firing b]], boss: none}`: messages, each with what it tells.
    func told(_ cursor: YAMLCursor) -> [PackTest.Expectation] {
        (cursor.entries() ?? []).compactMap { entry in
            let known = routes.map(\.receiver)
            guard known.contains(entry.key) else {
                entry.error("there is no receiver '\(entry.key)'\(NearestName.hint(for: entry.key, among: known))")
                return nil
            }
            guard entry.value.isList else {
                return entry.value.word(of: ["none"]).map { _ in
                    PackTest.Expectation(subject: .told(entry.key, []), place: entry.value.range)
                }
            }
            let messages = (entry.value.items() ?? []).map { item in
                (item.isList ? item.items() ?? [] : [item]).compactMap(event).sorted()
            }
            return PackTest.Expectation(subject: .told(entry.key, messages), place: entry.value.range)
        }
    }

    /// `firing late-shipment`.
    private func event(_ cursor: YAMLCursor) -> String? {
        guard let text = cursor.string() else { return nil }
        let parts = text.split(separator: " ")
        let events: [NoticeItem.Event] = [.firing, .raised, .lowered, .reminder, .resolved, .flapping, .settled]
        guard parts.count == 2, events.map(\.rawValue).contains(String(parts[0])) else {
            cursor.error(
                "'\(text)' is no event of a rule; write one of \(events.map(\.rawValue).joined(separator: ", ")), and the rule: firing late-shipment"
            )
            return nil
        }
        let rule = String(parts[1])
        guard pack.rule(rule) != nil else {
            let hint = NearestName.hint(for: rule, among: pack.rules.map(\.id))
            cursor.error("the pack '\(pack.name)' has no rule '\(rule)'\(hint)")
            return nil
        }
        return text
    }
}
