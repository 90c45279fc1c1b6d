package import Facts

/// How the day buckets of one store move: for aggregate and day, what to add. Changes of many facts are collected in
/// one, and what cancels out is gone.
///
/// A table of its own and not a `Dictionary`: every fact that arrives adds to about twenty entries, and hashing them
/// the general way would cost more than all the rest.
package struct RollupChange: Sendable {
    /// Aggregate in the upper half, day (its bits) in the lower; `empty` where nothing is.
    private var keys: [UInt64] = []
    private var cells: [Cell] = []
    private var used = 0

    private static let empty = UInt64.max

    package init() {}

    /// Adds to what is already noted for this aggregate (its index in the plan) and day.
    package mutating func add(_ cell: Cell, aggregate: Int, day: LocalDay) {
        add(count: cell.count, sum: cell.sum, aggregate: aggregate, day: day.number)
    }

    @inline(__always)
    mutating func add(count: Int64, sum: Int128, aggregate: Int, day: Int32) {
        if used * 2 >= keys.count { grow() }
        let key = UInt64(UInt32(truncatingIfNeeded: aggregate)) << 32 | UInt64(UInt32(bitPattern: day))
        let mask = keys.count - 1
        var slot = RollupChange.slot(of: key) & mask
        while keys[slot] != key {
            if keys[slot] == RollupChange.empty {
                keys[slot] = key
                used += 1
                break
            }
            slot = (slot + 1) & mask
        }
        cells[slot].count += count
        cells[slot].sum += sum
    }

    package mutating func add(_ other: RollupChange) {
        for (slot, key) in other.keys.enumerated() where key != RollupChange.empty {
            let cell = other.cells[slot]
            add(
                count: cell.count, sum: cell.sum, aggregate: Int(key >> 32),
                day: Int32(bitPattern: UInt32(truncatingIfNeeded: key)))
        }
    }

    /// Nothing noted, or all of it cancelled out.
    package var isEmpty: Bool { cells.allSatisfy(\.isZero) }

    /// What it takes in memory, however little is in use.
    package var byteCount: Int {
        MemoryLayout<Self>.stride + keys.count * (MemoryLayout<UInt64>.stride + MemoryLayout<Cell>.stride)
    }

    /// What does not cancel out, by aggregate and then by day.
    package var entries: [(aggregate: Int, day: LocalDay, cell: Cell)] {
        keys.indices.filter { keys[$0] != RollupChange.empty && !cells[$0].isZero }
            .map { slot in
                let day = LocalDay(number: Int32(bitPattern: UInt32(truncatingIfNeeded: keys[slot])))
                return (Int(keys[slot] >> 32), day, cells[slot])
            }
            .sorted { ($0.aggregate, $0.day) < ($1.aggregate, $1.day) }
    }

    /// The same in no order.
    package func forEach(_ body: (_ aggregate: Int, _ day: LocalDay, _ cell: Cell) throws -> Void) rethrows {
        for slot in keys.indices where keys[slot] != RollupChange.empty && !cells[slot].isZero {
            let day = LocalDay(number: Int32(bitPattern: UInt32(truncatingIfNeeded: keys[slot])))
            try body(Int(keys[slot] >> 32), day, cells[slot])
        }
    }

    /// What is noted for one aggregate and day.
    package func cell(aggregate: Int, day: LocalDay) -> Cell {
        guard !keys.isEmpty else { return .zero }
        let key = UInt64(UInt32(truncatingIfNeeded: aggregate)) << 32 | UInt64(UInt32(bitPattern: day.number))
        var slot = RollupChange.slot(of: key) & (keys.count - 1)
        while keys[slot] != RollupChange.empty {
            if keys[slot] == key { return cells[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        return .zero
    }

    @inline(__always)
    private static func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// Doubles the table; cells that cancelled out are left behind.
    private mutating func grow() {
        let (oldKeys, oldCells) = (keys, cells)
        let live = oldKeys.indices.filter { oldKeys[$0] != RollupChange.empty && !oldCells[$0].isZero }
        var capacity = 64
        while capacity < live.count * 4 { capacity *= 2 }
        keys = Array(repeating: RollupChange.empty, count: capacity)
        cells = Array(repeating: .zero, count: capacity)
        used = live.count
        for old in live {
            var slot = RollupChange.slot(of: oldKeys[old]) & (capacity - 1)
            while keys[slot] != RollupChange.empty { slot = (slot + 1) & (capacity - 1) }
            keys[slot] = oldKeys[old]
            cells[slot] = oldCells[old]
        }
    }
}
