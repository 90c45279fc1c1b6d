/// What Walmart says of the seller, fixed.
extension WalmartDialect {
    private static let metrics = [
        "otd", "cancellations", "vtr", "srr", "refunds", "negativeFeedback", "returns", "itemNotReceived",
        "lateShipment", "sfla", "cma",
    ]
    /// Of these there is no data in any store here; 204 then is the answer.
    private static let silent = ["sfla", "cma"]

    static func performance(
        _ metric: String, _ kind: String, _ call: PlatformCall, _ desk: PlatformDesk
    ) -> PlatformReply {
        guard metrics.contains(metric), ["summary", "report"].contains(kind) else { return notFound("INSIGHTS") }
        let duration = call.value("reportDuration")
        // Which of them default to 60 days is not told by name: the youngest three.
        let usual = ["lateShipment", "sfla", "cma"].contains(metric) ? 60 : 30
        guard let days = duration.map({ Int($0) }) ?? usual, [14, 30, 60, 90].contains(days),
            metric != "vtr" || days != 60
        else { return wrong("reportDuration", "INSIGHTS") }
        if let condition = call.value("conditionType") {
            guard metric == "returns", ["ALL", "NEW", "RESOLD"].contains(condition) else {
                return wrong("conditionType", "INSIGHTS")
            }
        }
        guard !silent.contains(metric), desk.orders.contains(where: { $0.paid != nil }) else {
            return PlatformReply(status: 204, text: "")
        }
        guard kind == "summary" else {
            return PlatformReply(
                status: 200, headers: [("Content-Type", "application/octet-stream")], text: "(a spreadsheet)")
        }
        // Two shapes are known: of rates with an overall and a seller's part, and of cumulative ones.
        let payload: JSONText =
            ["otd", "vtr"].contains(metric) ? overall(metric, days, desk) : cumulative(days)
        return PlatformReply(["payload": payload, "status": "OK"])
    }

    private static func overall(_ metric: String, _ days: Int, _ desk: PlatformDesk) -> JSONText {
        let isDelivery = metric == "otd"
        return [
            "reportDuration": .int(days), "updatedTimestamp": .string(PlainText.day(desk.now) + "T00:00:00Z"),
            "shippingMethod": "ALL_METHODS", "overallRate": isDelivery ? 89 : .number("99.3"),
            "overallTrend": "RED_DOWN", "sellerAccountableRate": isDelivery ? 96 : .number("99.3"),
            "sellerAccountableTrend": "GREEN_UP", "impactedCustomerCount": 4, "impactedCustomerTrend": "GREEN_UP",
            "standard": .string(isDelivery ? "above 90%" : "above 99%"),
            "performanceStandard": .string(isDelivery ? "90% or above" : "99% or above"), "riskLevel": "Monitor",
            "performanceRiskLevel": "Monitor",
        ]
    }

    private static func cumulative(_ days: Int) -> JSONText {
        [
            "reportDuration": .int(days), "cumulativeRate": 2, "cumulativeRateTrend": "GREEN_UP",
            "gmvLoss": .number("822.51"), "ordersImpacted": 4, "ordersImpactedTrend": "GREEN_UP",
            "standard": "below 2%", "performanceStandard": "2% or below", "riskLevel": "MEETS STANDARD",
            "performanceRiskLevel": "Good",
        ]
    }

    static var badge: PlatformReply {
        PlatformReply([
            "hasBadge": true, "isEligible": false, "badgedSince": "2020-11-05T04:32:02.330+0000",
            "isProhibited": false, "badgeStatus": "Pro Seller Badge at risk",
            "meetsCriteria": [
                "activeDaysCriteriaMet": true, "ordersCriteriaMet": true, "deliveryDefectCriteriaMet": true,
                "cancellationCriteriaMet": true, "listingQualityCatalogCriteriaMet": false,
            ],
            "criteriaData": [
                "orders": 2318, "deliveryDefectRate": "0.27", "cancellationRate": "0.0", "listingQualityCatalog": 56,
                "activeDays": 1213,
            ],
            "recommendations": ["listingQualityCatalog": "Improve the listings of trending items."],
        ])
    }
}
