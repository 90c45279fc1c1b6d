package import Facts
package import Language

/// Typed expressions by chance, such as the type checker makes them: what holds for all of them holds for the language.
package struct RandomExpressions {
    package var random: SeededGenerator

    package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// What the expressions may name.
    package static let vocabulary: Vocabulary = {
        func passage(_ text: String) -> Passage { Passage(SourceText(name: "random", text: text)) }
        func entry(_ name: String, _ text: String) -> Declaration {
            Declaration(name: name, place: passage(name), text: passage(text))
        }
        let declarations = Declarations(
            labels: ["category"],
            parameters: [
                "p_number": .number, "p_rate": .rate, "p_duration": .duration, "p_bool": .bool, "p_window": .window,
            ],
            windows: [entry("w_named", "if(m_bool, 30d, month to date including today)")],
            metrics: [
                entry("m_number", "count(order by placed_at over 7d)"),
                entry("m_duration", "mean(closed_at - opened_at of refund by closed_at over 7d)"),
                entry("m_time", "max(placed_at of order by placed_at over 7d)"),
                entry("m_bool", "m_number > 3"),
            ])
        let (vocabulary, diagnostics) = TypeChecker.check(declarations)
        precondition(diagnostics.isEmpty, "\(diagnostics)")
        return vocabulary
    }()

    package static let types: [ValueType] = [.number, .duration, .time, .bool, .string]

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    // MARK: Leaves

    private mutating func literal(_ type: ValueType) -> TypedExpression {
        switch type {
        case .duration:
            return TypedExpression(
                .literal(.duration(Int64(number(0...50)), random.pick([.second, .minute, .hour, .day]))), type)
        case .bool: return TypedExpression(.literal(.bool(random.percent(50))), type)
        case .string:
            return TypedExpression(.literal(.string(random.pick(["a", "o1", "", "say \"so\" \\ 退款", "x"]))), type)
        case .word(let words): return TypedExpression(.literal(.word(random.pick(words))), type)
        case .number, .time:
            let value = Fraction(Int128(number(0...400)), over: random.pick([1, 1, 1, 4, 10, 1000])) ?? .one
            return TypedExpression(.literal(.number(value, isPercent: random.percent(15))), .number)
        }
    }

    /// A member of the kind, of its order, or a label; nil when there is none of that type.
    private mutating func member(_ type: ValueType, of kind: FactKind) -> TypedExpression? {
        if type == .string, random.percent(20) { return TypedExpression(.label("category", ofOrder: false), .string) }
        let ofOrder = kind != .order && kind.belongsToOrder && random.percent(20)
        let owner = ofOrder ? FactKind.order : kind
        let members = Schema[owner].members.filter { ValueType($0.type) == type }
        if members.isEmpty { return nil }
        return TypedExpression(.member(random.pick(members), of: owner, ofOrder: ofOrder), type)
    }

    // MARK: Inside an aggregate

    /// A filter, value or time over one fact of the kind. Words are anchored in a member of their enumeration.
    package mutating func inside(_ kind: FactKind, _ type: ValueType, depth: Int) -> TypedExpression {
        let leaf = member(type, of: kind)
        if depth <= 0 || random.percent(15) {
            if let leaf, type == .time || random.percent(70) { return leaf }
            if type != .time { if case .word = type {} else { return literal(type) } }
            if let leaf { return leaf }
        }
        return compound(type, depth, scope: kind) ?? leaf ?? inside(kind, type, depth: 0)
    }

    // MARK: Outside

    package mutating func outside(_ type: ValueType, depth: Int) -> TypedExpression {
        if depth <= 0 || random.percent(15) {
            let known: [TypedExpression] =
                switch type {
                case .number: [parameter("p_number", type), parameter("p_rate", type), metric("m_number", type)]
                case .duration: [parameter("p_duration", type), metric("m_duration", type)]
                case .bool: [parameter("p_bool", type), metric("m_bool", type)]
                case .time: [metric("m_time", type)]
                case .string, .word: []
                }
            if let one = known.randomElement(using: &random), type == .time || random.percent(60) { return one }
            if type != .time { return literal(type) }
        }
        if random.percent(8) {
            let offset = CalendarOffset(number(0...40), random.pick([.day, .week, .month]))
            return TypedExpression(.offset(outside(type, depth: depth - 1), offset), type)
        }
        return compound(type, depth, scope: nil) ?? literal(type)
    }

    private func parameter(_ name: String, _ type: ValueType) -> TypedExpression {
        TypedExpression(.parameter(name), type)
    }
    private func metric(_ name: String, _ type: ValueType) -> TypedExpression { TypedExpression(.metric(name), type) }

    private mutating func any(_ type: ValueType, _ depth: Int, _ scope: FactKind?) -> TypedExpression {
        scope.map { inside($0, type, depth: depth - 1) } ?? outside(type, depth: depth - 1)
    }

    // MARK: Both

    private mutating func compound(_ type: ValueType, _ depth: Int, scope: FactKind?) -> TypedExpression? {
        func made(_ node: TypedExpression.Node) -> TypedExpression { TypedExpression(node, type) }
        if random.percent(12) {
            let branches: [TypedExpression] = [any(type, depth, scope), any(type, depth, scope)]
            return random.percent(50)
                ? made(.call(.coalesce, branches)) : made(.call(.if, [any(.bool, depth, scope)] + branches))
        }
        switch type {
        case .number:
            switch number(0...9) {
            case 0: return made(.negate(any(.number, depth, scope)))
            case 1...3:
                let sign: ArithmeticOperator = random.pick([.add, .subtract, .multiply, .divide])
                return made(.arithmetic(sign, any(.number, depth, scope), any(.number, depth, scope)))
            case 4: return made(.arithmetic(.divide, any(.duration, depth, scope), any(.duration, depth, scope)))
            case 5:
                let function: Function = random.pick([.min, .max])
                return made(.call(function, (0..<number(2...3)).map { _ in any(.number, depth, scope) }))
            case 6:
                let digits = TypedExpression(.literal(.number(Fraction(number(0...3)), isPercent: false)), .number)
                let sign = random.percent(30) ? TypedExpression(.negate(digits), .number) : digits
                return made(.call(.round, [any(.number, depth, scope)] + (random.percent(50) ? [sign] : [])))
            case 7: return made(.call(random.pick([.abs, .floor]), [any(.number, depth, scope)]))
            case 8: return made(.call(random.pick([.hour, .weekday, .day]), [any(.time, depth, scope)]))
            default: return aggregate(.number, depth, scope)
            }
        case .duration:
            switch number(0...5) {
            case 0: return made(.negate(any(.duration, depth, scope)))
            case 1: return made(.arithmetic(.subtract, any(.time, depth, scope), any(.time, depth, scope)))
            case 2:
                return made(
                    .arithmetic(random.pick([.add, .subtract]), any(type, depth, scope), any(type, depth, scope)))
            case 3:
                return made(
                    .arithmetic(random.pick([.multiply, .divide]), any(type, depth, scope), any(.number, depth, scope)))
            case 4: return made(.call(.abs, [any(type, depth, scope)]))
            default: return aggregate(.duration, depth, scope)
            }
        case .time:
            switch number(0...3) {
            case 0:
                return made(
                    .arithmetic(random.pick([.add, .subtract]), any(.time, depth, scope), any(.duration, depth, scope)))
            case 1: return made(.arithmetic(.add, any(.duration, depth, scope), any(.time, depth, scope)))
            case 2:
                return made(.call(random.pick([.min, .max]), [any(.time, depth, scope), any(.time, depth, scope)]))
            default: return aggregate(.time, depth, scope)
            }
        case .bool: return condition(depth, scope)
        case .string, .word: return scope == nil ? aggregate(type, depth, nil) : nil
        }
    }

    private mutating func condition(_ depth: Int, _ scope: FactKind?) -> TypedExpression {
        func made(_ node: TypedExpression.Node) -> TypedExpression { TypedExpression(node, .bool) }
        switch number(0...9) {
        case 0: return made(.not(any(.bool, depth, scope)))
        case 1: return made(.and(any(.bool, depth, scope), any(.bool, depth, scope)))
        case 2: return made(.or(any(.bool, depth, scope), any(.bool, depth, scope)))
        case 3: return made(.isMissing(any(random.pick(RandomExpressions.types), depth, scope)))
        case 4:
            let values = (0..<number(1...3)).map { _ -> Literal in
                guard case .literal(let literal) = literal(.number).node else { return .bool(true) }
                return literal
            }
            return made(.isOneOf(any(.number, depth, scope), values))
        case 5: return words(scope)
        case 6 where scope != nil:
            // Zero is what `has` compares with.
            let zero = TypedExpression(.literal(.number(.zero, isPercent: false)), .number)
            let kind: FactKind = random.pick([.order, .line, .parcel, .refund, .rating, .case])
            guard scope != .penalty, scope != .measure else { return literal(.bool) }
            let filter = random.percent(70) ? inside(kind, .bool, depth: depth - 2) : nil
            let count = AggregateExpression(.count, kind, where: filter, .orderFile)
            return made(.compare(.greater, TypedExpression(.aggregate(count), .number), zero))
        case 7:
            let sign: ComparisonOperator = random.pick([.equal, .notEqual])
            let type: ValueType = random.pick([.bool, .string])
            return made(.compare(sign, any(type, depth, scope), any(type, depth, scope)))
        default:
            let sign: ComparisonOperator = random.pick([
                .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
            ])
            let type: ValueType = random.pick([.number, .number, .duration, .time])
            return made(.compare(sign, any(type, depth, scope), any(type, depth, scope)))
        }
    }

    /// A question about a member with listed words.
    private mutating func words(_ scope: FactKind?) -> TypedExpression {
        let kind = scope ?? .refund
        let members = Schema[kind].members.filter { if case .word = $0.type { true } else { false } }
        let one = random.pick(members)
        let type = ValueType(one.type)
        var subject = TypedExpression(.member(one, of: kind, ofOrder: false), type)
        if scope == nil {
            let time = TypedExpression(
                .member(Schema[kind].members.first { $0.type == .time } ?? one, of: kind, ofOrder: false), .time)
            let latest = AggregateExpression(
                .latest, of: subject, kind, .window(by: time, over: .fixed(Window(30, .day))))
            subject = TypedExpression(.aggregate(latest), type)
        }
        guard case .literal(let word) = literal(type).node else { return literal(.bool) }
        switch number(0...3) {
        case 0: return TypedExpression(.isOneOf(subject, [word]), .bool)
        case 1:
            let other = TypedExpression(.call(.coalesce, [subject, TypedExpression(.literal(word), type)]), type)
            return TypedExpression(.compare(.notEqual, other, literal(type)), .bool)
        default: return TypedExpression(.compare(random.pick([.equal, .notEqual]), subject, literal(type)), .bool)
        }
    }

    private mutating func window() -> WindowExpression {
        let offset = random.percent(30) ? CalendarOffset(number(0...60), random.pick([.day, .week, .month])) : nil
        switch number(0...5) {
        case 0: return .named("w_named", includesToday: false, offset: offset)
        case 1: return .parameter("p_window", includesToday: random.percent(50), offset: offset)
        case 2:
            let unit: Window.Unit = random.pick([.weekToDate, .monthToDate, .quarterToDate, .yearToDate])
            return .fixed(Window(1, unit, includesToday: random.percent(50), offset: offset))
        case 3: return .fixed(Window(number(1...12), random.pick([.hour, .week, .month]), offset: offset))
        default: return .fixed(Window(number(1...90), .day, includesToday: random.percent(30), offset: offset))
        }
    }

    /// An aggregate of the type; of the order file within a scope, over days or in force outside.
    private mutating func aggregate(_ type: ValueType, _ depth: Int, _ scope: FactKind?) -> TypedExpression? {
        var kinds: [FactKind] = [.order, .line, .parcel, .refund, .rating, .case]
        if scope == nil { kinds += [.penalty, .measure] }
        if scope == .penalty || scope == .measure { return nil }
        let kind = random.pick(kinds)
        let span: AggregateExpression.Span
        if scope != nil {
            span = .orderFile
        } else if random.percent(80) {
            span = .window(by: inside(kind, .time, depth: depth - 2), over: window())
        } else {
            span = .inForce(from: inside(kind, .time, depth: depth - 2), until: inside(kind, .time, depth: depth - 2))
        }
        let filter = random.percent(60) ? inside(kind, .bool, depth: depth - 2) : nil
        let reducer: Reducer
        var value: TypedExpression?
        var rank: Fraction?
        switch type {
        case .number:
            reducer = random.pick([.count, .count, .sum, .mean, .min, .max, .percentile, .distinct])
            switch reducer {
            case .count: value = nil
            case .mean: value = inside(kind, random.pick([.number, .bool]), depth: depth - 2)
            case .distinct: value = inside(kind, random.pick(RandomExpressions.types), depth: depth - 2)
            default: value = inside(kind, .number, depth: depth - 2)
            }
        case .duration:
            reducer = random.pick([.sum, .mean, .min, .max, .percentile])
            value = inside(kind, .duration, depth: depth - 2)
        case .time:
            reducer = random.pick([.min, .max])
            value = inside(kind, .time, depth: depth - 2)
        case .string, .bool, .word:
            guard scope == nil else { return nil }
            reducer = .latest
            value = inside(kind, type, depth: depth - 2)
        }
        if reducer == .percentile {
            rank = random.pick([Fraction(50), Fraction(90), Fraction(199, over: 2)].compactMap { $0 })
        }
        return TypedExpression(
            .aggregate(AggregateExpression(reducer, of: value, kind, where: filter, span, rank: rank)), type)
    }
}
