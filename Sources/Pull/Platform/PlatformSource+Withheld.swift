import Facts
import Rules

/// Lists that a platform does not give every store.
extension PlatformSource {
    /// In place of a list that is refused for want of a right: that nobody knows what rests on it.
    func withheldPage(
        of stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) -> Page {
        var page = Page(next: beginning(of: place.stream + 1, state)?.text)
        page.facts = reading(of: stream, isWithheld: true, state)
        (page.refused, page.withheld) = ("\(stream.name): \(error)", stream.name)
        return page
    }

    /// Where a list is given again that was withheld, that what rests on it is known from now on: all of it is read.
    func givenAgain(_ stream: PullPlan.Stream, at place: PlatformPlace, _ state: PullState) -> [Fact] {
        guard stream.withheld != nil, place.page == nil, state.withheld[stream.name] != nil else { return [] }
        return reading(of: stream, isWithheld: false, state)
    }

    /// One for a list, whatever it says: it stands where what is known of the store begins.
    private func reading(of stream: PullPlan.Stream, isWithheld: Bool, _ state: PullState) -> [Fact] {
        let name = PullPlan.Withheld.reading(of: stream.name)
        var decoder = decoding.decoder()
        let begin = state.coversFrom ?? Timestamp(seconds: 946_684_800)
        let line =
            "{\"kind\":\"measure\",\"store\":\(JSONText.quoted(store.id)),\"id\":\"\(name)\",\"name\":\"\(name)\","
            + "\"at\":\"\(begin)\",\"value\":\(isWithheld ? 1 : 0)}"
        guard case .fact(let fact) = decoder.decode(line: line) else { return [] }
        return [fact]
    }

    /// Lists that were withheld and no longer are.
    func noteWithheld(in state: inout PullState) {
        state.withheld = state.withheld.filter { name, moment in
            guard let stream = plan.streams.first(where: { $0.name == name }) else { return false }
            // What was not asked for says nothing.
            return moment == state.firstRequestAt || !isDue(stream, state)
        }
    }
}

extension PullError {
    /// The right is lacking, and no more: with another token it would be the same.
    var isForWantOfRight: Bool {
        switch self {
        case .refused(403): true
        case .said(let saying): saying.meaning == .refused
        default: false
        }
    }
}
