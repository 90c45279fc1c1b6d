/// An order as Pinduoduo tells it. One that was never paid was never made, and is not told.
struct PinduoduoOrder {
    enum Form { case list, basic }

    let order: PlatformHistory.Order
    let refund: PlatformHistory.Refund?
    /// The moment at which the deal was made: for an order of one buyer, the payment.
    let confirmed: Int64
    /// The order carries the state of its after-sales, and changes with it.
    let updated: Int64

    init?(_ order: PlatformHistory.Order, refund: PlatformHistory.Refund?) {
        guard let paid = order.paid else { return nil }
        (self.order, self.refund, confirmed) = (order, refund, paid)
        updated = max(order.changed, refund?.changed ?? 0)
    }

    var number: String { PinduoduoIDs.order(order) }
    /// 1 to be shipped, 2 shipped, 3 received; one that was canceled is told by `confirm_status`.
    var status: Int { order.delivered != nil ? 3 : order.shipped != nil ? 2 : 1 }

    /// 1 none or closed, 2 in work, 3 refunding, 4 refunded.
    var refundStatus: Int {
        guard let refund else { return 1 }
        if refund.ended != nil { return refund.isRefunded ? 4 : 1 }
        return PinduoduoRefund.status(refund) == 4 ? 3 : 2
    }

    func document(_ form: Form) -> JSONText {
        let amount = money(order.cents)
        let items = order.lines.map { line -> JSONText in
            [
                "goods_id": .int(PinduoduoIDs.goods(line.product)), "sku_id": .string(PinduoduoIDs.sku(line.product)),
                "goods_name": .string("Made-up goods \(line.product)"), "goods_price": money(line.cents / line.units),
                "goods_count": .int(line.units), "goods_spec": "", "goods_img": "",
                "outer_id": .string("sku-\(line.product)"), "outer_goods_id": "",
            ]
        }
        var members: [(String, JSONText)] = [
            ("order_sn", .string(number)), ("order_status", .int(status)), ("refund_status", .int(refundStatus)),
            ("after_sales_status", .int(refund.map(PinduoduoRefund.status) ?? 0)), ("group_status", 1),
            ("confirm_status", order.canceled == nil ? 1 : 2), ("created_time", time(order.placed)),
            ("pay_time", time(order.paid)), ("confirm_time", time(confirmed)), ("last_ship_time", time(order.shipBy)),
            ("shipping_time", time(order.shipped)), ("receive_time", time(order.delivered)),
            ("updated_at", time(updated)), ("urge_shipping_time", nil), ("goods_amount", amount),
            ("discount_amount", money(0)), ("platform_discount", money(0)), ("seller_discount", money(0)),
            ("postage", money(0)), ("pay_amount", amount), ("item_list", .array(items)), ("is_lucky_flag", 1),
            ("risk_control_status", 0), ("trade_type", 0), ("tracking_number", ""), ("logistics_id", 0),
        ]
        if form != .basic {
            members += [
                ("receiver_name", "John Doe"), ("receiver_phone", "13800000000"), ("country", "中国"),
                ("province", "上海市"), ("city", "上海市"), ("town", "长宁区"),
                ("receiver_address", "1 Nowhere Street"), ("address", "1 Nowhere Street, John Doe"),
                ("buyer_memo", "Please call John Doe, john.doe@example.com"), ("remark", ""),
            ]
        }
        return .object(members)
    }

    // Newer documents have doubles, older ones texts; both have been seen in the field, so both come.
    private func money(_ cents: Int) -> JSONText {
        guard order.number % 2 == 1 else { return .string(PlainText.money(cents)) }
        // As Java prints a double: `12.5` and `12.0`.
        return .number(cents % 10 == 0 ? "\(cents / 100).\(cents % 100 / 10)" : PlainText.money(cents))
    }

    private func time(_ seconds: Int64?) -> JSONText { .optional(seconds.map { .string(BeijingTime.text($0)) }) }
}
