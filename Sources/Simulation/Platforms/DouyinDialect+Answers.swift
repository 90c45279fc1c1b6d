/// How an order, a case and the shop's scores are told. Moments that have not come are 0.
extension DouyinGateway {
    /// An order with what its cases change in it.
    struct Entry {
        var order: PlatformHistory.Order
        var refunds: [PlatformHistory.Refund]
        var updated: Int64
    }

    static func entries(_ desk: PlatformDesk) -> [Entry] {
        desk.made { view in
            let refunds = Dictionary(grouping: view.refunds, by: \.order)
            return view.orders.map { order in
                let own = refunds[order.number] ?? []
                return Entry(order: order, refunds: own, updated: own.reduce(order.changed) { max($0, $1.changed) })
            }
        }
    }

    /// Nineteen digits, as text.
    package static func orderID(_ number: Int) -> String {
        String(6_936_476_692_000_000_000 + Int64(number) * 7_001_003)
    }

    /// The first line bears the number of its order, as a sample has it; further lines their own.
    static func lineID(_ order: Int, _ line: Int) -> String {
        String(6_936_476_692_000_000_000 + Int64(order) * 7_001_003 + Int64(line - 1) * 1009)
    }

    package static func caseID(_ refund: PlatformHistory.Refund) -> String {
        String(146_701_382_000_000_000 + Int64(refund.number) * 40_013)
    }

    // MARK: Orders

    static func status(_ order: PlatformHistory.Order) -> Int {
        if order.canceled != nil { return 4 }
        if order.completed != nil { return 5 }
        if order.shipped != nil { return 3 }
        guard let paid = order.paid else { return 1 }
        // For a while after paying the platform still looks at it: how long is not told.
        return order.number.isMultiple(of: 9) && paid == order.changed ? 105 : 2
    }

    static func told(_ entry: Entry) -> JSONText {
        let order = entry.order
        let place: JSONText = [
            "province": ["name": "Nowhere", "id": "110000"], "city": ["name": "Nowhere", "id": "110100"],
            "town": ["name": "Nowhere", "id": "110108"], "street": ["name": "Nowhere", "id": "110108000"],
            "detail": "1 Nowhere Street", "encrypt_detail": "##made-up##1 Nowhere Street##1##",
        ]
        return [
            "order_id": .string(orderID(order.number)), "order_status": .int(status(order)), "shop_id": 4_463_798,
            "shop_name": "Made-up shop", "order_level": 2, "order_type": 0, "create_time": .int(order.placed),
            "pay_time": .int(order.paid ?? 0), "exp_ship_time": .int(order.shipBy ?? 0),
            "ship_time": .int(order.shipped ?? 0),
            // Whether the end of a canceled order is told here too is not clear: only that of a finished one is.
            "finish_time": .int(order.completed ?? 0), "update_time": .int(entry.updated),
            "order_amount": .int(order.cents), "pay_amount": .int(order.cents), "post_amount": 0,
            "cancel_reason": order.canceled == nil ? "" : "不想要了", "buyer_words": "Please ring, John Doe",
            "seller_words": "", "doudian_open_id": .string("1@#made-up-\(order.number % 40)"),
            "encrypt_post_tel": "$$made-up$10000000000$1$$", "post_tel": "10000000000", "post_receiver": "John Doe",
            "encrypt_post_receiver": "##made-up##John Doe##1##", "post_addr": place, "mask_post_receiver": "J***",
            "mask_post_tel": "1**********", "sku_order_list": .array(order.lines.map { line($0, entry) }),
        ]
    }

    private static func line(_ line: PlatformHistory.Line, _ entry: Entry) -> JSONText {
        let order = entry.order
        let refund = entry.refunds.last { $0.line == line.number }
        return [
            "order_id": .string(lineID(order.number, line.number)), "parent_order_id": .string(orderID(order.number)),
            "order_level": 3, "order_status": .int(status(order)), "is_comment": 0,
            "after_sale_info": [
                "after_sale_status": .int(refund.map(caseStatus) ?? 0),
                "after_sale_type": .int(refund.map { caseType($0, order) } ?? 0),
                "refund_status": .int(refund.map(refundStatus) ?? 0),
            ],
            "create_time": .int(order.placed), "pay_time": .int(order.paid ?? 0), "ship_time": .int(order.shipped ?? 0),
            "logistics_receipt_time": .int(order.delivered ?? 0), "confirm_receipt_time": .int(order.completed ?? 0),
            "finish_time": .int(order.completed ?? 0), "update_time": .int(entry.updated),
            "product_id": .int(3_473_196_049_974_326_000 + Int64(line.product)), "product_name": "Made-up item",
            "sku_id": .int(3_254_535_000 + Int64(line.product)), "item_num": .int(line.units),
            "order_amount": .int(line.cents), "pay_amount": .int(line.cents), "post_receiver": "John Doe",
            "post_tel": "10000000000",
        ]
    }

    // MARK: Cases

