/// Where a ledger was at work last, so that a copy of it is told from the ledger itself.
package struct LedgerHome: Sendable, Hashable {
    /// A hash of the machine's id; of none where it has none.
    package var machine: String
    /// A hash of the path.
    package var path: String
    /// The number of the file on its disk.
    package var file: UInt64
    /// Counted up with every start and every hour, here and in a file beside the ledger: an older copy has counted less.
    package var beats: Int64

    package init(machine: String, path: String, file: UInt64, beats: Int64) {
        (self.machine, self.path, self.file, self.beats) = (machine, path, file, beats)
    }

    var text: String { "\(machine) \(path) \(file) \(beats)" }

    init?(text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 4, let file = UInt64(parts[2]), let beats = Int64(parts[3]) else { return nil }
        self.init(machine: parts[0], path: parts[1], file: file, beats: beats)
    }
}
