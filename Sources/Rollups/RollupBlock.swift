package import Facts

/// 32 days of one store, packed: what the ledger keeps as bytes. Aggregates are named by a number, which the ledger
/// gives to each text.
///
/// A block's days are those whose number divided by 32 (rounded down) is the block's number. Cells that are zero take
/// no room. The bytes: the format's number, then for each aggregate in rising order a head (the distance to the
/// aggregate before it, doubled, plus 1 when it carries sums), the days that follow as 32 bits, and for each of these
/// the count and, if it carries them, the sum. Heads, counts and sums have seven bits a byte, the lowest first; counts
/// and sums are zigzagged, so that small negative ones stay small.
package struct RollupBlock: Sendable {
    package static let dayCount = 32

    package static func number(of day: LocalDay) -> Int32 { day.number >> 5 }
    package static func days(of block: Int32) -> Range<LocalDay> {
        LocalDay(number: block << 5)..<LocalDay(number: (block << 5) + 32)
    }
    /// The blocks in which `days` lie.
    package static func numbers(of days: Range<LocalDay>) -> Range<Int32> {
        guard !days.isEmpty else { return 0..<0 }
        return number(of: days.lowerBound)..<number(of: days.upperBound.advanced(by: -1)) + 1
    }

    /// One aggregate's cells, 32 of them.
    private struct Row: Sendable {
        var aggregate: Int
        var cells: [Cell]
    }
    /// By aggregate, rising.
    private var rows: [Row] = []

    package init() {}

    package var isEmpty: Bool { rows.allSatisfy { $0.cells.allSatisfy(\.isZero) } }

    /// The aggregates that have a row, rising.
    package var aggregates: [Int] { rows.map(\.aggregate) }

    /// Adds to one cell. Of `day` only its place in its block counts.
    package mutating func add(_ cell: Cell, aggregate: Int, day: LocalDay) {
        precondition(aggregate >= 0 && aggregate <= RollupBlock.greatestAggregate, "aggregates are numbered from 0")
        rows[row(of: aggregate)].cells[Int(day.number & 31)] += cell
    }

    package func cell(aggregate: Int, day: LocalDay) -> Cell {
        guard let row = rows.first(where: { $0.aggregate == aggregate }) else { return .zero }
        return row.cells[Int(day.number & 31)]
    }

    /// Forgets all that is kept of an aggregate. Harmless when nothing is.
    package mutating func remove(aggregate: Int) { rows.removeAll { $0.aggregate == aggregate } }

    /// Every cell that is not zero, by aggregate and then by day.
    package func forEach(
        in block: Int32, _ body: (_ aggregate: Int, _ day: LocalDay, _ cell: Cell) throws -> Void
    ) rethrows {
        let first = RollupBlock.days(of: block).lowerBound
        for row in rows {
            for (place, cell) in row.cells.enumerated() where !cell.isZero {
                try body(row.aggregate, first.advanced(by: place), cell)
            }
        }
    }

    private mutating func row(of aggregate: Int) -> Int {
        // Mostly at the end: blocks are decoded in rising order.
        var index = rows.count
        while index > 0, rows[index - 1].aggregate >= aggregate { index -= 1 }
        if index == rows.count || rows[index].aggregate != aggregate {
            rows.insert(Row(aggregate: aggregate, cells: Array(repeating: .zero, count: 32)), at: index)
        }
        return index
    }

    static let greatestAggregate = Int(Int32.max)
}

/// Bytes that are no block.
package struct RollupBlockError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the bytes reading stopped, and what was wrong there.
    package let offset: Int
    package let fault: String
    package var description: String { "a rollup block cannot be read at byte \(offset): \(fault)" }
}

extension RollupBlock {
    private static let format: UInt8 = 1

