/// An order and all that names it: the unit of change.
///
/// A fact arrives, an order file changes, and the difference between what it contributed before and contributes
/// after is what the rollups learn. A fact that names no order, every penalty and every measure is a file of its own.
package struct OrderFile: Sendable {
    /// The order itself; nil while it is not known (its children may arrive first) or after it was deleted.
    package var order: Fact?
    /// The other facts of the file. Never holds a deleted fact, nor two of one kind and id.
    package var children: [Fact]

    package init(order: Fact? = nil, children: [Fact] = []) { (self.order, self.children) = (order, children) }

    package var isEmpty: Bool { order == nil && children.isEmpty }
}
