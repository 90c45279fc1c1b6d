import Foundation
import Simulation

/// What a pull from JD has to bring. Orders that wait for their payment are not told; nor are the time of shipping, ids of
/// lines, or ratings; and no after-sales call proves that money went back. Applications for the money of an order, with
/// nothing to send back, are left out: no document says how their list is answered.
enum JDTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        return orders.compactMap(fact)
            + history.refunds(at: moment).filter { $0.wish != .refund }.map { fact($0, of: orders[$0.order - 1]) }
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
