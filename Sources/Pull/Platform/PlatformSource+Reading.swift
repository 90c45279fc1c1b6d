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
        case let error? where stream.isExtra && stream.right != nil && error.needsPerson:
            return try withheldPage(ofExtra: stream, error, after: place, state)
        case let error? where stream.isExtra && error.isFinal:
            var page = try emptyPage(after: place, state)
            page.refused = "\(stream.name): \(error)"
            return page
        case let error? where stream.isAside && error.isFinal:
            // Readings prove nothing of what happened: without them the rest is as good as with them.
            var page = try emptyPage(after: place, state)
            (page.refused, page.remarks) = ("\(stream.name): \(error)", [])
            return page
        case let error? where stream.name != outer(at: place).name && standsIn(outer(at: place)) && error.isFinal:
            // What rests on it is unknown as long as the list is withheld that it stands in for.
            var page = Page(next: beginning(of: place.stream + 1, state)?.text)
            page.refused = "\(stream.name): \(error)"
            return page
        case let error? where stream.name != outer(at: place).name && stream.optional != nil && error.isFinal:
            return try withheldPage(ofItems: stream, error, after: place, state)
        case let error? where outer(at: place).optional != nil && error.isFinal && mayBeWithheld(place, error):
            return withheldPage(of: outer(at: place), error, after: place, state)
        case let error?: throw error
        case nil: break
        }
        if reply.status.code == 204 { return try emptyPage(after: place, state) }
        guard let document else { throw .noJSON("the answer to \(stream.name)", reply.body) }
        var items: [JSONNode]
        do throws(PullError) {
            items = try self.items(of: document, stream)
        } catch
            where outer(at: place).optional.map({ $0.other == nil }) ?? false && place.items.isEmpty && !place.isWithin
        {
            // Whoever may be without the list may also be without one that nobody here can read; the others go on.
            return withheldPage(of: stream, error, after: place, state)
        }
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
        try holdAgainstCount(items, document.root, stream, at: place)
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
        var next = try next(
            after: place, items, waiting.found, document.root, state, isLast: isLast(place, stream, reply))
        if next?.stream == place.stream, next?.value == place.value, next?.window == place.window {
            next?.held = place.items.isEmpty ? held : place.held
            if place.items.isEmpty { next?.read += items.count + passedOver.count }
        }
        (page.next, page.remarks) = (next.map(remembered.text), given(place, before: next, state))
        page.toldUntil = toldUntil(outer(at: place), state)
        if stream.isExtra, let right = stream.right, state.withheld[right] != nil { page.givenAgain = right }
        return page
    }

    /// Of a list of which a page was given, only a right that is lacking now takes the rest; but where another list tells the
    /// same, that one may be there because so much is not shown at once.
    private func mayBeWithheld(_ place: PlatformPlace, _ error: PullError) -> Bool {
        !place.isWithin || error.needsPerson || outer(at: place).optional?.other != nil
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

    /// What cannot be read however often it is asked for, of a list without which the rest is good.
    package func pagePassingOver(_ error: PullError, after state: PullState) -> Page? {
        guard case .unreadable = error, reportStep(in: state) == nil else { return nil }
        let place = place(of: state)
        let (stream, outer) = (stream(at: place), outer(at: place))
        if stream.isAside, stream.name == outer.name {
            var page = try? emptyPage(after: place, state)
            page?.refused = "\(stream.name): \(error)"
            return page
        }
        guard let optional = outer.optional, optional.remainder == nil, optional.other == nil else { return nil }
        return withheldPage(of: outer, error, after: place, state)
    }

    /// Of the ids of what is on a page; nil: of nothing.
    private func hash(of items: [JSONNode], _ stream: PullPlan.Stream, _ page: Page) -> String? {
        var (sum, count) = (UInt64(0), 0)
        func take(_ kind: UInt64, _ id: String) {
            // FNV-1a, then spread, so that sums tell them apart. Whatever their order: a page may be answered again in
            // another one.
            var hash = (0xCBF2_9CE4_8422_2325 ^ kind) &* 0x100_0000_01B3
            for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
            (sum, count) = (sum &+ (hash ^ hash >> 29), count + 1)
        }
        for fact in page.facts { take(UInt64(fact.kind.rawValue), fact.id) }
        if let id = stream.details?.item {
            let mapping = mapping(asOf: Timestamp(seconds: 0), isFirst: false)
            let term = MappedTerm(id, credentials.firsts)
            for id in items.lazy.compactMap({ mapping.id(term, of: $0) }) { take(255, id) }
        }
        return count == 0 ? nil : "\(count)-\(String(sum, radix: 16))"
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
        page.facts.reserveCapacity(2 * items.count)
        func reject(_ index: Int, _ rejection: Rejection) {
            page.rejections.append(
                RejectedText(
                    position: Self.position(number, stream, index, rejection),
                    rejection: alike.numbered(rejection), factsBefore: page.facts.count))
        }
        let mapped = remembered.mapped(stream, of: place.stream, credentials.firsts)
        for (index, item) in items.enumerated() {
            let before = page.facts.count
            defer { page.wholes += wholes(mapped.whole, item, mapping, page.facts[before...]) }
            for rule in mapped.facts {
                for found in mapping.facts(item, rule, item: place.items.first?.known, by: &decoder) {
                    switch found {
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
                store: store.id, kind: rule.kind, order: order.id, ids: ids, orderUpdatedAt: order.updatedAt,
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
}

extension PullPlan.Stream {
    /// It brings the platform's own figures, and nothing that happened.
    var isAside: Bool {
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
