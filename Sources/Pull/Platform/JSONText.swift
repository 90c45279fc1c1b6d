/// JSON that is sent: compact, members in the order of their names, as platforms sign it.
indirect enum JSONText: Sendable {
    case object([(name: String, value: JSONText)])
    case array([JSONText])
    case string(String)
    /// As it is to stand there.
    case number(String)

    var text: String {
        switch self {
        case .object(let members):
            "{"
                + members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
                .map { FactMapping.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .string(let text): FactMapping.quoted(text)
        case .number(let text): text
        }
    }

    /// With more members, where it is an object.
    func adding(_ more: [(name: String, value: JSONText)]) -> JSONText {
        guard case .object(let members) = self else { return self }
        return .object(members + more)
    }
}
