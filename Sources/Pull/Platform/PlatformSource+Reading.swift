import Crypto
package import Curl
package import Facts
import HTTPTypes
import Rules

/// What an answer says, and where it goes on.
extension PlatformSource {
    package func page(
        from reply: Reply, after state: PullState, at now: Timestamp
    ) throws(PullError) -> Page {
        if let step = reportStep(in: state) { return try page(from: reply, of: step, state, at: now) }
        var place = place(of: state)
        let stream = stream(at: place)
        let document = PlatformSource.document(reply.body)
        switch error(in: reply, document, now) {
        case .said(let saying) where saying.meaning == .nothing: return try emptyPage(after: place, state)
        case let error? where stream.open != nil && place.detail == 0 && error.isFinal:
            // The lists vouch for what they tell without it. One case that is refused says nothing of the next, but a right
            // that is lacking lacks for all.
            var page = try emptyPage(after: place, state)
            if error.needsPerson { page.next = beginning(of: place.stream + 1, state)?.text }
            page.refused = "\(stream.name): \(error)"
            return page
        case let error? where stream.isExtra && error.isFinal:
            var page = try emptyPage(after: place, state)
            page.refused = "\(stream.name): \(error)"
            return page
        case let error? where stream.isAside && error.isFinal:
            // Readings prove nothing of what happened: without them the rest is as good as with them.
            var page = try emptyPage(after: place, state)
            (page.refused, page.remarks) = ("\(stream.name): \(error)", [])
            return page
        case let error? where stream.name != outer(at: place).name && stream.optional != nil && error.isFinal:
            return try withheldPage(ofItems: stream, error, after: place, state)
        case let error? where outer(at: place).optional != nil && error.isFinal:
            return withheldPage(of: outer(at: place), error, after: place, state)
        case let error?: throw error
        case nil: break
        }
        if reply.status.code == 204 { return try emptyPage(after: place, state) }
        guard let document else { throw .noJSON("the answer to \(stream.name)", reply.body) }
        var items = try items(of: document, stream)
        if let path = stream.total {
            guard let total = document.root[path]?.text.flatMap(Int.init), total <= items.count else {
                throw .unreadable(
                    "the answer to \(stream.name) holds \(items.count) of more items; ask for more at once")
            }
        }
        var passedOver: [JSONNode] = []
        // From the last page back the first is read once more: what stood there at first is what told how many there are.
        if case .number(let numbering) = stream.paging, numbering.isBackwards, place.page == nil, place.items.isEmpty,
            try self.page(after: place, stream, items, document.root) != nil
        {
            passedOver = items
            items = []
        }
        var waiting = try waiting(items, at: place, state)
        var page = facts(
            of: items, stream, place, state, asOf: state.firstRequestAt ?? Timestamp(seconds: 0),
            isFirst: state.finishedRequestAt == nil
        ) { index, fact in waiting.take(fact, of: index) }
        try add(items, by: stream, to: &place, &page, state)
        // Also of the page that is only looked at: the next one must not be it again.
        let looked =
            passedOver.isEmpty
            ? page : facts(of: passedOver, stream, place, state, asOf: Timestamp(seconds: 0), isFirst: false)
        let held = place.items.isEmpty ? hash(of: items + passedOver, stream, looked) : nil
        if let held, place.page != nil, held == place.held {
            // A cache between the two answers like this; what should stand there would be passed over.
            throw .unreadable("the next page of \(stream.name) holds what the page before held")
        }
        var next = try next(after: place, items, waiting.found, document.root, state)
        if next?.stream == place.stream, next?.value == place.value, next?.window == place.window {
            next?.held = place.items.isEmpty ? held : place.held
        }
        (page.next, page.remarks) = (next?.text, given(place, before: next, state))
        page.toldUntil = toldUntil(outer(at: place), state)
        return page
    }

