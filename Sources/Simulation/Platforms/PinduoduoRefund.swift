/// An after-sales case as Pinduoduo tells it.
struct PinduoduoRefund {
    let refund: PlatformHistory.Refund
    let order: PlatformHistory.Order

    var id: Int64 { PinduoduoIDs.afterSales(refund) }
    var orderNumber: String { PinduoduoIDs.order(order) }
    var status: Int { Self.status(refund) }

    /// 2 to 6 where it is asked for and listed, one less in the details.
    var listType: Int {
        switch refund.wish {
        case .refund: 2
        case .returnAndRefund: 3
        case .exchange: 4
        }
    }

    static func status(_ refund: PlatformHistory.Refund) -> Int {
        if refund.ended != nil {
            switch refund.outcome {
            // 14 to 18 are an exchange's; that 16 is its good end is not said.
            case .refunded: return refund.wish == .exchange ? 16 : 10
            case .rejected: return refund.intervened != nil ? 9 : 6
            case .withdrawn: return 11
            }
        }
        if refund.intervened != nil { return 8 }
        switch refund.wish {
        case .refund: return refund.responded == nil ? 2 : refund.isDisputed ? 6 : 4
        case .returnAndRefund: return refund.responded == nil ? 3 : 7
        case .exchange: return 14
        }
    }

    private var reason: String {
        switch refund.reason {
        case .quality: "质量问题"
        case .notAsDescribed: "货物与描述不符"
        case .notReceived: "未收到货"
        case .changedMind: "不想要了"
        case .other: "其他"
        }
    }

    /// 1 the buyer, 2 the seller, 3 the platform.
    private var role: Int {
        if refund.ended != nil, refund.outcome == .withdrawn { return 1 }
        return refund.intervened != nil ? 3 : refund.responded != nil ? 2 : 1
    }

    private var line: PlatformHistory.Line? { order.lines.first { $0.number == refund.line } }

    /// The documents show seconds, a real sample the date, so both come.
    private func time(_ seconds: Int64) -> JSONText {
        .string(refund.number % 2 == 0 ? "\(seconds)" : BeijingTime.text(seconds))
    }

    /// Amounts are yuan in text.
    var listDocument: JSONText {
        let (units, cents, product) = (line?.units ?? 1, line?.cents ?? 0, line?.product ?? 0)
        return [
            "after_sale_reason": .string(reason), "after_sales_status": .int(status),
            "after_sales_type": .int(listType), "confirm_time": time(order.paid ?? order.placed),
            "created_time": time(refund.opened), "discount_amount": "0.00",
            "dispute_refund_status": refund.isDisputed ? 1 : 0, "good_image": "",
            "goods_id": .int(PinduoduoIDs.goods(product)), "goods_name": .string("Made-up goods \(product)"),
            "goods_number": .string("\(units)"), "goods_price": .string(PlainText.money(cents / units)), "id": .int(id),
            "order_amount": .string(PlainText.money(order.cents)), "order_sn": .string(orderNumber),
            "outer_goods_id": "",
            "outer_id": .string("sku-\(product)"), "refund_amount": .string(PlainText.money(refund.cents)),
            "refund_operator_role": .int(role), "shipping_name": "", "sku_id": .string(PinduoduoIDs.sku(product)),
            "speed_refund_flag": 0, "speed_refund_status": "", "tracking_number": "",
            "updated_time": time(refund.changed), "user_shipping_status": "",
        ]
    }

    /// Amounts are fen, times milliseconds, and the whole stands without a root.
    var detailDocument: JSONText {
        let (units, cents, product) = (line?.units ?? 1, line?.cents ?? 0, line?.product ?? 0)
        return [
            "after_sales_reason": .string(reason), "after_sales_status": .int(status),
            "after_sales_type": .int(listType - 1), "confirm_time": .int((order.paid ?? order.placed) * 1000),
            "discount_amount": 0, "dispute_refund_status": refund.isDisputed ? 1 : 0, "exist_images": false,
            "expire_time": .int((refund.opened + 604_800) * 1000), "express_no": "", "goods_number": .int(units),
            "goods_price": .int(cents / units), "id": .int(id), "images": [],
            "join_or_not": refund.intervened != nil ? "1" : "0", "order_amount": .int(order.cents),
            "order_sn": .string(orderNumber), "part_after_sales_type": 0, "part_after_sales_value": 0,
            "recreated_at": .int(refund.opened * 1000), "refund_amount": .int(refund.cents),
            "refund_operator_role": .int(role), "remark": "This is John Doe, john.doe@example.com",
            "shipping_name": "", "shipping_status": order.shipped == nil ? 0 : 1,
            "sku_id": .string(PinduoduoIDs.sku(product)), "speed_refund_flag": 0,
            "updated_time": time(refund.changed), "user_shipping_status": "",
        ]
    }
}
