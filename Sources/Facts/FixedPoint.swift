/// A number as facts carry it: millionths in 64 bits, so that what is added can be taken away again to the digit.
package struct FixedPoint: Sendable, Hashable, Comparable {
    package var millionths: Int64
    package init(millionths: Int64) { self.millionths = millionths }
    package static let scale: Int64 = 1_000_000
    package static func < (a: FixedPoint, b: FixedPoint) -> Bool { a.millionths < b.millionths }
}
