/// Lazada's ids, of the numbers of a history.
package enum LazadaNumbers {
    package static func order(_ number: Int) -> Int { 305_870_000_000_000 + number * 101 }
    /// One item is one unit.
    package static func item(_ order: Int, _ line: Int, _ unit: Int) -> Int {
        405_870_000_000_000 + (order * 10 + line) * 10 + unit
    }
}

extension PlatformHistory.Line {
    /// What each of its units costs; what cannot be shared falls to the first.
    package var shares: [Int] {
        (0..<units).map { cents / units + ($0 == 0 ? cents % units : 0) }
    }
}

/// What Lazada tells of orders, their items, and the seller.
extension Lazada {
    private static func time(_ seconds: Int64) -> JSONText {
        .string(PlatformFormats.wall(seconds, offset: 480, between: " ") + " +0800")
    }

    private static let statuses: Set<String> = [
        "unpaid", "pending", "packed", "topack", "toship", "ready_to_ship", "shipped", "delivered", "canceled",
        "returned", "failed", "lost",
    ]

    // MARK: Orders

    static func orders(_ call: PlatformCall, _ desk: PlatformDesk) throws(Fault) -> [(String, JSONText)] {
        guard call.value("created_after") != nil || call.value("update_after") != nil else {
            throw Fault(code: "MissingParameter", message: "created_after or update_after is mandatory")
        }
        guard let limit = Int(call.value("limit") ?? "100"), (1...100).contains(limit) else {
            throw Fault(type: "ISP", code: "E019", message: "E019: \"\(call.value("limit") ?? "")\" Invalid Limit")
        }
        guard let offset = Int(call.value("offset") ?? "0"), offset >= 0 else {
            throw Fault(type: "ISP", code: "E014", message: "E014: \"\(call.value("offset") ?? "")\" Invalid Offset")
        }
        let status = call.value("status")
        guard status.map(statuses.contains) ?? true else {
            throw Fault(type: "ISP", code: "E036", message: "E036: Invalid status filter")
        }
        let (by, direction) = (call.value("sort_by") ?? "created_at", call.value("sort_direction") ?? "DESC")
        guard ["created_at", "updated_at"].contains(by), ["ASC", "DESC"].contains(direction.uppercased()) else {
            throw Fault(type: "ISP", code: "E074", message: "E074: Invalid sort")
        }
        let created = try bounds(call, "created_after", "created_before")
        let updated = try bounds(call, "update_after", "update_before")
        var found: [(place: Int64, order: PlatformHistory.Order, words: [String], changed: Int64)] = []
        for listed in listed(desk) {
            let (order, changed) = (listed.order, listed.changed)
            guard created.contains(order.placed), updated.contains(changed) else { continue }
            let words = words(order, listed.returned)
            guard status.map({ words.contains($0) }) ?? true else { continue }
            let place = by == "created_at" ? order.placed : changed
            found.append((place, order, words, changed))
        }
        found.sort { ($0.place, $0.order.number) < ($1.place, $1.order.number) }
        if direction.uppercased() == "DESC" { found.reverse() }
        let shown = found.dropFirst(offset).prefix(limit).map { document($0.order, $0.words, $0.changed) }
        let data: JSONText = [
            "count": .int(shown.count), "countTotal": .int(found.count), "orders": .array(shown),
        ]
        return [("data", data)]
    }

    private struct Listed {
        var order: PlatformHistory.Order
        /// Its lines that came back.
        var returned: Set<Int>
        var changed: Int64
    }

    private static func listed(_ desk: PlatformDesk) -> [Listed] {
        desk.made { view in
            let refunds = Dictionary(grouping: view.refunds, by: \.order)
            return view.orders.map { order in
                let (lines, at) = refunds[order.number].map(returned) ?? ([], .min)
                return Listed(order: order, returned: lines, changed: max(order.changed, at))
            }
        }
    }

