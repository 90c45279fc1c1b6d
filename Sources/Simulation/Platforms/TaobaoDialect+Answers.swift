/// What TOP answers to each call.
extension TaobaoDialect {
    private static let refundStatuses: Set = [
        "WAIT_SELLER_AGREE", "WAIT_BUYER_RETURN_GOODS", "WAIT_SELLER_CONFIRM_GOODS", "SELLER_REFUSE_BUYER", "CLOSED",
        "SUCCESS",
    ]
    private static let tradeStatuses: Set = [
        "TRADE_NO_CREATE_PAY", "WAIT_BUYER_PAY", "SELLER_CONSIGNED_PART", "WAIT_SELLER_SEND_GOODS",
        "WAIT_BUYER_CONFIRM_GOODS", "TRADE_BUYER_SIGNED", "TRADE_FINISHED", "TRADE_CLOSED",
        "TRADE_CLOSED_BY_TAOBAO", "PAY_PENDING", "WAIT_PRE_AUTH_CONFIRM",
    ]

    private static func trades(_ desk: PlatformDesk) -> [TaobaoTrade] {
        let reach = BeijingTime.months(3, before: desk.now)
        let trades = desk.made { view in
            let refunds = Dictionary(grouping: view.refunds, by: \.order)
            return view.orders.map { TaobaoTrade(order: $0, refunds: refunds[$0.number] ?? []) }
        }
        return Array(trades.drop { $0.order.placed < reach })
    }

    // MARK: Trades

    static func soldTrades(_ request: TaobaoRequest, _ desk: PlatformDesk) throws(TaobaoRefusal) -> JSONText {
        let window = try request.window("start_created", "end_created")
        if request.values["start_created"] != nil {
            guard window.lowerBound >= BeijingTime.months(3, before: desk.now) else { throw .invalid("start_created") }
        }
        let found = try filtered(request, trades(desk)).filter { window.contains($0.order.placed) }
            .sorted { ($0.order.placed, $0.order.number) > ($1.order.placed, $1.order.number) }
        return try page(request, "trades_sold_get_response", found)
    }

    static func changedTrades(_ request: TaobaoRequest, _ desk: PlatformDesk) throws(TaobaoRefusal) -> JSONText {
        for name in ["start_modified", "end_modified"] { _ = try request.text(name) }
        let window = try request.window("start_modified", "end_modified")
        guard window.upperBound - window.lowerBound <= 86_400 else { throw .invalid("end_modified") }
        guard window.lowerBound >= BeijingTime.months(3, before: desk.now) else { throw .invalid("start_modified") }
        // Latest first: that is why one pages backwards.
        let found = try filtered(request, trades(desk)).filter { window.contains($0.modified) }
            .sorted { ($0.modified, $0.order.number) > ($1.modified, $1.order.number) }
        return try page(request, "trades_sold_increment_get_response", found)
    }

    private static func filtered(
        _ request: TaobaoRequest, _ trades: [TaobaoTrade]
    ) throws(TaobaoRefusal) -> [TaobaoTrade] {
        let status = try request.word("status", of: tradeStatuses)
        let types = types(request)
        return trades.filter { (status == nil || $0.status == status) && types.contains($0.type) }
    }

    /// A comma list; by default the five that every trade here is one of.
    private static func types(_ request: TaobaoRequest) -> Set<String> {
        request.values["type"].map { Set($0.split(separator: ",").map(String.init)) } ?? Set(TaobaoTrade.types)
    }

    private static func page(
        _ request: TaobaoRequest, _ root: String, _ found: [TaobaoTrade]
    ) throws(TaobaoRefusal) -> JSONText {
        let fields = try request.fields()
        let isSimple = try request.flag("simplify")
        return try page(request, root, ("trades", "trade"), found, most: 100) { trade in
            var members = chosen(trade.members, fields)
            let ofOrders = Set(fields.filter { $0.hasPrefix("orders.") }.map { String($0.dropFirst(7)) })
            if fields.contains("orders") || !ofOrders.isEmpty {
                let orders = trade.order.lines.map { line -> JSONText in
                    let members = trade.members(of: line)
                    return .object(fields.contains("orders") ? members : chosen(members, ofOrders))
                }
                members.append(("orders", isSimple ? .array(orders) : ["order": .array(orders)]))
            }
            return .object(members)
        }
    }

    // MARK: Pages

    private static func chosen(_ members: [(String, JSONText)], _ fields: Set<String>) -> [(String, JSONText)] {
        members.filter { fields.contains($0.0) }
    }

