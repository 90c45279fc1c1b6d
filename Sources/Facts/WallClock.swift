/// The time of day, for those who act. The core is given moments as parameters and never asks.
package protocol WallClock: Sendable {
    var now: Timestamp { get }
    /// Returns at the moment or soon after; at once when it has passed. Throws only when the task is canceled.
    func sleep(until moment: Timestamp) async throws
}
