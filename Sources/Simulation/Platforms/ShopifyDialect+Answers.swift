/// Shopify's ids, of the numbers of a history.
package enum ShopifyNumbers {
    package static func order(_ number: Int) -> String { "gid://shopify/Order/\(5_460_000_000_000 + number * 32_768)" }
    package static func line(_ order: Int, _ line: Int) -> String {
        "gid://shopify/LineItem/\(13_900_000_000_000 + (order * 10 + line) * 32_768)"
    }
    package static func product(_ number: Int) -> String { "gid://shopify/Product/\(8_100_000_000_000 + number)" }
    package static func refund(_ number: Int) -> String { "gid://shopify/Refund/\(910_000_000_000 + number)" }
    /// Of the refund that comes with canceling a paid order.
    package static func cancelRefund(_ order: Int) -> String { "gid://shopify/Refund/\(920_000_000_000 + order)" }
    package static func dispute(_ number: Int) -> String {
        "gid://shopify/ShopifyPaymentsDispute/\(9_500_000_000 + number)"
    }
    /// Some orders are the merchant's own tries.
    package static func isTest(_ order: Int) -> Bool { order % 29 == 0 }
}

/// What Shopify tells of orders, refunds and disputes.
extension Shopify {
    static let currency = "USD"

    /// Money that goes, or does not go, back by the merchant's hand. What the card's bank decides is a dispute, and no
    /// refund; a case that ends otherwise leaves no trace here.
    struct Refund {
        var id: String
        var at: Int64
        var cents: Int
        var line: Int?
        /// An exchange makes a refund without money.
        var hasMoney: Bool
        /// The first try failed.
        var isRetried: Bool
    }

    struct Cases {
        var refunds: [Refund] = []
        var disputes: [PlatformHistory.Refund] = []

        var refunded: Int { refunds.reduce(0) { $0 + ($1.hasMoney ? $1.cents : 0) } }
    }

    static func cases(of order: PlatformHistory.Order, _ refunds: [PlatformHistory.Refund]) -> Cases {
        var cases = Cases()
        if order.paid != nil, let canceled = order.canceled {
            cases.refunds.append(
                Refund(
                    id: ShopifyNumbers.cancelRefund(order.number), at: canceled, cents: order.cents, hasMoney: true,
                    isRetried: false))
        }
        for refund in refunds where refund.order == order.number {
            if refund.isDisputed {
                cases.disputes.append(refund)
            } else if let ended = refund.ended, refund.outcome == .refunded {
                cases.refunds.append(
                    Refund(
                        id: ShopifyNumbers.refund(refund.number), at: ended, cents: refund.cents, line: refund.line,
                        hasMoney: refund.isRefunded, isRetried: refund.number % 5 == 0))
            }
        }
        return cases
    }

    static func updated(_ order: PlatformHistory.Order, _ cases: Cases) -> Int64 {
        let changes = cases.refunds.map(\.at) + cases.disputes.map(\.changed)
        return changes.reduce(order.changed, max)
    }

    static func financialStatus(_ order: PlatformHistory.Order, _ cases: Cases) -> String {
        switch (order.paid, order.canceled, cases.refunded) {
        case (nil, nil, _): "PENDING"
        case (nil, _, _): "VOIDED"
        case (_, _, 0): "PAID"
        case (_, _, let back): back >= order.cents ? "REFUNDED" : "PARTIALLY_REFUNDED"
        }
    }

    static func time(_ seconds: Int64) -> GraphQLNode { .text(PlainText.time(seconds)) }
    static func time(_ seconds: Int64?) -> GraphQLNode { seconds.map { time($0) } ?? .null }

    /// `12.0`, `12.5`, `12.25`: never without a decimal.
    private static func amount(_ cents: Int) -> String {
        cents % 10 == 0 ? "\(cents / 100).\(cents / 10 % 10)" : PlainText.money(cents)
    }

    static func money(_ cents: Int) -> GraphQLNode {
        .object(type: "MoneyV2", [("amount", .text(amount(cents))), ("currencyCode", .text(currency))])
    }

    private static func bag(_ cents: Int) -> GraphQLNode {
        .object(type: "MoneyBag", [("shopMoney", money(cents)), ("presentmentMoney", money(cents))])
    }

    /// The number at the end of a global id.
    static func legacy(_ id: String) -> GraphQLNode { .text(String(id.split(separator: "/").last ?? "")) }

