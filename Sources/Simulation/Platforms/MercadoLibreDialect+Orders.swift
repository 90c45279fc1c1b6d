/// Mercado Libre's ids, of the numbers of a history.
package enum MercadoLibreNumbers {
    package static func order(_ number: Int) -> Int { 2_000_003_508_400_000 + number * 13 }
    package static func claim(_ number: Int) -> Int { 5_256_000_000 + number * 7 }
    package static func product(_ number: Int) -> String { "MLB\(123_456_000 + number)" }
    static func shipment(_ number: Int) -> Int { 41_297_000_000 + number }
}

/// Orders and shipments.
extension MercadoLibre {
    static func time(_ seconds: Int64) -> JSONText {
        .string(PlatformFormats.wall(seconds, offset: offset) + ".000-04:00")
    }
    static func time(_ seconds: Int64?) -> JSONText { seconds.map { time($0) } ?? .null }

    /// Nil when the query is not understood.
    private struct Search {
        var bounds: [(name: String, from: Int64, to: Int64)] = []
        var status: [Substring]?
        var isAscending = false
        var limit = 50
        var offset = 0
        var fault: String?

        init(_ query: [(name: String, value: String)]) {
            for (name, value) in query {
                switch name {
                case "seller": break
                case "limit": take(value, 1...50, name, \.limit)
                // Beyond ten thousand nothing is found, as with claims; of orders the documents do not say.
                case "offset": take(value, 0...9_999, name, \.offset)
                case "order.status": status = value.split(separator: ",")
                case "sort":
                    if !["date_asc", "date_desc"].contains(value) { fault = "Invalid sort" }
                    isAscending = value == "date_asc"
                default: bound(name, value)
                }
            }
        }

        private mutating func take(
            _ text: String, _ range: ClosedRange<Int>, _ name: String, _ place: WritableKeyPath<Self, Int>
        ) {
            guard let number = Int(text), range.contains(number) else {
                fault = "Invalid \(name) parameter"
                return
            }
            self[keyPath: place] = number
        }

        private mutating func bound(_ name: String, _ value: String) {
            let parts = name.split(separator: ".")
            guard parts.count == 3, parts[0] == "order", parts[2] == "from" || parts[2] == "to",
                ["date_created", "date_last_updated", "date_closed"].contains(parts[1])
            else {
                fault = "Unknown parameter \(name)"
                return
            }
            guard value.contains("."), let moment = PlatformFormats.moment(value) else {
                fault = "Invalid date format of \(name)"
                return
            }
            let isFrom = parts[2] == "from"
            bounds.append((String(parts[1]), isFrom ? moment : .min, isFrom ? .max : moment))
        }

        func matches(_ order: PlatformHistory.Order, updated: Int64) -> Bool {
            guard status?.contains(where: { $0 == MercadoLibre.status(order) }) ?? true else { return false }
            return bounds.allSatisfy { bound in
                let moment: Int64? =
                    switch bound.name {
                    case "date_created": order.placed
                    case "date_closed": order.paid
                    default: updated
                    }
                return moment.map { bound.from <= $0 && $0 <= bound.to } ?? false
            }
        }
    }

    /// An order with what was claimed of it; all of them are in the order of their placing.
    private struct Listed {
        var order: PlatformHistory.Order
        var claims: [PlatformHistory.Refund]
        var updated: Int64
    }

    static func orders(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        guard call.value("seller") == desk.credentials["user_id"] else {
            return refused(403, "forbidden", "Caller is not the seller, or none was given")
        }
        let search = Search(call.query)
        if let fault = search.fault { return refused(400, "bad_request", fault) }
        let listed = desk.made { view in
            let claims = Dictionary(grouping: view.refunds, by: \.order)
            return view.orders.map { order in
                let own = claims[order.number] ?? []
                return Listed(order: order, claims: own, updated: own.reduce(order.changed) { max($0, $1.changed) })
            }
        }
        var found = listed.filter { search.matches($0.order, updated: $0.updated) }
        if !search.isAscending { found.reverse() }
        let shown = found.dropFirst(search.offset).prefix(search.limit)
        let sort = search.isAscending ? "date_asc" : "date_desc"
        return PlatformReply([
            "query": "", "results": .array(shown.map { document($0.order, $0.claims, desk) }),
            "paging": [
                "total": .int(found.count), "offset": .int(search.offset), "limit": .int(search.limit),
            ],
            "sort": ["id": .string(sort), "name": .string(sort)], "available_sorts": [], "filters": [],
            "available_filters": [], "display": "complete",
        ])
    }

    static func order(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        guard let order = desk.order(named: id, { "\(MercadoLibreNumbers.order($0.number))" }) else {
            return refused(404, "order_not_found", "Order does not exist")
        }
        return PlatformReply(document(order, desk.refunds.filter { $0.order == order.number }, desk))
    }