    /// `total_results` or, with `use_has_next`, `has_next`, and the list, which is left out when nothing is in it.
    private static func page<Item>(
        _ request: TaobaoRequest, _ root: String, _ names: (list: String, item: String), _ found: [Item], most: Int,
        pages: Int = 1_000_000, _ text: (Item) -> JSONText
    ) throws(TaobaoRefusal) -> JSONText {
        let number = try request.integer("page_no", 1...pages, else: 1)
        let size = try request.integer("page_size", 1...most, else: 40)
        let shown = found.dropFirst((number - 1) * size).prefix(size).map(text)
        var members: [(String, JSONText)] = [
            try request.flag("use_has_next")
                ? ("has_next", .bool(number * size < found.count)) : ("total_results", .int(found.count))
        ]
        if !shown.isEmpty {
            let list = JSONText.array(shown)
            members.append((names.list, try request.flag("simplify") ? list : .object([(names.item, list)])))
        }
        members.append(("request_id", "rxn6gucwgtpv"))
        return .object([(root, .object(members))])
    }

    // MARK: Refunds

    private static func refunds(_ desk: PlatformDesk) -> [TaobaoRefund] {
        let orders = desk.orders
        return desk.refunds.compactMap { refund in
            orders.indices.contains(refund.order - 1)
                ? TaobaoRefund(refund: refund, order: orders[refund.order - 1]) : nil
        }
    }

    /// How far apart the ends may be, and how far back, is not said.
    static func receivedRefunds(_ request: TaobaoRequest, _ desk: PlatformDesk) throws(TaobaoRefusal) -> JSONText {
        let fields = try request.fields()
        let window = try request.window("start_modified", "end_modified")
        let status = try request.word("status", of: refundStatuses)
        let types = types(request)
        let found = refunds(desk.ofLists)
            .filter { window.contains($0.refund.changed) && (status == nil || $0.status == status) }
            .filter { types.contains(TaobaoTrade.type($0.order)) }
            .sorted { ($0.refund.changed, $0.refund.number) > ($1.refund.changed, $1.refund.number) }
        return try page(request, "refunds_receive_get_response", ("refunds", "refund"), found, most: 100) {
            .object(chosen($0.members, fields))
        }
    }

    static func refund(_ request: TaobaoRequest, _ desk: PlatformDesk) throws(TaobaoRefusal) -> JSONText {
        let fields = try request.fields()
        let id = try request.text("refund_id")
        guard let found = refunds(desk).first(where: { $0.id == id }) else { throw .invalid("refund_id") }
        let refund = JSONText.object(chosen(found.members + found.furtherMembers, fields))
        return ["refund_get_response": ["refund": refund, "request_id": "rxn6gucwgtpv"]]
    }

    // MARK: Ratings and the shop

    /// Of 180 days, and no more than 1500 by one question, however it is paged.
    static func rates(_ request: TaobaoRequest, _ desk: PlatformDesk) throws(TaobaoRefusal) -> JSONText {
        let fields = try request.fields()
        for name in ["rate_type", "role"] { _ = try request.text(name) }
        let isGotten = try request.word("rate_type", of: ["get", "give"]) == "get"
        let isByBuyer = try request.word("role", of: ["buyer", "seller"]) == "buyer"
        let result = try request.word("result", of: ["good", "neutral", "bad"])
        let window = try request.window("start_date", "end_date")
        let reach = desk.now - 180 * 86_400
        if request.values["start_date"] != nil, window.lowerBound < reach { throw .invalid("start_date") }
        let orders = desk.orders
        let found = desk.ratings
            .filter { isGotten && isByBuyer && $0.at >= reach && window.contains($0.at) }
            .compactMap { rating in
                orders.indices.contains(rating.order - 1)
                    ? TaobaoRate(rating: rating, order: orders[rating.order - 1]) : nil
            }
            .filter { result == nil || $0.result == result }
            .sorted { ($0.rating.at, $0.rating.number) > ($1.rating.at, $1.rating.number) }
        let names = ("trade_rates", "trade_rate")
        return try page(
            request, "traderates_get_response", names, Array(found.prefix(1500)), most: 150, pages: 200
        ) { .object(chosen($0.members, fields)) }
    }

    /// There are no scores here any more.
    static func shop(_ request: TaobaoRequest) throws(TaobaoRefusal) -> JSONText {
        let shop: [(String, JSONText)] = [
            ("sid", 62_847_351), ("title", "Made-up shop"), ("pic_path", "/a1/made-up.jpg"),
        ]
        let members = JSONText.object(chosen(shop, try request.fields()))
        return ["shop_seller_get_response": ["shop": members, "request_id": "rxn6gucwgtpv"]]
    }
}
