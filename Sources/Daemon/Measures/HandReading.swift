package import Facts

/// A reading that a person took from the back end.
package struct HandReading: Sendable, Hashable {
    package var store: String
    package var name: String
    /// The moment that it holds for.
    package var at: Timestamp
    /// One of the two at least is there.
    package var value: FixedPoint?
    package var expected: FixedPoint?

    /// A measure that is said again of the same moment is the same fact, so that a slip can be mended.
    package var id: String { "\(name)@\(at)" }

    /// Longer names leave no room for the moment in the fact's id.
    static let greatestNameBytes = 150

    func fact(updatedAt: Timestamp) -> Fact {
        var fact = Fact(.measure, store: store, id: id, updatedAt: updatedAt)
        for member in Schema[.measure].members {
            switch member.name {
            case "name": fact.texts[member.slot] = name
            case "at": fact.numbers[member.slot] = at.microseconds
            case "value": if let value { fact.numbers[member.slot] = value.millionths }
            case "expected": if let expected { fact.numbers[member.slot] = expected.millionths }
            default: break
            }
        }
        return fact
    }
}
