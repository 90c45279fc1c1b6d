import Facts
import Rules

/// Lists that a platform does not give every store.
extension PlatformSource {
    /// In place of a list that the platform does not give: that nobody knows what rests on it. In no other stretch of time
    /// would it be given either.
    func withheldPage(
        of stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) -> Page {
        var page = Page(next: beginning(of: place.stream + 1, refusing(stream, state))?.text)
        note(stream, error, state, in: &page)
        return page
    }

    /// In place of what is asked for the items of a list: it would be given of no other item either.
    func withheldPage(
        ofItems stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) throws(PullError) -> Page {
        var place = place
        place.items = Array(place.items.prefix(outer(at: place).details?.batch ?? 1))
        var page = try emptyPage(after: place, refusing(stream, state))
        note(stream, error, state, in: &page)
        return page
    }

    /// In place of what is added to the facts of a list: those that wait for it stand as they were told. It would be
    /// refused for the other items of the page too.
    func withheldPage(
        ofExtra stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) throws(PullError) -> Page {
        let refused = refusing(stream, state)
        var page = try emptyPage(after: place, refused)
        while let next = page.next.flatMap(PlatformPlace.init(text:)), next.stream == place.stream,
            !next.items.isEmpty, self.stream(at: next).isExtra, isRefused(self.stream(at: next), refused)
        {
            let more = try emptyPage(after: next, refused)
            let before = page.facts.count
            page.rejections += more.rejections.map {
                RejectedText(position: $0.position, rejection: $0.rejection, factsBefore: before + $0.factsBefore)
            }
            page.facts += more.facts
            (page.next, page.remarks) = (more.next, more.remarks)
        }
        note(stream, error, state, in: &page)
        return page
    }

    private func note(_ stream: PullPlan.Stream, _ error: PullError, _ state: PullState, in page: inout Page) {
        guard let right = stream.right else { return }
        // In the words of a store's list, and not of a feed's page.
        let words = error.isFinal ? "\(error)" : error.ofStore(path: nil)
        if let other = stream.optional?.other {
            (page.refused, page.withheld) = ("\(stream.name): \(words); asked for \(other) in its place", right)
            return
        }
        page.remarks += reading(of: right, isWithheld: true, state)
        (page.refused, page.withheld) = ("\(stream.name): \(words)", right)
    }

    /// For a list without which some is unknown, and not for one that it tells the same as.
    func standsIn(_ stream: PullPlan.Stream) -> Bool {
        stream.instead.map { other in plan.streams.contains { $0.name == other && $0.optional?.remainder != nil } }
            ?? false
    }

    private func refusing(_ stream: PullPlan.Stream, _ state: PullState) -> PullState {
        var refused = state
        if let right = stream.right { refused.withheld[right] = state.firstRequestAt }
        return refused
    }

    /// It, or what is asked for its items, when it was asked for last.
    func wasWithheld(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        // Nothing is lacking of what another list told; what that one lacked is asked of both again.
        if let other = stream.optional?.other {
            return plan.streams.contains { $0.name == other && wasWithheld($0, state) }
        }
        return ([stream] + (stream.details?.streams ?? [])).contains { other in
            guard let right = other.right, state.withheld[right] != nil else { return false }
            // What is extra is asked for with the list all the while: it is read anew once it is given again.
            return !other.isExtra || state.isReadAnew(right)
        }
    }

    /// Nothing of the list itself was withheld, and what adds to its facts is given again.
    func isAnewForExtras(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        let others = ([stream] + (stream.details?.streams ?? [])).filter { !$0.isExtra }.compactMap(\.right)
        return state.finishedRequestAt != nil && others.allSatisfy { state.withheld[$0] == nil }
            && stream.extras.contains { $0.right.map(state.isReadAnew) ?? false }
    }

    /// Before it was withheld, where it was given once: what changed since is all that is not known.
    func lastGiven(_ stream: PullPlan.Stream, _ state: PullState) -> Timestamp? {
        if let other = stream.optional?.other {
            return plan.streams.first { $0.name == other }.flatMap { lastGiven($0, state) }
        }
        let rights = ([stream] + (stream.details?.streams ?? [])).compactMap(\.right).filter {
            state.withheld[$0] != nil
        }
        let moments = rights.map { state.askedAt[Self.given + $0] }
        return moments.contains(nil) ? nil : moments.compactMap { $0 }.min()
    }

