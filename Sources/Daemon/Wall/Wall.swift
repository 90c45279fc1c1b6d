package import Facts
package import Rules

/// All watched stores at a glance, kept at hand so that a page over ten thousand of them reads nothing.
///
/// Where a store stands is what the last pass of evaluation says; the figures follow a moment later (`WallService`). It holds
/// nothing that a restart would lose.
package actor Wall {
    /// What the pass of evaluation saw of a store.
    struct Glimpse: Sendable, Hashable {
        var standing: Standing
        /// Of its rules; empty while nobody could judge it.
        var standings: [Standing] = []
        var revision: Int64 = -1
        var day: LocalDay?
    }

    /// All stores at one moment.
    package struct View: Sendable {
        /// Another number, another view.
        package var version = 0
        /// By store id.
        package var lines: [WallLine] = []
        /// Stores whose figures are still to be worked out.
        package var behind = 0
    }

    private var lines: [String: WallLine] = [:]
    private var glimpses: [String: Glimpse] = [:]
    private var owed: Set<String> = []
    private var version = 0
    private var generation = 0
    private var kept: View?
    nonisolated let bell = Bell()

    /// Sorted once for each version.
    package var view: View {
        if let kept, kept.version == version { return kept }
        let view = View(
            version: version, lines: lines.values.sorted { $0.store.id < $1.store.id }, behind: owed.count)
        kept = view
        return view
    }

    package func line(of store: String) -> WallLine? { lines[store] }

    /// Takes in what a pass saw.
    ///
    /// - Parameters:
    ///   - isAll: stores that are not among them are watched no more.
    ///   - generation: of the configuration; under another one the figures of all are worked out anew.
    func take(
        _ seen: [(store: Store, glimpse: Glimpse)], isAll: Bool, generation: Int = 0, at clock: Timestamp
    ) async {
        if generation != self.generation { (self.generation, glimpses) = (generation, [:]) }
        var ids: Set<String> = []
        var isChanged = false
        for (store, glimpse) in seen {
            ids.insert(store.id)
            let before = glimpses.updateValue(glimpse, forKey: store.id)
            let line = lines[store.id]
            if before == glimpse, line?.store == store { continue }
            isChanged = true
            owed.insert(store.id)
            lines[store.id] =
                line.map { $0.standing(glimpse.standing, at: clock) }
                ?? .unseen(store, glimpse.standing, at: clock)
        }
        for id in lines.keys where isAll && !ids.contains(id) {
            isChanged = true
            (lines[id], glimpses[id]) = (nil, nil)
            owed.remove(id)
        }
        guard isChanged else { return }
        version += 1
        await bell.ring()
    }

    /// Up to so many of the stores to be looked at.
    func takeOwed(_ count: Int) -> [String] {
        let ids = Array(owed.prefix(count))
        owed.subtract(ids)
        return ids
    }

    func owe(_ ids: [String]) { owed.formUnion(ids.filter { lines[$0] != nil }) }

    func put(_ found: [WallLine]) {
        for line in found where lines[line.store.id] != nil {
            // A pass has looked at it since: where it stands is what that saw.
            let newer = owed.contains(line.store.id) ? glimpses[line.store.id] : nil
            lines[line.store.id] = newer.map { line.standing($0.standing, at: line.at) } ?? line
        }
        version += 1
    }
}
