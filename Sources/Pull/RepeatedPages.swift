import Facts

/// Whether a pull that is given ever new cursors still gets anywhere, in memory that does not grow.
///
/// A page that says what an earlier page of the pull said is a repeat; pages may overlap, so one alone proves nothing. How
/// it remembers, and that it finds rounds of any length, is told at `SeenHashes`.
struct RepeatedPages {
    /// So many repeats of pages just before, of pages long past, or so many pages without a fact one after another, are
    /// a pull that never ends.
    static let (repeats, returns, empties) = (100, 3, 100_000)

    private var seen = SeenHashes()
    private var repeated = 0
    private var returned = 0
    private var empty = 0

    /// False when the pull goes round in circles.
    mutating func note(_ facts: [Fact]) -> Bool {
        guard let first = facts.first, let last = facts.last else {
            empty += 1
            return empty < Self.empties
        }
        empty = 0
        // Of the facts between its ends the ids and versions: hashing all they hold would cost as much as reading them.
        var hasher = Hasher()
        hasher.combine(first)
        hasher.combine(last)
        for fact in facts {
            hasher.combine(fact.id)
            hasher.combine(fact.updatedAt)
        }
        switch seen.meet(UInt64(bitPattern: Int64(hasher.finalize()))) {
        case .first: break
        case .recent: repeated += 1
        case .longPast: returned += 1
        }
        return repeated < Self.repeats && returned < Self.returns
    }
}
