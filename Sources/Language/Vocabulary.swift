package import Facts

/// What a pack's expressions may name, understood: the result of `TypeChecker.check`. Holds only what is without error.
package struct Vocabulary: Sendable {
    package var labels: [String] = []
    package var parameters: [String: ParameterType] = [:]
    package var windows: [String: WindowExpression] = [:]
    package var kinds: [String: NamedKind] = [:]
    package var metrics: [String: TypedExpression] = [:]
    /// The metrics in order of dependence: one stands after all that it names.
    package var metricOrder: [String] = []
    /// Declared but in error, which has been said once: naming them is not another error.
    var brokenWindows: Set<String> = []
    var brokenKinds: Set<String> = []
    var brokenMetrics: Set<String> = []

    package init() {}

    /// A condition of a rule: `require`, `prefer`, `given`, a level. Nil when there are errors.
    package func condition(_ passage: Passage) -> (TypedExpression?, [Diagnostic]) {
        expression(passage, expecting: .bool)
    }

    /// An expression outside aggregates, of the given type if there is one. Nil when there are errors.
    package func expression(_ passage: Passage, expecting type: ValueType? = nil) -> (TypedExpression?, [Diagnostic]) {
        let (syntax, complaints) = Parser.expression(passage)
        var checker = TypeChecker(self, passage)
        let typed = type.map { checker.expression(syntax, .outside, of: $0) } ?? checker.expression(syntax, .outside)
        return (complaints.isEmpty && checker.diagnostics.isEmpty ? typed : nil, complaints + checker.diagnostics)
    }

    /// The condition with each aggregate that stands in it as a metric whose name is its text, so that its figure is
    /// told, explained and compared like that of any other.
    package mutating func naming(_ condition: TypedExpression) -> TypedExpression {
        guard case .aggregate = condition.node else { return condition.mapChildren { naming($0) } }
        let name = Printer.text(of: condition)
        if metrics.updateValue(condition, forKey: name) == nil { metricOrder.append(name) }
        return TypedExpression(.metric(name), condition.type)
    }

    /// The facts that a rule shows: `kind ["where" expression] [span]`. Nil when there are errors.
    package func evidence(_ passage: Passage) -> (EvidenceExpression?, [Diagnostic]) {
        let (syntax, complaints) = Parser.evidence(passage)
        var checker = TypeChecker(self, passage)
        let typed = checker.evidence(syntax)
        return (complaints.isEmpty && checker.diagnostics.isEmpty ? typed : nil, complaints + checker.diagnostics)
    }
}

/// An entry of `kinds:`: part of a kind.
package struct NamedKind: Sendable, Hashable {
    package var kind: FactKind
    /// nil when every fact of the kind belongs to it.
    package var filter: TypedExpression?

    package init(kind: FactKind, filter: TypedExpression?) { (self.kind, self.filter) = (kind, filter) }
}

/// Facts to be shown: of one kind, passing a filter, within a span if there is one.
package struct EvidenceExpression: Sendable, Hashable {
    package var kind: FactKind
    package var filter: TypedExpression?
    /// Never `orderFile`; nil when the evidence names no time.
    package var span: AggregateExpression.Span?

    package init(kind: FactKind, filter: TypedExpression?, span: AggregateExpression.Span?) {
        (self.kind, self.filter, self.span) = (kind, filter, span)
    }
}
