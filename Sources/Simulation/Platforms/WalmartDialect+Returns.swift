/// The list of returns.
extension WalmartDialect {
    private typealias Refund = PlatformHistory.Refund

    private static let knownNames: Set<String> = [
        "returnOrderId", "customerOrderId", "status", "returnType", "replacementInfo", "isWFSEnabled", "limit",
        "returnCreationStartDate", "returnCreationEndDate", "returnLastModifiedStartDate",
        "returnLastModifiedEndDate", "offset", "sellerId",
    ]

    static func returns(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        if let stranger = call.query.first(where: { !knownNames.contains($0.name) }) {
            return wrong(stranger.name, "RETURNS")
        }
        guard let limit = Int(call.value("limit") ?? "10"), (1...200).contains(limit) else {
            return wrong("limit", "RETURNS")
        }
        var place = 0
        if let text = call.value("offset") {
            guard let offset = Int(text), offset >= 0, call.value("sellerId") == "151" else {
                return wrong("nextCursor", "RETURNS")
            }
            place = offset
        }
        let (status, type) = (call.value("status"), call.value("returnType"))
        guard status.map(["INITIATED", "DELIVERED", "COMPLETED"].contains) != false else {
            return wrong("status", "RETURNS")
        }
        guard type.map(["REFUND", "REPLACEMENT"].contains) != false else { return wrong("returnType", "RETURNS") }
        var bounds: [String: Int64] = [:]
        for (name, value) in call.query where name.hasSuffix("Date") {
            guard let moment = PlainText.momentOrDay(value) else { return wrong(name, "RETURNS") }
            bounds[name] = moment
        }
        // Without dates all of them: how far it goes back is not told.
        var found = desk.refunds.filter { refund in
            refund.opened >= bounds["returnCreationStartDate"] ?? .min
                && refund.opened <= bounds["returnCreationEndDate"] ?? .max
                && refund.changed >= bounds["returnLastModifiedStartDate"] ?? .min
                && refund.changed <= bounds["returnLastModifiedEndDate"] ?? .max
                && (status == nil || status == state(refund).word)
                && (type == nil || type == Self.type(refund))
        }
        found.sort { ($0.opened, $0.number) > ($1.opened, $1.number) }
        let next = place + limit
        var meta: [(String, JSONText)] = [("totalCount", .int(found.count)), ("limit", .int(limit))]
        // On the last page there is no cursor.
        if next < found.count {
            let rest = call.query.filter { !["limit", "offset", "sellerId"].contains($0.name) }
            let cursor =
                "?sellerId=151&limit=\(limit)&offset=\(next)"
                + rest.map { "&\($0.name)=\($0.value)" }.joined()
            meta.append(("nextCursor", .string(cursor)))
        }
        return PlatformReply([
            "meta": .object(meta),
            "returnOrders": .array(found.dropFirst(place).prefix(limit).map { text($0, desk) }),
        ])
    }

    private static func type(_ refund: Refund) -> String { refund.wish == .exchange ? "REPLACEMENT" : "REFUND" }

    private static func state(_ refund: Refund) -> (word: String, since: Int64) {
        if let ended = refund.ended { return ("COMPLETED", ended) }
        if refund.wish == .returnAndRefund, let responded = refund.responded { return ("DELIVERED", responded) }
        return ("INITIATED", refund.opened)
    }

    private static func money(_ cents: Int) -> JSONText {
        ["currencyAmount": .number(PlainText.number(cents)), "currencyUnit": "USD"]
    }

    private static func reason(_ refund: Refund) -> String {
        switch refund.reason {
        case .quality: "DEFECTIVE"
        case .notAsDescribed: "ITEM_NOT_AS_DESCRIBED"
        case .notReceived: "ITEM_NOT_RECEIVED"
        case .changedMind: "NO_LONGER_WANTED"
        case .other: "OTHER"
        }
    }

    private static func text(_ refund: Refund, _ desk: PlatformDesk) -> JSONText {
        let order = desk.order(refund.order)
        let line = order?.lines.first { $0.number == refund.line }
        // Order lines are units here, counted through.
        let number = 1 + (order?.lines.prefix { $0.number < refund.line }.reduce(0) { $0 + $1.units } ?? 0)
        let (word, since) = state(refund)
        let date = JSONText.string(PlainText.millis(refund.opened))
        let one: JSONText = ["unitOfMeasure": "EACH", "measurementValue": 1]
        let refundStatus: JSONText = refund.isRefunded ? "REFUND_COMPLETED" : "REFUND_INITIATED"
        var rest: [(String, JSONText)] = [
            ("returnOrderLineNumber", 1), ("salesOrderLineNumber", .int(number)),
            ("returnReason", .string(reason(refund))), ("purchaseOrderId", .string(WalmartID.order(refund.order))),
            ("purchaseOrderLineNumber", .int(number)),
        ]
        // The documents have no status for what ended without money.
        if refund.ended != nil, refund.outcome != .refunded {
            rest.append(("returnCancellationReason", "Cancellation Reason"))
        }
        rest += [
            (
                "item",
                [
                    "sku": .string("SKU-\(line?.product ?? 0)"), "condition": "New",
                    "productName": .string("Thing \(line?.product ?? 0)"),
                ]
            ),
            (
                "charges",
                [
                    [
                        "chargeCategory": "PRODUCT", "chargeName": "ItemPrice", "chargePerUnit": money(refund.cents),
                        "isDiscount": false, "isBillable": true,
                    ]
                ]
            ),
            ("unitPrice", money(refund.cents)),
            ("chargeTotals", [["name": "lineTotal", "value": money(refund.cents)]]),
            ("currentDeliveryStatus", "NOT_SHIPPED"), ("currentRefundStatus", refundStatus),
            (
                "currentTrackingStatuses",
                [
                    [
                        "status": .string(word), "statusTime": .string(PlainText.millis(since)),
                        "currentRefundStatus": refundStatus, "quantity": one,
                    ]
                ]
            ),
            ("cancellableQty", 0), ("quantity", one), ("returnExpectedFlag", .bool(refund.wish != .refund)),
            ("isKeepIt", false), ("refundedQty", refund.isRefunded ? 1 : 0),
            ("refundChannel", "SELLER_AUTO_REFUND"),
            (
                "returnTrackingDetail",
                [
                    [
                        "sequenceNo": 0, "eventTag": "RETURN_INITIATED", "eventDescription": "Return initiated",
                        "eventTime": date,
                    ]
                ]
            ),
            ("status", .string(word)), ("statusTime", .string(PlainText.millis(since))),
        ]
        return [
            "returnOrderId": .string(WalmartID.return(refund.number)), "customerEmailId": "john.doe@example.com",
            "customerName": ["firstName": "John", "lastName": "Doe"],
            "customerOrderId": .string(WalmartID.customerOrder(refund.order)), "refundMode": "POST_DELIVERY",
            "returnOrderDate": date, "returnType": .string(type(refund)),
            "returnByDate": .string(PlainText.millis(refund.opened + 30 * 86_400)),
            "totalRefundAmount": money(refund.cents),
            "returnLineGroups": [
                ["groupNo": 1, "returnLines": [["returnOrderLineNumber": 1]], "returnExpectedFlag": true]
            ],
            "returnOrderLines": [.object(rest)], "returnChannel": ["channelName": "ONLINE"],
        ]
    }
}
