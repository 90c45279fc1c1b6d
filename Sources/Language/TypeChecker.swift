import Facts

/// Tree and schema to typed expression and diagnostics: every name resolved, every type known.
///
/// A nil result means that something has been said about the expression or about what it names.
package struct TypeChecker {
    let vocabulary: Vocabulary
    let passage: Passage
    private(set) var diagnostics: [Diagnostic] = []

    /// What the expression is about.
    enum Scope: Equatable {
        /// Metrics and conditions: over sums.
        case outside
        /// Filters, values and times within an aggregate: over one fact of this kind.
        case fact(FactKind)
    }

    init(_ vocabulary: Vocabulary, _ passage: Passage) { (self.vocabulary, self.passage) = (vocabulary, passage) }

    mutating func complain(_ message: String, at range: Range<Int>) {
        diagnostics.append(Diagnostic(.error, message, at: range, in: passage))
    }

    /// Of this type, or a complaint.
    mutating func expression(_ syntax: Syntax, _ scope: Scope, of type: ValueType) -> TypedExpression? {
        guard let typed = expression(syntax, scope) else { return nil }
        guard typed.type == type else {
            complain("expected \(type.phrase), found \(typed.type.phrase)", at: syntax.range)
            return nil
        }
        return typed
    }

    /// `beside` is what it is compared with or stands for: of its type a bare word is understood.
    mutating func expression(_ syntax: Syntax, _ scope: Scope, beside: TypedExpression? = nil) -> TypedExpression? {
        switch syntax.form {
        case .invalid: return nil
        case .number(let digits, let isPercent): return number(digits, isPercent, at: syntax.range)
        case .duration(let digits, let unit): return duration(digits, unit, at: syntax.range)
        case .string(let text):
            if case .word? = beside?.type {
                complain("expected a word, found a string; words are written without quotes", at: syntax.range)
                return nil
            }
            return TypedExpression(.literal(.string(text)), .string)
        case .bool(let truth): return TypedExpression(.literal(.bool(truth)), .bool)
        case .name(let parts): return name(parts, scope, beside, at: syntax.range)
        case .aggregate(let aggregate): return self.aggregate(aggregate, scope, at: syntax.range)
        case .has(let kind): return has(kind, scope, at: syntax.range)
        case .call(let function, let name, let arguments):
            return call(function, name, arguments, scope, beside, at: syntax.range)
        case .negate(let operand):
            guard let typed = expression(operand, scope) else { return nil }
            guard typed.type == .number || typed.type == .duration else {
                complain("expected a number or a duration, found \(typed.type.phrase)", at: operand.range)
                return nil
            }
            return TypedExpression(.negate(typed), typed.type)
        case .not(let operand):
            return expression(operand, scope, of: .bool).map { TypedExpression(.not($0), .bool) }
        case .and(let a, let b):
            let (left, right) = (expression(a, scope, of: .bool), expression(b, scope, of: .bool))
            guard let left, let right else { return nil }
            return TypedExpression(.and(left, right), .bool)
        case .or(let a, let b):
            let (left, right) = (expression(a, scope, of: .bool), expression(b, scope, of: .bool))
            guard let left, let right else { return nil }
            return TypedExpression(.or(left, right), .bool)
        case .arithmetic(let sign, let a, let b): return arithmetic(sign, a, b, scope, at: syntax.range)
        case .compare(let comparison, let a, let b): return compare(comparison, a, b, scope)
        case .isMissing(let operand):
            return expression(operand, scope).map { TypedExpression(.isMissing($0), .bool) }
        case .isOneOf(let operand, let values): return isOneOf(operand, values, scope)
        case .offset(let operand, let offset):
            guard scope == .outside else {
                complain(
                    "'offset' moves aggregates, metrics and windows; it cannot stand over a single fact",
                    at: syntax.range)
                return nil
            }
            return expression(operand, scope, beside: beside).map { TypedExpression(.offset($0, offset), $0.type) }
        }
    }
}

// MARK: - Literals

extension TypeChecker {
    private mutating func number(_ digits: String, _ isPercent: Bool, at range: Range<Int>) -> TypedExpression? {
        guard let number = Fraction(decimalDigits: digits) else {
            complain("a number has at most 30 digits", at: range)
            return nil
        }
        return TypedExpression(.literal(.number(number, isPercent: isPercent)), .number)
    }

    private mutating func duration(_ digits: String, _ unit: Literal.DurationUnit, at range: Range<Int>)
        -> TypedExpression?
    {
        guard let count = Int64(digits), Literal.DurationUnit.longest(unit) >= count else {
            complain("this duration is too long; at most a hundred years", at: range)
            return nil
        }
        return TypedExpression(.literal(.duration(count, unit)), .duration)
    }
}

