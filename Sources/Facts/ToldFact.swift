/// A fact as a mapping tells it, member by member, before anything of it is checked.
package struct ToldFact: Sendable {
    package enum Value: Sendable, Hashable { case text(String), moment(Timestamp) }

    package let kind: FactKind
    package let store: String
    package let id: String
    package let updatedAt: Timestamp?
    /// By their places in the kind's `members`; none twice. What has no value is not among them.
    package let members: [(place: Int, value: Value)]
    package let labels: [(name: String, text: String)]

    package init(
        _ kind: FactKind, store: String, id: String, updatedAt: Timestamp?, members: [(place: Int, value: Value)],
        labels: [(name: String, text: String)] = []
    ) {
        (self.kind, self.store, self.id, self.updatedAt) = (kind, store, id, updatedAt)
        (self.members, self.labels) = (members, labels)
    }

    /// As a person could import it: one line of JSON, without a line end.
    package var line: String {
        var bytes: [UInt8] = []
        func append(_ name: StaticString, _ text: String) {
            bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            bytes.append(jsonString: text)
        }
        append("{\"kind\":", kind.name)
        append(",\"store\":", store)
        append(",\"id\":", id)
        if let updatedAt { append(",\"updated_at\":", "\(updatedAt)") }
        for (place, value) in members {
            let member = Schema[kind].members[place]
            append(",", member.name)
            bytes.append(UInt8(ascii: ":"))
            switch (value, member.type) {
            case (.moment(let moment), _): bytes.append(jsonString: "\(moment)")
            case (.text(let text), .bool) where text == "true" || text == "false": bytes.append(contentsOf: text.utf8)
            case (.text(var text), .number) where text.withUTF8(\.isJSONNumber): bytes.append(contentsOf: text.utf8)
            case (.text(let text), _): bytes.append(jsonString: text)
            }
        }
        if !labels.isEmpty {
            bytes.append(contentsOf: ",\"labels\":{".utf8)
            for (place, label) in labels.enumerated() {
                append(place == 0 ? "" : ",", label.name)
                append(":", label.text)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }
}
