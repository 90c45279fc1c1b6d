/// Orders 2026-01-01: what an order looks like there.
extension AmazonDialect.Version {
    static let model2026 = Self(
        createdAfter: "createdAfter", createdBefore: "createdBefore", updatedAfter: "lastUpdatedAfter",
        updatedBefore: "lastUpdatedBefore", token: "paginationToken", pageSize: "maxResultsPerPage",
        marketplaces: "marketplaceIds",
        statuses: (
            "fulfillmentStatuses",
            [
                "PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED",
                "UNFULFILLABLE",
            ]
        ),
        channels: ("fulfilledBy", ["MERCHANT", "AMAZON"]),
        included: (
            "includedData",
            [
                "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
                "TAX", "PAYMENT", "FULFILLMENT_ORDERS",
            ]
        ),
        needsMarketplace: false, status: AmazonDialect.status2026, channel: { _ in "MERCHANT" })
}

extension AmazonDialect {
    static func status2026(_ order: PlatformHistory.Order) -> String {
        if order.canceled != nil { return "CANCELLED" }
        if order.shipped != nil { return "SHIPPED" }
        return order.paid == nil ? "PENDING" : "UNSHIPPED"
    }

    private static func money(_ cents: Int) -> JSONText {
        ["amount": .string(PlainText.money(cents)), "currencyCode": "USD"]
    }

    private static func window(_ from: Int64, _ until: Int64) -> JSONText {
        [
            "earliestDateTime": .string(PlainText.time(from)), "latestDateTime": .string(PlainText.time(until)),
        ]
    }

    /// Which parts are there is up to who asks.
    static func order2026(_ order: PlatformHistory.Order, _ wanted: [String]) -> JSONText {
        let id = AmazonID.order(order.number)
        var members: [(String, JSONText)] = [
            ("orderId", .string(id)), ("orderAliases", [["aliasId": .string(id), "aliasType": "SELLER_ORDER_ID"]]),
            ("createdTime", .string(PlainText.time(order.placed))),
            ("lastUpdatedTime", .string(PlainText.time(order.changed))), ("programs", []), ("associatedOrders", []),
            (
                "salesChannel",
                [
                    "channelName": "AMAZON", "marketplaceId": .string(AmazonID.marketplace),
                    "marketplaceName": "Amazon.com",
                ]
            ),
        ]
        if wanted.contains("BUYER") {
            members.append(("buyer", ["buyerName": "John Doe", "buyerEmail": "john.doe@example.com"]))
        }
        if wanted.contains("RECIPIENT") {
            let address: JSONText = [
                "name": "John Doe", "addressLine1": "1 Main Street", "city": "Springfield", "countryCode": "US",
                "phone": "555-0100",
            ]
            members.append(("recipient", ["deliveryAddress": address]))
        }
        // Before the payment no price is told.
        if wanted.contains("PROCEEDS"), order.paid != nil {
            let breakdown: JSONText = ["type": "ITEM", "subtotal": money(order.cents)]
            members.append(("proceeds", ["grandTotal": money(order.cents), "breakdowns": [breakdown]]))
        }
        if wanted.contains("FULFILLMENT") { members.append(("fulfillment", fulfillment(order))) }
        members.append(("orderItems", .array(order.lines.map { item($0, of: order, wanted) })))
        if wanted.contains("PACKAGES"), let shipped = order.shipped {
            members.append(("packages", [package(order, shipped)]))
        }
        return .object(members)
    }

    private static func fulfillment(_ order: PlatformHistory.Order) -> JSONText {
        var members: [(String, JSONText)] = [
            ("fulfillmentStatus", .string(status2026(order))), ("fulfilledBy", "MERCHANT"),
            ("fulfillmentServiceLevel", "STANDARD"),
        ]
        if let shipBy = order.shipBy {
            members.append(("shipByWindow", window(order.placed, shipBy)))
            members.append(("deliverByWindow", window(shipBy + 86_400, shipBy + 5 * 86_400)))
        }
        return .object(members)
    }

    private static func item(
        _ line: PlatformHistory.Line, of order: PlatformHistory.Order, _ wanted: [String]
    ) -> JSONText {
        var members: [(String, JSONText)] = [
            ("orderItemId", .string(AmazonID.item(order.number, line.number))),
            ("quantityOrdered", .int(line.units)), ("programs", []),
            (
                "product",
                [
                    "asin": .string("B0MADEUP\(PlainText.padded(line.product, 2))"),
                    "title": .string("Thing \(line.product)"), "sellerSku": .string("SKU-\(line.product)"),
                    "condition": ["conditionType": "NEW", "conditionSubtype": "NEW", "conditionNote": ""],
                ]
            ),
        ]
        if wanted.contains("PROCEEDS"), order.paid != nil {
            let breakdown: JSONText = ["type": "ITEM", "subtotal": money(line.cents)]
            members.append(("proceeds", ["proceedsTotal": money(line.cents), "breakdowns": [breakdown]]))
        }
        if wanted.contains("CANCELLATION"), order.canceled != nil {
            let by: JSONText
            switch order.canceledBy {
            case .buyer: by = "BUYER"
            case .seller: by = "MERCHANT"
            case .platform: by = "AMAZON"
            }
            var cancellation: [(String, JSONText)] = [
                ("cancellationExecution", ["cancelledBy": by, "cancelReason": "Made up"])
            ]
            if order.canceledBy == .buyer {
                cancellation.insert(("cancellationRequest", ["requester": "BUYER", "cancelReason": "Made up"]), at: 0)
            }
            members.append(("cancellation", .object(cancellation)))
        }
        if wanted.contains("FULFILLMENT") {
            let done = order.shipped == nil ? 0 : line.units
            members.append(
                (
                    "fulfillment",
                    ["quantityFulfilled": .int(done), "quantityUnfulfilled": .int(line.units - done)]
                ))
        }
        return .object(members)
    }

    /// All goes in one.
    private static func package(_ order: PlatformHistory.Order, _ shipped: Int64) -> JSONText {
        let isThere = order.delivered != nil
        return [
            "packageReferenceId": "1", "createdTime": .string(PlainText.time(shipped)),
            "packageStatus": [
                "status": isThere ? "DELIVERED" : "IN_TRANSIT", "detailedStatus": isThere ? "DELIVERED" : "PICKED_UP",
            ],
            "carrier": "UPS", "shipTime": .string(PlainText.time(shipped)), "shippingService": "UPS Ground",
            "trackingNumber": .string("1Z999AA1\(PlainText.padded(order.number, 10))"),
            "shipFromAddress": ["name": "Made-up Warehouse", "addressLine1": "2 Main Street", "countryCode": "US"],
            "packageItems": .array(
                order.lines.map { line in
                    [
                        "orderItemId": .string(AmazonID.item(order.number, line.number)),
                        "quantity": .int(line.units),
                    ]
                }),
        ]
    }
}
