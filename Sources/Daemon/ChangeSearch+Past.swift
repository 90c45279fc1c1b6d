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
        /// Where figures follow marks: those known now, those known then, and what the ledger knew then without any.
        let marked: (now: MarksInForce, then: MarksInForce, known: KnownThen?)?

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
                (self.known, marked) = (known, nil)
                return
            }
            let marks = try await assembly.ledger.marks(of: watched.store.id)
            let (now, earlier) = (MarksInForce(marks, at: clock), MarksInForce(marks, knownAt: then))
            (self.known, marked) = (known?.applying(now), (now, earlier, known))
        }
    }
}
