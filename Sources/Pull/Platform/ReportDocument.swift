import Facts
import Rules

/// A report's document as it was fetched, packed by gzip or not: what begins as gzip does is unpacked, whatever was said of it.
struct ReportDocument {
    /// Of its stream, in messages.
    let name: String
    let body: [UInt8]

    /// Bytes once unpacked: what grows beyond is no report.
    private static let limit = 256 << 20

    func json() throws(PullError) -> JSONDocument {
        guard let document = PlatformSource.document(try plain()) else {
            throw .unreadable("the report \(name) is no JSON document")
        }
        return document
    }

    /// A table's lines as objects, by the names in its first line, which the pack may write with other blanks, dashes and
    /// capitals. A line of more cells than names has a tab in it that is not meant, and becomes an object without anything.
    ///
    /// - Parameter facts: of what they make their ids has to be among the names: Amazon writes an error as a text of one line.
    func rows(naming facts: [PullPlan.FactMapping]) throws(PullError) -> [JSONNode] {
        let text = Self.text(try plain())
        var lines = text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }[...]
        let written = (lines.popFirst() ?? "").split(separator: "\t", omittingEmptySubsequences: false).map(
            Self.trimmed)
        let names = Self.named(written, as: facts.reduce(into: []) { $0.formUnion(Self.columns(of: $1)) })
        for fact in facts {
            guard let id = fact.id, !id.contains(where: { Self.columns(of: $0).isSubset(of: names) }) else { continue }
            let missing = id.flatMap { Self.columns(of: $0).subtracting(names) }.sorted()
            throw .unreadable("the report \(name) has no column '\(missing.first ?? "")'")
        }
        let objects = lines.map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.trimmed)
            guard cells.count <= names.count else { return "{}" }
            return "{"
                + zip(names, cells).map { JSONText.quoted($0) + ":" + JSONText.quoted($1) }.joined(separator: ",")
                + "}"
        }
        guard let document = PlatformSource.document(Array("[\(objects.joined(separator: ","))]".utf8)) else {
            throw .unreadable("the report \(name) is no table")
        }
        return document.root.elements
    }

    /// The names as the pack writes them: `return-date`, `Return Date` and `RETURN_DATE` are one. What stands there letter by
    /// letter goes before what only sounds like it.
    private static func named(_ written: [String], as known: Set<String>) -> [String] {
        var byLetters: [String: String] = [:]
        for name in known.sorted() where !written.contains(name) { byLetters[letters(name)] = name }
        return written.map { name in
            known.contains(name) ? name : byLetters.removeValue(forKey: letters(name)) ?? name
        }
    }

    private static func letters(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// All that a mapping reads.
    private static func columns(of fact: PullPlan.FactMapping) -> Set<String> {
        let terms = [fact.id ?? [], fact.updatedAt] + fact.members.map(\.terms) + fact.labels.map(\.terms)
        let conditions = fact.conditions + terms.joined().flatMap(\.conditions)
        return (terms.joined() + conditions.map(\.term)).reduce(into: []) { $0.formUnion(columns(of: $1)) }
    }

    private static func columns(of term: PullPlan.Term) -> Set<String> {
        switch term.origin {
        case .path(let names, _): Set(names.prefix(1))
        // Lines have no lists in them.
        case .each: []
        case .template(let template): Set(PullPlan.names(in: template))
        case .sum, .item, .now, .constant: []
        }
    }

    private static func trimmed(_ cell: Substring) -> String {
        var cell = cell.drop { $0 == " " }
        while cell.last == " " { cell.removeLast() }
        return String(cell)
    }

    /// UTF-8; else each byte as one character, as in Windows' and ISO's sets of the West: ids, words and dates are the same in all.
    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
    }

    /// Unpacked, without a byte order mark.
    private func plain() throws(PullError) -> [UInt8] {
        let bytes = body.starts(with: [0x1F, 0x8B]) ? try inflated() : body
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    private func inflated() throws(PullError) -> [UInt8] {
        do throws(FactFileError) {
            let inflater = try GzipInflater(name: name)
            var (taken, plain, chunk) = (0, [UInt8](), [UInt8](repeating: 0, count: 256 << 10))
            var step: InflateStep
            repeat {
                step = try Self.step(inflater, body, from: taken, into: &chunk)
                taken += step.taken
                plain += chunk[..<step.given]
                // What has neither taken nor given anything never will.
                guard plain.count <= Self.limit, step.taken + step.given > 0 else { break }
            } while taken < body.count || !inflater.isAtEnd && step.given == chunk.count
            if inflater.isAtEnd, taken == body.count, plain.count <= Self.limit { return plain }
        } catch {
            throw .unreadable("the report \(name) cannot be unpacked")
        }
        throw .unreadable("the report \(name) cannot be unpacked to its end")
    }

    private static func step(
        _ inflater: GzipInflater, _ body: [UInt8], from taken: Int, into chunk: inout [UInt8]
    ) throws(FactFileError) -> InflateStep {
        let result = body.withUnsafeBytes { input in
            chunk.withUnsafeMutableBytes { output in
                Result { () throws(FactFileError) in
                    try inflater.step(from: UnsafeRawBufferPointer(rebasing: input[taken...]), into: output)
                }
            }
        }
        return try result.get()
    }
}
