/// What WooCommerce tells of an order, a refund and a review: each moment on the site's clock and in GMT, without a `Z`.
extension WooCommerce {
    static let currency = "EUR"
    /// The site's clock, in minutes east of Greenwich.
    static let zone = -180

    private static func moments(_ name: String, _ seconds: Int64?) -> [(String, JSONText)] {
        [
            (name, .optional(seconds.map { .string(PlatformFormats.wall($0, offset: zone)) })),
            (name + "_gmt", .optional(seconds.map { .string(PlatformFormats.wall($0)) })),
        ]
    }

    static func document(_ listed: Listed) -> JSONText {
        let order = listed.order
        let id = WooCommerceNumbers.order(order.number)
        var members: [(String, JSONText)] = [
            ("id", .int(id)), ("parent_id", 0), ("number", .string("\(id)")), ("created_via", "checkout"),
            ("status", .string(status(order))), ("currency", .string(currency)),
        ]
        members += moments("date_created", order.placed) + moments("date_modified", listed.modified)
        members += [
            ("total", .string(PlainText.money(order.cents))), ("customer_id", .int(order.number % 50)),
            ("customer_ip_address", "192.0.2.7"),
            (
                "billing",
                ["first_name": "John", "last_name": "Doe", "email": "john.doe@example.com", "phone": "(555) 555-5555"]
            ),
        ]
        members += moments("date_paid", order.paid) + moments("date_completed", order.shipped)
        members += [
            ("meta_data", []), ("line_items", .array(order.lines.map { document($0, of: order.number) })),
            (
                "refunds",
                .array(
                    listed.refunds.map { refund in
                        [
                            "id": .int(refund.id), "reason": "",
                            "total": .string("-" + PlainText.money(refund.cents)),
                        ]
                    })
            ),
        ]
        return .object(members)
    }

    private static func document(_ line: PlatformHistory.Line, of order: Int) -> JSONText {
        [
            "id": .int(WooCommerceNumbers.line(order, line.number)), "name": "Woo Album",
            "product_id": .int(WooCommerceNumbers.product(line.product)), "variation_id": 0,
            "quantity": .int(line.units), "subtotal": .string(PlainText.money(line.cents)),
            "total": .string(PlainText.money(line.cents)), "total_tax": "0.00", "taxes": [], "meta_data": [],
        ]
    }

    static func document(_ refund: Refund) -> JSONText {
        .object(
            [("id", .int(refund.id))] + moments("date_created", refund.at) + [
                ("amount", .string(PlainText.money(refund.cents))), ("reason", ""), ("refunded_by", 1),
                ("refunded_payment", false), ("meta_data", []), ("line_items", []),
            ])
    }

    /// Half of what is withdrawn is called spam.
    static func status(_ rating: PlatformHistory.Rating) -> String {
        if rating.withdrawn != nil { return rating.number.isMultiple(of: 2) ? "spam" : "trash" }
        return rating.isShown ? "approved" : "hold"
    }

    static func document(_ rating: PlatformHistory.Rating, _ desk: PlatformDesk) -> JSONText {
        let product = desk.order(rating.order)?.lines.first?.product ?? 1
        return .object(
            [("id", .int(WooCommerceNumbers.review(rating.number)))] + moments("date_created", rating.at) + [
                ("product_id", .int(WooCommerceNumbers.product(product))), ("status", .string(status(rating))),
                ("reviewer", "John Doe"), ("reviewer_email", "john.doe@example.com"), ("review", "<p>Nice!</p>"),
                ("rating", .int(rating.stars)), ("verified", true),
            ])
    }
}
