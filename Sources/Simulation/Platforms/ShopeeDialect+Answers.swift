import Facts

/// How an order, a return and a comment are told.
extension ShopeeGateway {
    static let statuses: Set<String> = [
        "UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "TO_CONFIRM_RECEIVE", "TO_RETURN", "COMPLETED", "IN_CANCEL",
        "CANCELLED", "INVOICE_PENDING", "PENDING", "RETRY_SHIP",
    ]
    static let returnStatuses: Set<String> = [
        "REQUESTED", "ACCEPTED", "CANCELLED", "JUDGING", "PROCESSING", "SELLER_DISPUTE", "REFUND_PAID", "CLOSED",
    ]

    /// An order with what its returns change in it.
    struct Entry {
        var order: PlatformHistory.Order
        var status: String
        var updated: Int64
    }

    static func orders(_ desk: PlatformDesk) -> [Entry] {
        desk.made { view in
            let refunds = Dictionary(grouping: view.refunds, by: \.order)
            return view.orders.map { order in
                let own = refunds[order.number] ?? []
                return Entry(
                    order: order, status: status(order, hasOpenReturn: own.contains { $0.ended == nil }),
                    updated: own.reduce(order.changed) { max($0, $1.changed) })
            }
        }
    }

    private static func status(_ order: PlatformHistory.Order, hasOpenReturn: Bool) -> String {
        if order.canceled != nil { return "CANCELLED" }
        if order.completed != nil { return "COMPLETED" }
        if hasOpenReturn, order.shipped != nil { return "TO_RETURN" }
        if order.delivered != nil { return "TO_CONFIRM_RECEIVE" }
        if order.shipped != nil { return "SHIPPED" }
        return order.paid == nil ? "UNPAID" : "READY_TO_SHIP"
    }

    /// Fourteen characters, the day of placing first.
    package static func orderSN(_ order: PlatformHistory.Order) -> String {
        let code = String(10_000_000 + order.number * 7919, radix: 36, uppercase: true)
        return day(order.placed) + String(repeating: "0", count: max(0, 8 - code.count)) + code
    }

    package static func returnSN(_ refund: PlatformHistory.Refund) -> String {
        day(refund.opened) + String(100_000_000 + refund.number)
    }

    package static func commentID(_ rating: PlatformHistory.Rating) -> Int64 { 120_000_000 + Int64(rating.number) }
    package static func itemID(_ product: Int) -> Int64 { 23_620_853_000 + Int64(product) }

