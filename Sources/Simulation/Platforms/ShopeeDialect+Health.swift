/// Account health: what the platform itself makes of the shop. The figures are fixed; the orders behind them are the
/// shop's own.
extension ShopeeGateway {
    /// Page by page from page 1, ten by default; the total over all pages beside it.
    private static func paged(
        _ call: PlatformCall, _ name: String, _ all: [JSONText], _ more: [(String, JSONText)] = []
    ) throws -> JSONText {
        let (page, size) = (Int(try number("page_no", call) ?? 1), try pageSize(call, otherwise: 10))
        guard page > 0 else { throw Refusal.param("Wrong parameters, detail: page_no starts from 1.") }
        let shown = Array(all.dropFirst((page - 1) * size).prefix(size))
        return .object([(name, .array(shown))] + more + [("total_count", .int(all.count))])
    }

    private static func lateDays(_ late: Int64) -> JSONText { .int((late + 86_399) / 86_400) }

    static func lateOrders(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        let late = desk.orders.compactMap { order -> JSONText? in
            guard let due = order.shipBy, order.shipped == nil, order.canceled == nil, desk.shown > due else {
                return nil
            }
            return [
                "late_by_days": lateDays(desk.shown - due), "order_sn": .string(orderSN(order)),
                "shipping_deadline": .int(due),
            ]
        }
        return try paged(call, "late_order_list", late)
    }

    static func metricSource(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        let id = try needed("metric_id", call)
        // Spelled as in the sample; the table beside it has `metric_id`.
        let name: [(String, JSONText)] = [("metrics_id", .int(id))]
        switch id {
        case 1, 85:
            let late = desk.orders.compactMap { order -> JSONText? in
                guard let due = order.shipBy, let shipped = order.shipped, shipped > due else { return nil }
                return [
                    "actual_shipping_time": .int(shipped), "late_by_days": lateDays(shipped - due),
                    "order_sn": .string(orderSN(order)), "shipping_deadline": .int(due),
                ]
            }
            return try paged(call, "lsr_order_list", late, name)
        case 42, 91:
            let canceled = desk.orders.compactMap { order -> JSONText? in
                guard order.canceled != nil, order.canceledBy != .buyer else { return nil }
                return [
                    "order_sn": .string(orderSN(order)), "cancellation_type": order.canceledBy == .seller ? 2 : 1,
                    "detailed_reason": 10_005,
                ]
            }
            return try paged(call, "cancellation_order_list", canceled, name)
        case 3, 88: return try paged(call, "nfr_order_list", [], name)
        case 43, 92: return try paged(call, "return_refund_order_list", [], name)
        case 25, 2001, 2002, 2003: return try paged(call, "fhr_order_list", [], name)
        case 52, 53: return try paged(call, "violation_listing_list", [], name)
        case 12: return try paged(call, "pre_order_listing_list", [], name)
        case 15: return try paged(call, "pre_order_listing_violation_data_list", [], name)
        case 28: return try paged(call, "opfr_day_detail_data_list", [], name)
        default: throw Refusal.param("Wrong parameters, detail: metric_id.")
        }
    }

    private static func beginning(_ desk: PlatformDesk) -> Int64 { desk.history.orders.first?.placed ?? 0 }

    static func penaltyPoints(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        let points = [(3, 1, 1, 5), (5, 2, 2, 6), (9, 0, 1, 12)].map {
            days, latest, original, type -> (Int64, JSONText) in
            let issued = beginning(desk) + Int64(days) * 86_400
            return (
                issued,
                [
                    "issue_time": .int(issued), "latest_point_num": .int(latest), "original_point_num": .int(original),
                    "reference_id": .int(764_883_879_797_459_200 + Int64(days)), "violation_type": .int(type),
                ]
            )
        }
        return try paged(call, "penalty_point_list", points.filter { $0.0 <= desk.shown }.map(\.1))
    }

    static func punishments(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        // 1 ongoing, 2 ended.
        let wanted = try number("punishment_status", call)
        if let wanted, !(1...2).contains(wanted) { throw Refusal.param("Wrong parameters, detail: punishment_status.") }
        let start = beginning(desk) + 5 * 86_400
        let end = start + 28 * 86_400
        let isTold = start <= desk.shown && (wanted == nil || (wanted == 1) == (desk.shown < end))
        let punishment: JSONText = [
            "end_time": .int(end), "issue_time": .int(start), "punishment_type": 108, "reason": 3,
            "reference_id": 764_881_502_478_534_500, "start_time": .int(start),
        ]
        return try paged(call, "punishment_list", isTold ? [punishment] : [])
    }

    static let shopPerformance: JSONText = [
        "metric_list": .array(
            [
                ("6.5", "7.25", 3, "non_fulfillment_rate", 1, 0, "<", "10", 2),
                ("2.5", "2.25", 42, "cancellation_rate", 1, 3, "<", "5", 2),
                ("4", "5", 43, "return_refund_rate", 1, 3, "<", "5", 2),
                ("11.3", "8", 1, "late_shipment_rate", 1, 0, "<", "10", 2),
                ("1.4", "1.2", 4, "preparation_time", 1, 0, "<", "2", 4),
                ("null", "null", 25, "same_day_handover_rate", 1, 0, ">=", "60", 2),
                ("0", "0", 52, "severe_listing_violations", 2, 0, "<=", "0", 1),
                ("0", "0", 56, "spam_listings", 2, 52, "<=", "0", 1),
                ("0", "0", 55, "counterfeit_ip_infringement", 2, 52, "<=", "0", 1),
                ("0", "0", 54, "prohibited_listings", 2, 52, "<=", "0", 1),
                ("0", "0", 12, "pre_order_listing_rate", 2, 0, "<=", "5", 2),
                ("0", "0", 15, "the_amount_of_pre_order_listing", 2, 12, "<", "6", 1),
                ("1", "0", 53, "other_listing_violations", 2, 0, "<=", "0", 1),
                // A group and no metric.
                ("null", "null", -1, "customer_service", 3, 0, ">=", "0", 1),
                ("57", "57", 11, "response_rate", 3, 0, ">=", "70", 2),
                ("null", "null", 21, "response_time", 3, 0, "<", "1", 4),
                ("4.7", "4.72", 22, "shop_rating", 3, 0, ">=", "4.5", 1),
            ].map { current, last, id, name, type, parent, comparator, target, unit in
                [
                    "current_period": .number(current), "last_period": .number(last), "metric_id": .int(id),
                    "metric_name": .string(name), "metric_type": .int(type), "parent_metric_id": .int(parent),
                    "target": ["comparator": .string(comparator), "value": .number(target)], "unit": .int(unit),
                ]
            }),
        "overall_performance": [
            "custom_service_failed": 1, "fulfillment_failed": 1, "listing_failed": 1, "rating": 3,
        ],
    ]
}
