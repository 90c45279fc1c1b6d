import Foundation

/// TikTok Shop's ids, of the numbers of a history.
package enum TikTokShopNumbers {
    package static func order(_ number: Int) -> String { "\(576_460_752_303_000_000 + number * 1_048_576)" }
    /// One line item is one unit.
    package static func item(_ order: Int, _ line: Int, _ unit: Int) -> String {
        "\(577_086_512_000_000_000 + ((order * 10 + line) * 10 + unit) * 64)"
    }
    package static func product(_ number: Int) -> String { "\(1_729_382_476_852_000_000 + number)" }
    package static func `return`(_ number: Int) -> String { "\(4_035_227_000_000_000_000 + number * 1024)" }
}

/// What TikTok Shop tells of orders and returns.
extension TikTokShop {
    private static let currency = "GBP"
    private static let statuses: Set<String> = [
        "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT",
        "DELIVERED", "COMPLETED", "CANCELLED",
    ]

    private struct Row {
        var created: Int64
        var updated: Int64
        var id: String
        var document: () -> JSONText
    }

    /// A page by `page_size`, `page_token`, `sort_field` and `sort_order` of the query.
    private static func page(
        _ rows: [Row], _ name: String, _ call: PlatformCall, _ filters: [String: Any]
    ) throws(Fault) -> JSONText {
        guard let size = Int(call.value("page_size") ?? ""), (1...100).contains(size) else {
            throw .parameter("page_size must be from 1 to 100")
        }
        let (field, order) = (call.value("sort_field") ?? "create_time", call.value("sort_order") ?? "ASC")
        guard ["create_time", "update_time"].contains(field), ["ASC", "DESC"].contains(order) else {
            throw .parameter("sort_field or sort_order is invalid")
        }
        let place = field == "create_time" ? \Row.created : \Row.updated
        let found = rows.sorted { ($0[keyPath: place], $0.id) < ($1[keyPath: place], $1.id) }
        var rest = order == "ASC" ? found : found.reversed()
        if let token = call.value("page_token"), !token.isEmpty {
            guard let bytes = Base64.bytes(of: token) else { throw .parameter("page_token is invalid") }
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            guard parts.count == 2, let moment = Int64(parts[0]) else { throw .parameter("page_token is invalid") }
            let mark = (moment, String(parts[1]))
            rest = rest.filter {
                order == "ASC" ? ($0[keyPath: place], $0.id) > mark : ($0[keyPath: place], $0.id) < mark
            }
        }
        let shown = rest.prefix(size)
        var next = ""
        if let last = shown.last, shown.count < rest.count {
            next = Base64.text(of: "\(last[keyPath: place]) \(last.id)".utf8)
        }
        return .object([
            ("total_count", .int(found.count)), ("next_page_token", .string(next)),
            (name, .array(shown.map { $0.document() })),
        ])
    }

    /// Half-open.
    private static func window(_ name: String, _ filters: [String: Any]) throws(Fault) -> Range<Int64> {
        func bound(_ end: String, _ otherwise: Int64) throws(Fault) -> Int64 {
            guard let value = filters[name + end] else { return otherwise }
            guard !(value is String), let number = value as? Int else {
                throw .parameter("\(name)\(end) must be an integer")
            }
            return Int64(number)
        }
        let (from, to) = (try bound("_ge", .min), try bound("_lt", .max))
        guard from <= to else { throw .parameter("\(name)_ge is after \(name)_lt") }
        return from..<to
    }

    // MARK: Orders

    static func orders(
        _ call: PlatformCall, _ filters: [String: Any], _ desk: PlatformDesk
    ) throws(Fault) -> JSONText {
        let wanted = filters["order_status"] as? String
        guard wanted.map(statuses.contains) ?? true else { throw .parameter("order_status is invalid") }
        let (created, updated) = (try window("create_time", filters), try window("update_time", filters))
        let rows = desk.orders.filter { order in
            created.contains(order.placed) && updated.contains(order.changed)
                && (wanted == nil || wanted == status(order))
        }.map { order in
            Row(
                created: order.placed, updated: order.changed, id: TikTokShopNumbers.order(order.number)
            ) { document(order) }
        }
        return try page(rows, "orders", call, filters)
    }

