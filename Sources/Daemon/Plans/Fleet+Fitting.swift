import Facts
import Pull
import Rules

/// Where the configuration asks for more than half of a platform's limit, what is pulled all the same: as much as fits.
extension Fleet {
    /// With stores, or readings of them, pulled as seldom as it takes, and where nothing else helps some of them not at all.
    /// It is reckoned by the least that the configuration comes to, as `config check` refuses it.
    ///
    /// - Returns: itself, and nothing, where the plan fits.
    func fitted(at now: Timestamp) -> (fleet: Fleet, changes: [CallPlan.Use]) {
        var (fleet, changes): (Fleet, [CallPlan.Use]) = (self, [])
        var settled: Set<String> = []
        while true {
            let plan = CallPlanner(fleet, at: now).plan(assuming: nil)
            // What makes one limit fit may make another of the same stores fit as well: one change each, then it is
            // reckoned again.
            var touched: Set<String> = []
            let round = plan.uses.filter { use in
                guard use.isTooMuch, touched.isDisjoint(with: use.stores), settled.insert(use.key).inserted else {
                    return false
                }
                touched.formUnion(use.stores)
                return true
            }
            if round.isEmpty { return (fleet, changes) }
            changes += round
            fleet = fleet.changed(to: round)
        }
    }

    private func changed(to uses: [CallPlan.Use]) -> Fleet {
        var config = config
        var places: [String: Int] = [:]
        for (index, entry) in config.stores.enumerated() {
            if case .id(let id) = entry.subject { places[id] = index }
        }
        for use in uses {
            let pulled = Set(use.pulled)
            for store in use.stores {
                guard let index = places[store] else { continue }
                switch use.fits?.change {
                case .stores(let every), .fewer(_, let every): config.stores[index].access?.slow(to: every)
                case .stream(let name, let every):
                    let known = config.stores[index].access?.streams[name]
                    config.stores[index].access?.streams[name] = max(every, known ?? .zero)
                case nil: break
                }
                if !pulled.contains(store) { config.stores[index].access?.isHeldBack = true }
            }
        }
        return with(config)
    }

    /// Stores of which nothing is pulled since that would be too much.
    var heldBack: [String] {
        config.stores.compactMap { entry in
            guard case .id(let id) = entry.subject, entry.access?.isHeldBack == true else { return nil }
            return id
        }
    }
}

extension PlatformAccess {
    /// Pulled no more often than this. A staleness that nobody has set goes with it.
    fileprivate mutating func slow(to every: TimeSpan) {
        guard every > self.every else { return }
        if staleAfter == PullSchedule.staleAfter(every: self.every) {
            staleAfter = PullSchedule.staleAfter(every: every)
        }
        self.every = every
    }
}