// MARK: - Names

extension TypeChecker {
    private mutating func name(
        _ parts: [Name], _ scope: Scope, _ beside: TypedExpression?, at range: Range<Int>
    ) -> TypedExpression? {
        if parts.count > 1 { return path(parts, scope, at: range) }
        let name = parts[0]
        if case .word(let words)? = beside?.type, words.contains(name.text) {
            return TypedExpression(.literal(.word(name.text)), .word(words))
        }
        if case .fact(let kind) = scope, let member = Schema[kind].member(name.text) {
            return TypedExpression(.member(member, of: kind, ofOrder: false), ValueType(member.type))
        }
        if scope == .outside {
            if let metric = vocabulary.metrics[name.text] {
                return TypedExpression(.metric(name.text), metric.type)
            }
            if vocabulary.brokenMetrics.contains(name.text) { return nil }
        }
        if let parameter = vocabulary.parameters[name.text] {
            guard let type = parameter.valueType else {
                complain("'\(name.text)' is a window; it stands after 'over'", at: name.range)
                return nil
            }
            return TypedExpression(.parameter(name.text), type)
        }
        complain(unknown(name.text, scope, beside), at: name.range)
        return nil
    }

    private func unknown(_ name: String, _ scope: Scope, _ beside: TypedExpression?) -> String {
        if let beside, case .word(let words) = beside.type {
            let what = beside.memberName.map { "\($0.article) \($0)" } ?? "one of its words"
            let near = NearestName.hint(for: name, among: words)
            return "'\(name)' is not \(what)"
                + (near.isEmpty ? "; write one of \(words.joined(separator: ", "))" : near)
        }
        if let beside, beside.type == .string {
            let member = beside.memberName.map { "'\($0)' is a string" } ?? "a string is expected"
            return "unknown name '\(name)'; \(member), and strings stand in double quotes"
        }
        let parameters = vocabulary.parameters.filter { $0.value != .window }.map(\.key).sorted()
        switch scope {
        case .fact(let kind):
            if vocabulary.metrics[name] != nil || vocabulary.brokenMetrics.contains(name) {
                return "'\(name)' is a metric and cannot stand inside an aggregate, where only the facts count"
            }
            let members = Schema[kind].members.map(\.name)
            if Schema[.order].member(name) != nil, kind.belongsToOrder, kind != .order {
                return "'\(name)' is a member of order, not of \(kind.name); write 'order.\(name)'"
            }
            return "'\(name)' is not a member of \(kind.name)"
                + NearestName.hint(for: name, among: members + parameters)
        case .outside:
            if vocabulary.windows[name] != nil || vocabulary.brokenWindows.contains(name) {
                return "'\(name)' is a window; it stands after 'over'"
            }
            if FactKind(name: name) != nil || vocabulary.kinds[name] != nil || vocabulary.brokenKinds.contains(name) {
                return "'\(name)' is a kind of fact; it is counted with count(\(name) …)"
            }
            let near = NearestName.hint(
                for: name, among: vocabulary.metrics.keys.sorted() + vocabulary.brokenMetrics.sorted() + parameters)
            if near.isEmpty, let kind = FactKind.allCases.first(where: { Schema[$0].member(name) != nil }) {
                return
                    "'\(name)' is a member of \(kind.name); outside an aggregate only metrics and parameters have names"
            }
            return "'\(name)' is neither a metric nor a parameter" + near
        }
    }

    private mutating func path(_ parts: [Name], _ scope: Scope, at range: Range<Int>) -> TypedExpression? {
        guard case .fact(let kind) = scope else {
            complain("members have a place only inside an aggregate", at: range)
            return nil
        }
        var rest = parts[...]
        var isOfOrder = false
        if let first = rest.first, first.text == "order", rest.count > 1 {
            guard kind.belongsToOrder || kind == .order else {
                complain("a \(kind.name) belongs to no order", at: first.range)
                return nil
            }
            rest = rest.dropFirst()
            isOfOrder = kind != .order
        }
        if rest.count == 2, let first = rest.first, let label = rest.last, first.text == "labels" {
            guard vocabulary.labels.contains(label.text) else {
                let near = NearestName.hint(for: label.text, among: vocabulary.labels)
                complain("'\(label.text)' is not among the pack's labels\(near)", at: label.range)
                return nil
            }
            return TypedExpression(.label(label.text, ofOrder: isOfOrder), .string)
        }
        guard rest.count == 1, let last = rest.first, parts.count == 2 else {
            complain("only 'order.' and 'labels.' stand before a dot", at: range)
            return nil
        }
        guard let member = Schema[.order].member(last.text) else {
            let near = NearestName.hint(for: last.text, among: Schema[.order].members.map(\.name))
            complain("'\(last.text)' is not a member of order\(near)", at: last.range)
            return nil
        }
        return TypedExpression(.member(member, of: .order, ofOrder: isOfOrder), ValueType(member.type))
    }