    static func orders(withIDs text: String?, _ desk: PlatformDesk) throws(Fault) -> JSONText {
        let ids = (text ?? "").split(separator: ",").map(String.init)
        guard (1...50).contains(ids.count) else { throw .parameter("ids must be from 1 to 50") }
        let orders = Set(ids).compactMap { id in desk.order(named: id) { TikTokShopNumbers.order($0.number) } }
            .sorted { $0.number < $1.number }
        return ["orders": .array(orders.map(document))]
    }

    private static func status(_ order: PlatformHistory.Order) -> String {
        if order.canceled != nil { return "CANCELLED" }
        if order.completed != nil { return "COMPLETED" }
        if order.delivered != nil { return "DELIVERED" }
        return order.shipped != nil ? "IN_TRANSIT" : order.paid != nil ? "AWAITING_SHIPMENT" : "UNPAID"
    }

    /// A time that has not come is not there.
    private static func document(_ order: PlatformHistory.Order) -> JSONText {
        let deadline = order.shipBy
        let times: [(String, Int64?)] = [
            ("create_time", order.placed), ("update_time", order.changed), ("paid_time", order.paid),
            ("rts_sla_time", deadline), ("rts_time", order.shipped), ("tts_sla_time", deadline),
            ("shipping_due_time", deadline), ("collection_due_time", deadline), ("collection_time", order.shipped),
            ("delivery_sla_time", deadline.map { $0 + 7 * 86_400 }), ("delivery_time", order.delivered),
            ("cancel_time", order.canceled),
        ]
        var members: [(String, JSONText)] = [("id", .string(TikTokShopNumbers.order(order.number)))]
        for (name, moment) in times { if let moment { members.append((name, .int(moment))) } }
        members += [
            ("status", .string(status(order))), ("fulfillment_type", "FULFILLMENT_BY_SELLER"),
            ("delivery_type", "HOME_DELIVERY"), ("shipping_type", "TIKTOK"),
        ]
        if order.canceled != nil {
            let party = [PlatformHistory.Party.buyer: "BUYER", .seller: "SELLER", .platform: "SYSTEM"][order.canceledBy]
            members += [("cancellation_initiator", .string(party ?? "")), ("cancel_reason", "Other")]
        }
        let (total, shipping) = (PlainText.money(order.cents), order.shipped == nil ? "TO_FULFILL" : "FULFILLING")
        let items = order.lines.flatMap { line in
            line.shares.enumerated().map { unit, cents -> JSONText in
                let price = JSONText.string(PlainText.money(cents))
                return [
                    "id": .string(TikTokShopNumbers.item(order.number, line.number, unit + 1)),
                    "currency": .string(currency), "original_price": price, "sale_price": price,
                    "product_id": .string(TikTokShopNumbers.product(line.product)),
                    "sku_id": .string(TikTokShopNumbers.product(100 + line.product)),
                    "product_name": "Made-up thing", "package_status": .string(shipping),
                ]
            }
        }
        return .object(
            members + [
                ("line_items", .array(items)),
                (
                    "payment",
                    [
                        "currency": .string(currency), "sub_total": .string(total), "shipping_fee": "0",
                        "tax": "0", "total_amount": .string(total),
                    ]
                ),
                ("user_id", .string("\(7_494_560_109_732_000_000 + order.number % 50)")),
                ("buyer_email", "john.doe@example.com"), ("buyer_message", "Ring at John Doe's"),
                (
                    "recipient_address",
                    [
                        "name": "John Doe", "phone_number": "(+44)0000000100", "full_address": "1 Made-up Street",
                        "postal_code": "AA0 0AA",
                    ]
                ),
            ])
    }

    // MARK: Returns