    /// nil: it is an answer. What a token is told that is known to be good is no end of it: it lacks the right.
    func error(in reply: Reply, _ document: JSONDocument?, _ now: Timestamp) -> PullError? {
        let error = PlatformVerdict(plan: plan, credentials: credentials).error(in: reply, document, now: now)
        guard case .said(var saying)? = error, saying.mayLackRight, let good = tokenIsGoodUntil, now < good else {
            return error
        }
        (saying.meaning, saying.mayLackRight) = (.refused, false)
        return .said(saying)
    }

    /// The same, asking with a token that is known to be good: one that was got just now, or that was taken elsewhere.
    package func trustingToken(at now: Timestamp) -> PlatformSource {
        var source = self
        source.tokenIsGoodUntil = now + .minutes(10)
        return source
    }

    /// Of the ids of what is on a page; nil: of nothing.
    private func hash(of items: [JSONNode], _ stream: PullPlan.Stream, _ page: Page) -> String? {
        var ids = page.facts.map { $0.kind.name + " " + $0.id }
        if let id = stream.details?.item {
            let mapping = mapping(asOf: Timestamp(seconds: 0), isFirst: false)
            let term = MappedTerm(id, credentials.firsts)
            ids += items.compactMap { mapping.id(term, of: $0) }
        }
        if ids.isEmpty { return nil }
        // Whatever their order: a page may be answered again in another one.
        ids.sort()
        return Digests.lowerHex(Array(SHA256.hash(data: Array(ids.joined(separator: "\n").utf8)).prefix(8)))
    }

    func emptyPage(after place: PlatformPlace, _ state: PullState) throws(PullError) -> Page {
        var (page, place) = (Page(), place)
        try add([], by: stream(at: place), to: &place, &page, state)
        let next = try next(after: place, [], [], nil, state)
        (page.next, page.remarks) = (next?.text, given(place, before: next, state))
        return page
    }

    /// nil where it is none.
    static func document(_ body: [UInt8]) -> JSONDocument? {
        let opened = body.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        return try? opened.get()
    }

