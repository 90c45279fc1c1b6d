/// The order list and single orders.
extension WalmartDialect {
    private typealias Order = PlatformHistory.Order

    private static let knownNames: Set<String> = [
        "createdStartDate", "createdEndDate", "lastModifiedStartDate", "lastModifiedEndDate", "limit", "status",
        "shipNodeType", "productInfo", "replacementInfo", "purchaseOrderId", "customerOrderId", "sku",
        "hasMoreElements", "soIndex", "poIndex", "partnerId", "sellerId",
    ]
    private static let statuses = ["Created", "Acknowledged", "Shipped", "Delivered", "Cancelled"]

    static func orders(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        if let stranger = call.query.first(where: { !knownNames.contains($0.name) }) {
            return wrong(stranger.name, "ORDER")
        }
        guard let limit = Int(call.value("limit") ?? "100"), (1...200).contains(limit) else {
            return wrong("limit", "ORDER")
        }
        // A cursor is to come back whole.
        var place = 0
        if let text = call.value("poIndex") {
            guard let index = Int(text), index >= 0, call.value("hasMoreElements") == "true",
                call.value("sellerId") == "8", call.value("partnerId") == "100009", call.value("soIndex") != nil
            else { return wrong("nextCursor", "ORDER") }
            place = index
        }
        let node = call.value("shipNodeType") ?? "SellerFulfilled"
        guard ["SellerFulfilled", "WFSFulfilled", "3PLFulfilled"].contains(node) else {
            return wrong("shipNodeType", "ORDER")
        }
        let status = call.value("status")
        guard status.map(statuses.contains) != false else { return wrong("status", "ORDER") }

        // Without a start of either kind: what was bought in the last seven days.
        var filters = call.query.filter { $0.name.hasSuffix("Date") }
        if !filters.contains(where: { $0.name.hasSuffix("StartDate") }) {
            filters.append(("createdStartDate", PlainText.millis(desk.now - 7 * 86_400)))
        }
        // The cursor keeps the end of the first page's list.
        let kind = filters.contains { $0.name == "createdStartDate" } ? "created" : "lastModified"
        if !filters.contains(where: { $0.name == kind + "EndDate" }) {
            filters.append((kind + "EndDate", PlainText.millis(desk.now)))
        }
        var (created, modified) = (Int64.min...Int64.max, Int64.min...Int64.max)
        for filter in filters {
            guard let moment = PlainText.momentOrDay(filter.value) else { return wrong(filter.name, "ORDER") }
            let (isStart, isCreated) = (filter.name.hasSuffix("StartDate"), filter.name.hasPrefix("created"))
            // What was in reach on the first page is so on all.
            if isStart, place == 0, moment < desk.now - 180 * 86_400 { return wrong(filter.name, "ORDER") }
            let old = isCreated ? created : modified
            let (first, last) = isStart ? (moment, old.upperBound) : (old.lowerBound, moment)
            guard first <= last else { return wrong(filter.name, "ORDER") }
            if isCreated { created = first...last } else { modified = first...last }
        }

        var found = visible(desk).filter { order in
            node == Self.node(order) && created.contains(order.placed)
                && modified.contains(order.changed) && (status == nil || status == lineStatus(order).word)
        }
        found.sort { ($0.placed, $0.number) > ($1.placed, $1.number) }
        let shown = found.dropFirst(place).prefix(limit)
        let next = place + limit
        var cursor = JSONText.null
        if next < found.count {
            let rest = filters + call.query.filter { ["status", "shipNodeType"].contains($0.name) }
            cursor = .string(
                "?limit=\(limit)&hasMoreElements=true&soIndex=\(found.count)&poIndex=\(next)"
                    + "&partnerId=100009&sellerId=8" + rest.map { "&\($0.name)=\($0.value)" }.joined())
        }
        return PlatformReply([
            "list": [
                "meta": ["totalCount": .int(found.count), "limit": .int(limit), "nextCursor": cursor],
                "elements": ["order": .array(shown.map(text))],
            ]
        ])
    }