    static func caseType(_ refund: PlatformHistory.Refund, _ order: PlatformHistory.Order) -> Int {
        switch refund.wish {
        case .returnAndRefund: 0
        case .refund: order.shipped.map { $0 <= refund.opened } == true ? 1 : 2
        case .exchange: 3
        }
    }

    static func caseStatus(_ refund: PlatformHistory.Refund) -> Int {
        guard refund.ended != nil else {
            guard refund.responded != nil else { return 6 }
            if refund.isDisputed { return 27 }
            return refund.wish == .refund ? 11 : 7
        }
        return switch (refund.outcome, refund.wish) {
        case (.refunded, .exchange): 14
        case (.refunded, _): 12
        case (.rejected, _): 29
        case (.withdrawn, _): 28
        }
    }

    static func refundStatus(_ refund: PlatformHistory.Refund) -> Int {
        guard refund.ended != nil else { return 1 }
        return refund.isRefunded ? 3 : 4
    }

    static func arbitration(_ refund: PlatformHistory.Refund) -> Int {
        guard refund.intervened != nil else { return 0 }
        guard refund.ended != nil else { return 1 }
        return switch refund.outcome {
        case .refunded: 2
        case .rejected: 3
        case .withdrawn: 255
        }
    }

    static func told(_ refund: PlatformHistory.Refund, _ order: PlatformHistory.Order) -> JSONText {
        let line = order.lines.first { $0.number == refund.line }
        let (number, reason): (Int, String) =
            switch refund.reason {
            case .quality: (1, "质量问题")
            case .notAsDescribed: (2, "商品与描述不符")
            case .notReceived: (3, "未收到货")
            case .changedMind: (4, "不想要了")
            case .other: (5, "其他")
            }
        // 1 the seller, 2 the buyer.
        let blame = [2: 1, 3: 2][arbitration(refund)] ?? 0
        return [
            "aftersale_info": [
                "aftersale_status_to_final_time": .int(refund.ended ?? 0), "aftersale_id": .string(caseID(refund)),
                "aftersale_order_type": 1, "aftersale_type": .int(caseType(refund, order)),
                "aftersale_status": .int(caseStatus(refund)), "related_id": .string(lineID(order.number, refund.line)),
                "apply_time": .int(refund.opened), "update_time": .int(refund.changed),
                "status_deadline": .int(refund.ended == nil ? refund.changed + 172_800 : 0),
                "refund_amount": .int(refund.cents), "refund_post_amount": 0, "aftersale_num": .int(line?.units ?? 1),
                "part_type": 0, "aftersale_refund_type": 0, "refund_type": 0,
                "arbitrate_status": .int(arbitration(refund)), "create_time": .int(refund.opened),
                "refund_tax_amount": 0, "left_urge_sms_count": 0, "return_logistics_code": "",
                "risk_decision_code": 0, "refund_status": .int(refundStatus(refund)), "arbitrate_blame": .int(blame),
                "return_logistics_company_name": "", "remark": "", "got_pkg": .int(order.delivered == nil ? 0 : 1),
                "is_agree_refuse_sign": 0, "order_logistics": [],
                "reason_second_labels": [["code": .int(number * 100 + 1), "name": .string(reason)]],
            ],
            "order_info": [
                "shop_order_id": .string(orderID(order.number)), "order_flag": 0,
                "related_order_info": [
                    [
                        "sku_order_id": .string(lineID(order.number, refund.line)), "order_status": .int(status(order)),
                        "pay_amount": .int(line?.cents ?? 0), "post_amount": 0, "item_num": .int(line?.units ?? 1),
                        "create_time": .int(order.placed), "product_name": "Made-up item",
                        "product_id": .int(3_473_196_049_974_326_000 + Int64(line?.product ?? 0)),
                        "aftersale_pay_amount": .int(refund.cents), "aftersale_item_num": .int(line?.units ?? 1),
                    ]
                ],
            ],
            "text_part": ["reason_text": .string(reason), "aftersale_status_text": "", "aftersale_type_text": ""],
            "seller_logs": [],
        ]
    }

    // MARK: The shop

    static func reputation(_ desk: PlatformDesk) -> JSONText {
        [
            "shop_id": .number(desk.credentials["shop_id"] ?? "0"), "shop_name": "Made-up shop", "shop_score": "4.82",
            "product_score": "4.69", "logistics_score": "4.95", "service_score": "4.85",
        ]
    }

    /// What is in the parts is not told: a figure as text each.
    static let experienceScore: JSONText = [
        "seller_rating_info": [
            "total_score": "82", "product_score": "69", "logistics_score": "99", "service_score": "85",
        ],
        "prod_dsr": ["value": "4.6923"], "quality_return_rate": ["value": "1.340"],
        "collect_ontime_rate": ["value": "99.210"], "delivery_accomplish_rate": ["value": "99.412"],
        "lgt_qreturn_rate": ["value": "0.120"], "average_feedback_time": ["value": "13.893"],
        "aftersale_deal_reach_rate": ["value": "98.700"],
    ]
}
