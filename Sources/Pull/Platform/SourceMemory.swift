import Facts
import Rules
import Synchronization

/// What a source has read or laid out already and would do anew for every page. The locks are held only to look and to put.
final class SourceMemory: Sendable {
    private let last = Mutex<(text: String, place: PlatformPlace)?>(nil)
    private let rules = Mutex<[String: MappedStream]>([:])

    /// What a stream says of facts, laid out.
    struct MappedStream: Sendable {
        let facts: [MappedRule]
        let whole: [MappedRule]
        let adds: [MappedRule]
    }

    /// The place that a cursor says: it is asked about half a dozen times a page, and with a hundred items that wait it is
    /// long. nil for what no place wrote.
    func place(_ text: String) -> PlatformPlace? {
        let known = last.withLock { last in last.flatMap { $0.text.isSameBytes(as: text) ? $0.place : nil } }
        if let known { return known }
        guard let place = PlatformPlace(text: text) else { return nil }
        last.withLock { $0 = (text, place) }
        return place
    }

    /// The text of a place that is read next.
    func text(_ place: PlatformPlace) -> String {
        let text = place.text
        last.withLock { $0 = (text, place) }
        return text
    }

    /// - Parameter outer: by place in the plan, the list that it is or whose items it asks about.
    func mapped(_ stream: PullPlan.Stream, of outer: Int, _ firsts: [String: String]) -> MappedStream {
        let name = "\(outer) \(stream.name)"
        if let known = rules.withLock({ $0[name] }) { return known }
        func laid(_ mappings: [PullPlan.FactMapping]) -> [MappedRule] { mappings.map { MappedRule($0, firsts) } }
        let mapped = MappedStream(facts: laid(stream.facts), whole: laid(stream.whole), adds: laid(stream.adds))
        rules.withLock { $0[name] = mapped }
        return mapped
    }
}
