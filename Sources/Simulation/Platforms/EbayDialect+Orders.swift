/// getOrders and getOrder of the Fulfillment API.
extension EbayDialect {
    private typealias Order = PlatformHistory.Order

    /// What `filter` asks for; times in seconds, both ends included.
    private struct Filter {
        var created: ClosedRange<Int64>?
        var modified: ClosedRange<Int64>?
        var statuses: Set<String>?
    }

    /// The paid orders; purchases that wait for their payment are not among them.
    private struct Shelf {
        let orders: [(order: Order, modified: Int64)]
        /// What was paid back, by order.
        let returned: [Int: [PlatformHistory.Refund]]

        init(_ view: PlatformPast.View) {
            let returned = Dictionary(grouping: view.refunds.filter(\.isRefunded), by: \.order)
            self.returned = returned
            orders = view.orders.filter { $0.paid != nil }.map { ($0, Self.modified($0, returned)) }
        }

        func modified(_ order: Order) -> Int64 { Self.modified(order, returned) }

        /// Refunds show in the payment summary, so an old order is modified by them.
        private static func modified(_ order: Order, _ returned: [Int: [PlatformHistory.Refund]]) -> Int64 {
            (returned[order.number] ?? []).reduce(order.changed) { max($0, $1.ended ?? 0) }
        }
    }

    private enum Reading<Value> { case value(Value), refused(PlatformReply) }

    static func orders(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        if let groups = call.value("fieldGroups"), groups != "TAX_BREAKDOWN" {
            return refusal(400, 32800, "Invalid field group: \(groups)")
        }
        guard let limit = Int(call.value("limit") ?? "50"), (1...200).contains(limit) else {
            return refusal(400, 31100, "Invalid limit: \(call.value("limit") ?? "")")
        }
        guard let offset = Int(call.value("offset") ?? "0"), offset >= 0 else {
            return refusal(400, 31000, "Invalid offset: \(call.value("offset") ?? "")")
        }
        let shelf = desk.made { Shelf($0) }
        var found: [Order]
        if let ids = call.value("orderIds") {
            // With ids the other conditions are not looked at.
            let wanted = ids.split(separator: ",").map(String.init)
            guard wanted.count <= 50 else {
                return refusal(400, 30900, "Exceeded maximum number of order IDs (the current limit is 50)")
            }
            found = Set(wanted).compactMap { paid($0, desk) }
        } else {
            switch filter(call.value("filter"), desk) {
            case .refused(let reply): return reply
            case .value(let filter):
                found = shelf.orders.filter { order, modified in
                    filter.created?.contains(order.placed) != false
                        && filter.modified?.contains(modified) != false
                        && filter.statuses?.contains(fulfillment(order)) != false
                }.map(\.order)
            }
        }
        // The order of the list is not told: newest first.
        found.sort { ($0.placed, $0.number) > ($1.placed, $1.number) }
        let shown = found.dropFirst(offset).prefix(limit)
        var members: [(String, JSONText)] = [
            ("href", .string(address(call, limit, offset))), ("total", .int(found.count)),
        ]
        if offset + limit < found.count { members.append(("next", .string(address(call, limit, offset + limit)))) }
        members += [
            ("limit", .int(limit)), ("offset", .int(offset)),
            ("orders", .array(shown.map { text($0, shelf, isListed: true) })),
        ]
        return PlatformReply(.object(members))
    }

    static func order(_ id: String, _ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        guard let order = paid(id, desk) else { return refusal(404, 32100, "Invalid order ID: \(id)") }
        return PlatformReply(text(order, desk.made { Shelf($0) }, isListed: false))
    }

    private static func paid(_ id: String, _ desk: PlatformDesk) -> Order? {
        desk.order(named: id) { EbayID.order($0.number) }.flatMap { $0.paid == nil ? nil : $0 }
    }

    private static func fulfillment(_ order: Order) -> String { order.shipped == nil ? "NOT_STARTED" : "FULFILLED" }

    // MARK: The filter

