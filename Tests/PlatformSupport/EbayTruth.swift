import Simulation

/// What a pull of the made-up eBay has to bring.
enum EbayTruth {
    static func facts(_ history: PlatformHistory, at moment: Int64) -> [KnownFact] {
        orders(history, moment) + lines(history, moment) + moneyBack(history, moment) + returns(history, moment)
            + cases(history, moment)
    }

    /// When it was shipped is not told for sure; who canceled it the order alone tells, and not the list.
    static func orders(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        paid(history, moment).map { order in
            let status = order.canceled != nil ? "canceled" : order.shipped != nil ? "shipped" : "paid"
            var members = ["status": status, "amount": Told.money(order.cents), "currency": "USD"]
            members["placed_at"] = Told.time(order.placed)
            members["paid_at"] = order.paid.map(Told.time)
            members["ship_by"] = order.shipBy.map(Told.time)
            members["canceled_at"] = order.canceled.map(Told.time)
            if order.canceled != nil { members["canceled_by"] = order.canceledBy == .buyer ? "buyer" : "seller" }
            return KnownFact(kind: "order", id: EbayID.order(order.number), members: members)
        }
    }

    static func lines(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        paid(history, moment).flatMap { order in
            order.lines.map { line in
                KnownFact(
                    kind: "line", id: EbayID.line(order.number, line.number),
                    members: [
                        "order": EbayID.order(order.number), "units": "\(line.units)",
                        "amount": Told.money(line.cents), "currency": "USD",
                    ])
            }
        }
    }

    /// The refunds in the orders' payment summaries.
    static func moneyBack(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.refunds(at: moment).filter(\.isRefunded).map { refund in
            KnownFact(
                kind: "refund", id: EbayID.refund(refund.number),
                members: [
                    "order": EbayID.order(refund.order), "refunded_at": refund.ended.map(Told.time) ?? "",
                    "status": "refunded", "amount": Told.money(refund.cents), "currency": "USD",
                ])
        }
    }

    /// How a return ended otherwise than with money is not told.
    static func returns(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.refunds(at: moment).filter { $0.reason != .notReceived }.map { refund in
            var members = [
                "order": EbayID.order(refund.order), "opened_at": Told.time(refund.opened),
            ]
            members["type"] = refund.wish == .exchange ? "exchange" : "return"
            if refund.isRefunded { members["status"] = "refunded" }
            if refund.ended == nil { members["status"] = "open" }
            switch refund.reason {
            case .quality: members["reason"] = "quality"
            case .notAsDescribed: members["reason"] = "not_as_described"
            case .changedMind: members["reason"] = "changed_mind"
            case .notReceived, .other: break
            }
            return KnownFact(kind: "refund", id: EbayID.return(refund.number), members: members)
        }
    }

    /// What eBay took over, be it a return or what never came.
    static func cases(_ history: PlatformHistory, _ moment: Int64) -> [KnownFact] {
        history.refunds(at: moment).compactMap { refund in
            guard let opened = refund.intervened else { return nil }
            var members = ["opened_at": Told.time(opened)]
            if refund.ended == nil { members["status"] = "open" }
            return KnownFact(kind: "refund", id: "\(EbayID.case(refund.number))", members: members)
        }
    }

    private static func paid(_ history: PlatformHistory, _ moment: Int64) -> [PlatformHistory.Order] {
        history.orders(at: moment).filter { $0.paid != nil }
    }
}
