package import Facts
import Language
package import Rollups

/// Facts that are alike to a rule: of one kind, counted by one time, under the same conditions. One more of them moves
/// all figures that count them.
package struct FactClass: Sendable {
    /// The figure by which the class was found, over its window.
    package let reading: Reading
    /// What each of its facts has in the member that is averaged; nil: whatever it has.
    package let value: Fraction?
    private let conditions: Conditions

    package init(_ reading: Reading, value: Fraction? = nil) {
        (self.reading, self.value) = (reading, value)
        conditions = Conditions(of: reading.aggregate)
    }

    package var aggregate: Aggregate { reading.aggregate }

    /// Whether one fact more of this class, inside the window, is counted by another figure too: by one as of another day
    /// it is not.
    ///
    /// A rating or a penalty is new: what asks for fewer of its conditions counts it as well. A fact of any other kind was
    /// there already and turned: what asks for fewer counted it before.
    func moves(_ reading: Reading) -> Bool {
        let other = reading.aggregate
        guard other.kind == aggregate.kind, other.time == aggregate.time, reading.shifts == self.reading.shifts else {
            return false
        }
        let asked = Conditions(of: other)
        let isCounted = asked.parts.allSatisfy { text, part in
            conditions.entail(text) || value.map { holds(part, $0) } ?? false
        }
        guard isCounted else { return false }
        return isNew || conditions.parts.keys.allSatisfy(asked.entail)
    }

    /// Whether the other counts, by fewer conditions, what this one counts.
    func isBased(on other: Aggregate) -> Bool {
        guard other.kind == aggregate.kind else { return false }
        let asked = Conditions(of: other)
        return asked.parts.keys.allSatisfy(conditions.entail) && !conditions.parts.keys.allSatisfy(asked.entail)
    }

    /// Whether both are the same facts.
    func isSame(as other: FactClass) -> Bool {
        other.aggregate.kind == aggregate.kind && other.aggregate.time == aggregate.time
            && other.reading.shifts == reading.shifts && conditions.parts.keys.allSatisfy(other.conditions.entail)
            && other.conditions.parts.keys.allSatisfy(conditions.entail)
    }

    private var isNew: Bool { aggregate.kind == .rating || aggregate.kind == .penalty }

    /// Whether a condition is met by what each fact has in the averaged member.
    private func holds(_ condition: TypedExpression, _ value: Fraction) -> Bool {
        guard case .compare(let comparison, let a, let b) = condition.node, let averaged = aggregate.value else {
            return false
        }
        let number = TypedExpression(.literal(.number(value, isPercent: false)), .number)
        let (left, right) = (a == averaged ? number : a, b == averaged ? number : b)
        guard case .literal(let x) = left.node, case .literal(let y) = right.node else { return false }
        return Evaluator.holds(comparison, x.value, y.value)
    }

    /// What a filter asks for, part by part, and what that implies: that a member is there which it compares.
    private struct Conditions: Sendable {
        private(set) var parts: [String: TypedExpression] = [:]
        private var implied: Set<String> = []

        init(of aggregate: Aggregate) {
            if let filter = aggregate.filter { visit(filter) }
            if let value = aggregate.value { note(isThere: value) }
        }

        func entail(_ text: String) -> Bool { parts[text] != nil || implied.contains(text) }

        private mutating func visit(_ expression: TypedExpression) {
            if case .and(let a, let b) = expression.node {
                visit(a)
                visit(b)
                return
            }
            parts[Printer.text(of: expression)] = expression
            switch expression.node {
            case .compare(let comparison, let a, let b) where comparison != .notEqual:
                note(isThere: a)
                note(isThere: b)
            case .isOneOf(let a, _): note(isThere: a)
            default: break
            }
        }

        private mutating func note(isThere member: TypedExpression) {
            guard case .member = member.node else { return }
            let missing = TypedExpression(.isMissing(member), .bool)
            implied.insert(Printer.text(of: TypedExpression(.not(missing), .bool)))
        }
    }
}
