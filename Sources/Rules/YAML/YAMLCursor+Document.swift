package import Language
import Yams

extension YAMLCursor {
    /// More than any file a person writes; what is larger was given by mistake.
    package static let sizeLimitBytes = 4 << 20

    /// The text of a file's bytes; nil, with the reason in `log`, when they are no text.
    package static func text(of bytes: [UInt8], name: String, log: DiagnosticLog) -> SourceText? {
        let empty = SourceText(name: name, text: "")
        guard bytes.count <= sizeLimitBytes else {
            log.error(
                "the file has \(bytes.count) bytes; a YAML file of ours has at most \(sizeLimitBytes)", at: 0..<0,
                in: empty)
            return nil
        }
        // What some editors put before the text.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            log.error("the file is not UTF-8 text; is it the right file?", at: 0..<0, in: empty)
            return nil
        }
        return SourceText(name: name, text: text)
    }

    /// Opens a document. Nil, with the reason in `log`, when it is no YAML.
    ///
    /// What YAML allows and we refuse (a key twice, anchors, tags) is put into `log`, and all but aliases of mappings and
    /// lists can be read. An empty document opens as an empty cursor (`isEmpty`).
    ///
    /// - Parameter path: what messages call the whole; "the pack", "the configuration".
    package static func open(_ source: SourceText, as path: String, log: DiagnosticLog) -> YAMLCursor? {
        var text = YAMLText(source)
        guard text.bytes.count <= sizeLimitBytes else {
            log.error("\(path) has more than \(sizeLimitBytes) bytes", at: 0..<0, in: source)
            return nil
        }
        guard let root = parse(&text, log: log) else { return nil }
        var anchors: Set<Int> = []
        let plain = refuse(root, in: text, log: log, anchors: &anchors)
        return YAMLCursor(path: path, log: log, node: plain, text: text)
    }

    private static func parse(_ text: inout YAMLText, log: DiagnosticLog) -> Node? {
        var yaml = text.source.text
        while true {
            do {
                // The basic resolver gives no scalar a type. The explicit encoding keeps Yams from asking the
                // environment.
                let parser = try Yams.Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
                return try parser.singleRoot() ?? Node("", .implicit, .plain)
            } catch let error as YamlError {
                log.add(diagnostic(of: error, in: text))
                // The parser gives up at the first mapping with a key twice; with that key out of sight it goes on.
                guard case .duplicatedKeysInMapping(let keys, let context) = error, text.repeated.count < repeatLimit,
                    let key = keys.first, let rest = text.hide(key, at: context.mark, in: yaml)
                else { return nil }
                yaml = rest
            } catch {
                log.error("not readable as YAML", at: 0..<0, in: text.source)
                return nil
            }
        }
    }

    /// Every repeated key is another parse; a file with more of them is given up.
    private static let repeatLimit = 200

    /// Refuses anchors and tags in a node and below it, each once.
    ///
    /// - Returns: the node with aliases of mappings and lists taken out: whoever followed aliases of aliases would not
    ///   come to an end.
    private static func refuse(
        _ node: Node, in text: YAMLText, log: DiagnosticLog, anchors: inout Set<Int>
    ) -> Node {
        let start = text.offset(of: node.mark)
        // A node's mark is where its anchor or tag begins; plain text cannot begin with these signs. A mapping in block
        // style begins where its first key does, whose sign it may be.
        var isOwn = true
        if case .mapping(let pairs) = node, let first = pairs.first, text.offset(of: first.key.mark) == start {
            isOwn = false
        }
        switch text.byte(at: start) {
        case UInt8(ascii: "&") where isOwn:
            log.error(
                "anchors (&) and aliases (*) are not supported; write the value out", at: start..<start + 1,
                in: text.source)
            // An alias has the mark of its anchor.
            if !anchors.insert(start).inserted, node.scalar == nil {
                return .alias(Node.Alias("", .implicit, node.mark))
            }
        case UInt8(ascii: "!") where isOwn:
            log.error("tags (!) are not supported; leave it out", at: start..<start + 1, in: text.source)
        default: break
        }
        switch node {
        case .scalar, .alias: return node
        case .sequence(var items):
            for index in items.indices { items[index] = refuse(items[index], in: text, log: log, anchors: &anchors) }
            return .sequence(items)
        case .mapping(let pairs):
            let refused = pairs.map {
                (
                    refuse($0.key, in: text, log: log, anchors: &anchors),
                    refuse($0.value, in: text, log: log, anchors: &anchors)
                )
            }
            return .mapping(Node.Mapping(refused, pairs.tag, pairs.style, pairs.mark))
        }
    }

    private static func diagnostic(of error: YamlError, in text: YAMLText) -> Diagnostic {
        func at(_ mark: Mark, _ message: String) -> Diagnostic {
            let offset = text.offset(of: mark)
            return Diagnostic(.error, message, at: offset..<offset, in: text.source)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let around = context.map { " \($0.text)" } ?? ""
            return at(mark, "not valid YAML\(around): \(problem)\(hint(for: problem, mark, in: text))")
        case .reader(let problem, let offset, _, _):
            let index = offset.map { min($0, text.source.text.count) } ?? 0
            let start = text.source.text.prefix(index).utf8.count
            return Diagnostic(
                .error, "not valid YAML: \(problem); is it a text file?", at: start..<start, in: text.source)
        case .duplicatedKeysInMapping(let keys, let context):
            // Its own words quote the whole text, secrets included; the name and the place are enough. The mark is that of
            // the first of the keys; each of the others has a turn of its own.
            let name = keys.first.flatMap { $0.utf8.count <= 64 ? " '\($0)'" : nil } ?? ""
            return at(context.mark, "the key\(name) stands twice in this mapping; keep one of each")
        default:
            return Diagnostic(.error, "not readable as YAML", at: 0..<0, in: text.source)
        }
    }

    private static func hint(for problem: String, _ mark: Mark, in text: YAMLText) -> String {
        let byte = text.byte(at: text.offset(of: mark))
        if problem.contains("undefined alias") {
            return "; anchors and aliases are not supported, quote text that begins with *"
        }
        if problem.contains("another document") { return "; a file holds one document, without ---" }
        if problem.contains("mapping values are not allowed") {
            return "; text with ': ' in it needs quotes, and a key its own line"
        }
        if problem.contains("cannot start any token") {
            return byte == UInt8(ascii: "\t")
                ? "; indent with spaces, not tabs" : "; text that begins with this sign needs quotes"
        }
        if problem.contains("did not find expected key") || problem.contains("block end") {
            return "; look at the indentation and the quotes here and above"
        }
        if problem.contains("tab character") { return "; indent with spaces, not tabs" }
        if problem.contains("could not find expected ':'") {
            return "; is the colon after the key, or the indentation, missing?"
        }
        if problem.contains("nesting") || problem.contains("depth") { return "; no file of ours is nested so deeply" }
        return ""
    }
}
