import Foundation
import Simulation

/// What a pull from Taobao has to bring: trades with their parts, refunds, and the ratings that buyers gave.
enum TaobaoTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        return orders.map(fact) + orders.flatMap(lines)
            + history.refunds(at: moment).map { fact($0, of: orders[$0.order - 1]) }
            + history.ratings(at: moment).compactMap { fact($0, of: orders[$0.order - 1]) }
    }

    private static func fact(_ order: PlatformHistory.Order) -> KnownFact {
        var members = ["placed_at": time(order.placed), "amount": amount(order.cents)]
        members["paid_at"] = order.paid.map(time)
        members["shipped_at"] = order.shipped.map(time)
        if order.canceled != nil {
            members["status"] = "canceled"
        } else if let completed = order.completed {
            members["status"] = "completed"
            members["completed_at"] = time(completed)
        } else if order.delivered == nil {
            // Delivery is told of some trades only, and as a state without a time.
            members["status"] = order.shipped != nil ? "shipped" : order.paid != nil ? "paid" : "open"
        }
        return KnownFact(kind: "order", id: "\(TaobaoIDs.trade(order))", members: members)
    }

    private static func lines(_ order: PlatformHistory.Order) -> [KnownFact] {
        order.lines.map { line in
            let members = [
                "order": "\(TaobaoIDs.trade(order))", "units": "\(line.units)", "amount": amount(line.cents),
            ]
            return KnownFact(kind: "line", id: "\(TaobaoIDs.part(line, of: order))", members: members)
        }
    }

    private static func fact(_ refund: PlatformHistory.Refund, of order: PlatformHistory.Order) -> KnownFact {
        var members = [
            "order": "\(TaobaoIDs.trade(order))", "opened_at": time(refund.opened), "amount": amount(refund.cents),
        ]
        switch refund.wish {
        case .refund: members["type"] = "refund"
        case .returnAndRefund: members["type"] = "return"
        case .exchange: members["type"] = "exchange"
        }
        if refund.isRefunded {
            members["status"] = "refunded"
            members["refunded_at"] = refund.ended.map(time)
        } else if refund.ended == nil, refund.responded == nil || !refund.isDisputed {
            // A seller's refusal is a state of its own, from which the case goes on.
            members["status"] = "open"
        } else if refund.ended != nil, refund.outcome != .refunded, refund.intervened == nil {
            // Who closed it is told only where the platform's people were in.
            members["status"] = "closed"
        }
        members["closed_at"] = refund.ended.map(time)
        // `cs_status`: whether the platform's people were in, and for whom they decided.
        members["intervened"] = refund.intervened != nil ? "true" : "false"
        if refund.intervened != nil, refund.ended != nil {
            switch refund.outcome {
            case .refunded: members["liable"] = "seller"
            case .rejected: members["liable"] = "buyer"
            case .withdrawn: break
            }
        }
        // For what was not as described the page's own words differ.
        if refund.reason != .notAsDescribed { members["reason"] = Told.reason(refund.reason) }
        return KnownFact(kind: "refund", id: TaobaoIDs.refund(refund), members: members)
    }

    /// A rating has no id but that of the part of the trade which it is of.
    private static func fact(_ rating: PlatformHistory.Rating, of order: PlatformHistory.Order) -> KnownFact? {
        guard let line = order.lines.first else { return nil }
        let members = ["order": "\(TaobaoIDs.trade(order))", "rated_at": time(rating.at)]
        return KnownFact(kind: "rating", id: "\(TaobaoIDs.part(line, of: order))", members: members)
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
