package import Facts

/// What one aggregate holds for one day of a store, or for several days added up.
///
/// Additive: the cell of two days is the sum of their cells, and what was added can be taken away again to the digit.
/// Neither part can overflow: a day's count stays below 2^48 (`RollupBlock` refuses to read more, and no store has
/// 280 billion facts a day), each fact adds less than 2^63, so a day's sum stays below 2^111 and 65,536 days of it
/// below 2^127. The additions trap rather than wrap, should that reasoning ever be wrong.
package struct Cell: Sendable, Hashable {
    /// Facts that pass the filter and lie on the day; for `sum` and `mean` only those that have a value.
    package var count: Int64
    /// Of their values: millionths, or microseconds of a duration. A condition adds 1,000,000 where it holds, so that
    /// its mean is a share. 0 for `count`.
    package var sum: Int128

    package init(count: Int64 = 0, sum: Int128 = 0) { (self.count, self.sum) = (count, sum) }

    package static let zero = Cell()
    package var isZero: Bool { count == 0 && sum == 0 }

    package static func += (a: inout Cell, b: Cell) {
        a.count += b.count
        a.sum += b.sum
    }

    package static func -= (a: inout Cell, b: Cell) {
        a.count -= b.count
        a.sum -= b.sum
    }

    package static prefix func - (a: Cell) -> Cell { Cell(count: -a.count, sum: -a.sum) }
}

/// Cells of consecutive days of one aggregate.
package struct DayCells: Sendable, Hashable {
    /// The days that were read; a day of them without facts has the cell zero.
    package let days: Range<LocalDay>
    private var cells: [Cell]

    /// All zero.
    package init(days: Range<LocalDay>) {
        self.days = days
        cells = Array(repeating: .zero, count: days.count)
    }

    /// A day outside `days` is passed over: a block of the ledger holds more days than a window asks for.
    package mutating func add(_ cell: Cell, on day: LocalDay) {
        let index = Int(day.number) - Int(days.lowerBound.number)
        guard index >= 0, index < cells.count else { return }
        cells[index] += cell
    }

    package subscript(day: LocalDay) -> Cell {
        let index = Int(day.number) - Int(days.lowerBound.number)
        return index >= 0 && index < cells.count ? cells[index] : .zero
    }

    /// Of the days of `range`; those outside `days` count as zero.
    package func sum(over range: Range<LocalDay>) -> Cell {
        let lower = max(Int(range.lowerBound.number) - Int(days.lowerBound.number), 0)
        let upper = min(Int(range.upperBound.number) - Int(days.lowerBound.number), cells.count)
        guard lower < upper else { return .zero }
        var total = Cell.zero
        for index in lower..<upper { total += cells[index] }
        return total
    }
}
