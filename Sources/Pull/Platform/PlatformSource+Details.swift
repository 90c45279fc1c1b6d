import Facts
import Rules

/// What more is asked of an item, and how its facts wait for that.
extension PlatformSource {
    /// The items of a page of which more is asked, each with those of its facts that something is added to.
    struct WaitingFacts {
        /// By the place of the item; nil: nothing more is asked of it.
        var found: [PlatformPlace.Item?]
        /// Kinds that something is added to.
        private let kinds: Set<FactKind>

        init(_ found: [PlatformPlace.Item?], _ details: PullPlan.Details?) {
            self.found = found
            kinds = Set((details?.streams ?? []).flatMap(\.adds).map(\.kind))
        }

        /// Whether a fact of the item at that place waits: with what identifies a person left out, as it is kept meanwhile.
        mutating func take(_ fact: Fact, of index: Int) -> Bool {
            guard kinds.contains(fact.kind), found.indices.contains(index), found[index] != nil else { return false }
            found[index]?.facts.append(FactEncoder.line(fact))
            return true
        }
    }

    /// Of the items of an answer at that place; of none where the answer is one to what was asked for an item.
    func waiting(
        _ items: [JSONNode], at place: PlatformPlace, _ state: PullState
    ) throws(PullError) -> WaitingFacts {
        let stream = outer(at: place)
        let isOfItem = !place.items.isEmpty && (stream.open == nil || place.detail > 0)
        guard !isOfItem, let details = stream.details, !details.streams.allSatisfy({ isRefused($0, state) }) else {
            return WaitingFacts([], nil)
        }
        let mapping = mapping(asOf: Timestamp(seconds: 0), isFirst: false)
        let (conditions, skip) = (mapped(details.conditions), mapped(details.skip))
        let id = MappedTerm(details.item, credentials.firsts)
        let knownAs = details.knownAs.map { MappedTerm($0, credentials.firsts) }
        var found: [PlatformPlace.Item?] = []
        for item in items {
            guard mapping.holds(conditions, item), !mapping.holdsAll(skip, item) else {
                found.append(nil)
                continue
            }
            guard let asked = mapping.id(id, of: item),
                let known = knownAs.map({ mapping.id($0, of: item) }) ?? asked
            else { throw .unreadable("an item of \(stream.name) lacks the id by which more of it is asked") }
            if let of = details.of {
                // Where nothing says whether there is any, none can be said to be missing.
                let some = item[of]
                if some == nil, !details.mayLackOf {
                    throw .unreadable("an item of \(stream.name) lacks \(of.joined(separator: "."))")
                }
                if !(some?.holdsSomething ?? false) {
                    found.append(nil)
                    continue
                }
            }
            found.append(PlatformPlace.Item(asked: asked, known: known))
        }
        return WaitingFacts(found, details)
    }

    /// Adds an answer to the facts that wait for it. After the last answer for the item they are facts of the page; before
    /// it they go on waiting at the place.
    func add(
        _ answers: [JSONNode], by stream: PullPlan.Stream, to place: inout PlatformPlace, _ page: inout Page,
        _ state: PullState
    ) throws(PullError) {
        let outer = outer(at: place)
        let isOfItem = !place.items.isEmpty && (outer.open == nil || place.detail > 0)
        guard isOfItem, let item = place.items.first, !item.facts.isEmpty else { return }
        var (decoder, whole) = (decoding.decoder(), [Fact]())
        let mapping = mapping(
            asOf: state.firstRequestAt ?? Timestamp(seconds: 0), isFirst: state.finishedRequestAt == nil)
        func reject(_ rejection: Rejection) {
            page.rejections.append(
                RejectedText(
                    position: Self.position(state.seen.count + 1, stream, 0, rejection), rejection: rejection,
                    factsBefore: page.facts.count))
        }
        for line in item.facts {
            switch decoder.decode(line: line) {
            case .fact(let fact):
                do throws(Rejection) {
                    whole.append(try added(answers, stream, of: place.stream, to: fact, mapping, item, &decoder))
                } catch  where stream.isExtra {
                    // It stands as the list told it, as it does where the platform refuses what is added.
                    whole.append(fact)
                    page.refused = "\(stream.name): \(error.reason)"
                } catch {
                    // A fact of which a part cannot be read is as unread as one in one piece.
                    reject(error)
                }
            // It was one when it was listed: the store's terms, such as its currency, are others by now.
            case .rejected(let rejection): reject(rejection)
            case .mark, .coverage:
                throw .unreadable("what waits for the answer to \(stream.name) is no fact of the platform's")
            }
        }
        let questions = outer.details?.streams.count ?? 0
        if place.detail == (outer.open == nil ? questions - 1 : questions) {
            page.facts += whole
        } else {
            place.items[0].facts = whole.map(FactEncoder.line)
        }
    }

    private func added(
        _ answers: [JSONNode], _ stream: PullPlan.Stream, of outer: Int, to fact: Fact, _ mapping: FactMapping,
        _ item: PlatformPlace.Item, _ decoder: inout FactDecoder
    ) throws(Rejection) -> Fact {
        var fact = fact
        let rules = remembered.mapped(stream, of: outer, credentials.firsts).adds.filter { $0.kind == fact.kind }
        for answer in answers {
            for rule in rules {
                for found in mapping.facts(answer, rule, item: item.known, addedTo: fact.id, by: &decoder) {
                    switch found {
                    case .success(.fact(let more)): fact = fact.adding(more)
                    case .success(.rejected(let rejection)): throw rejection
                    case .success: break
                    case .failure(let fault):
                        throw Rejection(
                            reason: fault.words, store: store.id, kind: rule.kind, id: fact.id,
                            text: "{\"kind\":\"\(rule.kind.name)\"}")
                    }
                }
            }
        }
        return fact
    }
}

extension JSONNode {
    /// Neither null nor empty.
    fileprivate var holdsSomething: Bool {
        if isArray { return !elements.isEmpty }
        if isObject { return true }
        return text.map { !$0.isEmpty && $0 != "0" && $0 != "false" } ?? false
    }
}
