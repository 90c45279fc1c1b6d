import Facts
import GRDB
import Rollups

/// The packed day buckets of stores, read, changed and written once per store and block.
struct BlockRows {
    private let select: PreparedStatement
    private let selectRange: PreparedStatement
    private let upsert: PreparedStatement
    private let delete: PreparedStatement

    init(_ database: Database) throws {
        select = try PreparedStatement(database, "SELECT cells FROM blocks WHERE number = ?1")
        selectRange = try PreparedStatement(
            database, "SELECT number, cells FROM blocks WHERE number >= ?1 AND number < ?2")
        upsert = try PreparedStatement(
            database,
            "INSERT INTO blocks (number, cells) VALUES (?1, ?2) ON CONFLICT (number) DO UPDATE SET cells = ?2")
        delete = try PreparedStatement(database, "DELETE FROM blocks WHERE number = ?1")
    }

    /// Of a row: store in the upper half, block (signed) in the lower.
    private static func number(store: Int64, block: Int32) -> Int64 { store << 32 + Int64(block) + 1 << 31 }
    private static func block(of number: Int64) -> Int32 { Int32(truncatingIfNeeded: (number & 0xFFFF_FFFF) - 1 << 31) }

    /// Moves a store's buckets. `numbers`: by the index of an aggregate in the plan the ledger's number, nil for one
    /// that is not built and is left alone.
    func apply(_ change: RollupChange, store: Int64, numbers: [Int?]) throws {
        var blocks: [Int32: [(aggregate: Int, day: LocalDay, cell: Cell)]] = [:]
        change.forEach { aggregate, day, cell in
            guard let number = numbers[aggregate] else { return }
            blocks[RollupBlock.number(of: day), default: []].append((number, day, cell))
        }
        for (block, cells) in blocks.sorted(by: { $0.key < $1.key }) {
            let number = BlockRows.number(store: store, block: block)
            var packed = try read(number)
            for (aggregate, day, cell) in cells { packed.add(cell, aggregate: aggregate, day: day) }
            try write(packed, number)
        }
    }

    /// Keeps of a store's buckets only those of `aggregates`, and adds `change` to them.
    func rebuild(_ change: RollupChange, store: Int64, numbers: [Int?], keeping aggregates: Set<Int>) throws {
        var existing: [(Int64, RollupBlock)] = []
        try forEachRow(store: store, blocks: nil) { number, bytes in
            existing.append((number, try RollupBlock(bytes: bytes)))
        }
        for (number, block) in existing {
            var block = block
            let others = block.aggregates.filter { !aggregates.contains($0) }
            guard !others.isEmpty else { continue }
            for aggregate in others { block.remove(aggregate: aggregate) }
            try write(block, number)
        }
        try apply(change, store: store, numbers: numbers)
    }

    /// Every cell of the aggregates that `wants` names, in the blocks given (nil: in all).
    func forEach(
        store: Int64, blocks: Range<Int32>?, where wants: (Int) -> Bool,
        _ body: (_ aggregate: Int, _ day: LocalDay, _ cell: Cell) -> Void
    ) throws {
        try forEachRow(store: store, blocks: blocks) { number, bytes in
            try RollupBlock.forEach(in: BlockRows.block(of: number), bytes: bytes, where: wants, body)
        }
    }

    private func forEachRow(
        store: Int64, blocks: Range<Int32>?, _ body: (Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let range = blocks.map {
            BlockRows.number(store: store, block: $0.lowerBound)..<BlockRows.number(store: store, block: $0.upperBound)
        }
        selectRange.bind(range?.lowerBound ?? store << 32, at: 1)
        selectRange.bind(range?.upperBound ?? (store + 1) << 32, at: 2)
        defer { selectRange.reset() }
        while try selectRange.step() {
            let number = selectRange.integer(0)
            do {
                try selectRange.withBlob(1) { bytes in try body(number, bytes) }
            } catch let error as RollupBlockError {
                throw corrupt(number, error)
            }
        }
    }

    private func read(_ number: Int64) throws -> RollupBlock {
        select.bind(number, at: 1)
        defer { select.reset() }
        guard try select.step() else { return RollupBlock() }
        do {
            return try select.withBlob(0) { bytes in try RollupBlock(bytes: bytes) }
        } catch let error as RollupBlockError {
            throw corrupt(number, error)
        }
    }

    private func write(_ block: RollupBlock, _ number: Int64) throws {
        let bytes = block.bytes()
        if bytes.isEmpty {
            delete.bind(number, at: 1)
            try delete.run()
        } else {
            upsert.bind(number, at: 1)
            upsert.bind(bytes: bytes, at: 2)
            try upsert.run()
        }
    }

    private func corrupt(_ number: Int64, _ error: RollupBlockError) -> CorruptRow {
        CorruptRow(table: "blocks", id: "\(number)", column: "cells (\(error))")
    }
}
