import Facts

/// What of a batch did not become facts.
extension BatchCommit {
    /// Puts what did not become a fact into quarantine.
    ///
    /// - Returns: the stores against which it is, and how many of them are new and still open.
    func commitRejections() throws -> (stores: Set<String>, quarantined: Int) {
        var (stores, quarantined): (Set<String>, Int) = ([], 0)
        let readWell = lastReadWell()
        for placed in batch.rejections {
            let rejection = placed.rejection
            let store = try rejection.store.map { try findOrMake($0).number }
            let (number, isNew) = try QuarantineRows.put(
                placed, source: source, store: store, at: batch.readAt, database)
            if let store = rejection.store { stores.insert(store) }
            if let store = rejection.store, let kind = rejection.kind, let id = rejection.id,
                let last = readWell[StoreFact(store: store, key: FactKey(kind: kind, id: id))],
                last >= placed.factsBefore
            {
                // A later line of the same batch said it well.
                try QuarantineRows.settle([number], at: batch.readAt, database)
            } else if isNew {
                quarantined += 1
            }
        }
        return (stores, quarantined)
    }

    /// What an earlier reading of a file could not read, and this one did not meet, counts no longer.
    ///
    /// - Returns: the stores against which it was.
    func settle(_ reread: Reread) throws -> Set<String> {
        var stores: Set<String> = []
        for id in reread.stores {
            guard let row = try StoreRow.find(id, database) else { continue }
            let numbers = try QuarantineRows.left(by: reread, source: source, store: row.number, database)
            try QuarantineRows.settle(numbers, at: batch.readAt, database)
            if !numbers.isEmpty { stores.insert(id) }
        }
        let nameless = try QuarantineRows.left(by: reread, source: source, store: nil, database)
        try QuarantineRows.settle(nameless, at: batch.readAt, database)
        return stores
    }

    private struct StoreFact: Hashable {
        let store: String
        let key: FactKey
    }

    /// For each fact of the batch the place at which it was last read well; empty where nothing was rejected.
    private func lastReadWell() -> [StoreFact: Int] {
        guard !batch.rejections.isEmpty else { return [:] }
        var places: [StoreFact: Int] = [:]
        for (place, fact) in batch.facts.enumerated() { places[StoreFact(store: fact.store, key: fact.key)] = place }
        return places
    }
}
