import Facts
import Simulation

/// What a pull of a Douyin shop has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: when and by whom an order was canceled, when a case
/// was refunded, the status of a delivered order (still "shipped"), of a case refused once, and of cases that ended
/// without money. Ratings have no API.
enum DouyinTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        // No window reaches back more than 90 days; what was pulled in time stays.
        history.orders(at: moment).map(fact) + history.refunds(at: moment).map(fact)
    }

    private static func fact(_ order: PlatformHistory.Order) -> KnownFact {
        var members = ["placed_at": time(order.placed), "amount": money(order.cents)]
        members["paid_at"] = order.paid.map(time)
        members["shipped_at"] = order.shipped.map(time)
        // `logistics_receipt_time` of every line.
        members["delivered_at"] = order.delivered.map(time)
        members["completed_at"] = order.completed.map(time)
        if order.canceled != nil {
            members["status"] = "canceled"
        } else if order.completed != nil {
            members["status"] = "completed"
        } else if order.delivered == nil {
            members["status"] = order.shipped != nil ? "shipped" : order.paid != nil ? "paid" : "open"
        }
        return KnownFact(kind: "order", id: DouyinGateway.orderID(order.number), members: members)
    }

    private static func fact(_ refund: PlatformHistory.Refund) -> KnownFact {
        var members = [
            "order": DouyinGateway.orderID(refund.order), "opened_at": time(refund.opened),
            "amount": money(refund.cents),
        ]
        members["type"] =
            switch refund.wish {
            case .refund: "refund"
            case .returnAndRefund: "return"
            case .exchange: "exchange"
            }
        if refund.ended == nil {
            // 27, refused once, may be read either way.
            if refund.responded == nil || !refund.isDisputed { members["status"] = "open" }
        } else if refund.isRefunded {
            members["status"] = "refunded"
        }
        // `arbitrate_status` stays, also after the end.
        if refund.intervened != nil { members["intervened"] = "true" }
        return KnownFact(kind: "refund", id: DouyinGateway.caseID(refund), members: members)
    }

    private static func time(_ seconds: Int64) -> String { Timestamp(seconds: seconds).description }

    private static func money(_ cents: Int) -> String {
        let (whole, rest) = (cents / 100, cents % 100)
        if rest == 0 { return "\(whole)" }
        return "\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0" : "") + "\(rest)")
    }
}