    /// 0: has a type by itself. 1: a name that is known here. 2: may be a word, once it is known of what; or a string,
    /// which may have been meant as one.
    private func need(_ syntax: Syntax, _ scope: Scope) -> Int {
        if case .string = syntax.form { return 2 }
        if let name = syntax.bareName {
            if case .fact(let kind) = scope, Schema[kind].member(name.text) != nil { return 1 }
            if scope == .outside, vocabulary.metrics[name.text] != nil || vocabulary.brokenMetrics.contains(name.text) {
                return 1
            }
            return vocabulary.parameters[name.text] != nil ? 1 : 2
        }
        guard case .call(let function, _, let arguments) = syntax.form else { return 0 }
        switch function {
        case .if: return arguments.dropFirst().contains { need($0, scope) < 2 } ? 0 : 2
        case .coalesce: return arguments.contains { need($0, scope) < 2 } ? 0 : 2
        default: return 0
        }
    }

    /// Expressions that must have one type, such as the sides of a comparison: those that know theirs are read first,
    /// and tell the others what a bare word means.
    private mutating func together(
        _ items: [Syntax], _ scope: Scope, beside: TypedExpression? = nil
    ) -> [TypedExpression]? {
        let needs = items.map { need($0, scope) }
        let order = items.indices.sorted { (needs[$0], $0) < (needs[$1], $1) }
        var typed: [Int: TypedExpression] = [:]
        var anchor = beside
        for index in order {
            // A word without its enumeration, because what would have told it is wrong, is not another error.
            if needs[index] == 2, anchor == nil, typed.count < order.firstIndex(of: index) ?? 0 { return nil }
            guard let one = expression(items[index], scope, beside: anchor) else { continue }
            typed[index] = one
            if anchor == nil { anchor = one }
        }
        guard typed.count == items.count, let first = typed[order[0]] else { return nil }
        for index in order.dropFirst() {
            guard let one = typed[index], one.type != first.type else { continue }
            if case (.word, .word) = (one.type, first.type) {
                complain("these are words of different enumerations", at: items[index].range)
            } else {
                complain("expected \(first.type.phrase), found \(one.type.phrase)", at: items[index].range)
            }
            return nil
        }
        return items.indices.compactMap { typed[$0] }
    }
}

// MARK: - Operators and functions

extension TypeChecker {
    private mutating func arithmetic(
        _ sign: ArithmeticOperator, _ a: Syntax, _ b: Syntax, _ scope: Scope, at range: Range<Int>
    ) -> TypedExpression? {
        let (left, right) = (expression(a, scope), expression(b, scope))
        guard let left, let right else { return nil }
        let type: ValueType? =
            switch (sign, left.type, right.type) {
            case (_, .number, .number): .number
            case (.add, .duration, .duration), (.subtract, .duration, .duration): .duration
            case (.subtract, .time, .time): .duration
            case (.add, .time, .duration), (.subtract, .time, .duration), (.add, .duration, .time): .time
            case (.multiply, .duration, .number), (.multiply, .number, .duration), (.divide, .duration, .number):
                .duration
            case (.divide, .duration, .duration): .number
            default: nil
            }
        if let type { return TypedExpression(.arithmetic(sign, left, right), type) }
        let expected: String? =
            switch (sign, left.type) {
            case (.add, .number), (.subtract, .number), (.divide, .number): "a number"
            case (.multiply, .number): "a number or a duration"
            case (.add, .duration): "a duration or a time"
            case (.subtract, .duration), (.add, .time): "a duration"
            case (.subtract, .time): "a duration or a time"
            case (.multiply, .duration): "a number"
            case (.divide, .duration): "a number or a duration"
            default: nil
            }
        if let expected {
            complain("expected \(expected), found \(right.type.phrase)", at: b.range)
        } else {
            complain("\(left.type.phrase) cannot stand before '\(sign.rawValue)'", at: a.range)
        }
        return nil
    }

    private mutating func compare(
        _ comparison: ComparisonOperator, _ a: Syntax, _ b: Syntax, _ scope: Scope
    ) -> TypedExpression? {
        guard let sides = together([a, b], scope) else { return nil }
        switch (comparison, sides[0].type) {
        case (.equal, _), (.notEqual, _), (_, .number), (_, .duration), (_, .time): break
        default:
            complain(
                "\(sides[0].type.phrase) has no order; compare with '==' or '!='",
                at: a.range.lowerBound..<b.range.upperBound)
            return nil
        }
        return TypedExpression(.compare(comparison, sides[0], sides[1]), .bool)
    }

