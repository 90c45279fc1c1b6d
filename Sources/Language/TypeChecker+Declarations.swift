import Facts

extension TypeChecker {
    /// Everything a pack declares, checked at once: all errors, in the order of windows, kinds and metrics. What is
    /// without error is in the vocabulary, whatever else is wrong.
    package static func check(_ declarations: Declarations) -> (Vocabulary, [Diagnostic]) {
        var check = DeclarationCheck(declarations)
        check.run()
        let inOrder = check.diagnostics.enumerated().sorted {
            let (a, b) = ($0.element, $1.element)
            return (a.source.name, a.range.lowerBound, $0.offset) < (b.source.name, b.range.lowerBound, $1.offset)
        }
        return (check.vocabulary, inOrder.map(\.element))
    }
}

private struct DeclarationCheck {
    let declarations: Declarations
    var vocabulary = Vocabulary()
    var diagnostics: [Diagnostic] = []

    /// What depends on what: metrics and windows share one graph, for a window may choose by a metric.
    enum Node: Hashable {
        case window(String)
        case kind(String)
        case metric(String)

        var name: String {
            switch self {
            case .window(let name), .kind(let name), .metric(let name): name
            }
        }
        var word: String {
            switch self {
            case .window: "window"
            case .kind: "kind"
            case .metric: "metric"
            }
        }
    }

    private var windows: [String: (declaration: Declaration, syntax: WindowSyntax)] = [:]
    private var kinds: [String: (declaration: Declaration, syntax: KindSyntax)] = [:]
    private var metrics: [String: (declaration: Declaration, syntax: Syntax)] = [:]
    private var faulty: Set<Node> = []

    init(_ declarations: Declarations) { self.declarations = declarations }

    mutating func run() {
        vocabulary.labels = declarations.labels
        vocabulary.parameters = declarations.parameters
        for (name, place) in declarations.parameterPlaces.sorted(by: { $0.key < $1.key }) {
            accept(name, "parameter", place)
        }
        parse()
        let kindNodes = declarations.kinds.map { Node.kind($0.name) }
        for node in order(kindNodes) { finish(node) }
        let nodes =
            declarations.windows.map { Node.window($0.name) } + declarations.metrics.map { Node.metric($0.name) }
        for node in order(nodes) { finish(node) }
    }

    @discardableResult
    private mutating func accept(_ name: String, _ what: String, _ place: Passage) -> Bool {
        let message: String
        if !Lexer.isName(name) {
            message =
                "'\(name)' cannot name a \(what); names are made of A-Z, a-z, 0-9 and '_' and do not begin with a digit"
        } else if FactKind(name: name) != nil {
            message = "'\(name)' is a kind of fact and cannot name a \(what)"
        } else if FunctionTable.grammarWords.contains(name) {
            message = "'\(name)' is a word of the language and cannot name a \(what)"
        } else {
            return true
        }
        complain(message, place)
        return false
    }

    private mutating func complain(_ message: String, _ place: Passage) {
        diagnostics.append(Diagnostic(.error, message, at: 0..<place.text.utf8.count, in: place))
    }

    /// Reads every entry; of two with one name the first stands.
    private mutating func parse() {
        for entry in declarations.windows {
            accept(entry.name, "window", entry.place)
            if declarations.parameters[entry.name] == .window {
                complain("'\(entry.name)' is already a parameter of type window", entry.place)
            }
            guard isNew(windows[entry.name] == nil, entry, "window") else { continue }
            let (syntax, complaints) = Parser.windowEntry(entry.text)
            windows[entry.name] = (entry, syntax)
            note(complaints, .window(entry.name))
        }
        for entry in declarations.kinds {
            accept(entry.name, "kind", entry.place)
            guard isNew(kinds[entry.name] == nil, entry, "kind") else { continue }
            let (syntax, complaints) = Parser.kindEntry(entry.text)
            kinds[entry.name] = (entry, syntax)
            note(complaints, .kind(entry.name))
        }
        for entry in declarations.metrics {
            accept(entry.name, "metric", entry.place)
            if declarations.parameters[entry.name] != nil {
                complain("'\(entry.name)' is already a parameter", entry.place)
            }
            guard isNew(metrics[entry.name] == nil, entry, "metric") else { continue }
            let (syntax, complaints) = Parser.expression(entry.text)
            metrics[entry.name] = (entry, syntax)
            note(complaints, .metric(entry.name))
        }
    }

    private mutating func isNew(_ isNew: Bool, _ entry: Declaration, _ what: String) -> Bool {
        if !isNew { complain("there is already a \(what) '\(entry.name)'", entry.place) }
        return isNew
    }

    private mutating func note(_ complaints: [Diagnostic], _ node: Node) {
        diagnostics += complaints
        if !complaints.isEmpty { faulty.insert(node) }
    }

