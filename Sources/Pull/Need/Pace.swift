/// How much happens at a store by one kind of fact, in thousandths a day.
package struct Pace: Sendable, Hashable {
    /// What begins: orders placed, refunds opened.
    package var begun: Int64
    /// What begins or changes.
    package var changed: Int64

    /// Of refunds, by their type, where that is known.
    package var types: [String: Pace] = [:]

    package init(begun: Int64, changed: Int64) { (self.begun, self.changed) = (begun, changed) }
    package static let none = Pace(begun: 0, changed: 0)
}
