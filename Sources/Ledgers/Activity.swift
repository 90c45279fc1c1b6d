/// How much happened at a store in some time, by one kind of fact.
package struct Activity: Sendable, Hashable {
    /// Facts that began in it: orders placed, refunds opened.
    package var begun: Int
    /// Their known moments in it, the beginning included: an order that was placed, paid and shipped counts three times, and
    /// what came at one moment once.
    package var changes: Int
    /// The same of refunds, by their type: returns and claims are listed elsewhere than money that went back.
    package var types: [String: Activity] = [:]

    package init(begun: Int, changes: Int) { (self.begun, self.changes) = (begun, changes) }
}
