/// What Shopify tells of disputes: chargebacks, and inquiries that may become some.
extension Shopify {
    static func disputeStatus(_ refund: PlatformHistory.Refund) -> String {
        if refund.ended != nil { return refund.outcome == .refunded ? "LOST" : "WON" }
        return refund.responded == nil ? "NEEDS_RESPONSE" : "UNDER_REVIEW"
    }

    private static func disputeType(_ refund: PlatformHistory.Refund) -> String {
        refund.number % 3 == 0 ? "INQUIRY" : "CHARGEBACK"
    }

    static func disputeSummary(_ refund: PlatformHistory.Refund) -> GraphQLNode {
        .object(
            type: "OrderDisputeSummary",
            [
                ("id", .text(ShopifyNumbers.dispute(refund.number))), ("initiatedAs", .text(disputeType(refund))),
                ("status", .text(disputeStatus(refund))),
            ])
    }

    /// GraphQL tells the days of evidence and of the end, and the moment of the beginning.
    static func dispute(_ refund: PlatformHistory.Refund) -> GraphQLNode {
        func day(_ seconds: Int64?) -> GraphQLNode {
            .text(seconds.map(PlainText.day))
        }
        let reason =
            switch refund.reason {
            case .quality, .notAsDescribed: "PRODUCT_UNACCEPTABLE"
            case .notReceived: "PRODUCT_NOT_RECEIVED"
            case .changedMind: "CREDIT_NOT_PROCESSED"
            case .other: "FRAUDULENT"
            }
        let began = refund.disputedAt ?? refund.opened
        let details: [(String, GraphQLNode)] = [("networkReasonCode", .text("4853")), ("reason", .text(reason))]
        let order: [(String, GraphQLNode)] = [
            ("id", .text(ShopifyNumbers.order(refund.order))), ("name", .text("#\(1000 + refund.order)")),
        ]
        return .object(
            type: "ShopifyPaymentsDispute",
            [
                ("id", .text(ShopifyNumbers.dispute(refund.number))),
                ("legacyResourceId", legacy(ShopifyNumbers.dispute(refund.number))),
                ("type", .text(disputeType(refund))), ("status", .text(disputeStatus(refund))),
                ("amount", money(refund.cents)), ("initiatedAt", time(began)),
                ("evidenceDueBy", day(began + 10 * 86_400)), ("evidenceSentOn", day(refund.responded)),
                ("finalizedOn", day(refund.ended)),
                ("reasonDetails", .object(type: "ShopifyPaymentsDisputeReasonDetails", details)),
                ("order", .object(type: "Order", order)),
            ])
    }
}
