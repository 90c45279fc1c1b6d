/// What the windows of one store's resident rollups hold.
///
/// A value of its own, so that judging a store touches this and not the days behind it.
package struct RollingSums: Sendable {
    /// A window's sum in 16 bytes; when the sum does not fit (`wide`) it is asked from the days.
    struct Sum: Sendable {
        var count: Int64 = 0
        var sum: Int64 = 0
    }

    static let wide = Int64.min

    /// For each reading of the layout.
    var byReading: [Sum]
    /// Whether the days behind them hold every day of every window. False after a move far back: then the ledger has to
    /// be asked.
    package internal(set) var reachBack = true

    /// Of no facts.
    init(count: Int) { byReading = Array(repeating: Sum(), count: count) }
}