    private static func bounds(
        _ call: PlatformCall, _ after: String, _ before: String
    ) throws(Fault) -> ClosedRange<Int64> {
        var (from, to) = (Int64.min, Int64.max)
        for name in [after, before] {
            guard let text = call.value(name) else { continue }
            guard let moment = PlatformFormats.moment(text) else {
                throw Fault(type: "ISP", code: "E017", message: "E017: \"\(text)\" Invalid Date Format")
            }
            if name == after { from = moment } else { to = moment }
        }
        return from <= to ? from...to : from...from
    }

    /// The lines of an order that came back for money, and when the last did, by its refunds.
    private static func returned(_ refunds: [PlatformHistory.Refund]) -> (lines: Set<Int>, at: Int64) {
        var (lines, at) = (Set<Int>(), Int64.min)
        for refund in refunds where refund.isRefunded {
            guard refund.wish == .returnAndRefund, let ended = refund.ended else { continue }
            lines.insert(refund.line)
            at = max(at, ended)
        }
        return (lines, at)
    }

    private static func word(_ order: PlatformHistory.Order, isReturned: Bool) -> String {
        if order.canceled != nil { return "canceled" }
        if isReturned { return "returned" }
        if order.delivered != nil { return "delivered" }
        return order.shipped != nil ? "shipped" : order.paid != nil ? "pending" : "unpaid"
    }

    /// The statuses of its items, each once.
    private static func words(_ order: PlatformHistory.Order, _ returned: Set<Int>) -> [String] {
        order.lines.reduce(into: []) { words, line in
            let word = word(order, isReturned: returned.contains(line.number))
            if !words.contains(word) { words.append(word) }
        }
    }

    private static let address: JSONText = [
        "first_name": "John", "last_name": "Doe", "phone": "60********00", "phone2": "", "address1": "1 Made-up Street",
        "address2": "", "address3": "", "address4": "", "address5": "", "city": "Kuala Lumpur", "post_code": "00000",
        "country": "Malaysia",
    ]

    private static func document(_ order: PlatformHistory.Order, _ words: [String], _ changed: Int64) -> JSONText {
        [
            "order_id": .int(LazadaNumbers.order(order.number)),
            "order_number": .int(LazadaNumbers.order(order.number)), "created_at": time(order.placed),
            "updated_at": time(changed), "price": .string(PlainText.money(order.cents)),
            "statuses": .array(words.map { .string($0) }),
            "items_count": .int(order.lines.reduce(0) { $0 + $1.units }), "payment_method": "MIXEDCARD",
            "shipping_fee": .number("0.00"), "voucher": .number("0.00"), "voucher_code": "", "gift_option": false,
            "gift_message": "", "remarks": "Ring at John Doe's", "delivery_info": "", "warehouse_code": "dropshipping",
            "promised_shipping_times": order.shipBy.map(time) ?? "", "national_registration_number": "",
            "branch_number": "", "tax_code": "", "extra_attributes": "", "customer_first_name": "John",
            "customer_last_name": "Doe", "address_billing": address, "address_shipping": address,
        ]
    }

    // MARK: Items

    static func items(_ call: PlatformCall, _ desk: PlatformDesk) throws(Fault) -> [(String, JSONText)] {
        guard let text = call.value("order_id") else {
            throw Fault(code: "MissingParameter", message: "The input parameter \"order_id\" is missing")
        }
        guard let order = named(text, desk) else {
            throw Fault(type: "ISP", code: "E016", message: "E016: \"\(text)\" Invalid Order ID")
        }
        return [("data", .array(items(order, desk)))]
    }

