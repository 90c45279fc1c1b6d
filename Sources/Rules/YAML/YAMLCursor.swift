package import Language
import Yams

/// A place in a YAML document, read strictly: what is not expected is an error with its place, never passed over.
///
/// Packs, pack tests and the configuration are read through it. A reading that fails returns nil (or an empty list) and
/// has put its reason into `log`; reading goes on with the next key, so that all errors are shown at once.
///
/// Scalars are text as written: `NO`, `010` and a date stay what they are until a typed reading asks. Anchors, aliases,
/// merge keys, tags and a key twice are refused.
package struct YAMLCursor {
    /// What messages call it: "the pack", "rules.dispute-refunds.for".
    package let path: String
    package let log: DiagnosticLog
    let node: Node
    let text: YAMLText
    /// Where the key stands whose value this is.
    var keyRange: Range<Int>?
    /// What is left of an expression that YAML has taken apart, which was told.
    var isRest = false

    package var source: SourceText { text.source }

    /// Where the value stands: a whole scalar, or where a mapping or a list begins.
    package var range: Range<Int> {
        let start = text.afterProperties(text.offset(of: node.mark))
        guard case .scalar(let scalar) = node else {
            let isFlow = text.byte(at: start) == UInt8(ascii: "{") || text.byte(at: start) == UInt8(ascii: "[")
            return start..<(isFlow ? start + 1 : start)
        }
        guard scalar.style == .plain || scalar.style == .singleQuoted || scalar.style == .doubleQuoted else {
            return start..<start
        }
        let end = text.passage(of: scalar).offsets.last ?? start
        return start..<max(start, min(text.bytes.count, scalar.style == .plain ? end : end + 1))
    }

    /// Puts an error at this place.
    package func error(_ message: String) { log.error(message, at: range, in: source) }
    package func warning(_ message: String) { log.warning(message, at: range, in: source) }

    /// What is wrong with it was told: it is not complained about.
    var isTorn: Bool { isRest || node.alias != nil }

    package var isMapping: Bool { node.mapping != nil }
    package var isList: Bool { node.sequence != nil }
    package var isScalar: Bool { node.scalar != nil }
    /// Text in quotes, or in a block of its own.
    package var isQuoted: Bool { node.scalar.map { $0.style != .plain } ?? false }
    /// Nothing is written after the key (or the file is empty).
    package var isEmpty: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && scalar.string.isEmpty
    }

    /// The same place, called otherwise in messages.
    package func named(_ path: String) -> YAMLCursor {
        YAMLCursor(path: path, log: log, node: node, text: text, keyRange: keyRange)
    }

    // MARK: Mappings and lists

    /// A mapping whose keys are known. Unknown keys are errors with the nearest known one; missing required ones too.
    ///
    /// - Parameter advice: what to say of keys that are not known for a reason.
    package func keys(
        _ known: [String], required: [String] = [], advice: [String: String] = [:]
    ) -> YAMLKeys? {
        guard let entries = entries() else { return nil }
        var values: [String: YAMLEntry] = [:]
        for entry in entries {
            if known.contains(entry.key) {
                values[entry.key] = entry.joined(to: values[entry.key])
            } else if let words = advice[entry.key] {
                entry.error("'\(entry.key)' \(words)")
            } else {
                let nearest = NearestName.hint(for: entry.key, among: known)
                let list = nearest.isEmpty ? "; known keys are \(known.joined(separator: ", "))" : nearest
                entry.error("unknown key '\(entry.key)' in \(path)\(list)")
            }
        }
        for key in required where values[key] == nil {
            log.error("\(path) lacks '\(key)'", at: keyRange ?? range, in: source)
        }
        return YAMLKeys(cursor: self, values: values)
    }

    /// A mapping whose keys are names of the writer's own, in the order written; a key that is given twice, which was told,
    /// comes twice. Nothing at all is an empty one.
    package func entries() -> [YAMLEntry]? {
        if isTorn { return nil }
        if isEmpty { return [] }
        guard let mapping = node.mapping else {
            error("\(path) must be a mapping (key: value), not \(shape)")
            return nil
        }
        var entries: [YAMLEntry] = []
        for pair in mapping {
            guard let key = pair.key.scalar else {
                log.error("a key must be plain text", at: mark(pair.key), in: source)
                continue
            }
            let place = YAMLCursor(path: path, log: log, node: pair.key, text: text).range
            if let hidden = text.repeated[place.lowerBound] {
                entries.append(entry(hidden, at: place, pair.value))
                continue
            }
            let isFlow = text.byte(at: text.offset(of: mapping.mark)) == UInt8(ascii: "{")
            if let trap = YAMLCursor.trap(in: key, ofFlow: isFlow) {
                log.error(trap, at: place, in: source)
                if isFlow, !entries.isEmpty { entries[entries.count - 1].value.isRest = true }
                continue
            }
            entries.append(entry(key.string, at: place, pair.value))
        }
        return entries
    }

    private func entry(_ key: String, at place: Range<Int>, _ node: Node) -> YAMLEntry {
        let name = path.hasPrefix("the ") ? key : "\(path).\(key)"
        let value = YAMLCursor(path: name, log: log, node: node, text: text, keyRange: place)
        return YAMLEntry(key: key, keyRange: place, value: value)
    }

    /// A list. Nothing at all is an empty one.
    package func items() -> [YAMLCursor]? {
        if isTorn { return nil }
        if isEmpty { return [] }
        guard let sequence = node.sequence else {
            error("\(path) must be a list ([a, b] or lines with - ), not \(shape)")
            return nil
        }
        return sequence.enumerated().map {
            YAMLCursor(path: "\(path)[\($0.offset + 1)]", log: log, node: $0.element, text: text)
        }
    }

    /// A number without quotes around it.
    package var isPlainNumber: Bool { node.scalar.map { $0.style == .plain && Double($0.string) != nil } ?? false }

    /// Whether a mapping has a key, known or not.
    package func hasKey(_ key: String) -> Bool { node.mapping?.contains { $0.key.scalar?.string == key } ?? false }

    /// The same place, with nothing said of what is wrong there: what was read once need not be complained of twice.
    package var quiet: YAMLCursor {
        YAMLCursor(path: path, log: DiagnosticLog(), node: node, text: text, keyRange: keyRange)
    }

    private func mark(_ node: Node) -> Range<Int> {
        let offset = text.offset(of: node.mark)
        return offset..<offset
    }

    /// "a list", "a mapping", "text".
    var shape: String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        default: isEmpty ? "nothing" : "text"
        }
    }

    /// Keys that show that YAML has taken an expression apart.
    private static func trap(in key: Node.Scalar, ofFlow isFlow: Bool) -> String? {
        guard key.style == .plain else { return nil }
        if key.string == "<<" { return "merge keys (<<) are not supported; write the keys out" }
        guard let sign = key.string.first(where: { "()<>=*+".contains($0) }) else { return nil }
        return isFlow
            ? "an expression inside { } needs quotes: a comma or a colon in it has ended it, and this is read as a key; "
                + "write key: \"…\", or write it in block style"
            : "a key cannot hold '\(sign)'; if this is an expression, its key and a colon are missing before it"
    }
}

