/// A case as JD tells it: a service order where goods come back, an application where only money does.
struct JDCase {
    let refund: PlatformHistory.Refund
    let order: PlatformHistory.Order

    /// 40 returned, 23 exchanged; of the others no number is known, so a case that ended otherwise has none.
    var processResult: Int? {
        guard refund.ended != nil, refund.outcome == .refunded else { return nil }
        return refund.wish == .exchange ? 23 : 40
    }

    /// 0 not looked at, 1 agreed by the seller, 2 refused, 3 checked by JD's finance and paid, 11 taken back.
    var applicationStatus: Int {
        guard refund.ended != nil else { return checked == nil ? 0 : 1 }
        return switch refund.outcome {
        case .refunded: 3
        case .rejected: 2
        case .withdrawn: 11
        }
    }

    /// The last check of an application.
    var checked: Int64? { refund.ended ?? (refund.outcome == .refunded ? refund.responded : nil) }

    private var line: PlatformHistory.Line? { order.lines.first { $0.number == refund.line } }

    private var reason: String {
        switch refund.reason {
        case .quality: "质量问题"
        case .notAsDescribed: "商品与描述不符"
        case .notReceived: "未收到货"
        case .changedMind: "不想要了"
        case .other: "其他"
        }
    }

    /// The names in it are those of published clients, the times in the form that JD's other calls have.
    var serviceDocument: JSONText {
        let isExchange = refund.wish == .exchange
        var members: [(String, JSONText)] = [
            ("serviceId", .int(JDIDs.afterSales(refund))), ("applyId", .int(JDIDs.afterSales(refund) + 500_000_000)),
            ("orderId", .number(JDIDs.order(order))), ("applyTime", JDOrder.time(refund.opened)),
            ("customerExpect", isExchange ? 20 : 10), ("customerExpectName", isExchange ? "换货" : "退货"),
            ("serviceStatus", refund.ended != nil ? 10011 : refund.responded != nil ? 10005 : 10000),
            ("questionDesc", .string(reason)), ("customerPin", "john.doe"), ("customerName", "John Doe"),
            ("customerTel", "13800000000"), ("pickwareAddress", "1 Nowhere Street"),
            ("actualPayPrice", .number(PlainText.number(line?.cents ?? 0))),
            ("skuId", .number(JDIDs.sku(line?.product ?? 0))),
            ("wareName", .string("Made-up goods \(line?.product ?? 0)")),
        ]
        if let responded = refund.responded { members.append(("approveTime", JDOrder.time(responded))) }
        if let ended = refund.ended { members.append(("processTime", JDOrder.time(ended))) }
        if let processResult {
            members += [("processResult", .int(processResult)), ("processResultName", isExchange ? "换新" : "退货")]
        }
        return .object(members)
    }

    /// Amounts are fen here.
    var applicationDocument: JSONText {
        var members: [(String, JSONText)] = [
            ("id", .int(JDIDs.afterSales(refund))), ("orderId", .string(JDIDs.order(order))),
            ("applyTime", JDOrder.time(refund.opened)), ("applyRefundSum", .int(refund.cents)),
            ("status", .int(applicationStatus)), ("reason", .string(reason)), ("buyerId", "john.doe"),
            ("buyerName", "John Doe"), ("checkUserName", "made-up-nick"),
        ]
        if let checked { members.append(("checkTime", JDOrder.time(checked))) }
        return .object(members)
    }
}
