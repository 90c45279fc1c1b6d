import Facts
import Simulation

/// What a pull of a Shopee shop has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: when an order was delivered, completed or canceled
/// (only a status and the time of the last change), when a return was refunded, and what a line came to (the price of a
/// piece is told).
enum ShopeeTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        let refunds = history.refunds(at: moment)
        let ids = Dictionary(uniqueKeysWithValues: orders.map { ($0.number, ShopeeGateway.orderSN($0)) })
        let returning = Set(refunds.filter { $0.ended == nil }.map(\.order))
        return orders.map { fact($0, isReturning: returning.contains($0.number)) } + orders.flatMap(lines(of:))
            + refunds.map { fact($0, ids[$0.order] ?? "") }
            + ratings(history, at: moment).map { rating, isCertain in
                KnownFact(
                    kind: "rating", id: String(ShopeeGateway.commentID(rating)),
                    members: [
                        "order": ids[rating.order] ?? "", "rated_at": time(rating.at), "score": String(rating.stars),
                    ], isCertain: isCertain)
            }
    }

    /// No more than 500 are ever shown, the newest first: those before that of the first pull are not known. Which these
    /// are the first hours of pulling decide.
    private static func ratings(
        _ history: PlatformHistory, at moment: Int64
    ) -> [(rating: PlatformHistory.Rating, isCertain: Bool)] {
        func oldest(_ hours: Int64) -> Int64 {
            history.ratings(at: PulledPlatform.firstPull + hours * 3600).suffix(500).first?.at ?? 0
        }
        let (first, certain) = (oldest(-3), oldest(3))
        return history.ratings(at: moment).filter { $0.at >= first }.map { ($0, $0.at >= certain) }
    }

    private static func lines(of order: PlatformHistory.Order) -> [KnownFact] {
        order.lines.map { line in
            let (sn, item) = (ShopeeGateway.orderSN(order), ShopeeGateway.itemID(line.product))
            let group = ShopeeGateway.promotionGroup(line, of: order)
            var members = ["order": sn, "product": "\(item)", "units": "\(line.units)"]
            members["ship_by"] = order.shipBy.map(time)
            return KnownFact(
                kind: "line", id: "\(sn)-\(item)-\(ShopeeGateway.modelID(line.product))-\(group)-0", members: members)
        }
    }

    private static func fact(_ order: PlatformHistory.Order, isReturning: Bool) -> KnownFact {
        var members = [
            "placed_at": time(order.placed), "amount": money(order.cents), "currency": "SGD",
        ]
        members["paid_at"] = order.paid.map(time)
        members["ship_by"] = order.shipBy.map(time)
        // `pickup_done_time`: the carrier has it.
        members["picked_up_at"] = order.shipped.map(time)
        if order.canceled != nil {
            members["status"] = "canceled"
            members["canceled_by"] =
                switch order.canceledBy {
                case .buyer: "buyer"
                case .seller: "seller"
                case .platform: "platform"
                }
        } else if order.completed != nil {
            members["status"] = "completed"
        } else if isReturning, order.shipped != nil {
            // TO_RETURN says nothing of how far the parcel came.
        } else if order.delivered != nil {
            members["status"] = "delivered"
        } else if order.shipped != nil {
            members["status"] = "shipped"
        } else {
            members["status"] = order.paid == nil ? "open" : "paid"
        }
        return KnownFact(kind: "order", id: ShopeeGateway.orderSN(order), members: members)
    }

    private static func fact(_ refund: PlatformHistory.Refund, _ order: String) -> KnownFact {
        var members = [
            "order": order, "opened_at": time(refund.opened), "amount": money(refund.cents), "currency": "SGD",
        ]
        if refund.ended == nil {
            members["status"] = "open"
            // JUDGING: the platform decides.
            if refund.intervened != nil { members["intervened"] = "true" }
        } else {
            members["status"] =
                switch refund.outcome {
                case .refunded: "refunded"
                case .rejected: "closed"
                case .withdrawn: "withdrawn"
                }
        }
        return KnownFact(kind: "refund", id: ShopeeGateway.returnSN(refund), members: members)
    }

    private static func time(_ seconds: Int64) -> String { Timestamp(seconds: seconds).description }

    private static func money(_ cents: Int) -> String {
        let (whole, rest) = (cents / 100, cents % 100)
        if rest == 0 { return "\(whole)" }
        return "\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0" : "") + "\(rest)")
    }
}
