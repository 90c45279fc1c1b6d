import Simulation

/// What a pull of the made-up seller at Mercado Libre has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: when an order was paid and canceled (`date_closed`
/// and `cancel_detail` may be read so or otherwise), by when it was to be shipped, lines (they have no ids), amounts of
/// claims, and how a claim ended that ended without money. The times of an order that is canceled are told of while it
/// stands, so that only those of others can be held to the history. That a claim does not affect the reputation is
/// another call's answer, as is when an order was shipped and delivered.
enum MercadoLibreTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        history.orders(at: moment).map(fact) + history.refunds(at: moment).map(fact)
    }

    private static func fact(_ order: PlatformHistory.Order) -> KnownFact {
        var members = [
            "placed_at": Told.time(order.placed), "amount": Told.money(order.cents), "currency": "BRL",
        ]
        if order.canceled != nil {
            members["status"] = "canceled"
        } else if order.shipped == nil {
            members["status"] = order.paid == nil ? "open" : "paid"
        } else {
            members["status"] = order.delivered == nil ? "shipped" : "delivered"
            members["shipped_at"] = order.shipped.map(Told.time)
            members["delivered_at"] = order.delivered.map(Told.time)
        }
        return KnownFact(kind: "order", id: "\(MercadoLibreNumbers.order(order.number))", members: members)
    }

    private static func fact(_ refund: PlatformHistory.Refund) -> KnownFact {
        var members = [
            "order": "\(MercadoLibreNumbers.order(refund.order))", "opened_at": Told.time(refund.opened),
            "excluded": refund.isDisputed ? "false" : "true",
        ]
        if refund.wish == .returnAndRefund { members["type"] = "return" }
        if refund.reason == .notReceived { members["reason"] = "not_received" }
        if refund.intervened != nil { members["intervened"] = "true" }
        if refund.ended == nil {
            members["status"] = "open"
        } else if refund.isRefunded {
            members["status"] = "refunded"
            members["refunded_at"] = refund.ended.map(Told.time)
        }
        return KnownFact(kind: "refund", id: "\(MercadoLibreNumbers.claim(refund.number))", members: members)
    }
}
