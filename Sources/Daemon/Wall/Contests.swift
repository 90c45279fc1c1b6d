import Facts
import Ledgers
import Rules

/// What can be contested, store by store, so that a page over ten thousand stores judges none.
///
/// It is worked out while somebody looks at it: of the stores with a rule outside ok, and anew of those that moved since.
package actor Contests {
    private struct Kept {
        /// Of the store, as it was looked at.
        var revision: Int64
        /// The first deadline that passes, or the end of the store's day.
        var until: Timestamp
        var cases: [AppealsTask.Case]
        /// It could not be read: what can be contested there nobody knows.
        var isUnread = false
    }

    private var kept: [String: Kept] = [:]
    private var fleet: Fleet?
    private var lookedAt: Timestamp?
    nonisolated let bell = Bell()

    /// Stores that are looked at while somebody waits: all of a few, and of many no more than he notices.
    private static let (least, budget) = (10, Duration.milliseconds(250))
    /// After that nobody looks any more.
    private static let lasting = TimeSpan.hours(1)

    package struct Found: Sendable {
        /// The nearest deadline first; those of which none is known last.
        package var cases: [AppealsTask.Case]
        /// Stores that are still to be looked at, or cannot be read.
        package var behind: Int
    }

    /// - Parameter view: the stores whose cases are asked for.
    package func cases(of view: Wall.View, in assembly: Assembly) async throws -> Found {
        lookedAt = assembly.clock.now
        var stale = try await stale(view, assembly)
        let began = ContinuousClock.now
        var looked = 0
        while let id = stale.first, looked < Self.least || ContinuousClock.now - began < Self.budget {
            try await look(id, assembly)
            stale.removeFirst()
            looked += 1
        }
        if !stale.isEmpty { await bell.ring() }
        // What is being looked at anew is shown as it was: a deadline that has passed is left out.
        let now = assembly.clock.now
        let shown = view.lines.filter(\.isOutside).compactMap { kept[$0.store.id] }
        let cases = shown.flatMap(\.cases).filter { item in
            item.undated > 0 || item.appeals.contains { $0.isOpen || $0.deadline.map { $0 > now } ?? false }
        }
        return Found(cases: AppealsTask.sorted(cases, at: now), behind: stale.count + shown.count(where: \.isUnread))
    }

    /// Looks at one store of those that are to be looked at, if anybody cares.
    ///
    /// - Returns: whether there was one.
    func work(on view: Wall.View, in assembly: Assembly) async throws -> Bool {
        let now = assembly.clock.now
        guard let lookedAt, lookedAt <= now, now - lookedAt < Self.lasting,
            let id = try await stale(view, assembly).first
        else { return false }
        // Of stores that are not watched any more nothing is kept.
        if kept.count > 2 * view.lines.count {
            let ids = Set(view.lines.map(\.store.id))
            kept = kept.filter { ids.contains($0.key) }
        }
        try await look(id, assembly)
        return true
    }

    private func look(_ id: String, _ assembly: Assembly) async throws {
        guard let watched = assembly.fleet.watched(id) else {
            // It leaves the wall with the next look at it.
            kept[id] = Kept(revision: .max, until: Timestamp(microseconds: .max), cases: [])
            return
        }
        let now = assembly.clock.now
        let found: (cases: [AppealsTask.Case], revision: Int64)
        do {
            found = try await AppealsTask(.running(assembly), glob: nil).cases(of: watched)
        } catch let error as LedgerError where !error.isPassing {
            // One that cannot be read holds up no other.
            kept[id] = Kept(revision: .max, until: now + Self.lasting, cases: [], isUnread: true)
            return
        }
        guard fleet === assembly.fleet else { return }
        // With the store's next day its windows move.
        let day = watched.calendar.day(of: now).advanced(by: 1)
        let deadlines = found.cases.flatMap(\.appeals).compactMap(\.deadline).filter { $0 > now }
        kept[id] = Kept(
            revision: found.revision, until: (deadlines + [watched.calendar.startOfDay(day)]).min() ?? now,
            cases: found.cases)
    }

    /// The stores outside ok of which nothing is known, or that moved since.
    private func stale(_ view: Wall.View, _ assembly: Assembly) async throws -> [String] {
        if fleet !== assembly.fleet { (fleet, kept) = (assembly.fleet, [:]) }
        let outside = view.lines.filter(\.isOutside).map(\.store.id)
        guard !outside.isEmpty else { return [] }
        let now = assembly.clock.now
        let known = outside.compactMap { kept[$0]?.revision }.min() ?? .max
        let moved = known == .max ? [:] : try await assembly.ledger.changes(since: known).stores
        return outside.filter { id in
            kept[id].map { $0.until <= now || moved[id] ?? 0 > $0.revision } ?? true
        }
    }
}

extension WallLine {
    /// By what was seen of it.
    fileprivate var isOutside: Bool { rules.contains { $0.standing == .warning || $0.standing == .breach } }
}
