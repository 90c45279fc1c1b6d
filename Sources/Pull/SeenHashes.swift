/// Which cursors (or pages, as `RepeatedPages` has it) one pull has been given, in memory that does not grow: enough to
/// find every loop.
///
/// The last `remembered` are known exactly, so that a loop of up to that many pages is found at its first repetition.
/// A longer loop meets the anchor, which moves to the latest cursor whenever the number of cursors has doubled
/// (Brent's way of finding a cycle): it is found within a few rounds, and no pull goes on for ever.
package struct SeenHashes: Sendable, Hashable {
    /// How many the pull was given: also the number of pages but the first.
    package private(set) var count = 0
    private var recent: [UInt64] = []
    private var anchor: UInt64?

    static let remembered = 128

    package init() {}

    /// False when the cursor was seen before in this pull.
    package mutating func insert(_ cursor: String) -> Bool {
        // FNV-1a, 64 bits.
        meet(cursor.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }) == .first
    }

    enum Meeting { case first, recent, longPast }

    /// Remembers a hash that is met for the first time, and says whether it is.
    mutating func meet(_ hash: UInt64) -> Meeting {
        if recent.contains(hash) { return .recent }
        if anchor == hash { return .longPast }
        count += 1
        if count & (count - 1) == 0 { anchor = hash }
        if recent.count == SeenHashes.remembered { recent.removeFirst() }
        recent.append(hash)
        return .first
    }

    /// Each in hexadecimal digits; the anchor first, or a dash.
    var text: String {
        let all = [anchor.map(SeenHashes.hex) ?? "-"] + recent.map(SeenHashes.hex)
        return "\(count):" + all.joined(separator: ",")
    }

    init?(text: some StringProtocol) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let count = Int(parts[0]), count >= 0 else { return nil }
        let hashes = parts[1].split(separator: ",")
        guard let first = hashes.first else { return nil }
        var recent: [UInt64] = []
        for hash in hashes.dropFirst() {
            guard let value = UInt64(hash, radix: 16) else { return nil }
            recent.append(value)
        }
        guard first == "-" || UInt64(first, radix: 16) != nil, recent.count <= SeenHashes.remembered else {
            return nil
        }
        (self.count, self.recent, anchor) = (count, recent, UInt64(first, radix: 16))
    }

    private static func hex(_ hash: UInt64) -> String { String(hash, radix: 16) }
}
