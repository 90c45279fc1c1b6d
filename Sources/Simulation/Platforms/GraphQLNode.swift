/// What there is to select from: everything that a type has; a query takes its part.
enum GraphQLNode {
    case leaf(JSONText)
    case members(type: String, [Member])
    case list([GraphQLNode])
    /// All of it; the arguments of the query make a page of it.
    case connection([GraphQLNode])
    /// One page, as it is to be shown.
    case page([Edge], hasPrevious: Bool, hasNext: Bool)

    // Structures, and no tuples: through those the compiler goes round in circles.
    struct Member {
        let name: String
        let node: GraphQLNode
    }

    struct Edge {
        let cursor: String
        let node: GraphQLNode
    }

    static func object(type: String, _ members: [(String, GraphQLNode)]) -> GraphQLNode {
        .members(type: type, members.map { Member(name: $0.0, node: $0.1) })
    }

    static func text(_ text: String) -> GraphQLNode { .leaf(.string(text)) }
    static func text(_ text: String?) -> GraphQLNode { .leaf(text.map(JSONText.string) ?? .null) }
    static func int(_ number: Int) -> GraphQLNode { .leaf(.int(number)) }
    static func bool(_ value: Bool) -> GraphQLNode { .leaf(.bool(value)) }
    static var null: GraphQLNode { .leaf(.null) }

    typealias Field = GraphQLQuery.Field
    typealias Fault = GraphQLQuery.Fault

    /// The part that the fields ask for, in their order and under their names.
    func selected(_ field: Field, on owner: String) throws(Fault) -> JSONText {
        switch self {
        case .leaf(let value):
            if case .null = value { return .null }
            guard field.fields.isEmpty else {
                throw Fault(message: "Selections can't be made on scalars (field '\(field.name)' on type '\(owner)')")
            }
            return value
        case .list(let nodes):
            let most = field.number("first") ?? .max
            var values: [JSONText] = []
            for node in nodes.prefix(most) { values.append(try node.selected(field, on: owner)) }
            return .array(values)
        case .members(let type, let members):
            guard !field.fields.isEmpty else {
                throw Fault(message: "Field must have selections (field '\(field.name)' returns \(type))")
            }
            var shown: [(String, JSONText)] = []
            for wanted in field.fields where !shown.contains(where: { $0.0 == wanted.key }) {
                if wanted.name == "__typename" {
                    shown.append((wanted.key, .string(type)))
                    continue
                }
                guard let member = members.first(where: { $0.name == wanted.name }) else {
                    throw Fault(
                        message: "Field '\(wanted.name)' doesn't exist on type '\(type)'", code: "undefinedField")
                }
                shown.append((wanted.key, try member.node.selected(wanted, on: type)))
            }
            return .object(shown)
        case .connection(let nodes): return try Self.paged(nodes, field).selected(field, on: owner)
        case .page(let edges, let hasPrevious, let hasNext):
            let info: [(String, GraphQLNode)] = [
                ("hasNextPage", .bool(hasNext)), ("hasPreviousPage", .bool(hasPrevious)),
                ("startCursor", .text(edges.first?.cursor)), ("endCursor", .text(edges.last?.cursor)),
            ]
            let all: [(String, GraphQLNode)] = [
                ("nodes", .list(edges.map(\.node))),
                ("edges", .list(edges.map(Self.shown))),
                ("pageInfo", .object(type: "PageInfo", info)),
            ]
            return try GraphQLNode.object(type: "Connection", all).selected(field, on: owner)
        }
    }

    private static func shown(_ edge: Edge) -> GraphQLNode {
        .object(type: "Edge", [("cursor", .text(edge.cursor)), ("node", edge.node)])
    }

    /// `first`, which a connection does not go without.
    static func size(_ field: Field) throws(Fault) -> Int {
        guard let first = field.number("first") else {
            throw Fault(message: "you must provide one of first or last", code: "BAD_REQUEST")
        }
        guard (1...250).contains(first) else {
            throw Fault(message: "first must be between 1 and 250 (\(field.name))", code: "BAD_REQUEST")
        }
        return first
    }

    /// A connection within an object does not move: its cursors are places.
    private static func paged(_ nodes: [GraphQLNode], _ field: Field) throws(Fault) -> GraphQLNode {
        let first = try size(field)
        var start = 0
        if let after = field.text("after") {
            guard let bytes = Base64.bytes(of: after), let place = Int(String(decoding: bytes, as: UTF8.self)) else {
                throw Fault(message: "Invalid cursor for current pagination sort.", code: "BAD_REQUEST")
            }
            start = place + 1
        }
        let edges = nodes.enumerated().dropFirst(start).prefix(first).map { place, node in
            Edge(cursor: Base64.text(of: "\(place)".utf8), node: node)
        }
        return .page(edges, hasPrevious: start > 0, hasNext: start + edges.count < nodes.count)
    }
}

extension GraphQLQuery.Field {
    /// What the query may cost at most: an object 1, a scalar nothing, a connection 2 and its size times its nodes. The
    /// documents say that connections are sized by `first`, not how; this is the plain reading.
    var cost: Int {
        guard !fields.isEmpty else { return 0 }
        if let size = number("first"), fields.contains(where: { $0.name == "nodes" || $0.name == "edges" }) {
            var (node, rest) = (0, 0)
            for field in fields {
                switch field.name {
                case "nodes": node += field.cost
                case "edges": node += field.fields.reduce(0) { $0 + $1.cost }
                default: rest += field.cost
                }
            }
            return 2 + size * node + rest
        }
        return 1 + fields.reduce(0) { $0 + $1.cost }
    }

    /// What it cost in the end: of connections the nodes that there were; never more than it might.
    func spent(on value: JSONText?) -> Int {
        guard !fields.isEmpty, case .object(let members)? = value else { return 0 }
        let isConnection = number("first") != nil && fields.contains { $0.name == "nodes" || $0.name == "edges" }
        let inner = fields.reduce(0) { sum, field in
            let member = members.first { $0.0 == field.key }?.1
            guard case .array(let elements)? = member else { return sum + field.spent(on: member) }
            // A list that is no connection counts once, however long it is.
            let counted = isConnection ? elements[...] : elements.prefix(1)
            return sum + counted.reduce(0) { $0 + field.spent(on: $1) }
        }
        return (isConnection ? 2 : 1) + inner
    }
}
