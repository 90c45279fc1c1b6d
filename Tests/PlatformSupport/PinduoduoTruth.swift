import Foundation
import Simulation

/// What a pull from Pinduoduo has to bring. An order that was never paid was never made; lines have no ids, nor is there a
/// list of ratings.
enum PinduoduoTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        let refunds = history.refunds(at: moment)
        let refunded = Set(refunds.filter(\.isRefunded).map(\.order))
        // A change that comes while a first pull walks takes a case out of the stretch of time in which it is looked at one by
        // one: the pull after it tells the rest.
        let later = Set(history.refunds.filter { ($0.disputedAt ?? 0) > ($0.ended ?? .max) }.map(\.number))
        return orders.compactMap { fact($0, isRefunded: refunded.contains($0.number)) }
            + refunds.map { fact($0, of: orders[$0.order - 1], isChangedLater: later.contains($0.number)) }
    }

    private static func fact(_ order: PlatformHistory.Order, isRefunded: Bool) -> KnownFact? {
        guard let paid = order.paid else { return nil }
        var members = [
            "placed_at": time(order.placed), "paid_at": time(paid), "amount": amount(order.cents),
        ]
        members["ship_by"] = order.shipBy.map(time)
        members["shipped_at"] = order.shipped.map(time)
        members["delivered_at"] = order.delivered.map(time)
        if order.canceled != nil {
            members["status"] = "canceled"
        } else if !isRefunded {
            // What the state of an order is once its money went back is a matter of choice.
            members["status"] = order.delivered != nil ? "delivered" : order.shipped != nil ? "shipped" : "paid"
        }
        return KnownFact(kind: "order", id: PinduoduoIDs.order(order), members: members)
    }

    private static func fact(
        _ refund: PlatformHistory.Refund, of order: PlatformHistory.Order, isChangedLater: Bool
    ) -> KnownFact {
        var members = [
            "order": PinduoduoIDs.order(order), "opened_at": time(refund.opened), "amount": amount(refund.cents),
            "disputed": refund.isDisputed ? "true" : "false",
        ]
        switch refund.wish {
        case .refund: members["type"] = "refund"
        case .returnAndRefund: members["type"] = "return"
        case .exchange: members["type"] = "exchange"
        }
        // No success time is told; the last update of a case that is at 10 is the moment at which it came there.
        if refund.isRefunded { members["refunded_at"] = refund.ended.map(time) }
        members["status"] = status(refund)
        members["reason"] = Told.reason(refund.reason)
        if !isChangedLater, tellsIntervention(refund) { members["intervened"] = "true" }
        return KnownFact(kind: "refund", id: "\(PinduoduoIDs.afterSales(refund))", members: members)
    }

    /// However the case ended, as far back as cases that are over are asked for one by one. An exchange is not.
    private static func tellsIntervention(_ refund: PlatformHistory.Refund) -> Bool {
        guard refund.intervened != nil, refund.wish != .exchange, let ended = refund.ended else { return false }
        return ended > PulledPlatform.firstPull - 30 * 86_400
    }

    /// Nil where our words leave a choice: an exchange that was made, and a refusal that still waits for the buyer.
    private static func status(_ refund: PlatformHistory.Refund) -> String? {
        guard refund.ended != nil else {
            let isRefused = refund.wish == .refund && refund.isDisputed && refund.responded != nil
            return isRefused && refund.intervened == nil ? nil : "open"
        }
        return switch refund.outcome {
        case .refunded: refund.wish == .exchange ? nil : "refunded"
        case .rejected: "rejected"
        case .withdrawn: "withdrawn"
        }
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
