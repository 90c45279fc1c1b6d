import Simulation

/// What a pull of the made-up Walmart has to bring.
enum WalmartTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        orders(history, moment) + returns(history, moment)
    }

    /// The amount is that of all charges; no tax is charged.
    static func orders(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.orders(at: moment).filter { $0.paid != nil }.map { order in
            var members = [
                "placed_at": Told.time(order.placed), "amount": Told.money(order.cents), "currency": "USD",
            ]
            members["ship_by"] = order.shipBy.map(Told.time)
            members["shipped_at"] = order.shipped.map(Told.time)
            if order.shipped != nil { members["status"] = "shipped" }
            if order.delivered != nil { members["status"] = "delivered" }
            if order.canceled != nil { members["status"] = "canceled" }
            return KnownFact(kind: "order", id: WalmartID.order(order.number), members: members)
        }
    }

    /// How a return ended otherwise than with money is not told.
    static func returns(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.refunds(at: moment).map { refund in
            var members = [
                "order": WalmartID.order(refund.order), "opened_at": Told.time(refund.opened),
                "amount": Told.money(refund.cents), "currency": "USD",
            ]
            if refund.isRefunded { members["status"] = "refunded" }
            if refund.ended == nil { members["status"] = "open" }
            return KnownFact(kind: "refund", id: WalmartID.return(refund.number), members: members)
        }
    }
}