    func items(of document: JSONDocument, _ stream: PullPlan.Stream) throws(PullError) -> [JSONNode] {
        let found = stream.items.lazy.compactMap { document.root[$0] }.first
        if let found, found.isArray { return found.elements }
        if stream.count.lazy.compactMap({ document.root[$0]?.text }).first == "0" { return [] }
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
        // One thing that is asked for by itself; and a page says `null` where there is nothing in some answers.
        if let found, found.isObject, stream.paging == .single { return [found] }
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

    /// - Parameters:
    ///   - asOf: the moment that the items tell of.
    ///   - isFirst: whether such items are read for the first time.
    ///   - waits: told of each fact with the place of its item; true of one that is no fact of this page yet.
    func facts(
        of items: [JSONNode], _ stream: PullPlan.Stream, _ place: PlatformPlace, _ state: PullState, asOf: Timestamp,
        isFirst: Bool, waits: (Int, Fact) -> Bool = { _, _ in false }
    ) -> Page {
        let mapping = mapping(asOf: asOf, isFirst: isFirst)
        let number = state.seen.count + 1
        var (decoder, alike, page) = (decoding.decoder(), AlikeRejections(), Page())
        func reject(_ index: Int, _ rejection: Rejection) {
            page.rejections.append(
                RejectedText(
                    position: Self.position(number, stream, index, rejection),
                    rejection: alike.numbered(rejection), factsBefore: page.facts.count))
        }
        let rules = stream.facts.map { MappedRule($0, credentials.firsts) }
        let lists = stream.whole.map { MappedRule($0, credentials.firsts) }
        for (index, item) in items.enumerated() {
            let before = page.facts.count
            defer { page.wholes += wholes(lists, item, mapping, page.facts[before...]) }
            for rule in rules {
                for told in mapping.facts(item, rule, item: place.items.first?.known) {
                    switch told.map({ decoder.decode($0) }) {
                    case .failure(let fault):
                        let kind = rule.kind
                        reject(
                            index,
                            Rejection(
                                reason: fault.words, store: store.id, kind: kind, id: fault.id,
                                text: "{\"kind\":\"\(kind.name)\"}"))
                    case .success(.fact(let fact)): if !waits(index, fact) { page.facts.append(fact) }
                    case .success(.rejected(let rejection)): reject(index, rejection)
                    case .success(.mark), .success(.coverage): break
                    }
                }
            }
        }
        return page
    }

    /// What an item names all of: an order that was read well.
    private func wholes(
        _ lists: [MappedRule], _ item: JSONNode, _ mapping: FactMapping, _ facts: ArraySlice<Fact>
    ) -> [WholeList] {
        guard !lists.isEmpty, let order = facts.first(where: { $0.kind == .order }) else { return [] }
        return lists.compactMap { rule in
            guard let ids = mapping.named(item, rule) else { return nil }
            return WholeList(
                store: store.id, kind: rule.kind, order: order.id,
                facts: Set(ids.map { FactKey(kind: rule.kind, id: $0) }), orderUpdatedAt: order.updatedAt,
                factsBefore: facts.endIndex)
        }
    }

    /// Where it stood, and which fact it would be, where that is known.
    static func position(
        _ page: Int, _ stream: PullPlan.Stream, _ index: Int, _ rejection: Rejection
    ) -> String {
        let fact = rejection.id.map { " (\(rejection.kind?.name ?? "fact") \($0))" } ?? ""
        return "page \(page) of \(stream.name), item \(index + 1)\(fact)"
    }

    func mapping(asOf moment: Timestamp, isFirst: Bool) -> FactMapping {
        FactMapping(store: store.id, calendar: calendar, now: moment, isFirst: isFirst)
    }

    func mapped(_ conditions: [PullPlan.Condition]) -> [MappedCondition] {
        conditions.map { MappedCondition($0, credentials.firsts) }
    }

    // MARK: Where it goes on

    /// nil: that was all.
    private func next(
        after place: PlatformPlace, _ items: [JSONNode], _ found: [PlatformPlace.Item?], _ root: JSONNode?,
        _ state: PullState
    ) throws(PullError) -> PlatformPlace? {
        let stream = outer(at: place)
        var next = place
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
        next.page = try page(after: place, stream, items, root)
        for item in found.compactMap(\.self) where !next.items.contains(item) { next.items.append(item) }
        next.isLastPage = next.page == nil
        if !next.items.isEmpty || !next.isLastPage { return next }
        return afterWindow(next, stream, state)
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

    private func page(
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

extension PullPlan.Numbering {
    /// That this page is the last, of an answer without a count.
    fileprivate func saysNoMore(_ root: JSONNode) -> Bool {
        more.map { root[$0]?.text == "false" } ?? false
            && (total ?? []).allSatisfy { root[$0].map { $0.isNull || $0.text == "" } ?? true }
    }
}

extension JSONNode {
    /// Whether what would hold the list at that path is there and holds nothing but these.
    fileprivate func isBare(at path: [String], but names: Set<String>) -> Bool {
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
    fileprivate func text(in root: JSONNode) -> String? {
        paths.lazy.compactMap { root[$0]?.text }.first { !$0.isEmpty }
    }
}

extension PullPlan.Stream {
    /// It brings the platform's own figures, and nothing that happened.
    fileprivate var isAside: Bool {
        !facts.isEmpty && details == nil && adds.isEmpty && facts.allSatisfy { $0.kind == .measure }
    }
}

extension PullError {
    /// - Parameter what: `the answer to orders`.
    static func noJSON(_ what: String, _ body: [UInt8]) -> PullError {
        let first = body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        let page =
            first == UInt8(ascii: "<")
            ? ": it begins with <, as a web page does (a maintenance page, or another address than that of the interface)"
            : first == nil ? ": it is empty" : ""
        return .unreadable("\(what) is no JSON document\(page)")
    }

    /// The platform has understood, and does not give it.
    var isFinal: Bool {
        switch self {
        case .refused, .rejected: true
        case .said(let saying): saying.meaning == nil || saying.meaning == .refused
        default: false
        }
    }
}
