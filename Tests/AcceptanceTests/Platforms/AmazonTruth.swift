import Simulation

/// What a pull of the made-up Amazon has to bring, from Orders 2026-01-01 with all that may be included.
enum AmazonTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        orders(history, moment) + lines(history, moment) + returns(history, moment)
    }

    /// The API tells them two minutes late. When they were canceled it does not tell.
    static func orders(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.orders(at: moment - AmazonID.delay).map { order in
            var members = ["placed_at": Told.time(order.placed), "fulfillment": "seller"]
            members["ship_by"] = order.shipBy.map(Told.time)
            members["deliver_by"] = order.shipBy.map { Told.time($0 + 5 * 86_400) }
            members["shipped_at"] = order.shipped.map(Told.time)
            if order.paid != nil { (members["amount"], members["currency"]) = (Told.money(order.cents), "USD") }
            if order.paid == nil { members["status"] = "open" }
            if order.shipped != nil, order.delivered == nil { members["status"] = "shipped" }
            if order.canceled != nil { members["status"] = "canceled" }
            return KnownFact(kind: "order", id: AmazonID.order(order.number), members: members)
        }
    }

    static func lines(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.orders(at: moment - AmazonID.delay).flatMap { order in
            order.lines.map { line in
                KnownFact(
                    kind: "line", id: AmazonID.item(order.number, line.number),
                    members: ["order": AmazonID.order(order.number), "units": "\(line.units)"])
            }
        }
    }

    /// The rows of the returns report asked for at that moment over all the history, under Amazon's own number. Its
    /// dates have no time.
    static func returns(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.refunds(at: moment).filter { $0.reason != .notReceived }.map { refund in
            var members = ["order": AmazonID.order(refund.order)]
            if refund.isDisputed { members["disputed"] = "true" }
            if refund.isRefunded {
                members["status"] = "refunded"
                (members["amount"], members["currency"]) = (Told.money(refund.cents), "USD")
            }
            return KnownFact(kind: "refund", id: AmazonID.return(refund.number), members: members)
        }
    }
}
