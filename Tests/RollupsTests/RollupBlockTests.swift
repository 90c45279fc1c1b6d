import Facts
import Rollups
import TestSupport
import Testing

@Suite("Rollup blocks")
struct RollupBlockTests {
    /// What a block must hold, kept the plain way.
    typealias Reference = [Int: [LocalDay: Cell]]

    static func random(_ generator: inout SeededGenerator, block: Int32, share: Int = 60) -> (RollupBlock, Reference) {
        var (packed, reference) = (RollupBlock(), Reference())
        for aggregate in [0, 1, 7, 8, 300, 1_000_000] where generator.percent(80) {
            for day in RollupBlock.days(of: block) where generator.percent(share) {
                let cell = cell(&generator, hasSum: aggregate % 2 == 0)
                packed.add(cell, aggregate: aggregate, day: day)
                reference[aggregate, default: [:]][day, default: .zero] += cell
            }
        }
        return (packed, reference)
    }

    static func cell(_ generator: inout SeededGenerator, hasSum: Bool) -> Cell {
        let count = Int64.random(in: 0..<(1 << Int64.random(in: 1...47, using: &generator)), using: &generator)
        guard hasSum else { return Cell(count: count) }
        let limit = Int128(1) << Int128(Int64.random(in: 1...110, using: &generator))
        let sum = Int128(truncatingIfNeeded: UInt128(generator.next()) << 64 | UInt128(generator.next())) % limit
        return Cell(count: count, sum: sum)
    }

    static func cells(of block: RollupBlock, number: Int32) -> Reference {
        var result = Reference()
        block.forEach(in: number) { result[$0, default: [:]][$1] = $2 }
        return result
    }

    @Test(
        "a day lies in the block of its number divided by 32, before 1970 too",
        arguments: [
            (0, 0), (31, 0), (32, 1), (-1, -1), (-32, -1), (-33, -2), (20_543, 641),
        ])
    func numbers(_ day: Int32, _ block: Int32) {
        #expect(RollupBlock.number(of: LocalDay(number: day)) == block)
        #expect(RollupBlock.days(of: block).contains(LocalDay(number: day)))
        #expect(RollupBlock.days(of: block).count == 32)
    }

    @Test("what is packed comes back, cell for cell", arguments: 0..<40)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let number = Int32.random(in: -3...700, using: &generator)
        let (block, reference) = RollupBlockTests.random(&generator, block: number, share: seed % 4 == 0 ? 3 : 60)
        let expected = reference.mapValues { $0.filter { !$0.value.isZero } }.filter { !$0.value.isEmpty }
        let bytes = block.bytes()
        #expect(RollupBlockTests.cells(of: try RollupBlock(bytes: bytes), number: number) == expected)
        var direct = Reference()
        try bytes.withUnsafeBytes { raw in
            try RollupBlock.forEach(in: number, bytes: raw) { direct[$0, default: [:]][$1] = $2 }
        }
        #expect(direct == expected)
        var only = Reference()
        try bytes.withUnsafeBytes { raw in
            try RollupBlock.forEach(in: number, bytes: raw, where: { $0 == 7 }) { only[$0, default: [:]][$1] = $2 }
        }
        #expect(only == expected.filter { $0.key == 7 })
        #expect(try RollupBlock(bytes: bytes).bytes() == bytes)
    }

    @Test("what is added can be taken away again: nothing is left, not even bytes")
    func cancels() throws {
        var generator = SeededGenerator(seed: 7)
        var (block, reference) = RollupBlockTests.random(&generator, block: 640)
        #expect(!block.isEmpty)
        for (aggregate, days) in reference {
            for (day, cell) in days { block.add(-cell, aggregate: aggregate, day: day) }
        }
        #expect(block.isEmpty)
        #expect(block.bytes().isEmpty)
        #expect(try RollupBlock(bytes: []).isEmpty)
    }

    @Test("an aggregate can be forgotten, and others stay")
    func forgets() {
        var block = RollupBlock()
        let day = LocalDay(number: 100)
        for aggregate in [5, 3, 9] { block.add(Cell(count: Int64(aggregate)), aggregate: aggregate, day: day) }
        block.remove(aggregate: 5)
        #expect(block.aggregates == [3, 9])
        #expect(block.cell(aggregate: 5, day: day) == .zero)
        #expect(block.cell(aggregate: 9, day: day) == Cell(count: 9))
    }

    @Test("typical days take few bytes")
    func size() {
        // 20 aggregates, 8 of them with sums, 90 % of the days not empty.
        var (block, generator) = (RollupBlock(), SeededGenerator(seed: 3))
        for aggregate in 0..<20 {
            for day in 0..<32 where generator.percent(90) {
                let count = Int64.random(in: 1...60, using: &generator)
                let sum = aggregate < 8 ? Int128(count) * 4_500_000 : 0
                block.add(Cell(count: count, sum: sum), aggregate: aggregate, day: LocalDay(number: Int32(day)))
            }
        }
        #expect(block.bytes().count < 2_000)
    }

    @Test("bytes that are no block are refused, never taken for one and never fatal", arguments: 0..<300)
    func corrupt(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = RollupBlockTests.random(&generator, block: 3).0.bytes()
        switch seed % 4 {
        case 0:
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
            }
        case 1: bytes = Array(bytes.prefix(Int.random(in: 0...max(bytes.count - 1, 0), using: &generator)))
        case 2: bytes = [1] + (0..<60).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        default:
            bytes =
                [1] + (0..<60).map { _ in generator.percent(70) ? 0xFF : UInt8(truncatingIfNeeded: generator.next()) }
        }
        do {
            // Some damage gives other numbers: those must be a block that can be packed again.
            let block = try RollupBlock(bytes: bytes)
            #expect(try RollupBlock(bytes: block.bytes()).bytes() == block.bytes())
        } catch {
            #expect(error.offset <= bytes.count)
        }
    }

    @Test(
        "each fault is named",
        arguments: [
            ([2], "format 2 is not known"),
            ([1, 0x00, 0, 0, 0, 0], "aggregate out of order"),
            ([1, 0x02, 1], "ends within the days"),
            ([1, 0x02, 1, 0, 0, 0], "ends within a number"),
            ([1, 0x02, 1, 0, 0, 0] + Array(repeating: 0xFF, count: 12), "a number without end"),
            ([1, 0x02, 1, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], "a count out of range"),
            ([1, 0x03, 1, 0, 0, 0, 0x02] + Array(repeating: 0xFF, count: 20), "a sum out of range"),
        ] as [([UInt8], String)])
    func faults(_ bytes: [UInt8], _ fault: String) {
        let error = #expect(throws: RollupBlockError.self) { try RollupBlock(bytes: bytes) }
        #expect(error?.fault == fault)
    }
}
