import Foundation
import Simulation

/// What a pull from JD has to bring. Orders that wait for their payment are not told; nor are the time of shipping and ids of
/// lines; and no service order proves that money went back, as an application for the money of an order does.
enum JDTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        return orders.compactMap(fact)
            + history.refunds(at: moment).map { refund in
                let order = orders[refund.order - 1]
                return refund.wish == .refund ? application(refund, of: order) : fact(refund, of: order)
            }
            + history.ratings(at: moment).map { rating in
                let order = orders[rating.order - 1]
                return KnownFact(
                    kind: "rating", id: JDIDs.comment(rating),
                    members: [
                        "order": JDIDs.order(order), "product": JDIDs.sku(order.lines[0].product),
                        "rated_at": time(rating.at), "score": "\(rating.stars)",
                    ])
            }
    }

    /// 取消订单: the goods never went out, or never come back.
    private static func application(_ refund: PlatformHistory.Refund, of order: PlatformHistory.Order) -> KnownFact {
        var members = [
            "order": JDIDs.order(order), "opened_at": time(refund.opened), "type": "refund",
            "amount": amount(refund.cents), "status": "open",
        ]
        if let ended = refund.ended {
            switch refund.outcome {
            case .refunded: (members["status"], members["refunded_at"]) = ("refunded", time(ended))
            case .rejected: members["status"] = "rejected"
            case .withdrawn: members["status"] = "withdrawn"
            }
        }
        return KnownFact(kind: "refund", id: "refund-\(JDIDs.afterSales(refund))", members: members)
    }

    private static func fact(_ order: PlatformHistory.Order) -> KnownFact? {
        guard order.paid != nil || order.canceled != nil else { return nil }
        var members = ["placed_at": time(order.placed), "amount": amount(order.cents)]
        members["paid_at"] = order.paid.map(time)
        if order.canceled != nil {
            members["status"] = "canceled"
        } else if let completed = order.completed {
            members["status"] = "completed"
            members["completed_at"] = time(completed)
        } else {
            members["status"] = order.shipped != nil ? "shipped" : "paid"
        }
        return KnownFact(kind: "order", id: JDIDs.order(order), members: members)
    }

    private static func fact(_ refund: PlatformHistory.Refund, of order: PlatformHistory.Order) -> KnownFact {
        var members = ["order": JDIDs.order(order), "opened_at": time(refund.opened)]
        if refund.wish != .refund, refund.ended != nil, refund.outcome == .refunded {
            // Told by the result of the processing, which a case has once it is processed.
            members["type"] = refund.wish == .exchange ? "exchange" : "return"
        }
        return KnownFact(kind: "refund", id: "\(JDIDs.afterSales(refund))", members: members)
    }

    private static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    private static func amount(_ cents: Int) -> String {
        let (whole, rest) = (cents / 100, cents % 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : rest < 10 ? "\(whole).0\(rest)" : "\(whole).\(rest)"
    }
}
