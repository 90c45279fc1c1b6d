package import Facts
package import Language

/// All metrics of a pack for one set of parameter values: what they count, each thing once, and what has to be read to
/// answer them at a moment.
package struct MetricSet: Sendable {
    package let vocabulary: Vocabulary
    /// Conditions of rules and whatever else reads aggregates besides the metrics.
    package let conditions: [TypedExpression]
    /// Values of the parameters; one that is not here is missing wherever it is used.
    package let parameters: [String: Value]
    /// Values of the parameters of `type: window`.
    package let windows: [String: Window]

    /// Metrics by name, in order of dependence: one stands after all that it names.
    package var metrics: [String] { vocabulary.metricOrder }
    /// The distinct aggregates that live in day buckets, sorted.
    package let kept: [Aggregate]
    /// Those that are always computed from facts, sorted.
    package let read: [Aggregate]
    /// Every figure that the metrics and conditions read, each once, in the order of first use.
    package let readings: [Reading]

    private let readingsOfMetric: [String: [Reading]]
    /// Of metrics that are one aggregate and nothing else.
    private let aggregateOfMetric: [String: Aggregate]
    /// Of those whose window no condition chooses.
    private let figureOfMetric: [String: Reading]
    /// Expressions as they stand in metrics and conditions to what they count.
    private let aggregates: [ExpressionKey: Aggregate]

    package init(
        vocabulary: Vocabulary, conditions: [TypedExpression] = [], parameters: [String: Value] = [:],
        windows: [String: Window] = [:]
    ) {
        (self.vocabulary, self.conditions, self.parameters, self.windows) = (
            vocabulary, conditions, parameters, windows
        )
        var collector = ReadingCollector(vocabulary: vocabulary, parameters: parameters, windows: windows)
        for name in vocabulary.metricOrder { collector.learn(name) }
        readingsOfMetric = collector.known
        let everything =
            vocabulary.metricOrder.flatMap { collector.known[$0] ?? [] }
            + conditions.flatMap { collector.readings(of: $0) }
        var seen: Set<Reading> = []
        readings = everything.filter { seen.insert($0).inserted }
        let distinct = Set(readings.map(\.aggregate)).sorted()
        kept = distinct.filter(\.isKept)
        read = distinct.filter { !$0.isKept }
        var aggregates: [ExpressionKey: Aggregate] = [:]
        for expression in vocabulary.metrics.values + conditions {
            for found in expression.aggregates(in: vocabulary) {
                aggregates[ExpressionKey(found)] = Aggregate(found.substituting(parameters: parameters))
            }
        }
        self.aggregates = aggregates
        var (plain, figures): ([String: Aggregate], [String: Reading]) = ([:], [:])
        for (name, metric) in vocabulary.metrics {
            guard case .aggregate(let expression) = metric.node else { continue }
            plain[name] = aggregates[ExpressionKey(expression)]
            if let readings = readingsOfMetric[name], readings.count == 1, !expression.choosesWindow(in: vocabulary) {
                figures[name] = readings[0]
            }
        }
        (aggregateOfMetric, figureOfMetric) = (plain, figures)
    }

    /// The figures that an expression reads, through all metrics it names, each once.
    package func readings(of expression: TypedExpression) -> [Reading] {
        var collector = ReadingCollector(vocabulary: vocabulary, parameters: parameters, windows: windows)
        collector.known = readingsOfMetric
        var seen: Set<Reading> = []
        return collector.readings(of: expression).filter { seen.insert($0).inserted }
    }

    /// What an expression of this set counts; nil for one without a span.
    package func aggregate(for expression: AggregateExpression) -> Aggregate? {
        aggregates[ExpressionKey(expression)] ?? Aggregate(expression.substituting(parameters: parameters))
    }

    /// What a metric counts that is one aggregate and nothing else; nil for others.
    package func aggregate(ofMetric name: String) -> Aggregate? { aggregateOfMetric[name] }

    /// The one figure that a metric is, whatever the day; nil for others.
    func figure(ofMetric name: String) -> Reading? { figureOfMetric[name] }

    /// The figures that a metric reads.
    package func readings(ofMetric name: String) -> [Reading] { readingsOfMetric[name] ?? [] }

    /// What has to be read of a store to evaluate `expressions` at a moment; nil is every metric and condition.
    package func needs(
        of expressions: [TypedExpression]? = nil, at: Timestamp, calendar: StoreCalendar
    ) -> Needs {
        var needs = Needs()
        let wanted = expressions.map { $0.flatMap(readings(of:)) } ?? readings
        for reading in wanted { needs.add(reading, at: at, calendar: calendar) }
        return needs
    }

    /// The kinds whose coverage decides about an expression; `measure`, which has none, is among them when it is read.
    package func kindsRead(by expression: TypedExpression) -> FactKinds {
        readings(of: expression).reduce(into: []) { $0.formUnion($1.aggregate.kindsRead) }
    }
}