    private static func filter(_ text: String?, _ desk: PlatformDesk) -> Reading<Filter> {
        var filter = Filter()
        for part in text?.split(separator: ",") ?? [] {
            let sides = part.split(separator: ":", maxSplits: 1).map { $0.trimmingPrefix(" ") }
            guard sides.count == 2 else { return .refused(refusal(400, 30700, "Invalid filter name: \(part)")) }
            switch sides[0] {
            case "creationdate", "lastmodifieddate":
                switch range(sides[1], named: String(sides[0]), desk) {
                case .refused(let reply): return .refused(reply)
                case .value(let range):
                    if sides[0] == "creationdate" { filter.created = range } else { filter.modified = range }
                }
            case "orderfulfillmentstatus":
                let words = Set(sides[1].dropFirst().dropLast().split(separator: "|").map(String.init))
                let isKnown = words.isSubset(of: ["NOT_STARTED", "IN_PROGRESS", "FULFILLED"]) && !words.isEmpty
                guard isKnown, sides[1].hasPrefix("{"), sides[1].hasSuffix("}") else {
                    return .refused(badValue(sides[1], named: "orderfulfillmentstatus"))
                }
                filter.statuses = words
            default: return .refused(refusal(400, 30700, "Invalid filter name: \(sides[0])"))
            }
        }
        if filter.created == nil, filter.modified == nil {
            filter.created = (desk.now - 90 * 86_400)...desk.now
        }
        return .value(filter)
    }

    /// `[from..until]`, in UTC with milliseconds; without its second half until now.
    private static func range(
        _ text: Substring, named name: String, _ desk: PlatformDesk
    ) -> Reading<ClosedRange<Int64>> {
        guard text.hasPrefix("["), text.hasSuffix("]"), let dots = text.firstRange(of: "..") else {
            return .refused(badValue(text, named: name))
        }
        let from = text[text.index(after: text.startIndex)..<dots.lowerBound]
        let until = text[dots.upperBound...].dropLast()
        guard !from.isEmpty else { return .refused(refusal(400, 30820, "Start date is missing")) }
        guard let first = moment(from), let last = until.isEmpty ? desk.now : moment(until) else {
            return .refused(refusal(400, 30810, "Invalid date format"))
        }
        guard first <= desk.now, last <= desk.now else {
            return .refused(refusal(400, 30850, "Start and end dates can't be in the future"))
        }
        guard first <= last else { return .refused(refusal(400, 30840, "Start date should be before end date")) }
        guard last - first <= 731 * 86_400, desk.now - first <= 731 * 86_400 else {
            return .refused(
                refusal(400, 30830, "Time range between start date and end date must be within '2' years."))
        }
        return .value(first...last)
    }

    private static func moment(_ text: Substring) -> Int64? {
        guard text.hasSuffix("Z"), text.utf8.count == 24 else { return nil }
        return PlainText.moment(String(text))
    }

    private static func badValue(_ value: Substring, named name: String) -> PlatformReply {
        refusal(400, 30800, "Invalid filter value \(value) for filter \(name)")
    }

    /// Of a page of this list.
    private static func address(_ call: PlatformCall, _ limit: Int, _ offset: Int) -> String {
        var query = call.query.filter { $0.name != "limit" && $0.name != "offset" }
        query += [("limit", "\(limit)"), ("offset", "\(offset)")]
        return call.origin + call.path + "?"
            + query.map { "\($0.name)=\(PlainText.escaped($0.value))" }.joined(separator: "&")
    }

    // MARK: One order

    static func amount(_ cents: Int) -> JSONText { ["value": .string(decimal(cents)), "currency": "USD"] }

    /// As the samples have it: `100.0`, `16.26`.
    private static func decimal(_ cents: Int) -> String {
        let text = PlainText.money(cents)
        return text.hasSuffix("0") ? String(text.dropLast()) : text
    }