    /// By which a state knows when a list was read to its end.
    private static let given = "given "

    /// In this pull, to it or to another list of the same right.
    func isRefused(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        guard let moment = stream.right.flatMap({ state.withheld[$0] }) else { return false }
        return moment == state.firstRequestAt
    }

    /// With the page after which a list is left: it was given, and all of it is read. Said in each pull, since a state that
    /// is begun anew knows nothing of what was said before; the same once more changes nothing.
    func given(_ place: PlatformPlace, before next: PlatformPlace?, _ state: PullState) -> [Fact] {
        givenList(place, before: next, state) + givenExtras(place, before: next, state)
    }

    private func givenList(_ place: PlatformPlace, before next: PlatformPlace?, _ state: PullState) -> [Fact] {
        let stream = outer(at: place)
        // Of a list that another one tells the same as: what that one would lack.
        let standIn = stream.optional?.other.flatMap { other in plan.streams.first { $0.name == other } }
        guard let right = stream.optional?.other == nil ? stream.right : standIn?.right, next?.stream != place.stream,
            !isRefused(stream, state)
        else { return [] }
        return reading(of: right, isWithheld: false, state)
    }

    /// The same of what is extra, once no list is left in this pull to whose items it is added.
    private func givenExtras(_ place: PlatformPlace, before next: PlatformPlace?, _ state: PullState) -> [Fact] {
        guard next?.stream != place.stream else { return [] }
        return Set(outer(at: place).extras.compactMap(\.right)).sorted().flatMap { right -> [Fact] in
            let isAskedLater = plan.streams.dropFirst(place.stream + 1).contains { stream in
                hasTurn(stream, state) && isDue(stream, state) && isOfMarket(stream)
                    && stream.extras.contains { $0.right == right }
            }
            let isGiven =
                state.withheld[right].map { $0 != state.firstRequestAt && state.isReadAnew(right) } ?? true
            return isAskedLater || !isGiven ? [] : reading(of: right, isWithheld: false, state)
        }
    }

    /// One for a list, whatever it says: it stands where what is known of the store begins.
    private func reading(of right: String, isWithheld: Bool, _ state: PullState) -> [Fact] {
        let name = PullPlan.OptionalList.reading(of: right)
        var decoder = decoding.decoder()
        let begin = state.coversFrom ?? Timestamp(seconds: 946_684_800)
        let line =
            "{\"kind\":\"measure\",\"store\":\(JSONText.quoted(store.id)),\"id\":\"\(name)\",\"name\":\"\(name)\","
            + "\"at\":\"\(begin)\",\"value\":\(isWithheld ? 1 : 0)}"
        guard case .fact(let fact) = decoder.decode(line: line) else { return [] }
        return [fact]
    }

    /// Forgets of which lists this pull has read all.
    func noteWithheld(in state: inout PullState) {
        for stream in plan.streams where hasTurn(stream, state) && isDue(stream, state) && isOfMarket(stream) {
            let extras = stream.extras.filter {
                $0.right.map { state.withheld[$0] == nil || state.isReadAnew($0) } ?? false
            }
            for given in [stream] + extras where !isRefused(given, state) {
                guard let right = given.right else { continue }
                state.askedAt[Self.given + right] = state.firstRequestAt
            }
        }
        let rights = Set(plan.streams.filter { isWithheld($0, state) }.compactMap(\.right))
        let extras = Set(plan.streams.flatMap(\.extras).compactMap(\.right))
        state.withheld = state.withheld.filter { right, moment in
            rights.contains(right)
                || extras.contains(right) && (moment == state.firstRequestAt || !state.isReadAnew(right))
        }
        for right in extras where state.withheld[right] == nil || state.withheld[right] == state.firstRequestAt {
            state.forgetGivenAgain(right)
        }
    }

    /// As this pull ends.
    func isWithheld(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        guard let right = stream.right, stream.optional?.other == nil, state.withheld[right] != nil else {
            return false
        }
        // What was not asked for says nothing.
        return isRefused(stream, state)
            || !plan.streams.contains { $0.right == right && hasTurn($0, state) && isDue($0, state) }
    }
}
