import Simulation

/// What a pull of the made-up Amazon has to bring, from Orders 2026-01-01 with all that may be included.
enum AmazonTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        orders(history, moment) + lines(history, moment) + returns(history, moment) + claims(history, moment)
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
            var members = ["order": AmazonID.order(refund.order), "type": "return", "opened_at": day(refund.opened)]
            if refund.isDisputed { members["disputed"] = "true" }
            switch refund.reason {
            case .quality: members["reason"] = "quality"
            case .notAsDescribed: members["reason"] = "not_as_described"
            case .changedMind: members["reason"] = "changed_mind"
            case .notReceived, .other: members["reason"] = "other"
            }
            if refund.responded == nil { members["status"] = "open" }
            if refund.isRefunded {
                members["status"] = "refunded"
                (members["amount"], members["currency"]) = (Told.money(refund.cents), "USD")
            }
            return KnownFact(kind: "refund", id: AmazonID.return(refund.number), members: members)
        }
    }

    /// What is said of a claim is that there is one.
    static func claims(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.refunds(at: moment).filter { $0.reason != .notReceived && $0.isDisputed }.map { refund in
            KnownFact(
                kind: "refund", id: AmazonID.return(refund.number) + "-claim",
                members: ["order": AmazonID.order(refund.order), "type": "claim", "opened_at": day(refund.opened)])
        }
    }

    /// The report names the day in UTC: its last second on the store's clock, which is Pacific time. Summer began there on
    /// 8 March 2026 and ended on 1 November, at two in the morning.
    private static func day(_ seconds: Int64) -> String {
        let next = (seconds / 86_400 + 1) * 86_400
        let isSummer = next > 1_772_928_000 && next <= 1_793_491_200
        return Told.time(next + (isSummer ? 7 : 8) * 3600 - 1)
    }
}
