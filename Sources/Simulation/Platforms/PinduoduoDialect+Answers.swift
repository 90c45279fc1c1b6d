/// What Pinduoduo answers to each call about orders and after-sales.
extension PinduoduoDialect {
    /// Orders of the last 90 days can be asked for, older ones not at all.
    private static let reach: Int64 = 90 * 86_400
    /// The documented list has no word for all of them.
    private static let afterSalesStatuses: Set<Int> = Set(0...33).subtracting([1, 19, 20, 28, 29, 30])

    /// Those that were confirmed, whatever has become of them.
    private static func orders(_ desk: PlatformDesk) -> [PinduoduoOrder] {
        let reached = desk.now - reach
        return desk.made { view in
            let refunds = Dictionary(view.refunds.map { ($0.order, $0) }) { $1 }
            return view.orders.compactMap { PinduoduoOrder($0, refund: refunds[$0.number]) }
        }.filter { $0.confirmed >= reached }
    }

    // MARK: Orders

    /// By the time at which the deal was made.
    static func orderList(
        _ request: PinduoduoRequest, _ desk: PlatformDesk, root: String, isBasic: Bool
    ) throws(PinduoduoRefusal) -> JSONText {
        let window = try request.window("start_confirm_at", "end_confirm_at", most: 86_400)
        guard window.lowerBound >= desk.now - reach else { throw .parameter("start_confirm_at") }
        _ = try request.integer("page_size", in: 1...100)
        let found = try filtered(request, orders(desk).filter { window.contains($0.confirmed) })
        return [root: try page(request, found, "order_list") { $0.document(isBasic ? .basic : .list) }]
    }

    static func changedOrders(_ request: PinduoduoRequest, _ desk: PlatformDesk) throws(PinduoduoRefusal) -> JSONText {
        let window = try request.window("start_updated_at", "end_updated_at", most: 1800)
        // Nothing here was won in a lottery.
        let isLucky = try request.integer("is_lucky_flag", in: 0...2) == 2
        let found = try filtered(request, orders(desk).filter { !isLucky && window.contains($0.updated) })
        let page = try page(request, found, "order_sn_list") { $0.document(.list) }
        return ["order_sn_increment_get_response": page]
    }

    private static func filtered(
        _ request: PinduoduoRequest, _ orders: [PinduoduoOrder]
    ) throws(PinduoduoRefusal) -> [PinduoduoOrder] {
        let status = try request.integer("order_status", in: [1, 2, 3, 5])
        let refundStatus = try request.integer("refund_status", in: 1...5)
        // The latest update first.
        return orders.filter {
            (status == 5 || $0.status == status) && (refundStatus == 5 || $0.refundStatus == refundStatus)
        }.sorted { ($0.updated, $0.order.number) > ($1.updated, $1.order.number) }
    }

    /// With `use_has_next` the total is not counted.
    private static func page(
        _ request: PinduoduoRequest, _ found: [PinduoduoOrder], _ name: String, _ text: (PinduoduoOrder) -> JSONText
    ) throws(PinduoduoRefusal) -> JSONText {
        let number = try request.integer("page", in: 1...1_000_000)
        let size = try request.integer("page_size", in: 1...100, else: 100)
        let shown = found.dropFirst((number - 1) * size).prefix(size)
        let end: (String, JSONText) =
            try request.flag("use_has_next")
            ? ("has_next", .bool(number * size < found.count)) : ("total_count", .int(found.count))
        return .object([(name, .array(shown.map(text))), end])
    }

    static func orderInformation(
        _ request: PinduoduoRequest, _ desk: PlatformDesk
    ) throws(PinduoduoRefusal) -> JSONText {
        let number = try request.text("order_sn")
        guard let place = PinduoduoIDs.number(number).map({ $0 - 1 }), desk.orders.indices.contains(place),
            let order = PinduoduoOrder(
                desk.orders[place], refund: desk.refunds.last { $0.order == desk.orders[place].number }),
            order.number == number, order.confirmed >= desk.now - reach
        else { throw .parameter("order_sn") }
        return ["order_info_get_response": ["order_info": order.document(.list)]]
    }

    // MARK: After-sales

    private static func refunds(_ desk: PlatformDesk) -> [PinduoduoRefund] {
        desk.made { view in
            view.refunds.compactMap { refund in
                view.orders.indices.contains(refund.order - 1)
                    ? PinduoduoRefund(refund: refund, order: view.orders[refund.order - 1]) : nil
            }
        }
    }

    static func changedRefunds(_ request: PinduoduoRequest, _ desk: PlatformDesk) throws(PinduoduoRefusal) -> JSONText {
        let status = try request.integer("after_sales_status", in: afterSalesStatuses)
        let type = try request.integer("after_sales_type", in: 1...6)
        let number = try request.integer("page", in: 1...1_000_000, else: 1)
        let size = try request.integer("page_size", in: 1...100, else: 100)
        let isByOrder = request.values["order_sn"] != nil
        var found = refunds(isByOrder ? desk : desk.ofLists)
        if let order = request.values["order_sn"] {
            // The other filters are ignored then, though they have to be there.
            _ = (try request.integer("start_updated_at"), try request.integer("end_updated_at"))
            found = found.filter { $0.order.number == PinduoduoIDs.number(order) && $0.orderNumber == order }
        } else {
            let window = try request.window("start_updated_at", "end_updated_at", most: 1800)
            found = found.filter {
                window.contains($0.refund.changed) && $0.status == status && (type == 1 || $0.listType == type)
            }
        }
        found.sort { ($0.refund.changed, $0.refund.number) > ($1.refund.changed, $1.refund.number) }
        let shown = found.dropFirst((number - 1) * size).prefix(size)
        return [
            "refund_increment_get_response": [
                "refund_list": .array(shown.map(\.listDocument)), "total_count": .int(found.count),
            ]
        ]
    }

    static func refundInformation(
        _ request: PinduoduoRequest, _ desk: PlatformDesk
    ) throws(PinduoduoRefusal) -> JSONText {
        let order = try request.text("order_sn")
        let id = request.values["after_sales_id"]
        let found = refunds(desk).last { $0.orderNumber == order && (id == nil || id == "\($0.id)") }
        guard let found else { throw .parameter(id == nil ? "order_sn" : "after_sales_id") }
        return found.detailDocument
    }
}
