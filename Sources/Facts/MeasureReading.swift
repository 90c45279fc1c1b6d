/// The newest reading of a measure that is known at a moment.
package struct MeasureReading: Sendable, Hashable {
    package var at: Timestamp
    /// nil when it came without one.
    package var value: FixedPoint?

    package init(at: Timestamp, value: FixedPoint? = nil) { (self.at, self.value) = (at, value) }
}
