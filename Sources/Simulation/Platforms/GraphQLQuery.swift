/// As much of GraphQL as a query needs: one operation, its variables filled in and its fragments opened.
struct GraphQLQuery {
    struct Field {
        var name: String
        var alias: String?
        var arguments: [String: Value] = [:]
        /// Empty: no selection was made.
        var fields: [Field] = []

        var key: String { alias ?? name }
        func text(_ argument: String) -> String? {
            if case .string(let text)? = arguments[argument] { text } else { nil }
        }
        func number(_ argument: String) -> Int? {
            if case .number(let number)? = arguments[argument] { number } else { nil }
        }
    }

    indirect enum Value: Hashable { case string(String), number(Int), bool(Bool), word(String), null, list([Value]) }

    struct Fault: Error {
        var message: String
        var code: String?
    }

    private(set) var fields: [Field] = []

    init(_ text: String, variables: [String: Value]) throws(Fault) {
        var reader = try Reader(tokens: GraphQLToken.all(in: text), given: variables)
        fields = try reader.document()
    }

    private enum Selection { case field(Field, [Selection]), spread(String), inline([Selection]) }

    private struct Reader {
        var tokens: [GraphQLToken]
        var place = 0
        let given: [String: Value]
        var declared: [String: Value] = [:]
        var used: Set<String> = []

        init(tokens: [GraphQLToken], given: [String: Value]) { (self.tokens, self.given) = (tokens, given) }

        var next: GraphQLToken? { place < tokens.count ? tokens[place] : nil }

        mutating func take(_ mark: Character) -> Bool {
            guard next == .mark(mark) else { return false }
            place += 1
            return true
        }

        mutating func expect(_ mark: Character) throws(Fault) {
            guard take(mark) else { throw Fault(message: "syntax error, expected \(mark)") }
        }

        mutating func name() throws(Fault) -> String {
            guard case .name(let name)? = next else { throw Fault(message: "syntax error, expected a name") }
            place += 1
            return name
        }

        mutating func document() throws(Fault) -> [Field] {
            var (operation, fragments): ([Selection]?, [String: [Selection]]) = (nil, [:])
            while let token = next {
                switch token {
                case .mark("{"): operation = try selections()
                case .name("query"):
                    place += 1
                    if case .name? = next { place += 1 }
                    if take("(") { while !take(")") { try declaration() } }
                    operation = try selections()
                case .name("fragment"):
                    place += 1
                    let label = try name()
                    _ = (try name(), try name())
                    fragments[label] = try selections()
                default: throw Fault(message: "syntax error, only queries are answered")
                }
            }
            guard let operation else { throw Fault(message: "No operation in the document") }
            for name in declared.keys where !used.contains(name) {
                throw Fault(message: "Variable $\(name) is declared but not used", code: "variableNotUsed")
            }
            return try Self.opened(operation, fragments, depth: 0)
        }

        mutating func declaration() throws(Fault) {
            try expect("$")
            let name = try name()
            try expect(":")
            while take("[") {}
            let type = try self.name()
            var isNeeded = false
            while next == .mark("]") || next == .mark("!") {
                isNeeded = next == .mark("!")
                place += 1
            }
            var value = given[name]
            if take("=") {
                let standard = try self.value()
                value = value ?? standard
            }
            if isNeeded, value == nil || value == .null {
                throw Fault(message: "Variable $\(name) of type \(type)! was provided invalid value")
            }
            switch (type, value) {
            case ("Int", .string?), ("String", .number?):
                throw Fault(message: "Variable $\(name) of type \(type) was provided invalid value")
            case (_, .string(let word)?) where type.hasSuffix("SortKeys"): value = .word(word)
            // A parser of JSON may not tell true from 1.
            case ("Boolean", .number(let number)?): value = .bool(number == 1)
            default: break
            }
            declared[name] = value ?? .null
        }

