/// A page of what may move while somebody walks it: a cursor says after what, not which place.
enum ShopifyPage {
    struct Row {
        var place: Int64
        var number: Int
        var node: () -> GraphQLNode

        var cursor: String { Base64.text(of: "{\"last_id\":\(number),\"last_value\":\"\(place)\"}".utf8) }
    }

    static func page(_ rows: [Row], _ field: GraphQLQuery.Field) throws(GraphQLQuery.Fault) -> GraphQLNode {
        let first = try GraphQLNode.size(field)
        let isReversed = field.arguments["reverse"] == .bool(true)
        var rows = rows.sorted { ($0.place, $0.number) < ($1.place, $1.number) }
        if isReversed { rows.reverse() }
        let all = rows.count
        if let after = field.text("after") {
            guard let (place, number) = read(after) else {
                throw GraphQLQuery.Fault(message: "Invalid cursor for current pagination sort.", code: "BAD_REQUEST")
            }
            rows = rows.filter {
                isReversed ? ($0.place, $0.number) < (place, number) : ($0.place, $0.number) > (place, number)
            }
        }
        let shown = rows.prefix(first)
        return .page(
            shown.map { GraphQLNode.Edge(cursor: $0.cursor, node: $0.node()) }, hasPrevious: rows.count < all,
            hasNext: shown.count < rows.count)
    }

    private static func read(_ cursor: String) -> (Int64, Int)? {
        guard let bytes = Base64.bytes(of: cursor) else { return nil }
        let numbers = String(decoding: bytes, as: UTF8.self).split { !($0.isNumber || $0 == "-") }
        guard numbers.count == 2, let number = Int(numbers[0]), let place = Int64(numbers[1]) else { return nil }
        return (place, number)
    }
}
