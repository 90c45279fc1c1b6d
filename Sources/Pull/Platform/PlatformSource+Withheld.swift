import Facts
import Rules

/// Lists that a platform does not give every store.
extension PlatformSource {
    /// In place of a list that is refused for want of a right: that nobody knows what rests on it.
    func withheldPage(
        of stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) -> Page {
        var page = Page(next: beginning(of: place.stream + 1, state)?.text)
        page.remarks = reading(of: stream, isRefused: true, state)
        (page.refused, page.withheld) = ("\(stream.name): \(error)", stream.name)
        return page
    }

    /// In place of a list that the store may do without and that is refused: what it brings is not vouched for. In no
    /// other stretch of time would it be given either.
    func lackingPage(
        of stream: PullPlan.Stream, _ error: PullError, after place: PlatformPlace, _ state: PullState
    ) -> Page {
        var page = Page(next: beginning(of: place.stream + 1, state)?.text)
        page.remarks = reading(of: stream, isRefused: true, state)
        (page.refused, page.lacking) = ("\(stream.name): \(error)", stream.name)
        return page
    }

    /// With the page after which a list is left: it was given, and all of it is read. Said in each pull, since a state that
    /// is begun anew knows nothing of what was said before; the same once more changes nothing.
    func given(_ place: PlatformPlace, before next: PlatformPlace?, _ state: PullState) -> [Fact] {
        let stream = plan.streams[min(place.stream, plan.streams.count - 1)]
        guard stream.mayBeRefused, next?.stream != place.stream else { return [] }
        return reading(of: stream, isRefused: false, state)
    }

    /// One for a list, whatever it says: it stands where what is known of the store begins.
    private func reading(of stream: PullPlan.Stream, isRefused: Bool, _ state: PullState) -> [Fact] {
        let name = PullPlan.Withheld.reading(of: stream.name)
        var decoder = decoding.decoder()
        let begin = state.coversFrom ?? Timestamp(seconds: 946_684_800)
        let line =
            "{\"kind\":\"measure\",\"store\":\(JSONText.quoted(store.id)),\"id\":\"\(name)\",\"name\":\"\(name)\","
            + "\"at\":\"\(begin)\",\"value\":\(isRefused ? 1 : 0)}"
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