    static func returns(
        _ call: PlatformCall, _ filters: [String: Any], _ desk: PlatformDesk
    ) throws(Fault) -> JSONText {
        let (ids, orders) = (filters["return_ids"] as? [String], filters["order_ids"] as? [String])
        let (words, types) = (filters["return_status"] as? [String], filters["return_types"] as? [String])
        let (created, updated) = (try window("create_time", filters), try window("update_time", filters))
        let rows = (ids == nil && orders == nil ? desk.ofLists : desk).refunds.filter { refund in
            created.contains(refund.opened) && updated.contains(refund.changed)
                && ids?.contains(TikTokShopNumbers.return(refund.number)) ?? true
                && orders?.contains(TikTokShopNumbers.order(refund.order)) ?? true
                && words?.contains(status(refund)) ?? true && types?.contains(type(refund)) ?? true
        }.map { refund in
            let line = desk.order(refund.order)?.lines.first { $0.number == refund.line }
            return Row(
                created: refund.opened, updated: refund.changed, id: TikTokShopNumbers.return(refund.number)
            ) { document(refund, line) }
        }
        return try page(rows, "return_orders", call, filters)
    }

    private static func type(_ refund: PlatformHistory.Refund) -> String {
        switch refund.wish {
        case .refund: "REFUND"
        case .returnAndRefund: "RETURN_AND_REFUND"
        case .exchange: "REPLACEMENT"
        }
    }

    private static func status(_ refund: PlatformHistory.Refund) -> String {
        guard refund.ended != nil else {
            let isAwaited = refund.responded != nil && refund.wish != .refund
            return isAwaited ? "AWAITING_BUYER_SHIP" : "RETURN_OR_REFUND_REQUEST_PENDING"
        }
        return switch refund.outcome {
        case .refunded: "RETURN_OR_REFUND_REQUEST_COMPLETE"
        case .rejected: "REFUND_OR_RETURN_REQUEST_REJECT"
        case .withdrawn: "RETURN_OR_REFUND_REQUEST_CANCEL"
        }
    }

    private static func document(_ refund: PlatformHistory.Refund, _ line: PlatformHistory.Line?) -> JSONText {
        let amount = refund.wish == .exchange ? "0" : PlainText.money(refund.cents)
        let money: JSONText = [
            "currency": .string(currency), "refund_total": .string(amount), "refund_subtotal": .string(amount),
            "refund_shipping_fee": "0", "refund_tax": "0",
        ]
        let reason =
            switch refund.reason {
            case .quality: "Item is defective or doesn't work"
            case .notAsDescribed: "Item doesn't match description"
            case .notReceived: "Package wasn't received"
            case .changedMind: "No longer needed"
            case .other: "Other"
            }
        var members: [(String, JSONText)] = [
            ("return_id", .string(TikTokShopNumbers.return(refund.number))),
            ("order_id", .string(TikTokShopNumbers.order(refund.order))), ("return_type", .string(type(refund))),
            ("return_status", .string(status(refund))), ("role", "BUYER"),
            ("return_reason", .string("ecom_order_delivered_refund_reason_\(refund.reason)")),
            ("return_reason_text", .string(reason)), ("create_time", .int(refund.opened)),
            ("update_time", .int(refund.changed)), ("refund_amount", money),
            (
                "return_line_items",
                [
                    [
                        "return_line_item_id": .string("\(4_035_228_000_000_000_000 + refund.number)"),
                        "order_line_item_id": .string(TikTokShopNumbers.item(refund.order, refund.line, 1)),
                        "sku_id": .string(TikTokShopNumbers.product(100 + (line?.product ?? 0))),
                        "product_name": "Made-up thing", "refund_amount": money,
                    ]
                ]
            ),
        ]
        if refund.intervened != nil {
            let side = refund.outcome == .refunded ? "SUPPORT_BUYER" : "SUPPORT_SELLER"
            members.append(("arbitration_status", .string(refund.ended == nil ? "IN_PROGRESS" : side)))
        }
        return .object(members)
    }
}
