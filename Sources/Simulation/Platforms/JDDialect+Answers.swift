/// What JD answers to each call.
extension JDDialect {
    // MARK: Orders

    /// What is wrong with the question is told by `apiResult`, beside a `code` of "0".
    static func orderSearch(_ parameters: JDParameters, _ desk: PlatformDesk) -> JSONText {
        let result: JSONText
        do throws(JDRefusal) {
            let (found, shown) = try orders(parameters, desk)
            result = [
                "apiResult": [
                    "success": true, "chineseErrCode": "成功", "englishErrCode": "success", "numberCode": 0,
                ],
                "orderTotal": .int(found), "orderInfoList": .array(shown),
            ]
        } catch {
            result = [
                "apiResult": [
                    "success": false, "chineseErrCode": .string(error.chinese),
                    "englishErrCode": .string(error.english), "numberCode": .int(error.code),
                ],
                "orderTotal": 0,
            ]
        }
        return ["jingdong_pop_order_search_responce": ["code": "0", "searchorderinfo_result": result]]
    }

    private static func orders(
        _ parameters: JDParameters, _ desk: PlatformDesk
    ) throws(JDRefusal) -> (found: Int, shown: [JSONText]) {
        let states = try parameters.words("order_state")
        guard states.isSubset(of: JDOrder.states) else { throw .parameter("order_state") }
        let fields = try parameters.words("optional_fields")
        let page = try parameters.integer("page", 1...1_000_000)
        let size = try parameters.integer("page_size", 1...100)
        let isByCreation = parameters["dateType"] == "1"
        let isDescending = parameters["sortType"] == "1"
        let reach = BeijingTime.months(isByCreation ? 24 : 3, before: desk.now)
        let window = try parameters.window("start_date", "end_date") ?? reach...Int64.max
        guard window.lowerBound >= reach else { throw .parameter("start_date") }
        let found = desk.made { view in view.orders.compactMap { JDOrder($0) } }
            .map { (order: $0, time: isByCreation ? $0.order.placed : $0.changed) }
            .filter { window.contains($0.time) && states.contains($0.order.state) }
            .sorted { ($0.time, $0.order.order.number) < ($1.time, $1.order.order.number) }
        let sorted = isDescending ? found.reversed() : found
        let shown = sorted.dropFirst((page - 1) * size).prefix(size)
        return (found.count, shown.map { .object($0.order.members.filter { fields.contains($0.0) }) })
    }

    // MARK: After-sales

    /// Service orders: of goods that come back or are exchanged.
    static func serviceList(_ parameters: JDParameters, _ desk: PlatformDesk) throws(JDRefusal) -> JSONText {
        for name in ["buId", "operatePin", "operateNick"] { _ = try parameters.text(name) }
        guard parameters["buId"] == desk.credentials["buId"] else { throw .parameter("buId") }
        let page = try parameters.integer("pageNumber", 1...1_000_000)
        let size = try parameters.integer("pageSize", 1...100)
        let applied = try parameters.window("applyTimeBegin", "applyTimeEnd")
        let approved = try parameters.window("approveTimeBegin", "approveTimeEnd")
        let finished = try parameters.window("finishTimeBegin", "finishTimeEnd")
        let result = parameters["processResult"]
        let found = cases(desk, parameters, named: "serviceId").filter { item in
            item.refund.wish != .refund && isIn(applied, item.refund.opened) && isIn(approved, item.refund.responded)
                && isIn(finished, item.refund.ended)
                && (result == nil || item.processResult.map { "\($0)" } == result)
        }
        let shown = found.dropFirst((page - 1) * size).prefix(size)
        return [
            "jingdong_asc_query_list_responce": [
                "code": "0",
                "pageResult": [
                    "totalCount": .int(found.count), "pageNumber": .int(page), "pageSize": .int(size),
                    "data": .array(shown.map(\.serviceDocument)),
                ],
            ]
        ]
    }

    /// Applications for the money of an order, with nothing to send back (退款审核单).
    static func refundApplications(_ parameters: JDParameters, _ desk: PlatformDesk) throws(JDRefusal) -> JSONText {
        let page = try parameters.integer("pageIndex", 1...100)
        let size = try parameters.integer("pageSize", 1...50)
        let applied = try parameters.window("applyTimeStart", "applyTimeEnd")
        let checked = try parameters.window("checkTimeStart", "checkTimeEnd")
        let status = parameters["status"]
        let found = cases(desk, parameters, named: "ids").filter { item in
            item.refund.wish == .refund && isIn(applied, item.refund.opened) && isIn(checked, item.checked)
                && (status == nil || "\(item.applicationStatus)" == status)
        }
        let shown = found.dropFirst((page - 1) * size).prefix(size)
        return [
            "jingdong_pop_afs_soa_refundapply_queryPageList_responce": [
                "code": "0",
                "queryResult": [
                    "success": true, "totalCount": .int(found.count),
                    "result": .array(shown.map(\.applicationDocument)),
                ],
            ]
        ]
    }

    // MARK: Comments

    /// Of all goods of the shop; oldest first, as nothing is said of that.
    static func comments(_ parameters: JDParameters, _ desk: PlatformDesk) throws(JDRefusal) -> JSONText {
        let page = try parameters.integer("page", 1...1_000_000)
        let size = try parameters.integer("pageSize", 1...50)
        let window = try parameters.window("beginTime", "endTime")
        let orders = desk.orders
        let found = desk.ratings.filter { isIn(window, $0.at) && orders.indices.contains($0.order - 1) }
        let shown = found.dropFirst((page - 1) * size).prefix(size)
        return [
            "jingdong_pop_PopCommentJsfService_getVenderCommentsForJos_responce": [
                "code": "0", "totalItem": .int(found.count), "page": .int(page),
                "comments": .array(shown.map { comment($0, orders[$0.order - 1]) }),
            ]
        ]
    }

    private static func comment(_ rating: PlatformHistory.Rating, _ order: PlatformHistory.Order) -> JSONText {
        let sku = JDIDs.sku(order.lines.first?.product ?? 0)
        return [
            "commentId": .string(JDIDs.comment(rating)), "skuid": .string(sku), "skuName": "Made-up goods",
            "content": "From John Doe, with love", "creationTime": JDOrder.time(rating.at), "score": .int(rating.stars),
            "status": 1, "replyCount": 0, "usefulCount": 0, "isVenderReply": false, "nickName": "J***e",
            "pin": "john.doe", "orderId": .number(JDIDs.order(order)), "images": [], "videos": [], "replies": [],
        ]
    }

    private static func isIn(_ window: ClosedRange<Int64>?, _ moment: Int64?) -> Bool {
        guard let window else { return true }
        return moment.map(window.contains) ?? false
    }

    /// Of one order, or by their own numbers with commas between them, where either is given. Oldest first, as nothing is
    /// said of that.
    private static func cases(_ desk: PlatformDesk, _ parameters: JDParameters, named: String) -> [JDCase] {
        let order = parameters["orderId"]
        let ids = parameters[named].map { Set($0.split(separator: ",").map(String.init)) }
        if order == nil, ids == nil { return cases(desk.ofLists) }
        return cases(desk).filter { item in
            order.map { $0 == JDIDs.order(item.order) } ?? true
                && ids?.contains("\(JDIDs.afterSales(item.refund))") ?? true
        }
    }

    private static func cases(_ desk: PlatformDesk) -> [JDCase] {
        desk.made { view in
            view.refunds.compactMap { refund in
                view.orders.indices.contains(refund.order - 1)
                    ? JDCase(refund: refund, order: view.orders[refund.order - 1]) : nil
            }
        }
    }
}