    /// A float, as programs write them: `12.0`, `12.5`, `12.05`.
    static func money(_ cents: Int) -> JSONText {
        let (whole, rest) = (cents / 100, cents % 100)
        return .number("\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0" : "") + "\(rest)"))
    }

    /// `yymmdd` in Singapore.
    private static func day(_ moment: Int64) -> String {
        String(Timestamp(seconds: moment + 28_800).description.prefix(10).dropFirst(2).filter { $0 != "-" })
    }

    // MARK: Orders

    /// What is not asked for by name is not told, but for a few.
    static func detail(_ entry: Entry, _ asked: Set<String>) -> JSONText {
        let order = entry.order
        let always: [(String, JSONText)] = [
            ("cod", false), ("create_time", .int(order.placed)), ("currency", .string(currency)), ("days_to_ship", 2),
            ("message_to_seller", ""), ("order_sn", .string(orderSN(order))), ("order_status", .string(entry.status)),
            ("region", "SG"), ("reverse_shipping_fee", 0), ("ship_by_date", .int(order.shipBy ?? 0)),
            ("update_time", .int(entry.updated)),
        ]
        return .object(always + onRequest(entry).filter { asked.contains($0.0) })
    }

    private static func onRequest(_ entry: Entry) -> [(String, JSONText)] {
        let order = entry.order
        var who = ""
        if order.canceled != nil {
            switch order.canceledBy {
            case .buyer: who = "buyer"
            case .seller: who = "seller"
            case .platform: who = order.number.isMultiple(of: 2) ? "system" : "Ops"
            }
        }
        return [
            ("actual_shipping_fee_confirmed", .bool(order.shipped != nil)),
            ("buyer_cancel_reason", who == "buyer" ? "Need to change delivery address" : ""),
            ("buyer_cpf_id", nil), ("buyer_user_id", .int(500_000 + order.number % 40)), ("buyer_username", "john.doe"),
            ("cancel_by", .string(who)), ("cancel_reason", who == "seller" ? "OUT_OF_STOCK" : ""), ("dropshipper", nil),
            ("dropshipper_phone", nil), ("estimated_shipping_fee", .number("2.99")),
            ("fulfillment_flag", "fulfilled_by_local_seller"), ("goods_to_declare", false), ("invoice_data", nil),
            ("item_list", .array(order.lines.map { item($0, of: order) })),
            ("note", ""), ("note_update_time", 0),
            ("package_list", order.paid == nil ? [] : [package(order)]),
            ("pay_time", .optional(order.paid.map { .int($0) })), ("payment_method", "Credit Card"),
            ("pickup_done_time", .int(order.shipped ?? 0)),
            (
                "recipient_address",
                [
                    "city": "", "district": "", "full_address": "1 Nowhere Street, Singapore", "name": "John Doe",
                    "phone": "6500000000", "region": "SG", "state": "", "town": "", "zipcode": "000000",
                ]
            ),
            ("shipping_carrier", "Standard Delivery"), ("split_up", false), ("total_amount", money(order.cents)),
        ]
    }

    /// An item and variant stands in an order once for each offer by which it was bought.
    package static func promotionGroup(_ line: PlatformHistory.Line, of order: PlatformHistory.Order) -> Int {
        order.lines.count { $0.product == line.product && $0.number < line.number }
    }

    package static func modelID(_ product: Int) -> Int64 { 221_404_189_000 + Int64(product) }

    private static func item(_ line: PlatformHistory.Line, of order: PlatformHistory.Order) -> JSONText {
        let each: JSONText = money(line.cents / line.units)
        return [
            "add_on_deal": false, "add_on_deal_id": 0, "image_info": ["image_url": "https://cf.example.com/file/1_tn"],
            "is_b2c_owned_item": false, "is_prescription_item": false, "item_id": .int(itemID(line.product)),
            "item_name": "Made-up item", "item_sku": "", "main_item": false, "model_discounted_price": each,
            "model_id": .int(modelID(line.product)), "model_name": "Blue", "model_original_price": each,
            "model_quantity_purchased": .int(line.units), "model_sku": "SKU",
            "order_item_id": .int(itemID(line.product)),
            "product_location_id": ["SG0000001"], "promotion_group_id": .int(promotionGroup(line, of: order)),
            "promotion_id": 0, "promotion_type": "",
            "weight": .number("0.01"), "wholesale": false,
        ]
    }

    private static func package(_ order: PlatformHistory.Order) -> JSONText {
        let state =
            order.delivered != nil
            ? "LOGISTICS_DELIVERY_DONE" : order.shipped != nil ? "LOGISTICS_PICKUP_DONE" : "LOGISTICS_READY"
        return [
            "group_shipment_id": nil, "item_list": [], "logistics_status": .string(state),
            "package_number": .string("OFG\(166_300_000_000_000 + Int64(order.number))"),
            "parcel_chargeable_weight_gram": 10, "shipping_carrier": "Standard Delivery",
            "logistics_channel_id": 18_080,
            "allow_self_design_awb": true, "sorting_group": "North",
        ]
    }

    // MARK: Returns and comments

    /// The platform knows no exchange here: such a wish ends like a return.
    package static func returnStatus(_ refund: PlatformHistory.Refund) -> String {
        if refund.ended != nil {
            switch refund.outcome {
            case .refunded: return "REFUND_PAID"
            case .rejected: return "CLOSED"
            case .withdrawn: return "CANCELLED"
            }
        }
        if refund.intervened != nil { return "JUDGING" }
        guard refund.responded != nil else { return "REQUESTED" }
        return refund.isDisputed ? "SELLER_DISPUTE" : refund.wish == .refund ? "ACCEPTED" : "PROCESSING"
    }

    static func returned(_ refund: PlatformHistory.Refund, _ order: PlatformHistory.Order?) -> JSONText {
        let line = order?.lines.first { $0.number == refund.line }
        let reason =
            switch refund.reason {
            case .quality: "PHYSICAL_DMG"
            case .notAsDescribed: "DIFFERENT_DESCRIPTION"
            case .notReceived: "NOT_RECEIPT"
            case .changedMind: "CHANGE_MIND"
            case .other: "OTHER"
            }
        let needsParcel = refund.wish != .refund
        return [
            "image": [], "reason": .string(reason), "text_reason": "return reason",
            "return_sn": .string(returnSN(refund)), "refund_amount": money(refund.cents), "currency": .string(currency),
            "create_time": .int(refund.opened), "update_time": .int(refund.changed),
            "status": .string(returnStatus(refund)), "due_date": .int(refund.opened + 172_800), "tracking_number": "",
            "dispute_reason": refund.isDisputed && refund.responded != nil ? ["UNKNOWN"] : [],
            "dispute_text_reason": refund.isDisputed && refund.responded != nil ? ["reason"] : [],
            "needs_logistics": .bool(needsParcel), "amount_before_discount": money(line?.cents ?? refund.cents),
            "user": [
                "username": "john.doe", "email": "john.doe@example.com", "portrait": "https://cf.example.com/file/2",
            ],
            "item": [
                [
                    "model_id": 0, "name": "Made-up item", "images": [], "amount": .int(line?.units ?? 1),
                    "item_price": money(line?.cents ?? refund.cents), "is_add_on_deal": false, "is_main_item": false,
                    "add_on_deal_id": 0, "item_id": .int(itemID(line?.product ?? 0)), "item_sku": "",
                    "variation_sku": "",
                ]
            ],
            "order_sn": .string(order.map(orderSN) ?? ""), "return_ship_due_date": .int(refund.opened + 604_800),
            "return_seller_due_date": .int(refund.opened + 172_800), "negotiation_status": "PENDING_RESPOND",
            "seller_proof_status": "PENDING", "seller_compensation_status": "PENDING_REQUEST",
            "return_refund_type": .string(refund.number.isMultiple(of: 4) ? "RRAOC" : "RRBOC"),
            "return_solution": needsParcel ? 0 : 1, "is_seller_arrange": false, "is_shipping_proof_mandatory": false,
            "return_refund_request_type": 0, "validation_type": "seller_validation", "is_arrived_at_warehouse": 0,
            "follow_up_action_list": [],
        ]
    }

    static func commented(
        _ rating: PlatformHistory.Rating, _ order: PlatformHistory.Order, _ item: Int64
    ) -> JSONText {
        [
            "comment_id": .int(commentID(rating)), "comment": "From John Doe, with love", "buyer_username": "john.doe",
            "order_sn": .string(orderSN(order)), "item_id": .int(item), "model_id": 0, "create_time": .int(rating.at),
            "rating_star": .int(rating.stars), "editable": "EDITABLE", "hidden": false,
            "cmt_reply": ["reply": "Thank you for your support.", "hidden": false],
        ]
    }
}
