package import Facts
import Rules

/// What silences, the windows of stores and other alerts hold back at a moment.
package struct NoticeHolds: Sendable {
    private var silences: [Silence]
    private var sources: [(inhibition: Inhibition, by: [String: [AlertKey]])]
    private var windows: @Sendable (_ store: String) -> (windows: [StoreWindow], calendar: StoreCalendar)?

    /// - Parameters:
    ///   - silences: those that may be in force.
    ///   - open: the alerts that go on. Only what somebody was told of holds back others.
    ///   - windows: of a store, in its zone; nil: nobody watches it.
    package init(
        silences: [Silence], inhibitions: [Inhibition], open: [Alert],
        windows: @escaping @Sendable (_ store: String) -> (windows: [StoreWindow], calendar: StoreCalendar)?
    ) {
        let firing = open.filter { $0.told != nil }
        (self.silences, self.windows) = (silences, windows)
        sources = inhibitions.map { ($0, $0.sources(among: firing)) }
    }

    /// Why an item that waits is not told now, and until when if that is known; nil: nothing holds it back.
    ///
    /// A silence is named before an alert that inhibits it, and that before a window of its store.
    package func hold(_ waiting: NoticeGathering.Waiting, at now: Timestamp) -> NoticeHold? {
        let (item, subject) = (waiting.item, waiting.subject)
        let silence = silences.first { $0.holds(item.key, subject, item.event, standing: item.standing, at: now) }
        if let silence { return NoticeHold(.silence, because: silence.id, until: silence.until) }
        let cause = sources.lazy.compactMap {
            $0.inhibition.source(for: item.key, subject, standing: item.standing, in: $0.by)
        }.first
        if let cause { return NoticeHold(.inhibited, because: "\(cause.store) \(cause.rule)", until: nil) }
        // What is critical, and what is wrong with the data, is told whatever goes on at the store.
        guard subject.severity != .critical, !item.key.isHealth, let store = windows(item.key.store) else { return nil }
        let open = store.windows.compactMap { window in
            window.end(at: now, in: store.calendar).map { (window, $0) }
        }
        guard let (window, end) = open.max(by: { $0.1 < $1.1 }) else { return nil }
        let kind: NoticeHold.Cause = window.kind == .maintenance ? .maintenance : .promotion
        return NoticeHold(kind, because: window.why ?? "", until: end)
    }
}
