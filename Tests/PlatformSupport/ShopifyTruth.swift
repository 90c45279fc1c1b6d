import Simulation

/// What a pull of the made-up Shopify shop has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: the money of a dispute, which may be in the buyer's
/// currency; when an order was paid (only its payments know), or completed.
enum ShopifyTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        let refunds = history.refunds(at: moment)
        let touched = Set(refunds.filter { !$0.isDisputed && $0.isRefunded }.map(\.order))
        return orders.map { fact($0, isRefunded: touched.contains($0.number)) } + orders.flatMap(lines)
            + orders.compactMap(moneyBack) + refunds.compactMap(moneyBack) + refunds.compactMap(dispute)
    }

    private static func fact(_ order: PlatformHistory.Order, isRefunded: Bool) -> KnownFact {
        var members = [
            "placed_at": Told.time(order.placed), "amount": Told.money(order.cents), "currency": "USD",
        ]
        members["shipped_at"] = order.shipped.map(Told.time)
        members["delivered_at"] = order.delivered.map(Told.time)
        if let canceled = order.canceled {
            members["canceled_at"] = Told.time(canceled)
            members["status"] = "canceled"
            // The words for why are CUSTOMER, INVENTORY and DECLINED; whose the last is may be argued.
            switch order.canceledBy {
            case .buyer: members["canceled_by"] = "buyer"
            case .seller: members["canceled_by"] = "seller"
            case .platform: break
            }
        } else if order.shipped != nil {
            members["status"] = order.delivered == nil ? "shipped" : "delivered"
        } else if !isRefunded {
            members["status"] = order.paid == nil ? "open" : "paid"
        }
        if ShopifyNumbers.isTest(order.number) { members["excluded"] = "true" }
        return KnownFact(kind: "order", id: ShopifyNumbers.order(order.number), members: members)
    }

    private static func lines(_ order: PlatformHistory.Order) -> [KnownFact] {
        order.lines.map { line in
            KnownFact(
                kind: "line", id: ShopifyNumbers.line(order.number, line.number),
                members: [
                    "order": ShopifyNumbers.order(order.number), "product": ShopifyNumbers.product(line.product),
                    "units": "\(line.units)", "amount": Told.money(line.cents), "currency": "USD",
                ])
        }
    }

    /// What was paid for an order goes back when it is canceled.
    private static func moneyBack(_ order: PlatformHistory.Order) -> KnownFact? {
        guard order.paid != nil, let canceled = order.canceled else { return nil }
        return moneyBack(ShopifyNumbers.cancelRefund(order.number), order.number, canceled, order.cents)
    }

    /// Nothing is known of a case before its money went back, and nothing of one that ends otherwise.
    /// An exchange made is one of no money.
    private static func moneyBack(_ refund: PlatformHistory.Refund) -> KnownFact? {
        guard !refund.isDisputed, refund.outcome == .refunded, let ended = refund.ended else { return nil }
        guard refund.isRefunded else {
            return KnownFact(
                kind: "refund", id: ShopifyNumbers.refund(refund.number),
                members: ["order": ShopifyNumbers.order(refund.order), "amount": "0", "status": "closed"])
        }
        return moneyBack(ShopifyNumbers.refund(refund.number), refund.order, ended, refund.cents)
    }

    private static func moneyBack(_ id: String, _ order: Int, _ at: Int64, _ cents: Int) -> KnownFact {
        KnownFact(
            kind: "refund", id: id,
            members: [
                "order": ShopifyNumbers.order(order), "refunded_at": Told.time(at), "status": "refunded",
                "amount": Told.money(cents), "currency": "USD",
            ])
    }

    /// Of the end GraphQL tells the day alone.
    private static func dispute(_ refund: PlatformHistory.Refund) -> KnownFact? {
        guard let began = refund.disputedAt else { return nil }
        var members = [
            "order": ShopifyNumbers.order(refund.order), "opened_at": Told.time(began), "disputed": "true",
        ]
        if !refund.number.isMultiple(of: 3) { members["type"] = "chargeback" }
        members["status"] = refund.ended == nil ? "open" : refund.outcome == .refunded ? "refunded" : "rejected"
        return KnownFact(kind: "refund", id: ShopifyNumbers.dispute(refund.number), members: members)
    }
}
