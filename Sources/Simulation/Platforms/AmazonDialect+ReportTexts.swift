/// The documents themselves.
extension AmazonDialect {
    private static let columns = [
        "Order ID", "Order date", "Return request date", "Return request status", "Amazon RMA ID", "Merchant RMA ID",
        "Label type", "Label cost", "Currency code", "Return carrier", "Tracking ID", "Label to be paid by",
        "A-to-Z Claim", "Is prime", "ASIN", "Merchant SKU", "Item Name", "Return quantity", "Return Reason",
        "In policy", "Return type", "Resolution", "Invoice number", "Return delivery date", "Order Amount",
        "Order quantity", "SafeT Action reason", "SafeT claim id", "SafeT claim state", "SafeT claim creation time",
        "SafeT claim reimbursement amount", "Refunded Amount",
    ]

    /// Of the returns requested in the range; a table with tabs, its dates without a time. nil without a row.
    static func returnsText(_ history: PlatformHistory, at moment: Int64, _ range: ClosedRange<Int64>) -> String? {
        let orders = Dictionary(uniqueKeysWithValues: history.orders.map { ($0.number, $0) })
        // What never came cannot be sent back.
        let found = history.refunds(at: moment).filter { $0.reason != .notReceived && range.contains($0.opened) }
        let rows = found.compactMap { refund in orders[refund.order].map { row(refund, of: $0) } }
        guard !rows.isEmpty else { return nil }
        return ([columns] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    private static func row(_ refund: PlatformHistory.Refund, of order: PlatformHistory.Order) -> [String] {
        let line = order.lines.first { $0.number == refund.line }
        let status =
            refund.ended != nil
            ? (refund.isRefunded ? "Completed" : "Closed") : refund.responded == nil ? "Pending" : "Approved"
        let reason: String
        switch refund.reason {
        case .quality: reason = "CR-DEFECTIVE"
        case .notAsDescribed: reason = "CR-NOT_AS_DESCRIBED"
        case .changedMind: reason = "CR-UNWANTED_ITEM"
        case .notReceived, .other: reason = "AMZ-PG-OTHER"
        }
        return [
            AmazonID.order(order.number), date(order.placed), date(refund.opened), status,
            AmazonID.return(refund.number), "", "AmazonPrePaidLabel", "4.14", "USD", "USPS",
            "9202090339\(PlainText.padded(refund.number, 12))", "Seller", refund.isDisputed ? "Y" : "N", "N",
            "B0MADEUP\(PlainText.padded(line?.product ?? 0, 2))", "SKU-\(line?.product ?? 0)",
            "Thing \(line?.product ?? 0)", "1", reason, "Y", "C-Returns",
            refund.wish == .exchange ? "Replacement" : "StandardRefund", "", "", PlainText.money(order.cents),
            "\(line?.units ?? 1)", "", "", "", "", "", refund.isRefunded ? PlainText.money(refund.cents) : "",
        ]
    }

    /// As the samples have it: `14-Jul-2025`. In which zone is not told: UTC.
    private static func date(_ seconds: Int64) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let day = PlainText.day(seconds)
        let month = Int(day.dropFirst(5).prefix(2)) ?? 1
        return "\(day.suffix(2))-\(names[month - 1])-\(day.prefix(4))"
    }

    /// After the sample, whose names differ from the schema beside it, with ranges before the moment.
    static func performanceText(_ moment: Int64) -> String {
        let today = moment - moment % 86_400
        /// From so many days ago to so many, a minute before midnight; without seconds.
        func range(_ from: Int64, _ until: Int64) -> JSONText {
            let minute = { (seconds: Int64) in JSONText.string(PlainText.time(seconds).prefix(16) + "Z") }
            return [
                "reportingDateFrom": minute(today - from * 86_400),
                "reportingDateTo": minute(today - (until - 1) * 86_400 - 60),
            ]
        }
        func metric(
            _ dates: JSONText, _ counts: [(String, Int)], _ status: String, _ rate: String?, _ target: String,
            _ condition: String
        ) -> JSONText {
            var members: [(String, JSONText)] = [("reportingDateRange", dates)]
            members += counts.map { ($0.0, .int($0.1)) } + [("status", .string(status))]
            if let rate { members.append(("rate", .number(rate))) }
            members += [("targetValue", .number(target)), ("targetCondition", .string(condition))]
            return .object(members)
        }
        func complaints(_ count: Int) -> JSONText {
            metric(range(180, 1), [("defectsCount", count)], count == 0 ? "GOOD" : "BAD", nil, "0", "EQUALS")
        }
        let (late, cancels) = ([("orderCount", 870_669), ("lateShipmentCount", 27_896)], [("orderCount", 17_197)])
        let defects: JSONText = [
            "reportingDateRange": range(75, 16), "orderCount": 539_000,
            "orderWithDefects": ["count": 1078, "status": "GOOD"], "claims": ["count": 442, "status": "NONE"],
            "chargebacks": ["count": 15, "status": "NONE"], "negativeFeedback": ["count": 628, "status": "NONE"],
            "fulfillmentType": "mfn", "status": "GOOD", "rate": .number("0.009"), "targetValue": .number("0.01"),
            "targetCondition": "LESS_THAN",
        ]
        let metrics: JSONText = [
            "lateShipmentRate": metric(range(30, 1), late, "GOOD", "0.03203973037", "0.04", "LESS_THAN"),
            "prefulfillmentCancelRate": metric(
                range(7, 1), cancels + [("cancellationCount", 551)], "GOOD", "0.005", "0.01", "LESS_THAN"),
            "onTimeDeliveryRate": metric(
                range(40, 10), [("shipmentCountWithValidTracking", 808_046), ("onTimeDeliveryCount", 847_987)],
                "GOOD", "0.9529", "0.95", "GREATER_THAN"),
            "validTrackingRate": metric(
                range(40, 10), [("shipmentCount", 878_443), ("validTrackingCount", 896_462)], "GOOD", "0.9529",
                "0.95", "GREATER_THAN"),
            "productSafetyCustomerComplaints": complaints(165), "listingPolicyViolations": complaints(86),
            "accountHealthRating": ["ahrStatus": "WARNED", "reportingDateRange": range(180, 1)],
            "marketplaceId": .string(AmazonID.marketplace), "orderDefectRate": ["mfn": defects, "afn": defects],
            "documentRequest": complaints(0),
            "warningState": [["warningType": "spammingSellerMessaging", "status": "BAD"]],
        ]
        return JSONText.object([
            ("accountStatuses", [["marketplaceId": .string(AmazonID.marketplace), "status": "AT_RISK"]]),
            ("performanceMetrics", [metrics]),
        ]).text
    }
}
