/// Points that calls cost, as GraphQL platforms count them: what a query may cost has to be there, and what it cost is taken.
package struct PointBucket: Sendable {
    /// In millionths of a point; nil: nobody has asked yet, and it is full.
    private var level: Int64?
    private var at: Int64 = 0

    /// What is there, in whole points.
    ///
    /// - Parameters:
    ///   - size: of the bucket, in points.
    ///   - rate: points that come back in a second.
    ///   - now: in microseconds.
    mutating func available(_ size: Int, _ rate: Int, at now: Int64) -> Int {
        let full = Int64(size) * 1_000_000
        level = min(full, (level ?? full) + max(0, now - at) * Int64(rate))
        at = now
        return Int((level ?? full) / 1_000_000)
    }

    /// A query was answered, and cost so much.
    mutating func take(_ points: Int) {
        level = (level ?? 0) - Int64(points) * 1_000_000
    }

    /// Somebody else has used it up, but for so much.
    mutating func drain(to points: Int) { level = min(level ?? .max, Int64(max(0, points)) * 1_000_000) }
}