    /// `order_ids=[1,2]`, fifty at most.
    static func itemsOfMany(_ call: PlatformCall, _ desk: PlatformDesk) throws(Fault) -> [(String, JSONText)] {
        guard let text = call.value("order_ids") else {
            throw Fault(code: "MissingParameter", message: "The input parameter \"order_ids\" is missing")
        }
        let ids = text.dropFirst().dropLast().split(separator: ",").map { $0.drop(while: \.isWhitespace) }
        guard text.hasPrefix("["), text.hasSuffix("]"), (1...50).contains(ids.count) else {
            throw Fault(type: "ISP", code: "E037", message: "E037: \"\(text)\" Invalid Order IDs")
        }
        var rows: [JSONText] = []
        for id in ids {
            guard let order = named(String(id), desk) else {
                throw Fault(type: "ISP", code: "E016", message: "E016: \"\(id)\" Invalid Order ID")
            }
            rows.append([
                "order_id": .int(LazadaNumbers.order(order.number)),
                "order_number": .int(LazadaNumbers.order(order.number)), "order_items": .array(items(order, desk)),
            ])
        }
        return [("data", .array(rows))]
    }

    private static func named(_ id: String, _ desk: PlatformDesk) -> PlatformHistory.Order? {
        desk.order(named: id) { "\(LazadaNumbers.order($0.number))" }
    }

    private static func items(_ order: PlatformHistory.Order, _ desk: PlatformDesk) -> [JSONText] {
        let listed = listed(desk)[order.number - 1]
        let (lines, changed) = (listed.returned, listed.changed)
        return order.lines.flatMap { line in
            line.shares.enumerated().map { unit, cents in
                let isReturned = lines.contains(line.number)
                return [
                    "order_item_id": .int(LazadaNumbers.item(order.number, line.number, unit + 1)),
                    "order_id": .int(LazadaNumbers.order(order.number)), "name": "Made-up thing",
                    "sku": .string("SKU-\(line.product)"), "shop_sku": .string("\(line.product)_MY-1"),
                    "product_id": .string("\(2_600_000_000 + line.product)"),
                    "status": .string(word(order, isReturned: isReturned)), "currency": "MYR",
                    "item_price": .string(PlainText.money(cents)), "paid_price": .string(PlainText.money(cents)),
                    "tax_amount": "0.00", "voucher_amount": "0.00", "shipping_amount": "0.00",
                    "cancel_return_initiator": .string(initiator(order, isReturned: isReturned)), "reason": "",
                    "reason_detail": "", "return_status": "", "order_type": "Normal", "is_fbl": "0",
                    "buyer_id": .string("\(100_000 + order.number % 50)"), "shipment_provider": "Made-up Express",
                    "tracking_code": .string(order.shipped == nil ? "" : "MYMP\(10_000_000 + order.number)"),
                    "promised_shipping_time": order.shipBy.map(time) ?? "", "created_at": time(order.placed),
                    "updated_at": time(isReturned ? changed : order.changed),
                ]
            }
        }
    }

    private static func initiator(_ order: PlatformHistory.Order, isReturned: Bool) -> String {
        guard order.canceled != nil else { return isReturned ? "return-customer" : "" }
        return switch order.canceledBy {
        case .buyer: "cancellation-customer"
        case .seller: "cancellation-seller"
        case .platform: "cancellation-internal"
        }
    }

    // MARK: The seller

    static var performance: [(String, JSONText)] {
        func indicator(
            _ type: String, _ score: JSONText, _ format: String, _ target: String, _ by: String
        ) -> JSONText {
            [
                "type": .string(type), "name": .string(type), "score": score, "score_format": .string(format),
                "target": .string(target), "target_format": .string(by), "target_respected": "true",
            ]
        }
        let data: JSONText = [
            "seller_id": "100000001", "main_category_id": "1", "main_category_name": "Made-up things",
            "indicators": [
                indicator("POSITIVE_SELLER_RATING", "92.0", "PERCENTAGE", "85.0", "GREATER_THAN_PERCENTAGE"),
                indicator("SHIP_ON_TIME", "97.5", "PERCENTAGE", "95.0", "GREATER_THAN_PERCENTAGE"),
                indicator("CANCELLATION_RATE", "0.8", "PERCENTAGE", "2.0", "LOWER_THAN_PERCENTAGE"),
                // Nothing was asked of the seller yet.
                indicator("RESPONSE_TIME", nil, "HOURS", "4", "STRICTLY_LOWER_THAN_HOURS"),
            ],
        ]
        return [("data", data)]
    }
}
