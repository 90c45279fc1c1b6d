import Facts

/// The kept body of a chat service, as one attempt changes it.
enum KeptBody {
    /// With words added to a first line.
    ///
    /// - Parameter place: where the text stands.
    static func bytes(of body: [UInt8], adding words: String, at place: [String]) -> [UInt8] {
        changed(body) { path, text in
            guard path == place else { return text }
            let end = text.firstIndex(of: "\n") ?? text.endIndex
            return text[..<end] + " " + words + text[end...]
        }
    }

    /// Shorter: of a long text its beginning and the line by which a robot lets it in; of a long list its beginning and
    /// its end.
    static func shortened(_ body: [UInt8]) -> [UInt8] {
        changed(body, mostElements: mostElements) { _, text in
            guard text.utf8.count > mostText else { return text }
            let known = text.split(separator: "\n").last { $0.hasPrefix(Message.mark) }
            return Message.cut(text, most: mostText) + (known.map { "\n" + $0 } ?? "")
        }
    }

    private static let (mostText, mostElements) = (1000, 8)

    private static func changed(
        _ body: [UInt8], mostElements: Int = .max, _ change: (_ path: [String], _ text: String) -> String
    ) -> [UInt8] {
        body.withUnsafeBytes { bytes in
            let opened = Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
            guard let root = try? opened.get().root else { return body }
            return Array(value(root, [], mostElements, change).text.utf8)
        }
    }

    private static func value(
        _ node: JSONNode, _ path: [String], _ most: Int, _ change: ([String], String) -> String
    ) -> JSONValue {
        if node.isObject {
            return .object(
                node.names.map { name in (name, node[name].map { value($0, path + [name], most, change) } ?? .null) })
        }
        if node.isArray {
            var elements = node.elements.enumerated().map { value($1, path + ["\($0)"], most, change) }
            if elements.count > most { elements.removeSubrange((most - 1)..<(elements.count - 1)) }
            return .array(elements)
        }
        guard let text = node.text else { return .null }
        if node.isNumber { return .number(text) }
        return node.isBool ? .bool(text == "true") : .string(change(path, text))
    }
}
