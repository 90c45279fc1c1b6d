import Facts

/// Names and paths, and what was probably meant by unknown ones.
extension TypeChecker {
    mutating func name(
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

    func unknown(_ name: String, _ scope: Scope, _ beside: TypedExpression?) -> String {
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

    mutating func path(_ parts: [Name], _ scope: Scope, at range: Range<Int>) -> TypedExpression? {
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
    func need(_ syntax: Syntax, _ scope: Scope) -> Int {
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
    mutating func together(
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

extension String {
    /// a or an.
    fileprivate var article: String { first.map { "aeiou".contains($0) } == true ? "an" : "a" }
}