    private static var address: GraphQLNode {
        .object(
            type: "MailingAddress",
            [
                ("id", .text("gid://shopify/MailingAddress/1")), ("name", .text("John Doe")),
                ("firstName", .text("John")), ("lastName", .text("Doe")), ("address1", .text("1 Made-up Street")),
                ("address2", .null), ("city", .text("Springfield")), ("zip", .text("00000")),
                ("countryCodeV2", .text("US")), ("phone", .text("+15550100")),
            ])
    }

    private static func customer(_ order: PlatformHistory.Order) -> GraphQLNode {
        let id = "gid://shopify/Customer/\(7_200_000_000_000 + order.number % 50)"
        return .object(
            type: "Customer",
            [
                ("id", .text(id)), ("legacyResourceId", legacy(id)), ("displayName", .text("John Doe")),
                ("firstName", .text("John")), ("lastName", .text("Doe")), ("email", .text("john.doe@example.com")),
                ("phone", .text("+15550100")),
            ])
    }

    static func order(_ order: PlatformHistory.Order, _ cases: Cases) -> GraphQLNode {
        let (id, units) = (ShopifyNumbers.order(order.number), order.lines.reduce(0) { $0 + $1.units })
        let total = order.cents
        let left = order.canceled == nil ? total - cases.refunded : 0
        let reason: String? =
            order.canceled == nil
            ? nil : [.buyer: "CUSTOMER", .seller: "INVENTORY", .platform: "DECLINED"][order.canceledBy]
        let members: [(String, GraphQLNode)] = [
            ("id", .text(id)), ("legacyResourceId", legacy(id)), ("name", .text("#\(1000 + order.number)")),
            ("number", .int(1000 + order.number)), ("createdAt", time(order.placed)),
            ("processedAt", time(order.placed)), ("updatedAt", time(updated(order, cases))),
            // Archiving is switched off in this shop.
            ("closedAt", .null), ("closed", .bool(false)), ("confirmed", .bool(true)),
            ("cancelledAt", time(order.canceled)), ("cancelReason", .text(reason)),
            ("displayFinancialStatus", .text(financialStatus(order, cases))),
            ("displayFulfillmentStatus", .text(order.shipped == nil ? "UNFULFILLED" : "FULFILLED")),
            ("returnStatus", .text("NO_RETURN")), ("test", .bool(ShopifyNumbers.isTest(order.number))),
            ("fullyPaid", .bool(order.paid != nil)), ("unpaid", .bool(order.paid == nil)),
            ("currencyCode", .text(currency)), ("presentmentCurrencyCode", .text(currency)),
            ("totalPriceSet", bag(total)), ("originalTotalPriceSet", bag(total)), ("currentTotalPriceSet", bag(left)),
            ("subtotalPriceSet", bag(total)), ("currentSubtotalPriceSet", bag(left)),
            ("totalShippingPriceSet", bag(0)), ("totalTaxSet", bag(0)), ("totalDiscountsSet", bag(0)),
            ("totalReceivedSet", bag(order.paid == nil ? 0 : total)), ("totalRefundedSet", bag(cases.refunded)),
            ("netPaymentSet", bag(order.paid == nil ? 0 : total - cases.refunded)),
            ("subtotalLineItemsQuantity", .int(units)),
            ("currentSubtotalLineItemsQuantity", .int(order.canceled == nil ? units : 0)),
            ("requiresShipping", .bool(true)), ("sourceName", .text("web")), ("tags", .list([])),
            ("paymentGatewayNames", .list([.text("shopify_payments")])), ("note", .text("Please ring at John Doe's")),
            ("email", .text("john.doe@example.com")), ("phone", .text("+15550100")), ("customer", customer(order)),
            ("shippingAddress", address), ("billingAddress", address),
            ("lineItems", .connection(order.lines.map { line($0, of: order) })),
            ("fulfillments", .list(fulfillments(order))), ("transactions", .list(payments(order))),
            ("refunds", .list(cases.refunds.map { refund($0, of: order) })), ("returns", .connection([])),
            ("disputes", .list(cases.disputes.map(disputeSummary))),
        ]
        return .object(type: "Order", members)
    }