    static func order(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard let order = desk.order(named: id, { WalmartID.order($0.number) }), order.paid != nil else {
            return notFound("ORDER")
        }
        return PlatformReply(["order": text(order)])
    }

    /// A seller gets to see what has been paid; the date is still that of the purchase.
    private static func visible(_ desk: PlatformDesk) -> [Order] { desk.orders.filter { $0.paid != nil } }

    /// A third party ships some for the seller. Walmart ships none here.
    private static func node(_ order: Order) -> String { order.number % 7 == 0 ? "3PLFulfilled" : "SellerFulfilled" }

    // MARK: One order

    /// The status of all lines, and since when.
    private static func lineStatus(_ order: Order) -> (word: String, since: Int64) {
        if let canceled = order.canceled { return ("Cancelled", canceled) }
        if let delivered = order.delivered { return ("Delivered", delivered) }
        if let shipped = order.shipped { return ("Shipped", shipped) }
        return (order.number % 2 == 0 ? "Acknowledged" : "Created", order.paid ?? order.placed)
    }

    private static func amount(_ cents: Int) -> JSONText {
        ["currency": "USD", "amount": .number(PlainText.number(cents))]
    }

    private static func text(_ order: Order) -> JSONText {
        let shipBy = JSONText.int((order.shipBy ?? order.placed) * 1000)
        let deliverBy = JSONText.int(((order.shipBy ?? order.placed) + 5 * 86_400) * 1000)
        var lines: [JSONText] = []
        for line in order.lines {
            // A line is one unit; what does not divide is on the first.
            for unit in 0..<line.units {
                let cents = line.cents / line.units + (unit == 0 ? line.cents % line.units : 0)
                lines.append(text(line, of: order, "\(lines.count + 1)", cents))
            }
        }
        return [
            "purchaseOrderId": .string(WalmartID.order(order.number)),
            "customerOrderId": .string(WalmartID.customerOrder(order.number)),
            "customerEmailId": "john.doe@example.com", "orderType": "REGULAR",
            "orderDate": .int(order.placed * 1000),
            "shippingInfo": [
                "phone": "555-0100", "estimatedDeliveryDate": deliverBy, "estimatedShipDate": shipBy,
                "methodCode": "Value",
                "postalAddress": [
                    "name": "John Doe", "address1": "1 Main Street", "city": "Springfield", "state": "MO",
                    "postalCode": "00000", "country": "USA", "addressType": "RESIDENTIAL",
                ],
            ],
            "orderLines": ["orderLine": .array(lines)], "shipNode": ["type": .string(node(order))],
        ]
    }

    private static func text(
        _ line: PlatformHistory.Line, of order: Order, _ number: String, _ cents: Int
    ) -> JSONText {
        let (word, since) = lineStatus(order)
        let one: JSONText = ["unitOfMeasurement": "EACH", "amount": "1"]
        var status: [(String, JSONText)] = [("status", .string(word)), ("statusQuantity", one)]
        if let shipped = order.shipped {
            status.append(
                (
                    "trackingInfo",
                    [
                        "shipDateTime": .int(shipped * 1000), "carrierName": ["carrier": "USPS"],
                        "methodCode": "Value", "trackingNumber": .string("4356\(PlainText.padded(order.number, 11))"),
                    ]
                ))
        }
        return [
            "lineNumber": .string(number),
            "item": ["productName": .string("Thing \(line.product)"), "sku": .string("SKU-\(line.product)")],
            "charges": [
                "charge": [
                    [
                        "chargeType": "PRODUCT", "chargeName": "ItemPrice", "chargeAmount": amount(cents),
                        "tax": ["taxName": "Tax1", "taxAmount": amount(0)],
                    ]
                ]
            ],
            "orderLineQuantity": one, "statusDate": .int(since * 1000),
            "orderLineStatuses": ["orderLineStatus": [.object(status)]],
            "fulfillment": [
                "fulfillmentOption": "S2H", "shipMethod": "VALUE",
                "pickUpDateTime": .int((order.shipBy ?? order.placed) * 1000),
            ],
        ]
    }
}
