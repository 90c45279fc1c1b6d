/// Orders v0, which is deprecated but still there.
extension AmazonDialect.Version {
    static let v0 = Self(
        createdAfter: "CreatedAfter", createdBefore: "CreatedBefore", updatedAfter: "LastUpdatedAfter",
        updatedBefore: "LastUpdatedBefore", token: "NextToken", pageSize: "MaxResultsPerPage",
        marketplaces: "MarketplaceIds",
        statuses: (
            "OrderStatuses",
            [
                "Pending", "PendingAvailability", "Unshipped", "PartiallyShipped", "Shipped", "Canceled",
                "Unfulfillable", "InvoiceUnconfirmed",
            ]
        ),
        channels: ("FulfillmentChannels", ["MFN", "AFN"]), included: nil, needsMarketplace: true,
        status: AmazonDialect.statusV0, channel: { _ in "MFN" })
}

extension AmazonDialect {
    static func statusV0(_ order: PlatformHistory.Order) -> String {
        if order.canceled != nil { return "Canceled" }
        if order.shipped != nil { return "Shipped" }
        return order.paid == nil ? "Pending" : "Unshipped"
    }

    static func orderV0(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard let order = visible(desk).first(where: { AmazonID.order($0.number) == id }) else { return unknown(id) }
        return PlatformReply(["payload": orderText(order)])
    }

    static func itemsV0(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard let order = visible(desk).first(where: { AmazonID.order($0.number) == id }) else { return unknown(id) }
        return PlatformReply([
            "payload": ["AmazonOrderId": .string(id), "OrderItems": .array(order.lines.map { item($0, of: order) })]
        ])
    }

    private static func unknown(_ id: String) -> PlatformReply {
        refusal(404, "NotFound", "Resource not found.", id)
    }

    private static func money(_ cents: Int) -> JSONText {
        ["CurrencyCode": "USD", "Amount": .string(PlainText.money(cents))]
    }

    static func orderText(_ order: PlatformHistory.Order) -> JSONText {
        let units = order.lines.reduce(0) { $0 + $1.units }
        let isShipped = order.shipped != nil
        var members: [(String, JSONText)] = [
            ("AmazonOrderId", .string(AmazonID.order(order.number))),
            ("PurchaseDate", .string(PlainText.time(order.placed))),
            ("LastUpdateDate", .string(PlainText.time(order.changed))), ("OrderStatus", .string(statusV0(order))),
            ("FulfillmentChannel", "MFN"), ("SalesChannel", "Amazon.com"), ("ShipServiceLevel", "Std US D2D Dom"),
        ]
        // Before the payment no price is told.
        if order.paid != nil { members.append(("OrderTotal", money(order.cents))) }
        members += [
            ("NumberOfItemsShipped", .int(isShipped ? units : 0)),
            ("NumberOfItemsUnshipped", .int(isShipped || order.canceled != nil ? 0 : units)),
            ("PaymentMethod", "Other"), ("PaymentMethodDetails", ["Standard"]), ("IsReplacementOrder", false),
            ("MarketplaceId", .string(AmazonID.marketplace)), ("ShipmentServiceLevelCategory", "Standard"),
            ("OrderType", "StandardOrder"),
        ]
        if let shipBy = order.shipBy {
            members += [
                ("EarliestShipDate", .string(PlainText.time(order.placed))),
                ("LatestShipDate", .string(PlainText.time(shipBy))),
                ("EarliestDeliveryDate", .string(PlainText.time(shipBy + 86_400))),
                ("LatestDeliveryDate", .string(PlainText.time(shipBy + 5 * 86_400))),
            ]
        }
        members += [
            ("IsBusinessOrder", false), ("IsPrime", false), ("IsPremiumOrder", false),
            ("BuyerInfo", ["BuyerEmail": "john.doe@example.com", "BuyerName": "John Doe"]),
            (
                "ShippingAddress",
                ["Name": "John Doe", "AddressLine1": "1 Main Street", "CountryCode": "US", "Phone": "555-0100"]
            ),
        ]
        return .object(members)
    }

    private static func item(_ line: PlatformHistory.Line, of order: PlatformHistory.Order) -> JSONText {
        var members: [(String, JSONText)] = [
            ("ASIN", .string("B0MADEUP\(PlainText.padded(line.product, 2))")),
            ("OrderItemId", .string(AmazonID.item(order.number, line.number))),
            ("SellerSKU", .string("SKU-\(line.product)")), ("Title", .string("Thing \(line.product)")),
            ("QuantityOrdered", .int(line.units)), ("QuantityShipped", .int(order.shipped == nil ? 0 : line.units)),
        ]
        if order.paid != nil { members.append(("ItemPrice", money(line.cents))) }
        // A text, and not a bool.
        let isAsked = order.canceled != nil && order.canceledBy == .buyer
        members.append(("BuyerRequestedCancel", ["IsBuyerRequestedCancel": .string(isAsked ? "true" : "false")]))
        return .object(members)
    }
}