        mutating func selections() throws(Fault) -> [Selection] {
            try expect("{")
            var result: [Selection] = []
            while !take("}") {
                if next == .spread {
                    place += 1
                    if next == .name("on") {
                        place += 1
                        _ = try name()
                        result.append(.inline(try selections()))
                    } else {
                        result.append(.spread(try name()))
                    }
                    continue
                }
                var field = Field(name: try name())
                if take(":") { field = Field(name: try name(), alias: field.name) }
                if take("(") {
                    while !take(")") {
                        let argument = try name()
                        try expect(":")
                        field.arguments[argument] = try value()
                    }
                }
                result.append(.field(field, next == .mark("{") ? try selections() : []))
            }
            guard !result.isEmpty else { throw Fault(message: "syntax error, empty selection") }
            return result
        }

        mutating func value() throws(Fault) -> Value {
            guard let token = next else { throw Fault(message: "syntax error, expected a value") }
            place += 1
            switch token {
            case .string(let text): return .string(text)
            case .number(let text):
                guard let number = Int(text) else { throw Fault(message: "Float where an Int was expected") }
                return .number(number)
            case .name("true"): return .bool(true)
            case .name("false"): return .bool(false)
            case .name("null"): return .null
            case .name(let word): return .word(word)
            case .mark("["):
                var items: [Value] = []
                while !take("]") { items.append(try value()) }
                return .list(items)
            case .mark("$"):
                let name = try name()
                used.insert(name)
                guard let value = declared[name] else {
                    throw Fault(message: "Variable $\(name) is used but not declared", code: "variableNotDefined")
                }
                return value
            default: throw Fault(message: "syntax error, expected a value")
            }
        }

        static func opened(
            _ selections: [Selection], _ fragments: [String: [Selection]], depth: Int
        ) throws(Fault) -> [Field] {
            guard depth < 30 else { throw Fault(message: "Fragments go round in circles") }
            var fields: [Field] = []
            for selection in selections {
                switch selection {
                case .field(var field, let inner):
                    field.fields = try opened(inner, fragments, depth: depth + 1)
                    fields.append(field)
                case .inline(let inner): fields += try opened(inner, fragments, depth: depth + 1)
                case .spread(let name):
                    guard let inner = fragments[name] else {
                        throw Fault(message: "Fragment \(name) was used, but not defined", code: "fragmentNotFound")
                    }
                    fields += try opened(inner, fragments, depth: depth + 1)
                }
            }
            return fields
        }
    }
}

/// A word of GraphQL.
enum GraphQLToken: Hashable {
    case name(String), number(String), string(String), mark(Character), spread

    static func all(in text: String) throws(GraphQLQuery.Fault) -> [GraphQLToken] {
        var (tokens, rest): ([GraphQLToken], Substring) = ([], text[...])
        while let first = rest.first {
            switch first {
            case "#": rest = rest.drop { !$0.isNewline }
            case "\"":
                let (token, after) = try string(rest)
                tokens.append(token)
                rest = after
            case _ where first.isWhitespace || first == ",": rest.removeFirst()
            case _ where rest.hasPrefix("..."):
                tokens.append(.spread)
                rest = rest.dropFirst(3)
            case _ where first == "_" || first.isASCII && first.isLetter:
                let word = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
                tokens.append(.name(String(word)))
                rest = rest[word.endIndex...]
            case _ where first == "-" || first.isASCII && first.isNumber:
                let digits = rest.prefix { "+-.eE0123456789".contains($0) }
                tokens.append(.number(String(digits)))
                rest = rest[digits.endIndex...]
            case "!", "$", "(", ")", ":", "=", "@", "[", "]", "{", "}":
                tokens.append(.mark(first))
                rest.removeFirst()
            default: throw GraphQLQuery.Fault(message: "syntax error, unexpected \(first)")
            }
        }
        return tokens
    }

    private static func string(_ text: Substring) throws(GraphQLQuery.Fault) -> (GraphQLToken, Substring) {
        var (value, rest) = ("", text.dropFirst())
        while let next = rest.popFirst() {
            switch next {
            case "\"": return (.string(value), rest)
            case "\\":
                guard let escaped = rest.popFirst() else { break }
                value.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
            default: value.append(next)
            }
        }
        throw GraphQLQuery.Fault(message: "syntax error, a string does not end")
    }
}
