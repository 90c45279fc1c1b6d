/// A refund as TOP tells it.
struct TaobaoRefund {
    let refund: PlatformHistory.Refund
    let order: PlatformHistory.Order

    var id: String { TaobaoIDs.refund(refund) }

    var status: String {
        // Of an exchange's own states no list is at hand; one that was made is a success of another type.
        if refund.ended != nil { return refund.outcome == .refunded ? "SUCCESS" : "CLOSED" }
        if refund.responded == nil { return "WAIT_SELLER_AGREE" }
        if refund.isDisputed { return "SELLER_REFUSE_BUYER" }
        return refund.wish == .refund ? "WAIT_SELLER_AGREE" : "WAIT_BUYER_RETURN_GOODS"
    }

    private var type: String {
        switch refund.wish {
        case .refund: "REFUND"
        case .returnAndRefund: "REFUND_AND_RETURN"
        case .exchange: "TMALL_EXCHANGE"
        }
    }

    private var reason: String {
        switch refund.reason {
        case .quality: "质量问题"
        case .notAsDescribed: "商品与页面描述不符"
        case .notReceived: "未收到货"
        case .changedMind: "不喜欢/不想要"
        case .other: "其他"
        }
    }

    /// 1 not needed, 3 staff in, 7 withdrawn, 8 for the buyer, 9 for the seller.
    private var staffStatus: Int {
        guard refund.intervened != nil else { return 1 }
        guard refund.ended != nil else { return 3 }
        return switch refund.outcome {
        case .refunded: 8
        case .rejected: 9
        case .withdrawn: 7
        }
    }

    private var line: PlatformHistory.Line? { order.lines.first { $0.number == refund.line } }

    /// What the list has to choose from.
    var members: [(String, JSONText)] {
        let trade = TaobaoTrade(order: order, refunds: [refund])
        var result: [(String, JSONText)] = [
            ("refund_id", .string(id)), ("tid", .int(trade.id)), ("status", .string(status)),
            ("created", TaobaoTrade.time(refund.opened)), ("modified", TaobaoTrade.time(refund.changed)),
            ("refund_fee", .string(PlainText.money(refund.cents))), ("reason", .string(reason)),
            ("dispute_type", .string(type)), ("desc", "This is John Doe, john.doe@example.com"),
            ("has_good_return", .bool(refund.wish != .refund)), ("order_status", .string(trade.status)),
            ("total_fee", .string(PlainText.money(order.cents))), ("buyer_nick", "John Doe"),
            ("seller_nick", "made-up-shop"),
        ]
        if let line {
            result += [
                ("oid", .int(TaobaoIDs.part(line, of: order))), ("num", .int(line.units)),
                ("num_iid", .int(TaobaoIDs.goods(line.product))),
                ("title", .string("Made-up goods \(line.product)")),
                ("payment", .string(PlainText.money(line.cents - (status == "SUCCESS" ? refund.cents : 0)))),
            ]
        }
        return result
    }

    /// What only the single one tells.
    var furtherMembers: [(String, JSONText)] {
        let isAfterSale = order.completed.map { refund.opened >= $0 } ?? false
        var result: [(String, JSONText)] = [
            ("cs_status", .int(staffStatus)), ("refund_phase", isAfterSale ? "aftersale" : "onsale"), ("sku", ""),
        ]
        if let ended = refund.ended { result.append(("end_time", TaobaoTrade.time(ended))) }
        return result
    }
}
