/// The stores that a decoder has met: each id as one string, shared by its facts, and the store's terms asked for once.
struct StoreTable {
    struct Entry {
        let id: String
        let bytes: ContiguousArray<UInt8>
        let terms: StoreTerms
    }

    private let terms: @Sendable (String) -> StoreTerms
    private var entries: ContiguousArray<Entry> = []
    /// By hash of the id's bytes, open addressing: an index into `entries`, -1 for none. A power of two, at most half
    /// full.
    private var slots = ContiguousArray<Int32>(repeating: -1, count: 64)

    init(terms: @escaping @Sendable (String) -> StoreTerms) { self.terms = terms }

    subscript(index: Int) -> Entry { entries[index] }

    mutating func index(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var slot = bytes.spread & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if bytes.isEqual(to: entries[index].bytes) { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        let id = String(decoding: bytes, as: UTF8.self)
        // A source that makes up stores must not fill the memory: beyond this the table begins anew.
        if entries.count == 100_000 {
            entries.removeAll()
            slots = ContiguousArray(repeating: -1, count: 64)
        }
        entries.append(Entry(id: id, bytes: ContiguousArray(bytes), terms: terms(id)))
        if entries.count * 2 > slots.count {
            slots = ContiguousArray(repeating: -1, count: slots.count * 2)
            for index in entries.indices { place(index) }
        } else {
            place(entries.count - 1)
        }
        return entries.count - 1
    }

    private mutating func place(_ index: Int) {
        var slot = entries[index].bytes.withUnsafeBufferPointer { $0.spread } & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index)
    }
}
