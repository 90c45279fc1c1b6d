import Facts
import Simulation

/// What a pull of a Kuaishou shop has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: when an order was delivered (`recvTime` may be the
/// carrier's word or the buyer's), completed or canceled, and by whom; the status of refunds that failed (refused or
/// withdrawn alike) and of exchanges that ended.
enum KuaishouTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        // No window reaches back more than 90 days; what was pulled in time stays.
        history.orders(at: moment).map(fact) + history.refunds(at: moment).map(fact)
            + history.ratings(at: moment).map { rating in
                let stars = String(rating.stars)
                // The three scores are the same here, so that it does not matter which is taken for the score.
                return KnownFact(
                    kind: "rating", id: String(KuaishouGateway.commentID(rating)),
                    members: [
                        "order": String(KuaishouGateway.orderID(rating.order)), "rated_at": time(rating.at),
                        "score": stars, "service": stars, "logistics": stars,
                    ])
            }
    }

    private static func fact(_ order: PlatformHistory.Order) -> KnownFact {
        var members = ["placed_at": time(order.placed), "amount": money(order.cents)]
        members["paid_at"] = order.paid.map(time)
        members["shipped_at"] = order.shipped.map(time)
        members["status"] =
            if order.canceled != nil {
                "canceled"
            } else if order.completed != nil {
                "completed"
            } else if order.delivered != nil {
                "delivered"
            } else if order.shipped != nil {
                "shipped"
            } else {
                order.paid == nil ? "open" : "paid"
            }
        return KnownFact(kind: "order", id: String(KuaishouGateway.orderID(order.number)), members: members)
    }

    private static func fact(_ refund: PlatformHistory.Refund) -> KnownFact {
        var members = [
            "order": String(KuaishouGateway.orderID(refund.order)), "opened_at": time(refund.opened),
            "amount": money(refund.cents),
        ]
        members["type"] =
            switch refund.wish {
            case .refund: "refund"
            case .returnAndRefund: "return"
            case .exchange: "exchange"
            }
        if refund.ended == nil {
            members["status"] = "open"
            // 20, 21, 22; forgotten by the platform once the refund is over.
            if refund.intervened != nil { members["intervened"] = "true" }
        } else if refund.isRefunded {
            members["status"] = "refunded"
        }
        // `endTime`.
        members["closed_at"] = refund.ended.map(time)
        if refund.isRefunded { members["refunded_at"] = refund.ended.map(time) }
        members["reason"] = Told.reason(refund.reason)
        return KnownFact(kind: "refund", id: String(KuaishouGateway.refundID(refund)), members: members)
    }

    private static func time(_ seconds: Int64) -> String { Timestamp(seconds: seconds).description }

    private static func money(_ cents: Int) -> String {
        let (whole, rest) = (cents / 100, cents % 100)
        if rest == 0 { return "\(whole)" }
        return "\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0" : "") + "\(rest)")
    }
}