    private static func text(_ order: Order, _ shelf: Shelf, isListed: Bool) -> JSONText {
        let (returned, total) = (shelf.returned[order.number] ?? [], amount(order.cents))
        let back = returned.reduce(0) { $0 + $1.cents }
        let paid = PlainText.millis(order.paid ?? order.placed)
        let refunds: [JSONText] = returned.map { refund in
            [
                "refundId": .string(EbayID.refund(refund.number)),
                "refundDate": .string(PlainText.millis(refund.ended ?? 0)), "amount": amount(refund.cents),
                "refundStatus": "REFUNDED", "refundReferenceId": .string(EbayID.refund(refund.number)),
            ]
        }
        let payment = back == 0 ? "PAID" : back < order.cents ? "PARTIALLY_REFUNDED" : "FULLY_REFUNDED"
        let buyer: JSONText = [
            "fullName": "John Doe", "contactAddress": ["addressLine1": "1 Main Street", "city": "Springfield"],
            "primaryPhone": ["phoneNumber": "555-0100"], "email": "john.doe@example.com",
        ]
        return [
            "orderId": .string(EbayID.order(order.number)),
            "creationDate": .string(PlainText.millis(order.placed)),
            "lastModifiedDate": .string(PlainText.millis(shelf.modified(order))),
            "orderFulfillmentStatus": .string(fulfillment(order)), "orderPaymentStatus": .string(payment),
            "buyer": ["username": "john.doe", "buyerRegistrationAddress": buyer],
            "pricingSummary": ["priceSubtotal": total, "deliveryCost": amount(0), "total": total],
            "cancelStatus": cancellation(order, isListed: isListed),
            "paymentSummary": [
                "totalDueSeller": amount(order.cents - back), "refunds": .array(refunds),
                "payments": [
                    [
                        "paymentMethod": "EBAY", "amount": total, "paymentDate": .string(paid),
                        "paymentStatus": "PAID",
                    ]
                ],
            ],
            "fulfillmentStartInstructions": [
                [
                    "fulfillmentInstructionsType": "SHIP_TO", "ebaySupportedFulfillment": false,
                    "shippingStep": ["shippingCarrierCode": "USPS", "shipTo": buyer],
                ]
            ],
            "lineItems": .array(order.lines.map { text($0, of: order, returned) }),
        ]
    }

    /// What a cancellation pays back is not shown: the sample has no example of it.
    private static func cancellation(_ order: Order, isListed: Bool) -> JSONText {
        guard let canceled = order.canceled else {
            return ["cancelState": "NONE_REQUESTED", "cancelRequests": []]
        }
        let date = JSONText.string(PlainText.millis(canceled))
        let request: JSONText = [
            "cancelRequestId": .string("50\(PlainText.padded(order.number, 8))"), "cancelRequestState": "COMPLETED",
            "cancelInitiator": order.canceledBy == .buyer ? "BUYER" : "SELLER", "cancelRequestedDate": date,
            "cancelCompletedDate": date,
        ]
        // In lists the requests are always empty.
        return ["cancelState": "CANCELED", "cancelledDate": date, "cancelRequests": isListed ? [] : [request]]
    }

    private static func text(
        _ line: PlatformHistory.Line, of order: Order, _ returned: [PlatformHistory.Refund]
    ) -> JSONText {
        let refunds: [JSONText] = returned.filter { $0.line == line.number }.map { refund in
            [
                "amount": amount(refund.cents), "refundId": .string(EbayID.refund(refund.number)),
                "refundDate": .string(PlainText.millis(refund.ended ?? 0)),
            ]
        }
        var instructions: [(String, JSONText)] = [("guaranteedDelivery", false)]
        if let shipBy = order.shipBy { instructions.insert(("shipByDate", .string(PlainText.millis(shipBy))), at: 0) }
        return [
            "lineItemId": .string(EbayID.line(order.number, line.number)),
            "legacyItemId": .string("\(EbayID.item(line.product))"), "title": .string("Thing \(line.product)"),
            "lineItemCost": amount(line.cents), "quantity": .int(line.units), "soldFormat": "FIXED_PRICE",
            "listingMarketplaceId": "EBAY_US", "purchaseMarketplaceId": "EBAY_US",
            "lineItemFulfillmentStatus": .string(fulfillment(order)), "total": amount(line.cents),
            "refunds": .array(refunds), "lineItemFulfillmentInstructions": .object(instructions),
        ]
    }
}