/// One `key: value` of a mapping.
package struct YAMLEntry {
    package let key: String
    package let keyRange: Range<Int>
    package internal(set) var value: YAMLCursor

    /// Puts an error at the key.
    package func error(_ message: String) { value.log.error(message, at: keyRange, in: value.source) }
    package func warning(_ message: String) { value.log.warning(message, at: keyRange, in: value.source) }
}

/// The entries of a mapping with known keys.
package struct YAMLKeys {
    /// The mapping itself.
    package let cursor: YAMLCursor
    let values: [String: YAMLEntry]

    /// Nil when the key is not written.
    package subscript(key: String) -> YAMLCursor? { values[key]?.value }
    package func entry(_ key: String) -> YAMLEntry? { values[key] }
    /// The keys written, of those known.
    package var written: Set<String> { Set(values.keys) }
}

extension YAMLEntry {
    /// Of a key that is given twice, which was told, both values as far as they fit: who refers to what stands in one of
    /// them makes no mistake of their own.
    fileprivate func joined(to earlier: YAMLEntry?) -> YAMLEntry {
        let node: Node
        switch (earlier?.value.node, value.node) {
        case (.mapping(let first), .mapping(let then)):
            node = .mapping(Node.Mapping(Array(first) + Array(then), then.tag, then.style, then.mark))
        case (.sequence(let first), .sequence(let then)):
            node = .sequence(Node.Sequence(Array(first) + Array(then), then.tag, then.style, then.mark))
        default: return self
        }
        let path = value.path
        return YAMLEntry(
            key: key, keyRange: keyRange,
            value: YAMLCursor(path: path, log: value.log, node: node, text: value.text, keyRange: keyRange))
    }
}
