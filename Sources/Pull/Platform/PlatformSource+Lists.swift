import Facts
import Rules

/// Where an answer has its list, and when that is empty.
extension PlatformSource {
    func items(of document: JSONDocument, _ stream: PullPlan.Stream) throws(PullError) -> [JSONNode] {
        let found = stream.items.lazy.compactMap { document.root[$0] }.first
        if let found, found.isArray { return found.elements }
        if stream.count.lazy.compactMap({ document.root[$0]?.text }).first == "0" { return [] }
        if found == nil, let elsewhere = try listElsewhere(in: document.root, stream) { return elsewhere }
        // Null, an object that holds nothing, or left out where the answer says that there is no more: an empty page.
        if let found, found.isNull || found.isEmptyObject, stream.paging != .single { return [] }
        switch stream.paging {
        case .cursor(_, _, let more?, _) where document.root[more]?.text == "false": return []
        case .number(let numbering) where numbering.saysNoMore(document.root): return []
        case .offset(let total?) where total.text(in: document.root) == "0": return []
        default: break
        }
        // Of its own figures a platform may have none, and nothing of what happened is told by them.
        if stream.isAside, found?.isNull ?? true { return [] }
        if case .cursor(let path, let ends, _, _) = stream.paging, let cursor = document.root[path]?.text,
            ends.contains(cursor)
        {
            return []
        }
        // One thing that is asked for by itself, or a list of one that was written without its brackets.
        if let found, found.isObject, stream.paging == .single || isItem(found, of: stream) { return [found] }
        // A thing that the store does not have holds no list: GraphQL says null for it, and others write {} around nothing.
        for path in stream.items {
            let around = path.indices.dropFirst().compactMap { document.root[Array(path[..<$0])] }
            if around.contains(where: { $0.isNull || $0.isEmptyObject && stream.paging != .single }) { return [] }
        }
        // Where a count says that there is nothing, the list may be left out.
        if case .number(let numbering) = stream.paging, let total = numbering.total,
            total.lazy.compactMap({ document.root[$0]?.text }).first == "0"
        {
            return []
        }
        if found?.isObject != true, let bare = plan.bare,
            stream.items.contains(where: { document.root.isBare(at: $0, but: bare) })
        {
            return []
        }
        let names = stream.items[0].joined(separator: ".")
        throw .unreadable("the answer to \(stream.name) has no list\(names.isEmpty ? "" : " at \(names)")")
    }

    /// Of a list that is not where the pack says: one that stands beside, where its items are such items. What says that there
    /// is no more says nothing of a list under another name, and whoever took it for empty would miss all that is in it.
    private func listElsewhere(in root: JSONNode, _ stream: PullPlan.Stream) throws(PullError) -> [JSONNode]? {
        for path in stream.items where !path.isEmpty && !stream.isAside {
            guard let holder = root[Array(path.dropLast())], holder.isObject else { continue }
            let lists = holder.names.filter { !(holder[$0]?.elements.isEmpty ?? true) }
            guard let name = lists.first, let list = holder[name]?.elements else { continue }
            if lists.count == 1, list.allSatisfy({ $0.isObject && isItem($0, of: stream) }) { return list }
            throw .unreadable(
                "the answer to \(stream.name) has no list at \(path.joined(separator: ".")), and another at "
                    + (path.dropLast() + [name]).joined(separator: "."))
        }
        return nil
    }

    /// Where an answer says how many there are, and that it was the last: as many were read. A list that is cut off in
    /// silence is the worst of errors.
    func holdAgainstCount(
        _ items: [JSONNode], _ root: JSONNode, _ stream: PullPlan.Stream, at place: PlatformPlace
    ) throws(PullError) {
        switch stream.paging {
        case .single, .cursor, .query: break
        // These count by themselves, or go on until nothing comes.
        case .number, .offset, .link: return
        }
        guard let total = stream.count.lazy.compactMap({ root[$0]?.text }).first.flatMap(Int.init) else { return }
        let isList = place.items.isEmpty
        let (read, next) = (items.count + (isList ? place.read : 0), isList ? place.page : place.detailPage)
        var asked = place
        asked.page = next
        guard read < total, try page(after: asked, stream, items, root) == nil else { return }
        throw .unreadable("the list of \(stream.name) ends after \(read) of \(total); the rest of it is not told")
    }

    /// Whether it has what an item of the list is known by. Anything else in a list's place is no list of one.
    private func isItem(_ node: JSONNode, of stream: PullPlan.Stream) -> Bool {
        let mapping = mapping(asOf: Timestamp(seconds: 0), isFirst: false)
        let ids = stream.facts.filter(\.each.isEmpty).compactMap(\.id) + [stream.details.map { [$0.item] } ?? []]
        return ids.joined().contains { mapping.id(MappedTerm($0, credentials.firsts), of: node) != nil }
    }
}

extension PullPlan.Numbering {
    /// That this page is the last, of an answer without a count.
    func saysNoMore(_ root: JSONNode) -> Bool {
        more.map { root[$0]?.text == "false" } ?? false
            && (total ?? []).allSatisfy { root[$0].map { $0.isNull || $0.text == "" } ?? true }
    }
}

extension JSONNode {
    /// Whether what would hold the list at that path is there and holds nothing but these.
    func isBare(at path: [String], but names: Set<String>) -> Bool {
        var (holder, depth) = (self, 0)
        for name in path {
            guard let next = holder[name], !next.isNull else { break }
            (holder, depth) = (next, depth + 1)
        }
        return depth > 0 && holder.isObject
            && holder.names.allSatisfy { names.contains($0) || holder[$0]?.isNull ?? true }
    }
}

extension PullPlan.Count {
    /// nil: an answer does not tell.
    func text(in root: JSONNode) -> String? {
        paths.lazy.compactMap { root[$0]?.text }.first { !$0.isEmpty }
    }
}