    static func status(_ order: PlatformHistory.Order) -> String {
        order.canceled != nil ? "cancelled" : order.paid != nil ? "paid" : "payment_required"
    }

    private static func updated(_ order: PlatformHistory.Order, _ claims: [PlatformHistory.Refund]) -> Int64 {
        claims.reduce(order.changed) { max($0, $1.changed) }
    }

    private static func document(
        _ order: PlatformHistory.Order, _ claims: [PlatformHistory.Refund], _ desk: PlatformDesk
    ) -> JSONText {
        let back = claims.reduce(0) { $0 + ($1.isRefunded ? $1.cents : 0) }
        let units = order.lines.map { line in
            // Units of a line share its price; what a cent cannot be shared into stands in full.
            (line, line.cents.isMultiple(of: line.units) ? line.units : 1)
        }
        let items: [JSONText] = units.map { line, units in
            [
                "item": [
                    "id": .string(MercadoLibreNumbers.product(line.product)), "title": "Produto Teste",
                    "variation_id": nil, "variation_attributes": [],
                ],
                "quantity": .int(units), "unit_price": .number(PlainText.number(line.cents / units)),
                "currency_id": "BRL",
            ]
        }
        let updated = time(updated(order, claims))
        return [
            "id": .int(MercadoLibreNumbers.order(order.number)), "status": .string(status(order)),
            "status_detail": nil, "date_created": time(order.placed), "date_closed": time(order.paid),
            "date_last_updated": updated, "last_updated": updated, "order_items": .array(items),
            "total_amount": .number(PlainText.number(order.cents)), "currency_id": "BRL",
            "paid_amount": .number(order.paid == nil ? "0" : PlainText.number(order.cents)),
            "buyer": [
                "id": .int(buyer(order.number)), "nickname": "JOHNDOE", "first_name": "John", "last_name": "Doe",
                "email": "john.doe@example.com", "phone": ["area_code": "55", "number": "555-0100"],
            ],
            "seller": ["id": .number(desk.credentials["user_id"] ?? "0")],
            "payments": .array(payments(order, back)),
            "shipping": ["id": order.paid == nil ? nil : .int(MercadoLibreNumbers.shipment(order.number))],
            "mediations": .array(claims.map { ["id": .int(MercadoLibreNumbers.claim($0.number))] }),
            "cancel_detail": cancelDetail(order), "pack_id": nil,
            "tags": .array(tags(order).map { .string($0) }),
        ]
    }

    static func buyer(_ order: Int) -> Int { 123_456_000 + order % 50 }

    private static func tags(_ order: PlatformHistory.Order) -> [String] {
        [order.paid == nil ? "not_paid" : "paid", order.delivered == nil ? "not_delivered" : "delivered"]
    }

    private static func payments(_ order: PlatformHistory.Order, _ back: Int) -> [JSONText] {
        guard let paid = order.paid else { return [] }
        let back = order.canceled == nil ? back : order.cents
        return [
            [
                "id": .int(59_670_000_000 + order.number),
                "transaction_amount": .number(PlainText.number(order.cents)), "currency_id": "BRL",
                "status": .string(back >= order.cents ? "refunded" : "approved"),
                "transaction_amount_refunded": .number(PlainText.number(back)),
                "date_created": time(order.placed), "date_approved": time(paid),
            ]
        ]
    }

    private static func cancelDetail(_ order: PlatformHistory.Order) -> JSONText {
        guard let canceled = order.canceled else { return .null }
        let party = [PlatformHistory.Party.buyer: "buyer", .seller: "seller", .platform: "internal"][order.canceledBy]
        return [
            "group": .string(party ?? ""), "code": "made_up", "description": "Canceled",
            "requested_by": .string(party ?? ""), "date": time(canceled),
        ]
    }

    static func shipment(_ id: String, _ desk: PlatformDesk) -> PlatformReply {
        let order = desk.orders.first { "\(MercadoLibreNumbers.shipment($0.number))" == id && $0.paid != nil }
        guard let order else { return refused(404, "not_found_shipping_id", "Shipment not found") }
        let status =
            order.canceled != nil
            ? "cancelled" : order.delivered != nil ? "delivered" : order.shipped != nil ? "shipped" : "ready_to_ship"
        return PlatformReply([
            "id": .number(id), "order_id": .int(MercadoLibreNumbers.order(order.number)),
            "status": .string(status), "date_created": time(order.paid), "last_updated": time(order.changed),
            "status_history": [
                "date_ready_to_ship": time(order.paid), "date_shipped": time(order.shipped),
                "date_delivered": time(order.delivered), "date_cancelled": time(order.canceled),
            ],
            "receiver_address": [
                "receiver_name": "John Doe", "receiver_phone": "+5550100", "address_line": "1 Made-up Street",
            ],
        ])
    }
}
