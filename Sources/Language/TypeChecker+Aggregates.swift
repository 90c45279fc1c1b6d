import Facts

extension TypeChecker {
    /// The base kind and the filter of a name after `count(` or `of`.
    mutating func kind(_ name: Name) -> NamedKind? {
        if let kind = FactKind(name: name.text) { return NamedKind(kind: kind, filter: nil) }
        if let kind = vocabulary.kinds[name.text] { return kind }
        if name.text.isEmpty || vocabulary.brokenKinds.contains(name.text) { return nil }
        let known = FactKind.allCases.map(\.name) + vocabulary.kinds.keys.sorted()
        complain(
            "'\(name.text)' is not a kind of fact" + NearestName.hint(for: name.text, among: known), at: name.range)
        return nil
    }

    /// The filter of a named kind and the one written with it.
    static func both(_ first: TypedExpression?, _ second: TypedExpression?) -> TypedExpression? {
        guard let first, let second else { return first ?? second }
        return TypedExpression(.and(first, second), .bool)
    }

    mutating func has(_ syntax: KindSyntax, _ scope: Scope, at range: Range<Int>) -> TypedExpression? {
        guard let named = orderFileKind(syntax, scope, "has", at: range) else { return nil }
        var filter: TypedExpression?
        if let written = syntax.filter {
            guard let typed = expression(written, .fact(named.kind), of: .bool) else { return nil }
            filter = typed
        }
        let count = AggregateExpression(.count, named.kind, where: TypeChecker.both(named.filter, filter), .orderFile)
        return TypedExpression(
            .compare(
                .greater, TypedExpression(.aggregate(count), .number),
                TypedExpression(.literal(.number(.zero, isPercent: false)), .number)), .bool)
    }

    /// The kind of an aggregate that reads the order file of the fact at hand.
    private mutating func orderFileKind(
        _ syntax: KindSyntax, _ scope: Scope, _ what: String, at range: Range<Int>
    ) -> NamedKind? {
        guard case .fact(let outer) = scope else {
            complain(
                what == "has"
                    ? "'has' reads the order file of a fact and stands only inside an aggregate"
                    : "an aggregate outside a fact says which facts: 'by TIME over WINDOW' or 'from TIME until TIME'",
                at: range)
            // What is inside has its own mistakes to tell.
            if let named = kind(syntax.name), let filter = syntax.filter {
                _ = expression(filter, .fact(named.kind), of: .bool)
            }
            return nil
        }
        guard let named = kind(syntax.name) else { return nil }
        for kind in [outer, named.kind] where kind != .order && !kind.belongsToOrder {
            complain("a \(kind.name) belongs to no order and has no order file", at: range)
            return nil
        }
        return named
    }

    mutating func aggregate(_ syntax: AggregateSyntax, _ scope: Scope, at range: Range<Int>) -> TypedExpression? {
        let named: NamedKind?
        if syntax.kind.span != nil {
            if scope != .outside {
                complain(
                    "inside an aggregate another one reads the order file and takes no 'by' or 'from'",
                    at: syntax.kind.span?.parts.first?.range ?? range)
                return nil
            }
            named = kind(syntax.kind.name)
        } else {
            named = orderFileKind(syntax.kind, scope, syntax.reducer.rawValue, at: syntax.reducerName.range)
        }
        guard let named else { return nil }
        let inside = Scope.fact(named.kind)
        let before = diagnostics.count
        let value = syntax.value.flatMap { reduced($0, syntax.reducer, inside) }
        let filter = syntax.kind.filter.flatMap { expression($0, inside, of: .bool) }
        let span = syntax.kind.span.map { self.span($0, inside) } ?? .orderFile
        let rank = rank(syntax, at: range)
        if syntax.reducer == .latest, syntax.kind.span == nil {
            complain("'latest' needs a time, which an order file does not give", at: syntax.reducerName.range)
        }
        guard diagnostics.count == before, let span else { return nil }
        // A part may be nil without a complaint of its own: it names what is broken elsewhere.
        guard (syntax.value == nil) == (value == nil), (syntax.kind.filter == nil) == (filter == nil) else {
            return nil
        }
        let aggregate = AggregateExpression(
            syntax.reducer, of: value, named.kind, where: TypeChecker.both(named.filter, filter), span, rank: rank)
        return TypedExpression(.aggregate(aggregate), FunctionTable.result(syntax.reducer, of: value?.type))
    }

    private mutating func reduced(_ syntax: Syntax, _ reducer: Reducer, _ scope: Scope) -> TypedExpression? {
        guard let value = expression(syntax, scope) else { return nil }
        guard FunctionTable.accepts(reducer, value.type) else {
            let expected = FunctionTable.accepted(by: reducer)
            complain("'\(reducer.rawValue)' takes \(expected), found \(value.type.phrase)", at: syntax.range)
            return nil
        }
        return value
    }

