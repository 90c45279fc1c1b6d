package import Facts

/// The day buckets of one store in memory: a ring of days for each aggregate, and the sums over the windows that its
/// rules read, moved by the same changes that the ledger wrote. Reading a figure costs nanoseconds.
///
/// Compact: a day takes four bytes for a count and four for a sum (in ten-thousandths, or hundredths of a second for
/// durations); a row whose numbers do not fit is kept wide from then on. Days after the ring's last (a deadline lies in
/// the future) wait outside until the ring reaches them; days before its first are let go.
package struct ResidentRollups: Sendable {
    package let layout: ResidentLayout
    /// The last day in the ring.
    package private(set) var lastDay: LocalDay
    /// The windows' days that `sums` stand for; one array for all stores at the same moment.
    package private(set) var ranges: [Range<LocalDay>]

    /// Rows of `layout.dayCount` days: first the counts by aggregate, then the sums.
    private var days: [Int32]
    /// Rows that outgrew `days`, whole.
    private var wide: [Int: [Int128]] = [:]
    /// What the windows hold: all that judging asks for.
    package private(set) var sums: RollingSums
    /// Of days after the last.
    private var ahead: [AheadKey: Cell] = [:]

    private struct AheadKey: Hashable, Sendable {
        var aggregate: Int
        var day: LocalDay
    }

    static let sumUnit: Int64 = 10_000

    /// Without facts, standing at a moment.
    package init(_ layout: ResidentLayout, at: Timestamp) {
        self.layout = layout
        lastDay = layout.plan.calendar.day(of: at)
        ranges = layout.ranges(at: at)
        days = Array(repeating: 0, count: layout.rowCount * layout.dayCount)
        sums = RollingSums(count: layout.readings.count)
    }

    /// The first day in the ring.
    package var firstDay: LocalDay { lastDay.advanced(by: 1 - layout.dayCount) }

    /// What a window holds; of a reading whose days are `range` (a rule may stand at another day than the rest).
    /// nil when the ring does not reach that far.
    package func cell(of reading: Int, over range: Range<LocalDay>) -> Cell? {
        let known = sums.byReading[reading]
        if sums.reachBack, ranges[reading] == range, known.sum != RollingSums.wide {
            return Cell(count: known.count, sum: Int128(known.sum))
        }
        return cell(aggregate: layout.aggregates[reading], over: range)
    }

    /// From the ring's days; nil when it does not reach that far back.
    package func cell(aggregate: Int, over range: Range<LocalDay>) -> Cell? {
        guard !range.isEmpty else { return .zero }
        guard range.lowerBound >= firstDay else { return nil }
        var total = Cell.zero
        for day in range {
            if day > lastDay {
                total += ahead[AheadKey(aggregate: aggregate, day: day)] ?? .zero
            } else {
                total += cell(aggregate: aggregate, place: place(of: day))
            }
        }
        return total
    }

    package func cell(aggregate: Int, day: LocalDay) -> Cell? {
        cell(aggregate: aggregate, over: day..<day.advanced(by: 1))
    }

    /// The kept part of what an evaluation needs, from the ring; nil when it does not reach that far, or when the needs
    /// name an aggregate of another plan.
    package func cells(for needs: Needs) -> [Aggregate: DayCells]? {
        var result: [Aggregate: DayCells] = [:]
        for (aggregate, days) in needs.cells {
            guard let index = layout.plan.index(of: aggregate), days.lowerBound >= firstDay else { return nil }
            var cells = DayCells(days: days)
            for day in days { cells.add(cell(aggregate: index, day: day) ?? .zero, on: day) }
            result[aggregate] = cells
        }
        return result
    }

    /// What its rows and sums take in memory.
    package var byteCount: Int {
        days.count * MemoryLayout<Int32>.stride + sums.byReading.count * MemoryLayout<RollingSums.Sum>.stride
            + wide.count * layout.dayCount * MemoryLayout<Int128>.stride
            + ahead.count * (MemoryLayout<AheadKey>.stride + MemoryLayout<Cell>.stride)
    }

    // MARK: - Moving

    /// Adds what the ledger added. Also how a ring is filled at start: its blocks are a change from nothing.
    package mutating func apply(_ change: RollupChange) {
        change.forEach { aggregate, day, cell in add(cell, aggregate: aggregate, day: day) }
    }

    /// A day before the ring's first is let go.
    package mutating func add(_ cell: Cell, aggregate: Int, day: LocalDay) {
        guard day >= firstDay else { return }
        guard day <= lastDay else {
            let key = AheadKey(aggregate: aggregate, day: day)
            let sum = Cell(count: cell.count + (ahead[key]?.count ?? 0), sum: cell.sum + (ahead[key]?.sum ?? 0))
            ahead[key] = sum.isZero ? nil : sum
            for reading in layout.readingsOfAggregate[aggregate] where ranges[reading].contains(day) {
                roll(reading, cell)
            }
            return
        }
        let place = place(of: day)
        addToRow(aggregate, place, Int128(cell.count), unit: 1)
        if let row = layout.sumRows[aggregate], cell.sum != 0 {
            addToRow(row, place, cell.sum, unit: ResidentRollups.sumUnit)
        }
        for reading in layout.readingsOfAggregate[aggregate] where ranges[reading].contains(day) { roll(reading, cell) }
    }

    /// Moves the windows to where they stand at a moment; the ring's last day becomes at least that moment's. Windows
    /// move by the days that enter and leave them.
    package mutating func roll(to at: Timestamp) {
        roll(to: layout.ranges(at: at), today: layout.plan.calendar.day(of: at))
    }

    /// The same, with what `layout.ranges(at:)` gave, for many stores at one moment.
    package mutating func roll(to newRanges: [Range<LocalDay>], today: LocalDay) {
        if today <= lastDay, newRanges == ranges { return }
        // Sums lose the days that leave them while the ring still holds those.
        if sums.reachBack {
            for (reading, range) in newRanges.enumerated() where range != ranges[reading] {
                move(reading, from: ranges[reading], to: range)
            }
        }
        let reachedBack = sums.reachBack
        ranges = newRanges
        if today > lastDay { advance(to: today) }
        sums.reachBack = ranges.allSatisfy { $0.isEmpty || $0.lowerBound >= firstDay }
        for reading in ranges.indices where !reachedBack || sums.byReading[reading].sum == RollingSums.wide {
            settle(reading)
        }
    }

    private mutating func move(_ reading: Int, from old: Range<LocalDay>, to range: Range<LocalDay>) {
        guard !old.isEmpty, !range.isEmpty, old.overlaps(range) else {
            set(reading, cell(aggregate: layout.aggregates[reading], over: range) ?? .zero)
            return
        }
        // What leaves and enters at the front, then at the back.
        if range.lowerBound > old.lowerBound {
            take(old.lowerBound..<range.lowerBound, for: reading, isEntering: false)
        }
        if range.lowerBound < old.lowerBound { take(range.lowerBound..<old.lowerBound, for: reading, isEntering: true) }
        if range.upperBound < old.upperBound {
            take(range.upperBound..<old.upperBound, for: reading, isEntering: false)
        }
        if range.upperBound > old.upperBound { take(old.upperBound..<range.upperBound, for: reading, isEntering: true) }
    }

    /// Days before the ring are not there to be added; `sums.reachBack` says so afterwards.
    private mutating func take(_ days: Range<LocalDay>, for reading: Int, isEntering: Bool) {
        guard let cell = cell(aggregate: layout.aggregates[reading], over: days) else { return }
        roll(reading, isEntering ? cell : -cell)
    }

    private mutating func advance(to day: LocalDay) {
        let gone = min(lastDay.distance(to: day), layout.dayCount)
        for step in 1...max(gone, 1) where gone > 0 {
            let place = place(of: day.advanced(by: step - gone))
            for row in 0..<layout.rowCount {
                days[row * layout.dayCount + place] = 0
                if wide[row] != nil { wide[row]?[place] = 0 }
            }
        }
        lastDay = day
        for (key, cell) in ahead where key.day <= day {
            ahead[key] = nil
            guard key.day >= firstDay else { continue }
            let place = place(of: key.day)
            addToRow(key.aggregate, place, Int128(cell.count), unit: 1)
            if let row = layout.sumRows[key.aggregate] { addToRow(row, place, cell.sum, unit: ResidentRollups.sumUnit) }
        }
    }

    // MARK: - Rows

    private func place(of day: LocalDay) -> Int {
        let place = Int(day.number) % layout.dayCount
        return place < 0 ? place + layout.dayCount : place
    }

    private func cell(aggregate: Int, place: Int) -> Cell {
        let count =
            wide[aggregate].map { Int64(truncatingIfNeeded: $0[place]) }
            ?? Int64(days[aggregate * layout.dayCount + place])
        guard let row = layout.sumRows[aggregate] else { return Cell(count: count) }
        let sum =
            wide[row].map { $0[place] } ?? Int128(Int64(days[row * layout.dayCount + place]) * ResidentRollups.sumUnit)
        return Cell(count: count, sum: sum)
    }

    private mutating func addToRow(_ row: Int, _ place: Int, _ amount: Int128, unit: Int64) {
        if wide[row] != nil {
            wide[row]?[place] += amount
            return
        }
        let index = row * layout.dayCount + place
        if let small = Int64(exactly: amount), small % unit == 0,
            let sum = Int32(exactly: Int64(days[index]) + small / unit)
        {
            days[index] = sum
            return
        }
        let start = row * layout.dayCount
        var row128 = days[start..<start + layout.dayCount].map { Int128($0) * Int128(unit) }
        row128[place] += amount
        wide[row] = row128
    }

    // MARK: - Rolling sums

    private mutating func set(_ reading: Int, _ cell: Cell) {
        sums.byReading[reading] = RollingSums.Sum(count: cell.count, sum: Int64(exactly: cell.sum) ?? RollingSums.wide)
    }

    private mutating func roll(_ reading: Int, _ cell: Cell) {
        sums.byReading[reading].count += cell.count
        guard sums.byReading[reading].sum != RollingSums.wide, cell.sum != 0 else { return }
        guard let small = Int64(exactly: cell.sum) else {
            sums.byReading[reading].sum = RollingSums.wide
            return
        }
        let (sum, isOver) = sums.byReading[reading].sum.addingReportingOverflow(small)
        sums.byReading[reading].sum = isOver ? RollingSums.wide : sum
    }

    /// A sum that was too wide may fit again once its days have moved on.
    private mutating func settle(_ reading: Int) {
        if let cell = cell(aggregate: layout.aggregates[reading], over: ranges[reading]) { set(reading, cell) }
    }
}
