/// How often something took how long.
package struct Histogram: Sendable, Hashable {
    /// Rising; what took longer than the last is counted after them.
    package let bounds: [Double]
    /// One more than there are bounds.
    package private(set) var counts: [Int]
    /// In seconds.
    package private(set) var sum = 0.0

    init(_ bounds: [Double]) { (self.bounds, counts) = (bounds, Array(repeating: 0, count: bounds.count + 1)) }

    package var count: Int { counts.reduce(0, +) }

    mutating func note(_ seconds: Double) {
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sum += seconds
    }
}