    private mutating func rank(_ syntax: AggregateSyntax, at range: Range<Int>) -> Fraction? {
        guard let rank = syntax.rank else {
            if syntax.reducer == .percentile {
                complain(
                    "'percentile' is written \(FunctionTable.entry(.percentile).usage)", at: syntax.reducerName.range)
            }
            return nil
        }
        guard syntax.reducer == .percentile else {
            complain("'\(syntax.reducer.rawValue)' takes no number after the kind", at: rank.range)
            return nil
        }
        if case .number(let digits, isPercent: false) = rank.form, let number = Fraction(decimalDigits: digits),
            number > .zero, number <= Fraction(100)
        {
            return number
        }
        complain("a percentile lies above 0 and up to 100, without '%'", at: rank.range)
        return nil
    }

    mutating func span(_ syntax: SpanSyntax, _ scope: Scope) -> AggregateExpression.Span? {
        switch syntax {
        case .window(let by, let over):
            let (time, window) = (expression(by, scope, of: .time), window(over))
            guard let time, let window else { return nil }
            return .window(by: time, over: window)
        case .inForce(let from, let until):
            let (begun, ended) = (expression(from, scope, of: .time), expression(until, scope, of: .time))
            guard let begun, let ended else { return nil }
            return .inForce(from: begun, until: ended)
        }
    }

    mutating func evidence(_ syntax: KindSyntax) -> EvidenceExpression? {
        guard let named = kind(syntax.name) else { return nil }
        let filter = syntax.filter.flatMap { expression($0, .fact(named.kind), of: .bool) }
        let span = syntax.span.flatMap { self.span($0, .fact(named.kind)) }
        guard (syntax.filter == nil) == (filter == nil), (syntax.span == nil) == (span == nil) else { return nil }
        return EvidenceExpression(kind: named.kind, filter: TypeChecker.both(named.filter, filter), span: span)
    }

    /// An entry of `kinds:`.
    mutating func namedKind(_ syntax: KindSyntax) -> NamedKind? {
        guard let named = kind(syntax.name) else { return nil }
        let filter = syntax.filter.flatMap { expression($0, .fact(named.kind), of: .bool) }
        guard (syntax.filter == nil) == (filter == nil) else { return nil }
        let whole = TypeChecker.both(named.filter, filter)
        // Kinds are written out where they are named; a few that name one another often would grow without bound.
        if let whole, !whole.isSmaller(than: 2000) {
            complain("this kind, with those it names written out, is too large", at: syntax.range)
            return nil
        }
        return NamedKind(kind: named.kind, filter: whole)
    }
}

// MARK: - Windows

extension TypeChecker {
    mutating func window(_ syntax: WindowSyntax) -> WindowExpression? {
        switch syntax {
        case .invalid: return nil
        case .fixed(let length, let unit, let includesToday, let offset, let range):
            if includesToday, unit == .hour || unit == .week || unit == .month {
                complain("'including today' goes with days and 'to date' windows only", at: range)
                return nil
            }
            return .fixed(Window(length, unit, includesToday: includesToday, offset: offset))
        case .choose(let condition, let a, let b, _):
            let (typed, first, second) = (expression(condition, .outside, of: .bool), window(a), window(b))
            guard let typed, let first, let second else { return nil }
            return .choose(typed, first, second)
        case .named(let name, let includesToday, let offset, let range):
            if let window = vocabulary.windows[name.text] {
                for leaf in window.leaves(in: vocabulary) {
                    if includesToday, leaf.unit == .hour || leaf.unit == .week || leaf.unit == .month {
                        complain("'including today' goes with days and 'to date' windows only", at: range)
                        return nil
                    }
                    if offset != nil, leaf.offset != nil {
                        complain("'\(name.text)' has an offset already", at: range)
                        return nil
                    }
                }
                return .named(name.text, includesToday: includesToday, offset: offset)
            }
            if vocabulary.brokenWindows.contains(name.text) { return nil }
            if let parameter = vocabulary.parameters[name.text] {
                guard parameter == .window else {
                    complain("expected a window, found a parameter of type \(parameter.rawValue)", at: name.range)
                    return nil
                }
                return .parameter(name.text, includesToday: includesToday, offset: offset)
            }
            let known =
                vocabulary.windows.keys.sorted() + vocabulary.parameters.filter { $0.value == .window }.keys.sorted()
            complain("'\(name.text)' is not a window" + NearestName.hint(for: name.text, among: known), at: name.range)
            return nil
        }
    }
}

extension WindowExpression {
    /// The windows it may come to, names of `windows:` followed; those of parameters are not known here.
    package func leaves(in vocabulary: Vocabulary) -> [Window] {
        switch self {
        case .fixed(let window): return [window]
        case .parameter: return []
        case .choose(_, let a, let b): return a.leaves(in: vocabulary) + b.leaves(in: vocabulary)
        case .named(let name, let includesToday, let offset):
            let windows = vocabulary.windows[name]?.leaves(in: vocabulary) ?? []
            return windows.map { $0.including(today: includesToday, offset: offset) }
        }
    }
}

extension Window {
    /// What a name of `windows:` resolves to, with what was written after the name.
    package func including(today: Bool, offset: CalendarOffset?) -> Window {
        Window(length, unit, includesToday: includesToday || today, offset: offset ?? self.offset)
    }
}
