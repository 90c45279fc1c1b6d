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
            other.right.map { state.withheld[$0] != nil } ?? false
        }
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
        let stream = outer(at: place)
        // Of a list that another one tells the same as: what that one would lack.
        let standIn = stream.optional?.other.flatMap { other in plan.streams.first { $0.name == other } }
        guard let right = stream.optional?.other == nil ? stream.right : standIn?.right, next?.stream != place.stream,
            !isRefused(stream, state)
        else { return [] }
        return reading(of: right, isWithheld: false, state)
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
            guard let right = stream.right, !isRefused(stream, state) else { continue }
            state.askedAt[Self.given + right] = state.firstRequestAt
        }
        let rights = Set(plan.streams.filter { isWithheld($0, state) }.compactMap(\.right))
        state.withheld = state.withheld.filter { rights.contains($0.key) }
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
