/// One rung of a rule that is a ladder: the first whose condition holds is where the store stands on it.
package struct Level: Sendable, Hashable {
    package let name: String
    package let condition: Condition

    package init(name: String, condition: Condition) { (self.name, self.condition) = (name, condition) }
}
