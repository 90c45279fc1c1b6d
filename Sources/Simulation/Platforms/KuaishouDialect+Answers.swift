/// How an order, a refund, a comment and the shop's score are told: numbers for ids, milliseconds, fen.
extension KuaishouGateway {
    /// An order with what its refunds change in it.
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

    /// Sixteen digits.
    package static func orderID(_ number: Int) -> Int64 { 2_321_300_034_000_000 + Int64(number) * 950_013 }
    package static func refundID(_ refund: PlatformHistory.Refund) -> Int64 {
        2_400_100_034_000_000 + Int64(refund.number) * 700_027
    }
    package static func commentID(_ rating: PlatformHistory.Rating) -> Int64 {
        4_000_100_034_000_000 + Int64(rating.number) * 500_009
    }
    private static func itemID(_ product: Int) -> Int64 { 21_122_311_903_000 + Int64(product) }

    private static func millis(_ moment: Int64?) -> JSONText { .int((moment ?? 0) * 1000) }

    // MARK: Orders

    static func status(_ order: PlatformHistory.Order) -> Int {
        if order.canceled != nil { return 80 }
        if order.completed != nil { return 70 }
        if order.delivered != nil { return 50 }
        if order.shipped != nil { return 40 }
        return order.paid == nil ? 10 : 30
    }

    /// An order holds one kind of item here, as in the published shape; further lines only raise its sum.
    static func told(_ entry: Entry) -> JSONText {
        let order = entry.order
        let line = order.lines.first
        return [
            "orderBaseInfo": [
                "oid": .int(orderID(order.number)), "status": .int(status(order)), "createTime": millis(order.placed),
                "payTime": millis(order.paid), "promiseTimeStampOfDelivery": millis(order.shipBy),
                "sendTime": millis(order.shipped), "recvTime": millis(order.delivered), "refundTime": 0,
                "updateTime": millis(entry.updated), "totalFee": .int(order.cents), "discountFee": 0, "expressFee": 0,
                "payType": 1, "buyerNick": "John Doe", "buyerOpenId": .string("made-up-\(order.number % 40)"),
                "sellerOpenId": "made-up-seller", "sellerNick": "Made-up shop", "remark": "Please ring, John Doe",
            ],
            "orderItemInfo": [
                "itemId": .int(itemID(line?.product ?? 0)), "itemTitle": "Made-up item", "num": .int(line?.units ?? 1),
                "originalPrice": .int(order.cents / max(1, line?.units ?? 1)),
                "price": .int(order.cents / max(1, line?.units ?? 1)),
                "skuId": .int(itemID(line?.product ?? 0) + 5_000_000),
            ],
            "orderRefundList": .array(
                entry.refunds.map {
                    ["refundId": .int(refundID($0)), "refundStatus": .int(refundStatus($0))]
                }),
            "orderAddress": [
                "province": "Nowhere", "city": "Nowhere", "district": "Nowhere", "encryptedConsignee": "John Doe",
                "desensitiseConsignee": "J***", "encryptedMobile": "10000000000",
                "desensitiseMobile": "1**********", "encryptedAddress": "1 Nowhere Street",
            ],
            "orderLogisticsInfo": [], "orderNote": ["orderNoteInfo": []],
        ]
    }

    // MARK: Refunds

    static func refundStatus(_ refund: PlatformHistory.Refund) -> Int {
        if refund.ended != nil { return refund.outcome == .refunded ? 60 : 70 }
        if refund.intervened != nil { return [20, 21, 22][refund.number % 3] }
        guard refund.responded != nil else { return 10 }
        return refund.wish == .refund ? 11 : 30
    }

    static func told(_ refund: PlatformHistory.Refund, _ order: PlatformHistory.Order) -> JSONText {
        let (number, reason): (Int, String) =
            switch refund.reason {
            case .quality: (11, "质量问题")
            case .notAsDescribed: (12, "商品与描述不符")
            case .notReceived: (13, "未收到货")
            case .changedMind: (14, "不想要了")
            case .other: (15, "其他")
            }
        let way =
            switch refund.wish {
            case .returnAndRefund: 1
            case .refund: 10
            case .exchange: 3
            }
        let line = order.lines.first { $0.number == refund.line }
        return [
            "refundId": .int(refundID(refund)), "oid": .int(orderID(order.number)), "handlingWay": .int(way),
            "negotiateStatus": .int(refund.responded == nil ? 1 : 2), "refundFee": .int(refund.cents),
            "refundReason": .int(number), "refundReasonDesc": .string(reason), "refundDesc": "From John Doe",
            "refundType": 1, "status": .int(refundStatus(refund)), "createTime": millis(refund.opened),
            "submitTime": millis(refund.opened), "updateTime": millis(refund.changed), "endTime": millis(refund.ended),
            "negotiateUpdateTime": millis(refund.responded), "receiptStatus": .int(order.delivered == nil ? 1 : 2),
            "buyerId": .int(900_000 + order.number % 40), "sellerId": 1_234_567,
            "itemId": .int(itemID(line?.product ?? 0)), "skuId": .int(itemID(line?.product ?? 0) + 5_000_000),
            "logisticsId": 0,
        ]
    }

    // MARK: Comments and score

    static func told(_ rating: PlatformHistory.Rating, _ order: PlatformHistory.Order) -> JSONText {
        [
            "commentId": .int(commentID(rating)), "orderId": .int(orderID(order.number)),
            "itemId": .int(itemID(order.lines.first?.product ?? 0)), "content": "From John Doe, with love",
            "qualityScore": .int(rating.stars), "serviceScore": .int(rating.stars),
            "logisticsScore": .int(rating.stars), "createTime": millis(rating.at), "anonymous": false,
            "replied": false, "imageUrl": [], "buyerNick": "John Doe",
        ]
    }

    static let shopScore: JSONText = [
        "hasData": true, "summary": ["showName": "店铺体验分", "scoreStr": "4.62"],
        "scoreDim": [
            ["dimName": "商品质量", "dimScoreStr": "4.58"], ["dimName": "物流服务", "dimScoreStr": "4.71"],
            ["dimName": "售后服务", "dimScoreStr": "4.60"], ["dimName": "客服服务", "dimScoreStr": "4.55"],
        ],
    ]
}