    package init(bytes: some Collection<UInt8>) throws(RollupBlockError) {
        let outcome = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(RollupBlockError) in try RollupBlock(raw: UnsafeRawBufferPointer(buffer)) }
        }
        if let outcome {
            self = try outcome.get()
        } else {
            try self.init(bytes: Array(bytes))
        }
    }

    package init(bytes: UnsafeRawBufferPointer) throws(RollupBlockError) { try self.init(raw: bytes) }

    private init(raw: UnsafeRawBufferPointer) throws(RollupBlockError) {
        var reader = RollupBlockReader(raw)
        guard try reader.begin(format: RollupBlock.format) else { return }
        while let head = try reader.head() {
            var cells = Array(repeating: Cell.zero, count: 32)
            var mask = head.mask
            while mask != 0 {
                cells[mask.trailingZeroBitCount] = try reader.cell(withSum: head.hasSums)
                mask &= mask - 1
            }
            rows.append(Row(aggregate: head.aggregate, cells: cells))
        }
    }

    /// Every cell in packed bytes, without building a block: what a cold evaluation of many stores goes through.
    /// `wants` is asked once for each aggregate; those it does not want are passed over.
    package static func forEach(
        in block: Int32, bytes: UnsafeRawBufferPointer, where wants: (_ aggregate: Int) -> Bool = { _ in true },
        _ body: (_ aggregate: Int, _ day: LocalDay, _ cell: Cell) -> Void
    ) throws(RollupBlockError) {
        let first = block << 5
        var reader = RollupBlockReader(bytes)
        guard try reader.begin(format: format) else { return }
        while let head = try reader.head() {
            var mask = head.mask
            let isWanted = wants(head.aggregate)
            while mask != 0 {
                let cell = try reader.cell(withSum: head.hasSums)
                if isWanted { body(head.aggregate, LocalDay(number: first + Int32(mask.trailingZeroBitCount)), cell) }
                mask &= mask - 1
            }
        }
    }

    /// Empty when every cell is zero. Equal blocks have equal bytes.
    package func bytes() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + rows.count * 48)
        var previous = -1
        for row in rows {
            var (mask, hasSums) = (UInt32(0), false)
            for place in 0..<32 where !row.cells[place].isZero {
                mask |= 1 << UInt32(place)
                if row.cells[place].sum != 0 { hasSums = true }
            }
            guard mask != 0 else { continue }
            if bytes.isEmpty { bytes.append(RollupBlock.format) }
            bytes.appendPacked(UInt64(row.aggregate - previous) << 1 | (hasSums ? 1 : 0))
            previous = row.aggregate
            for shift in [UInt32(0), 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: mask >> shift)) }
            while mask != 0 {
                let cell = row.cells[mask.trailingZeroBitCount]
                precondition(cell.count.magnitude < RollupBlock.countLimit, "no day of a store has so many facts")
                bytes.appendPacked(UInt64(bitPattern: cell.count << 1 ^ cell.count >> 63))
                if hasSums { bytes.appendPacked(wide: UInt128(bitPattern: cell.sum << 1 ^ cell.sum >> 127)) }
                mask &= mask - 1
            }
        }
        return bytes
    }

    /// 2^48 and 2^111, see `Cell`: what lies beyond is not ours.
    static let countLimit: UInt64 = 1 << 48
    static let sumLimit: UInt128 = 1 << 111
}

/// Walks over packed bytes, checking each step.
private struct RollupBlockReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var aggregate = -1

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// False for no bytes at all, which is the block without cells.
    mutating func begin(format: UInt8) throws(RollupBlockError) -> Bool {
        guard !bytes.isEmpty else { return false }
        guard bytes[0] == format else { throw fault("format \(bytes[0]) is not known") }
        offset = 1
        return true
    }

    mutating func head() throws(RollupBlockError) -> (aggregate: Int, hasSums: Bool, mask: UInt32)? {
        guard offset < bytes.count else { return nil }
        let packed = try number()
        let step = packed >> 1
        guard step >= 1, step <= UInt64(RollupBlock.greatestAggregate - aggregate) else {
            throw fault("aggregate out of order")
        }
        aggregate += Int(step)
        guard bytes.count - offset >= 4 else { throw fault("ends within the days") }
        let mask = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        offset += 4
        return (aggregate, packed & 1 == 1, mask)
    }

    @inline(__always)
    mutating func cell(withSum: Bool) throws(RollupBlockError) -> Cell {
        let packed = try number()
        let count = Int64(bitPattern: packed >> 1) ^ -Int64(bitPattern: packed & 1)
        guard count.magnitude < RollupBlock.countLimit else { throw fault("a count out of range") }
        return Cell(count: count, sum: withSum ? try sum() : 0)
    }

    @inline(__always)
    private mutating func number() throws(RollupBlockError) -> UInt64 {
        guard offset < bytes.count else { throw fault("ends within a number") }
        let first = bytes[offset]
        offset += 1
        guard first >= 0x80 else { return UInt64(first) }
        var (value, shift) = (UInt64(first & 0x7F), UInt64(7))
        while offset < bytes.count, shift < 63 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw fault("a number without end")
    }

    @inline(__always)
    private mutating func sum() throws(RollupBlockError) -> Int128 {
        var (low, shift) = (UInt64(0), UInt64(0))
        while offset < bytes.count, shift < 63 {
            let byte = bytes[offset]
            offset += 1
            low |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int128(Int64(bitPattern: low >> 1) ^ -Int64(bitPattern: low & 1)) }
            shift += 7
        }
        return try wideSum(low: low)
    }

    /// What is left of a sum above 63 bits.
    private mutating func wideSum(low: UInt64) throws(RollupBlockError) -> Int128 {
        var (value, shift) = (UInt128(low), UInt128(63))
        while offset < bytes.count, shift <= 112 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt128(byte & 0x7F) << shift
            if byte < 0x80 {
                let sum = Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
                guard sum.magnitude < RollupBlock.sumLimit else { break }
                return sum
            }
            shift += 7
        }
        throw fault("a sum out of range")
    }

    private func fault(_ text: String) -> RollupBlockError { RollupBlockError(offset: offset, fault: text) }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fileprivate mutating func appendPacked(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    fileprivate mutating func appendPacked(wide number: UInt128) {
        var rest = number
        while rest > UInt128(UInt64.max) {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        appendPacked(UInt64(truncatingIfNeeded: rest))
    }
}