extension AggregateExpression {
    /// Whether a condition decides over which days it counts.
    fileprivate func choosesWindow(in vocabulary: Vocabulary) -> Bool {
        func chooses(_ window: WindowExpression) -> Bool {
            switch window {
            case .fixed, .parameter: false
            case .named(let name, _, _): vocabulary.windows[name].map(chooses) ?? false
            case .choose: true
            }
        }
        if case .window(_, let over) = span { return chooses(over) }
        return false
    }
}

/// Walks expressions and notes what they read.
struct ReadingCollector {
    let vocabulary: Vocabulary
    let parameters: [String: Value]
    let windows: [String: Window]
    /// By metric.
    var known: [String: [Reading]] = [:]

    init(vocabulary: Vocabulary, parameters: [String: Value], windows: [String: Window]) {
        (self.vocabulary, self.parameters, self.windows) = (vocabulary, parameters, windows)
    }

    mutating func learn(_ metric: String) {
        guard let expression = vocabulary.metrics[metric] else { return }
        known[metric] = readings(of: expression)
    }

    func readings(of expression: TypedExpression) -> [Reading] {
        switch expression.node {
        case .metric(let name): known[name] ?? vocabulary.metrics[name].map(readings(of:)) ?? []
        case .offset(let inner, let offset): readings(of: inner).map { $0.shifted(by: [offset]) }
        case .aggregate(let aggregate): readings(of: aggregate)
        default: expression.children.flatMap(readings(of:))
        }
    }

    private func readings(of expression: AggregateExpression) -> [Reading] {
        guard let aggregate = Aggregate(expression.substituting(parameters: parameters)) else { return [] }
        guard case .window(_, let over) = expression.span else { return [Reading(aggregate, over: nil)] }
        return conditions(of: over).flatMap(readings(of:)) + choices(of: over).map { Reading(aggregate, over: $0) }
    }

    /// Every window it may turn out to be. As the language has it, what is written after a name is applied to what the
    /// name comes to; the conditions that choose are asked at the moment itself.
    private func choices(of window: WindowExpression) -> [Window] {
        switch window {
        case .fixed(let window): [window]
        case .named(let name, let includesToday, let offset):
            vocabulary.windows[name].map(choices(of:))?.map { $0.including(today: includesToday, offset: offset) } ?? []
        case .parameter(let name, let includesToday, let offset):
            windows[name].map { [$0.including(today: includesToday, offset: offset)] } ?? []
        case .choose(_, let then, let otherwise): choices(of: then) + choices(of: otherwise)
        }
    }

    private func conditions(of window: WindowExpression) -> [TypedExpression] {
        switch window {
        case .fixed, .parameter: []
        case .named(let name, _, _): vocabulary.windows[name].map(conditions(of:)) ?? []
        case .choose(let condition, let then, let otherwise):
            [condition] + conditions(of: then) + conditions(of: otherwise)
        }
    }
}

/// An aggregate's expression as a key whose hash is cheap: walking the whole tree for a hash costs more than comparing
/// it with the few that look alike.
private struct ExpressionKey: Hashable, Sendable {
    let expression: AggregateExpression

    init(_ expression: AggregateExpression) { self.expression = expression }

    func hash(into hasher: inout Hasher) {
        hasher.combine(expression.reducer)
        hasher.combine(expression.kind)
        hasher.combine(expression.filter == nil)
        hasher.combine(expression.value?.type)
        if case .window(_, .fixed(let window)) = expression.span { hasher.combine(window) }
    }
}
