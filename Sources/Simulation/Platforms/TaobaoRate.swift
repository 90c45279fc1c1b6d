/// A buyer's rating as TOP tells it: of a part of a trade, without an id of its own.
struct TaobaoRate {
    let rating: PlatformHistory.Rating
    let order: PlatformHistory.Order

    var result: String { rating.stars > 3 ? "good" : rating.stars == 3 ? "neutral" : "bad" }

    var members: [(String, JSONText)] {
        var members: [(String, JSONText)] = [
            ("tid", .int(TaobaoIDs.trade(order))), ("role", "buyer"), ("nick", "John Doe"),
            ("rated_nick", "made-up-shop"), ("result", .string(result)), ("created", TaobaoTrade.time(rating.at)),
            ("valid_score", true), ("content", "Nice! John Doe, john.doe@example.com"),
            ("logistics_service_score", .int(rating.stars)),
        ]
        if let line = order.lines.first {
            members += [
                ("oid", .int(TaobaoIDs.part(line, of: order))), ("num_iid", .int(TaobaoIDs.goods(line.product))),
                ("item_title", .string("Made-up goods \(line.product)")),
                ("item_price", .string(PlainText.money(line.cents))),
            ]
        }
        return members
    }
}