    /// Depth first with a stack of its own; each node after those it names. Cycles are complained about, and all in
    /// them are faulty.
    private mutating func order(_ roots: [Node]) -> [Node] {
        var result: [Node] = []
        var isDone: Set<Node> = []
        for root in roots where !isDone.contains(root) {
            var path: [(node: Node, rest: ArraySlice<Node>)] = [(root, names(of: root)[...])]
            while let top = path.last {
                guard let next = top.rest.first else {
                    path.removeLast()
                    if isDone.insert(top.node).inserted { result.append(top.node) }
                    continue
                }
                path[path.count - 1].rest.removeFirst()
                if isDone.contains(next) { continue }
                if let start = path.firstIndex(where: { $0.node == next }) {
                    refuseCycle(path[start...].map(\.node))
                } else {
                    path.append((next, names(of: next)[...]))
                }
            }
        }
        return result
    }

    private mutating func refuseCycle(_ cycle: [Node]) {
        let first = cycle[0]
        let shown = (cycle + [first]).map(\.name).joined(separator: " → ")
        faulty.formUnion(cycle)
        guard let place = declaration(of: first)?.place else { return }
        complain("\(first.word) '\(first.name)' depends on itself: \(shown)", place)
    }

    private func declaration(of node: Node) -> Declaration? {
        switch node {
        case .window(let name): windows[name]?.declaration
        case .kind(let name): kinds[name]?.declaration
        case .metric(let name): metrics[name]?.declaration
        }
    }

    /// What a declaration names among the declarations of its graph.
    private func names(of node: Node) -> [Node] {
        switch node {
        case .kind(let name):
            guard let syntax = kinds[name]?.syntax else { return [] }
            return syntax.kindNames.filter { kinds[$0] != nil }.map { .kind($0) }
        case .window(let name): return windows[name].map { outsideNames($0.syntax) } ?? []
        case .metric(let name): return metrics[name].map { outsideNames($0.syntax) } ?? []
        }
    }

    private func outsideNames(_ window: WindowSyntax) -> [Node] {
        switch window {
        case .fixed, .invalid: []
        case .named(let name, _, _, _): windows[name.text] == nil ? [] : [.window(name.text)]
        case .choose(let condition, let a, let b, _): outsideNames(condition) + outsideNames(a) + outsideNames(b)
        }
    }

    private func outsideNames(_ syntax: Syntax) -> [Node] {
        switch syntax.form {
        case .name(let parts): parts.count == 1 && metrics[parts[0].text] != nil ? [.metric(parts[0].text)] : []
        case .aggregate(let aggregate):
            if case .window(_, let over)? = aggregate.kind.span { outsideNames(over) } else { [] }
        case .has: []
        default: syntax.form.parts.flatMap(outsideNames)
        }
    }

    private mutating func finish(_ node: Node) {
        guard let declaration = declaration(of: node) else { return }
        var checker = TypeChecker(vocabulary, declaration.text)
        var isGood = false
        switch node {
        case .window(let name):
            if let syntax = windows[name]?.syntax, !isInCycle(node), let window = checker.window(syntax),
                !faulty.contains(node)
            {
                vocabulary.windows[name] = window
                isGood = true
            }
            if !isGood { vocabulary.brokenWindows.insert(name) }
        case .kind(let name):
            if let syntax = kinds[name]?.syntax, !isInCycle(node), let kind = checker.namedKind(syntax),
                !faulty.contains(node)
            {
                vocabulary.kinds[name] = kind
                isGood = true
            }
            if !isGood { vocabulary.brokenKinds.insert(name) }
        case .metric(let name):
            if let syntax = metrics[name]?.syntax, !isInCycle(node), let typed = checker.expression(syntax, .outside),
                !faulty.contains(node)
            {
                vocabulary.metrics[name] = typed
                vocabulary.metricOrder.append(name)
                isGood = true
            }
            if !isGood { vocabulary.brokenMetrics.insert(name) }
        }
        diagnostics += checker.diagnostics
    }

    /// What names itself cannot be typed: its parts would be complained about as unknown.
    private func isInCycle(_ node: Node) -> Bool {
        faulty.contains(node) && names(of: node).contains { faulty.contains($0) }
    }
}

extension KindSyntax {
    /// The kinds it names, itself and within its filter.
    fileprivate var kindNames: [String] { [name.text] + (filter?.kindNames ?? []) }
}

extension Syntax {
    fileprivate var kindNames: [String] {
        switch form {
        case .aggregate(let aggregate): [aggregate.kind.name.text] + form.parts.flatMap(\.kindNames)
        case .has(let kind): kind.kindNames
        default: form.parts.flatMap(\.kindNames)
        }
    }
}
