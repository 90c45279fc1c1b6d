import Simulation

/// What a pull of the made-up shop at Lazada has to bring.
///
/// Left out, since the API does not tell it or leaves it to taste: every moment but the placing (there is a status and
/// the time of the last change), the currency of an order (its items alone have one), and who canceled.
enum LazadaTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        let returned = history.refunds(at: moment).filter { $0.isRefunded && $0.wish == .returnAndRefund }
        let touched = Set(returned.map(\.order))
        let orders = history.orders(at: moment)
        return orders.map { fact($0, isReturned: touched.contains($0.number)) } + orders.flatMap(items)
    }

    /// An order of which something came back has two statuses, or one that says nothing of how far it went.
    private static func fact(_ order: PlatformHistory.Order, isReturned: Bool) -> KnownFact {
        var members = ["placed_at": Told.time(order.placed), "amount": Told.money(order.cents)]
        if order.canceled != nil {
            members["status"] = "canceled"
        } else if !isReturned {
            members["status"] =
                order.delivered != nil
                ? "delivered" : order.shipped != nil ? "shipped" : order.paid != nil ? "paid" : "open"
        }
        return KnownFact(kind: "order", id: "\(LazadaNumbers.order(order.number))", members: members)
    }

    /// Each unit is an item.
    private static func items(_ order: PlatformHistory.Order) -> [KnownFact] {
        order.lines.flatMap { line in
            line.shares.enumerated().map { unit, cents in
                KnownFact(
                    kind: "line", id: "\(LazadaNumbers.item(order.number, line.number, unit + 1))",
                    members: [
                        "order": "\(LazadaNumbers.order(order.number))", "amount": Told.money(cents),
                        "currency": "MYR",
                    ])
            }
        }
    }
}
