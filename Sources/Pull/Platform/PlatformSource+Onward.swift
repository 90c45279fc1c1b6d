import Curl
import Facts
import HTTPTypes
import Rules

/// Where a pull goes on after an answer: the next page, the next stretch of time, the next stream.
extension PlatformSource {
    /// nil: that was all.
    ///
    /// - Parameter isLast: the answer's head says that no page follows.
    func next(
        after place: PlatformPlace, _ items: [JSONNode], _ found: [PlatformPlace.Item?], _ root: JSONNode?,
        _ state: PullState, isLast: Bool = false
    ) throws(PullError) -> PlatformPlace? {
        let stream = outer(at: place)
        var next = place
        if !place.items.isEmpty {
            // What is asked for one item may go on too.
            var asked = place
            asked.page = place.detailPage
            let detail = self.stream(at: place)
            next.detailPage =
                detail.name == stream.name ? nil : try page(after: asked, detail, items, root)
            if next.detailPage != nil { return next }
        }
        if stream.open != nil {
            if place.detail < stream.details?.streams.count ?? 0, place.detail > 0 || found.first.flatMap(\.self) != nil
            {
                if let more = found.first.flatMap(\.self) { next.items[0] = more }
                next.detail += 1
                return next
            }
            next.detail = 0
            next.items.removeFirst(min(1, next.items.count))
            return next.items.isEmpty ? beginning(of: place.stream + 1, state) : next
        }
        if !place.items.isEmpty, let details = stream.details {
            next.detail += 1
            if next.detail == details.streams.count {
                next.detail = 0
                next.items.removeFirst(min(details.batch, next.items.count))
            }
            if !next.items.isEmpty || !next.isLastPage { return next }
            return afterWindow(next, stream, state)
        }
        next.page = isLast ? nil : try page(after: place, stream, items, root)
        for item in found.compactMap(\.self) where !next.items.contains(item) { next.items.append(item) }
        next.isLastPage = next.page == nil
        if !next.items.isEmpty || !next.isLastPage { return next }
        return afterWindow(next, stream, state)
    }

    func isLast(_ place: PlatformPlace, _ stream: PullPlan.Stream, _ reply: Reply) -> Bool {
        guard case .number(let numbering) = stream.paging, place.items.isEmpty,
            let field = numbering.pagesField.flatMap({ HTTPField.Name($0) }),
            let pages = reply.headers[field].flatMap({ Int($0) }), pages > 0
        else { return false }
        return (place.page.flatMap(Int.init) ?? numbering.first) - numbering.first + 1 >= pages
    }

    /// The next stretch of time, the next value of the list, the next stream.
    private func afterWindow(
        _ place: PlatformPlace, _ stream: PullPlan.Stream, _ state: PullState
    ) -> PlatformPlace? {
        var next = PlatformPlace(stream: place.stream)
        (next.value, next.window) = (place.value, place.window + 1)
        if next.window < windows(of: stream, state).count { return next }
        (next.value, next.window) = (place.value + 1, 0)
        if next.value < stream.list?.values.count ?? 1 { return next }
        return beginning(of: place.stream + 1, state)
    }

    func page(
        after place: PlatformPlace, _ stream: PullPlan.Stream, _ items: [JSONNode], _ root: JSONNode?
    ) throws(PullError) -> String? {
        func text(_ path: [String]) -> String? { root?[path]?.text.flatMap { $0.isEmpty ? nil : $0 } }
        func total(_ paths: [[String]]) throws(PullError) -> Int {
            guard let total = paths.lazy.compactMap(text).first.flatMap(Int.init), total >= 0 else {
                if root == nil { return 0 }
                let place = paths.first?.joined(separator: ".") ?? ""
                throw .unreadable("the answer to \(stream.name) has no count at \(place)")
            }
            return total
        }
        switch stream.paging {
        case .single: return nil
        case .number(let numbering):
            let number = place.page.flatMap(Int.init) ?? numbering.first
            if let paths = numbering.total, let size = numbering.size {
                if numbering.isBackwards, place.page != nil { return number > numbering.first ? "\(number - 1)" : nil }
                // Where nothing is, or no more, nothing need be counted.
                if paths.allSatisfy({ text($0) == nil }), items.isEmpty || root.map(numbering.saysNoMore) ?? true {
                    return nil
                }
                if numbering.mayLackTotal, paths.lazy.compactMap(text).first == nil {
                    return items.isEmpty ? nil : "\(number + 1)"
                }
                let last = numbering.first + max(0, (try total(paths) - 1) / size)
                if number >= last { return nil }
                return numbering.isBackwards ? "\(last)" : "\(number + 1)"
            }
            if let more = numbering.more { return text(more) == "true" ? "\(number + 1)" : nil }
            // A short page proves nothing: a shop may cap or hide what it lists. The empty one does.
            return items.isEmpty ? nil : "\(number + 1)"
        case .offset(let count):
            let read = (place.page.flatMap(Int.init) ?? 0) + items.count
            if items.isEmpty { return nil }
            let isTold = root.map { count?.text(in: $0) != nil } ?? false
            if let count, isTold || !count.mayBeMissing, read >= (try total(count.paths)) { return nil }
            return "\(read)"
        case .cursor(let path, let ends, let more, _):
            if let more, text(more) != "true" { return nil }
            // Where no more is shown than so much, some say for ever that there is more, and lead to where one is.
            if items.isEmpty, let page = place.page, text(path) == page { return nil }
            return text(path).flatMap { ends.contains($0) ? nil : $0 }
        case .query(let path): return text(path)
        case .link(let path):
            guard let link = text(path) else { return nil }
            // Credentials go to the address that was configured, to what lies under it, and nowhere else.
            guard Request(method: .get, url: link) != nil, link.hasPrefix(address + "/"), !link.contains("/../") else {
                throw .unreadable("the next page of \(stream.name) is at another address than the endpoint")
            }
            return link
        }
    }
}
