import Facts
import Ledgers
import Rules

extension ChangeSearch {
    /// What is known of a store's earlier day, for all of its rules.
    struct Past {
        let day: LocalDay
        let state: StoreState
        /// Under the pack that was in use then; nil: it was the same.
        let earlier: StoreState?
        /// nil where the ledger cannot tell what it knew.
        let known: KnownThen?

        init(
            _ judged: Judge.Judged, since day: LocalDay, under fleet: Fleet?, in assembly: Assembly, clock: Timestamp
        ) async throws {
            self.day = day
            let (watched, then) = (judged.watched, judged.watched.calendar.startOfDay(day))
            let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
            state = try await judge.prepare([watched], at: then, clock: clock)[0].state
            if let fleet, let own = fleet.watched(watched.store.id) {
                earlier = try await Judge(fleet: fleet, ledger: assembly.ledger)
                    .prepare([own], at: then, clock: clock)[0].state
            } else {
                earlier = nil
            }
            let known = try await assembly.ledger.known(of: watched.store.id, at: then)
            guard watched.countsMarks else {
                self.known = known
                return
            }
            let marks = try await judge.marks(of: watched, at: clock)
            self.known = known?.applying(marks)
        }
    }
}