    private mutating func isOneOf(_ operand: Syntax, _ values: [Syntax], _ scope: Scope) -> TypedExpression? {
        guard let typed = expression(operand, scope) else {
            return nil
        }
        var literals: [Literal] = []
        var isWhole = true
        for value in values {
            guard let one = expression(value, scope, beside: typed) else {
                isWhole = false
                continue
            }
            guard one.type == typed.type else {
                complain("expected \(typed.type.phrase), found \(one.type.phrase)", at: value.range)
                isWhole = false
                continue
            }
            switch one.node {
            case .literal(let literal): literals.append(literal)
            case .negate(let inner):
                guard case .literal(.number(let number, let isPercent)) = inner.node, let negated = number.negated
                else {
                    fallthrough
                }
                literals.append(.number(negated, isPercent: isPercent))
            default:
                complain("a list holds words, strings and numbers", at: value.range)
                isWhole = false
            }
        }
        return isWhole ? TypedExpression(.isOneOf(typed, literals), .bool) : nil
    }

    private mutating func call(
        _ function: Function, _ name: Name, _ arguments: [Syntax], _ scope: Scope, _ beside: TypedExpression?,
        at range: Range<Int>
    ) -> TypedExpression? {
        guard FunctionTable.arguments(of: function).contains(arguments.count) else {
            complain("'\(name.text)' is written \(FunctionTable.entry(function).usage)", at: range)
            return nil
        }
        switch function {
        case .min, .max:
            guard let typed = together(arguments, scope) else { return nil }
            guard [.number, .duration, .time].contains(typed[0].type) else {
                complain(
                    "expected a number, a duration or a time, found \(typed[0].type.phrase)", at: arguments[0].range)
                return nil
            }
            return TypedExpression(.call(function, typed), typed[0].type)
        case .coalesce:
            return together(arguments, scope, beside: beside).map { TypedExpression(.call(.coalesce, $0), $0[0].type) }
        case .if:
            let condition = expression(arguments[0], scope, of: .bool)
            let branches = together(Array(arguments.dropFirst()), scope, beside: beside)
            guard let condition, let branches else { return nil }
            return TypedExpression(.call(.if, [condition] + branches), branches[0].type)
        case .abs:
            guard let typed = expression(arguments[0], scope) else { return nil }
            guard typed.type == .number || typed.type == .duration else {
                complain("expected a number or a duration, found \(typed.type.phrase)", at: arguments[0].range)
                return nil
            }
            return TypedExpression(.call(.abs, [typed]), typed.type)
        case .floor:
            return expression(arguments[0], scope, of: .number).map { TypedExpression(.call(.floor, [$0]), .number) }
        case .round:
            guard let typed = expression(arguments[0], scope, of: .number) else { return nil }
            guard arguments.count == 2 else { return TypedExpression(.call(.round, [typed]), .number) }
            guard let digits = expression(arguments[1], scope, of: .number) else { return nil }
            guard digits.wholeLiteral.map({ -9...9 ~= $0 }) == true else {
                complain("the digits of 'round' are a whole number from -9 to 9", at: arguments[1].range)
                return nil
            }
            return TypedExpression(.call(.round, [typed, digits]), .number)
        case .hour, .weekday, .day:
            return expression(arguments[0], scope, of: .time).map { TypedExpression(.call(function, [$0]), .number) }
        }
    }
}

extension ValueType {
    /// As messages speak of it.
    package var phrase: String {
        switch self {
        case .number: "a number"
        case .duration: "a duration"
        case .time: "a time"
        case .bool: "a condition"
        case .word: "a word"
        case .string: "a string"
        }
    }
}

extension String {
    /// a or an.
    fileprivate var article: String { first.map { "aeiou".contains($0) } == true ? "an" : "a" }
}

extension TypedExpression {
    /// The member it reads, for messages; nil when it is no plain member.
    fileprivate var memberName: String? {
        switch node {
        case .member(let member, _, _): member.name
        case .label(let label, _): label
        case .aggregate(let aggregate): aggregate.reducer == .latest ? aggregate.value?.memberName : nil
        case .call(.coalesce, let arguments): arguments.first?.memberName
        default: nil
        }
    }

    /// The whole number it is, when it is a literal, with or without a sign.
    var wholeLiteral: Int? {
        switch node {
        case .literal(.number(let number, isPercent: false)):
            number.denominator == 1 ? Int(exactly: number.numerator) : nil
        case .negate(let operand):
            if case .literal = operand.node { operand.wholeLiteral.map { -$0 } } else { nil }
        default: nil
        }
    }
}
