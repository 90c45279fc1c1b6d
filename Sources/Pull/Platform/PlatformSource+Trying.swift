package import Facts
package import Rules

/// How each question of a plan is tried by itself, to see whether the platform answers it.
extension PlatformSource {
    /// A list, or what is asked for an item, and the state in which it is asked next.
    package struct Question: Sendable {
        package let stream: PullPlan.Stream
        package let state: PullState
    }

    /// The first page of each list, also of those of a first pull: of what changed since then, as far as a list can be
    /// asked so.
    ///
    /// - Parameter withheld: rights that were refused: what stands in for their lists is asked instead.
    package func questions(since: Timestamp, at now: Timestamp, withheld: Set<String> = []) -> [Question] {
        var later = PullState()
        later.begin(at: now, reach: reach)
        later.updatedAfter = since
        later.withheld = Dictionary(uniqueKeysWithValues: withheld.map { ($0, now) })
        let first = later
        later.finishedRequestAt = since
        let asked = lists(later)
        return asked + lists(first).filter { list in !asked.contains { $0.stream.name == list.stream.name } }
    }

    /// Where each list that has its turn has its first page.
    func lists(_ state: PullState) -> [Question] {
        var (lists, number) = ([Question](), 0)
        while let place = beginning(of: number, state) {
            var begun = state
            begun.cursor = place.text
            lists.append(Question(stream: plan.streams[place.stream], state: begun))
            number = place.stream + 1
        }
        return lists
    }

    /// What is asked for the first item that waits there; nothing where none does.
    package func details(at state: PullState) -> [Question] {
        let place = place(of: state)
        guard let item = place.items.first, let details = outer(at: place).details, outer(at: place).open == nil else {
            return []
        }
        return details.streams.enumerated().map { index, stream in
            var asked = place
            (asked.items, asked.detail) = ([item], index)
            var begun = state
            begun.cursor = asked.text
            return Question(stream: stream, state: begun)
        }
    }

    /// Whether more of the same list is asked there.
    package func goesOn(_ list: PullPlan.Stream, at state: PullState) -> Bool {
        guard state.cursor != nil else { return false }
        let place = place(of: state)
        return outer(at: place).name == list.name && place.items.isEmpty
    }
}
