/// An order as JD tells it.
struct JDOrder {
    static let states: Set = [
        "WAIT_SELLER_STOCK_OUT", "WAIT_GOODS_RECEIVE_CONFIRM", "WAIT_SELLER_DELIVERY", "PAUSE", "FINISHED_L",
        "TRADE_CANCELED", "LOCKED", "POP_ORDER_PAUSE",
    ]

    let order: PlatformHistory.Order
    let state: String
    let changed: Int64

    /// Nil for one that waits for its payment: there is no state for it.
    init?(_ order: PlatformHistory.Order) {
        (self.order, changed) = (order, order.changed)
        if order.canceled != nil {
            state = "TRADE_CANCELED"
        } else if order.completed != nil {
            state = "FINISHED_L"
        } else if order.shipped != nil {
            state = "WAIT_GOODS_RECEIVE_CONFIRM"
        } else if order.paid != nil {
            state = "WAIT_SELLER_STOCK_OUT"
        } else {
            return nil
        }
    }

    /// What there is to choose from; what has not happened has no member.
    var members: [(String, JSONText)] {
        let amount = JSONText.string(PlainText.money(order.cents))
        let items = order.lines.map { line -> JSONText in
            [
                "skuId": .string(JDIDs.sku(line.product)), "wareId": .string(JDIDs.sku(line.product)),
                "outerSkuId": .string("sku-\(line.product)"), "skuName": .string("Made-up goods \(line.product)"),
                "jdPrice": .string(PlainText.money(line.cents / line.units)), "itemTotal": .string("\(line.units)"),
            ]
        }
        var result: [(String, JSONText)] = [
            ("orderId", .string(JDIDs.order(order))), ("venderId", "10203040"), ("orderState", .string(state)),
            ("orderTotalPrice", amount), ("orderSellerPrice", amount), ("orderPayment", amount),
            ("freightPrice", "0.00"), ("sellerDiscount", "0.00"), ("orderStartTime", Self.time(order.placed)),
            ("modified", Self.time(order.changed)), ("itemInfoList", .array(items)), ("pin", "john.doe"),
            (
                "consigneeInfo",
                [
                    "fullname": "John Doe", "mobile": "13800000000", "telephone": "021-00000000",
                    "fullAddress": "1 Nowhere Street", "province": "上海", "city": "长宁区", "county": "",
                ]
            ), ("orderRemark", "Please call John Doe, john.doe@example.com"), ("venderRemark", ""),
        ]
        if let paid = order.paid { result.append(("paymentConfirmTime", Self.time(paid))) }
        // Whether a canceled one has an end is not said.
        if let completed = order.completed { result.append(("orderEndTime", Self.time(completed))) }
        return result
    }

    static func time(_ seconds: Int64) -> JSONText { .string(BeijingTime.text(seconds)) }
}
