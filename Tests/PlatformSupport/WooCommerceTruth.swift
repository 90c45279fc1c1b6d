import Simulation

/// What a pull of the made-up WooCommerce shop has to bring.
///
/// What lies in the trash counts for nothing; once it is emptied nobody can tell who came too late that it was there.
enum WooCommerceTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let orders = history.orders(at: moment)
        let refunds = history.refunds(at: moment).filter(\.isRefunded)
        let changed = Dictionary(grouping: refunds, by: \.order).mapValues { $0.compactMap(\.ended).max() ?? 0 }
        var facts: [KnownFact] = []
        for order in orders {
            facts.append(fact(of: order, changed[order.number] ?? 0, moment))
            facts += lines(order, moment) + takenBack(order)
        }
        for refund in refunds where refund.deleted == nil { facts.append(fact(of: refund)) }
        for rating in history.ratings(at: moment) { facts.append(fact(of: rating, history, moment)) }
        return facts
    }

    private static func isThere(_ withdrawn: Int64?, _ moment: Int64) -> Bool {
        withdrawn.map { $0 >= moment - WooCommerceNumbers.trashKeeps } ?? true
    }

    /// A shop is told of nothing after the shipping, which is when it calls an order completed.
    private static func fact(of order: PlatformHistory.Order, _ refunded: Int64, _ moment: Int64) -> KnownFact {
        let last = [order.paid, order.shipped, order.canceled, order.trashed].compactMap(\.self)
        var members = [
            "placed_at": Told.time(order.placed), "amount": Told.money(order.cents), "currency": "EUR",
            "updated_at": Told.time(last.reduce(max(order.placed, refunded), max)), "fulfillment": "seller",
        ]
        members["paid_at"] = order.paid.map(Told.time)
        members["completed_at"] = order.shipped.map(Told.time)
        let isBack = order.paid != nil && order.canceled != nil && order.canceledBy == .seller
        if order.trashed != nil {
            members["excluded"] = "true"
        } else if isBack || order.shipped != nil {
            members["status"] = "completed"
        } else if let canceled = order.canceled {
            (members["status"], members["canceled_at"]) = ("canceled", Told.time(canceled))
        } else if order.paid == nil {
            members["status"] = "open"
        } else if !WooCommerceNumbers.isAtPlugin(order.number) {
            members["status"] = "paid"
        }
        return KnownFact(
            kind: "order", id: "\(WooCommerceNumbers.order(order.number))", members: members,
            isCertain: isThere(order.trashed, moment))
    }

    private static func lines(_ order: PlatformHistory.Order, _ moment: Int64) -> [KnownFact] {
        order.lines.map { line in
            KnownFact(
                kind: "line", id: "\(WooCommerceNumbers.line(order.number, line.number))",
                members: [
                    "order": "\(WooCommerceNumbers.order(order.number))",
                    "product": "\(WooCommerceNumbers.product(line.product))", "units": "\(line.units)",
                    "amount": Told.money(line.cents), "currency": "EUR",
                ], isCertain: isThere(order.trashed, moment))
        }
    }

    /// The money of a paid order that the seller canceled. Of one in the trash nothing more is asked.
    private static func takenBack(_ order: PlatformHistory.Order) -> [KnownFact] {
        guard order.paid != nil, order.canceledBy == .seller, let canceled = order.canceled else { return [] }
        var fact = moneyBack(WooCommerceNumbers.cancelRefund(order.number), order.number, canceled, order.cents)
        fact.isCertain = order.trashed == nil
        return [fact]
    }

    /// Nothing is known of a case before its money went back, and nothing of one that ends otherwise.
    private static func fact(of refund: PlatformHistory.Refund) -> KnownFact {
        moneyBack(WooCommerceNumbers.refund(refund.number), refund.order, refund.ended ?? 0, refund.cents)
    }

    private static func moneyBack(_ id: Int, _ order: Int, _ at: Int64, _ cents: Int) -> KnownFact {
        KnownFact(
            kind: "refund", id: "\(id)",
            members: [
                "order": "\(WooCommerceNumbers.order(order))", "opened_at": Told.time(at),
                "refunded_at": Told.time(at), "type": "refund", "status": "refunded", "amount": Told.money(cents),
            ])
    }

    /// One that is not shown counts for nothing, be it not yet or no more.
    private static func fact(
        of rating: PlatformHistory.Rating, _ history: PlatformHistory, _ moment: Int64
    ) -> KnownFact {
        let product = history.orders[rating.order - 1].lines.first?.product ?? 0
        var members = [
            "rated_at": Told.time(rating.at), "score": "\(rating.stars)",
            "product": "\(WooCommerceNumbers.product(product))",
        ]
        members["excluded"] = rating.isShown ? "false" : "true"
        return KnownFact(
            kind: "rating", id: "\(WooCommerceNumbers.review(rating.number))", members: members,
            isCertain: isThere(rating.withdrawn, moment))
    }
}