    private static func line(_ line: PlatformHistory.Line, of order: PlatformHistory.Order) -> GraphQLNode {
        let left = order.canceled == nil ? line.units : 0
        return .object(
            type: "LineItem",
            [
                ("id", .text(ShopifyNumbers.line(order.number, line.number))),
                ("name", .text("Made-up thing \(line.product)")), ("title", .text("Made-up thing \(line.product)")),
                ("sku", .text("SKU-\(line.product)")), ("quantity", .int(line.units)),
                ("currentQuantity", .int(left)), ("refundableQuantity", .int(left)),
                ("unfulfilledQuantity", .int(order.shipped == nil ? left : 0)), ("requiresShipping", .bool(true)),
                ("product", .object(type: "Product", [("id", .text(ShopifyNumbers.product(line.product)))])),
                ("originalTotalSet", bag(line.cents)), ("discountedTotalSet", bag(line.cents)),
                ("totalDiscountSet", bag(0)),
            ])
    }

    private static func fulfillments(_ order: PlatformHistory.Order) -> [GraphQLNode] {
        guard let shipped = order.shipped else { return [] }
        let id = "gid://shopify/Fulfillment/\(4_900_000_000_000 + order.number)"
        let tracking: [(String, GraphQLNode)] = [
            ("company", .text("USPS")), ("number", .text("94001\(10_000_000 + order.number)")), ("url", .null),
        ]
        return [
            .object(
                type: "Fulfillment",
                [
                    ("id", .text(id)), ("legacyResourceId", legacy(id)), ("name", .text("#\(1000 + order.number).1")),
                    ("createdAt", time(shipped)), ("updatedAt", time(order.delivered ?? shipped)),
                    ("inTransitAt", time(shipped)), ("deliveredAt", time(order.delivered)),
                    ("estimatedDeliveryAt", .null), ("status", .text("SUCCESS")),
                    ("displayStatus", .text(order.delivered == nil ? "IN_TRANSIT" : "DELIVERED")),
                    ("totalQuantity", .int(order.lines.reduce(0) { $0 + $1.units })),
                    ("trackingInfo", .list([.object(type: "FulfillmentTrackingInfo", tracking)])),
                ])
        ]
    }

    private static func transaction(
        _ number: Int, _ kind: String, _ status: String, _ cents: Int, at: Int64
    ) -> GraphQLNode {
        .object(
            type: "OrderTransaction",
            [
                ("id", .text("gid://shopify/OrderTransaction/\(number)")), ("kind", .text(kind)),
                ("status", .text(status)), ("gateway", .text("shopify_payments")), ("test", .bool(false)),
                ("createdAt", time(at)), ("processedAt", time(at)), ("amountSet", bag(cents)),
                ("errorCode", .text(status == "FAILURE" ? "PROCESSING_ERROR" : nil)),
            ])
    }

    private static func payments(_ order: PlatformHistory.Order) -> [GraphQLNode] {
        order.paid.map { [transaction(6_700_000_000_000 + order.number, "SALE", "SUCCESS", order.cents, at: $0)] } ?? []
    }

    private static func refund(_ refund: Refund, of order: PlatformHistory.Order) -> GraphQLNode {
        var tries: [GraphQLNode] = []
        if refund.hasMoney {
            let number = 6_800_000_000_000 + order.number * 10
            if refund.isRetried {
                tries.append(transaction(number, "REFUND", "FAILURE", refund.cents, at: refund.at))
            }
            tries.append(transaction(number + 1, "REFUND", "SUCCESS", refund.cents, at: refund.at))
        }
        let lines = order.lines.filter { refund.line == nil || refund.line == $0.number }.map { line in
            GraphQLNode.object(
                type: "RefundLineItem",
                [
                    ("id", .text("gid://shopify/RefundLineItem/\(550_000_000_000 + order.number * 10 + line.number)")),
                    ("quantity", .int(line.units)), ("restockType", .text("RETURN")),
                    ("subtotalSet", bag(refund.line == nil ? line.cents : refund.cents)),
                    ("lineItem", self.line(line, of: order)),
                ])
        }
        return .object(
            type: "Refund",
            [
                ("id", .text(refund.id)), ("legacyResourceId", legacy(refund.id)), ("createdAt", time(refund.at)),
                ("updatedAt", time(refund.at)), ("note", .text("John Doe called")),
                ("order", .object(type: "Order", [("id", .text(ShopifyNumbers.order(order.number)))])),
                ("return", .null), ("totalRefundedSet", bag(refund.hasMoney ? refund.cents : 0)),
                ("refundLineItems", .connection(lines)), ("transactions", .connection(tries)),
            ])
    }
}
