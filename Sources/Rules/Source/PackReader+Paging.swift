import Facts
import Language

/// How a list goes on from page to page, and how it writes moments.
extension PackReading {
    func paging(_ cursor: YAMLCursor) -> PullPlan.Paging? {
        let known = [
            "number", "more", "total", "size", "backwards", "offset", "link", "cursor", "ends", "first", "query",
            "header",
        ]
        guard let keys = cursor.keys(known) else { return nil }
        func path(_ key: String) -> [String]? { keys[key]?.string().map(Self.names) }
        if let link = path("link") { return .link(link) }
        if let query = path("query") { return .query(query) }
        if let at = path("cursor") {
            return .cursor(
                at, ends: keys["ends"]?.items()?.compactMap { $0.string() } ?? [], more: path("more"),
                first: keys["first"]?.string())
        }
        if keys["offset"] != nil {
            guard keys["offset"]?.integer(0...0) != nil else { return nil }
            return .offset(total: keys["total"].map(count))
        }
        guard let first = keys["number"]?.integer(0...1) else {
            cursor.error("pages is {number: 1}, {offset: 0}, {link: PATH}, {cursor: PATH} or {query: PATH}")
            return nil
        }
        let total = keys["total"].map(count)
        var numbering = PullPlan.Numbering(
            first: first, more: path("more"), total: total?.paths, size: keys["size"]?.integer(1...100_000))
        numbering.mayLackTotal = total?.mayBeMissing ?? false
        numbering.pagesField = keys["header"]?.string()
        numbering.isBackwards = keys["backwards"]?.bool() ?? false
        if (numbering.total == nil) != (numbering.size == nil) || numbering.isBackwards && numbering.total == nil {
            cursor.error("pages by a total need both total: PATH and size: how many items a page has")
        }
        if numbering.isBackwards, numbering.mayLackTotal {
            keys["total"]?.error("the last page is read first, and only a total that is always there tells which it is")
        }
        return .number(numbering)
    }

    /// `total`, or `total?` where it may be missing; of several the first that is there counts.
    private func count(_ cursor: YAMLCursor) -> PullPlan.Count {
        let texts = cursor.isList ? cursor.items()?.compactMap { $0.string() } ?? [] : [cursor.string() ?? ""]
        return PullPlan.Count(
            paths: texts.map { Self.names($0.hasSuffix("?") ? String($0.dropLast()) : $0) },
            mayBeMissing: texts.contains { $0.hasSuffix("?") })
    }

    func moments(_ cursor: YAMLCursor?) -> [PullPlan.Moments]? {
        guard let cursor else { return nil }
        let words = PullPlan.Moments.allCases.map(\.rawValue)
        let written = cursor.isList ? cursor.items() ?? [] : [cursor]
        let found = written.compactMap { $0.word(of: words).flatMap(PullPlan.Moments.init(rawValue:)) }
        return found.isEmpty ? nil : found
    }
}
