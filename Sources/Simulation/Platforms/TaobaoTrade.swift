/// An order as TOP tells it.
struct TaobaoTrade {
    /// Those that are told when no type is asked for.
    static let types = ["guarantee_trade", "auto_delivery", "ec", "cod", "step"]

    let order: PlatformHistory.Order
    let refunds: [PlatformHistory.Refund]
    /// Its parts carry the state of their refunds, and it changes with them.
    let modified: Int64

    init(order: PlatformHistory.Order, refunds: [PlatformHistory.Refund]) {
        (self.order, self.refunds) = (order, refunds)
        modified = refunds.reduce(order.changed) { max($0, $1.changed) }
    }

    static func type(_ order: PlatformHistory.Order) -> String { types[order.number % types.count] }
    var type: String { Self.type(order) }
    var id: Int64 { TaobaoIDs.trade(order) }

    var status: String {
        if order.canceled != nil { return order.paid == nil ? "TRADE_CLOSED_BY_TAOBAO" : "TRADE_CLOSED" }
        if order.completed != nil { return "TRADE_FINISHED" }
        // Signed by the buyer but not confirmed is told of what is paid on delivery.
        if order.delivered != nil, type == "cod" { return "TRADE_BUYER_SIGNED" }
        if order.shipped != nil { return "WAIT_BUYER_CONFIRM_GOODS" }
        return order.paid != nil ? "WAIT_SELLER_SEND_GOODS" : "WAIT_BUYER_PAY"
    }

    /// When it was finished or closed.
    private var ended: Int64? { order.canceled ?? order.completed }

    /// What there is to choose from; what has not happened has no member.
    var members: [(String, JSONText)] {
        let amount = JSONText.string(PlainText.money(order.cents))
        var result: [(String, JSONText)] = [
            ("tid", .int(id)), ("tid_str", .string("\(id)")), ("type", .string(type)), ("status", .string(status)),
            ("payment", amount), ("total_fee", amount), ("post_fee", "0.00"), ("discount_fee", "0.00"),
            ("num", .int(order.lines.reduce(0) { $0 + $1.units })), ("created", Self.time(order.placed)),
            ("modified", Self.time(modified)), ("title", "made-up-shop"), ("seller_nick", "made-up-shop"),
            ("buyer_nick", "John Doe"), ("buyer_open_uid", .string("AAEJohnDoe\(order.number % 7)")),
            ("receiver_name", "John Doe"), ("receiver_mobile", "13800000000"), ("receiver_phone", "021-00000000"),
            ("receiver_state", "上海"), ("receiver_city", "上海市"), ("receiver_address", "1 Nowhere Street"),
            ("buyer_email", "john.doe@example.com"), ("buyer_message", "Please call John Doe"),
        ]
        for (name, moment) in [("pay_time", order.paid), ("consign_time", order.shipped), ("end_time", ended)] {
            if let moment { result.append((name, Self.time(moment))) }
        }
        return result
    }

    func members(of line: PlatformHistory.Line) -> [(String, JSONText)] {
        let amount = JSONText.string(PlainText.money(line.cents))
        let refund = refunds.last { $0.line == line.number }
        var result: [(String, JSONText)] = [
            ("oid", .int(TaobaoIDs.part(line, of: order))), ("num_iid", .int(TaobaoIDs.goods(line.product))),
            ("title", .string("Made-up goods \(line.product)")), ("status", .string(status)),
            ("refund_status", .string(refund.map { TaobaoRefund(refund: $0, order: order).status } ?? "NO_REFUND")),
            ("payment", amount), ("total_fee", amount), ("price", .string(PlainText.money(line.cents / line.units))),
            ("num", .int(line.units)), ("sku_id", .string("\(4_611_686_018 + line.product)")),
        ]
        if let refund { result.append(("refund_id", .string(TaobaoIDs.refund(refund)))) }
        if let shipped = order.shipped { result.append(("consign_time", Self.time(shipped))) }
        if let ended { result.append(("end_time", Self.time(ended))) }
        return result
    }

    static func time(_ seconds: Int64) -> JSONText { .string(BeijingTime.text(seconds)) }
}
