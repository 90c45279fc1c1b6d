import Facts
import Rules

/// Lists that a platform does not give every store.
extension PlatformSource {
    /// In place of a list that the platform does not give: that nobody knows what rests on it. In no other stretch of time
    /// would it be given either.
    func withheldPage(
        of stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) -> Page {
        var after = state
        after.withheld[stream.name] = state.firstRequestAt
        var page = Page(next: beginning(of: place.stream + 1, after)?.text)
        page.remarks = reading(of: stream, isWithheld: true, state)
        (page.refused, page.withheld) = ("\(stream.name): \(error)", stream.name)
        return page
    }

    /// With the page after which a list is left: it was given, and all of it is read. Said in each pull, since a state that
    /// is begun anew knows nothing of what was said before; the same once more changes nothing.
    func given(_ place: PlatformPlace, before next: PlatformPlace?, _ state: PullState) -> [Fact] {
        let stream = outer(at: place)
        guard stream.optional != nil, next?.stream != place.stream else { return [] }
        return reading(of: stream, isWithheld: false, state)
    }

    /// One for a list, whatever it says: it stands where what is known of the store begins.
    private func reading(of stream: PullPlan.Stream, isWithheld: Bool, _ state: PullState) -> [Fact] {
        let name = PullPlan.OptionalList.reading(of: stream.name)
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
        let names = Set(plan.streams.filter { isWithheld($0, state) }.map(\.name))
        state.withheld = state.withheld.filter { names.contains($0.key) }
    }

    /// As this pull ends.
    func isWithheld(_ stream: PullPlan.Stream, _ state: PullState) -> Bool {
        guard let moment = state.withheld[stream.name] else { return false }
        // What was not asked for says nothing.
        return moment == state.firstRequestAt || !isDue(stream, state)
    }
}
