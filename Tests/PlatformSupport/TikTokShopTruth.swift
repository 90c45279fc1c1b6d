import Simulation

/// What a pull of the made-up shop at TikTok Shop has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: when an order was completed and when a return was
/// refunded (there is the time of the last change), and what a finished replacement is called.
enum TikTokShopTruth {
    private static let currency = "GBP"

    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        return orders.map(fact) + orders.flatMap(items) + history.refunds(at: moment).map(fact)
    }

    private static func fact(_ order: PlatformHistory.Order) -> KnownFact {
        var members = [
            "placed_at": Told.time(order.placed), "amount": Told.money(order.cents), "currency": currency,
            "fulfillment": "seller",
        ]
        members["paid_at"] = order.paid.map(Told.time)
        members["ship_by"] = order.shipBy.map(Told.time)
        members["shipped_at"] = order.shipped.map(Told.time)
        members["picked_up_at"] = order.shipped.map(Told.time)
        members["delivered_at"] = order.delivered.map(Told.time)
        members["canceled_at"] = order.canceled.map(Told.time)
        if order.canceled != nil {
            switch order.canceledBy {
            case .buyer: members["canceled_by"] = "buyer"
            case .seller: members["canceled_by"] = "seller"
            case .platform: members["canceled_by"] = "platform"
            }
            members["status"] = "canceled"
        } else if order.completed != nil {
            members["status"] = "completed"
        } else {
            members["status"] =
                order.delivered != nil
                ? "delivered" : order.shipped != nil ? "shipped" : order.paid != nil ? "paid" : "open"
        }
        return KnownFact(kind: "order", id: TikTokShopNumbers.order(order.number), members: members)
    }

    /// Each unit is a line item.
    private static func items(_ order: PlatformHistory.Order) -> [KnownFact] {
        order.lines.flatMap { line in
            line.shares.enumerated().map { unit, cents in
                KnownFact(
                    kind: "line", id: TikTokShopNumbers.item(order.number, line.number, unit + 1),
                    members: [
                        "order": TikTokShopNumbers.order(order.number),
                        "product": TikTokShopNumbers.product(line.product), "amount": Told.money(cents),
                        "currency": currency,
                    ])
            }
        }
    }

    private static func fact(_ refund: PlatformHistory.Refund) -> KnownFact {
        var members = ["order": TikTokShopNumbers.order(refund.order), "opened_at": Told.time(refund.opened)]
        switch refund.wish {
        case .refund: members["type"] = "refund"
        case .returnAndRefund: members["type"] = "return"
        case .exchange: members["type"] = "exchange"
        }
        if refund.wish != .exchange {
            members["amount"] = Told.money(refund.cents)
            members["currency"] = currency
        }
        switch (refund.ended, refund.outcome) {
        case (nil, _): members["status"] = "open"
        case (_, .refunded): if refund.wish != .exchange { members["status"] = "refunded" }
        case (_, .rejected): members["status"] = "rejected"
        case (_, .withdrawn): members["status"] = "withdrawn"
        }
        return KnownFact(kind: "refund", id: TikTokShopNumbers.return(refund.number), members: members)
    }
}
