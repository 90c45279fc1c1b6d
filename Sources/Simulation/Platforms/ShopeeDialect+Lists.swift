/// The lists: windows, pages and cursors.
extension ShopeeGateway {
    static func number(_ name: String, _ call: PlatformCall) throws -> Int64? {
        guard let text = call.value(name) else { return nil }
        guard let value = Int64(text), (0..<1 << 40).contains(value) else {
            throw Refusal.param("Wrong parameters, detail: \(name) is not a number.")
        }
        return value
    }

    static func needed(_ name: String, _ call: PlatformCall) throws -> Int64 {
        guard let value = try number(name, call) else {
            throw Refusal.param("Wrong parameters, detail: \(name) is required.")
        }
        return value
    }

    static func pageSize(_ call: PlatformCall, otherwise: Int64? = nil) throws -> Int {
        let size = try number("page_size", call) ?? otherwise
        guard let size, (1...100).contains(size) else {
            throw Refusal.param("Wrong parameters, detail: page_size must be between 1 and 100.")
        }
        return Int(size)
    }

    /// The cursor is the place of the first entry of the page, as in the samples; empty asks for the first page.
    static func cursor(_ call: PlatformCall) throws -> Int {
        guard let text = call.value("cursor"), !text.isEmpty else { return 0 }
        guard let place = Int(text), (0...1_000_000).contains(place) else {
            throw Refusal.param("Wrong parameters, detail: cursor is invalid.")
        }
        return place
    }

    // MARK: Orders

    static func orderList(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        guard let field = call.value("time_range_field"), ["create_time", "update_time"].contains(field) else {
            throw Refusal.param("Wrong parameters, detail: time_range_field.")
        }
        let (from, to) = (try needed("time_from", call), try needed("time_to", call))
        guard from < to, to - from <= widest else {
            throw Refusal(
                error: "order.order_list_invalid_time",
                message: "Start time must be earlier than end time and diff in 15days.")
        }
        let (size, start) = (try pageSize(call), try cursor(call))
        let wanted = call.value("order_status")
        if let wanted, !statuses.contains(wanted) { throw Refusal.param("Wrong parameters, detail: order_status.") }
        let asksStatus = call.value("response_optional_fields")?.split(separator: ",").contains("order_status") == true
        // Both ends belong to the window, and the newest come first: the samples look so, the text does not say.
        let found = orders(desk).map { ($0, field == "create_time" ? $0.order.placed : $0.updated) }
            .filter { (from...to).contains($0.1) && (wanted == nil || $0.0.status == wanted) }
            .sorted { ($0.1, $0.0.order.number) > ($1.1, $1.0.order.number) }
        let hasMore = start + size < found.count
        return [
            "more": .bool(hasMore), "next_cursor": .string(hasMore ? String(start + size) : ""),
            "order_list": .array(
                found.dropFirst(start).prefix(size).map { entry, _ in
                    var members: [(String, JSONText)] = [("order_sn", .string(orderSN(entry.order)))]
                    if asksStatus { members.append(("order_status", .string(entry.status))) }
                    return .object(members)
                }),
        ]
    }

    static func orderDetail(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        let wanted = (call.value("order_sn_list") ?? "").split(separator: ",").map(String.init)
        guard (1...50).contains(wanted.count) else {
            throw Refusal.param("Wrong parameters, detail: order_sn_list must hold 1 to 50 order_sn.")
        }
        let optional = Set((call.value("response_optional_fields") ?? "").split(separator: ",").map(String.init))
        let known = orders(desk)
        let found = try wanted.map { name in
            guard let number = desk.order(named: name, orderSN)?.number else {
                throw Refusal(error: "error_not_found", message: "Wrong parameters, detail: the order is not found.")
            }
            return detail(known[number - 1], optional)
        }
        return ["order_list": .array(found)]
    }

    // MARK: Returns and comments

    static func returnList(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        // The first page is page 0.
        let (page, size) = (Int(try needed("page_no", call)), try pageSize(call))
        let created = try window("create_time", call)
        let updated = try window("update_time", call)
        if let created, let updated, updated.lowerBound < created.lowerBound {
            throw Refusal.param("The update_time_from must be after create_time_from.")
        }
        let wanted = call.value("status")
        if let wanted, !returnStatuses.contains(wanted) { throw Refusal.param("Wrong parameters, detail: status.") }
        let found = desk.ofLists.refunds.filter {
            created?.contains($0.opened) != false && updated?.contains($0.changed) != false
                && (wanted == nil || returnStatus($0) == wanted)
        }.sorted { ($0.opened, $0.number) > ($1.opened, $1.number) }
        return [
            "more": .bool((page + 1) * size < found.count),
            "return": .array(found.dropFirst(page * size).prefix(size).map { returned($0, desk.order($0.order)) }),
        ]
    }

    static func returnDetail(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        guard let name = call.value("return_sn"), !name.isEmpty else {
            throw Refusal.param("Return SN or ID is invalid.")
        }
        guard let found = desk.refunds.first(where: { returnSN($0) == name }) else {
            throw Refusal(error: "error_data", message: "The return you queried doesn't exist.")
        }
        return returned(found, desk.order(found.order))
    }

    private static func window(_ field: String, _ call: PlatformCall) throws -> ClosedRange<Int64>? {
        let (from, to) = (try number(field + "_from", call), try number(field + "_to", call))
        if from == nil, to == nil { return nil }
        guard let from, let to else { throw Refusal.param("Wrong parameters, detail: \(field)_from and \(field)_to.") }
        guard from < to else { throw Refusal.param("The \(field)_to should be later than \(field)_from.") }
        guard to - from <= widest else {
            throw Refusal.param("The period between \(field)_from and \(field)_to must not more than 15 days.")
        }
        return from...to
    }

    static func comments(_ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        let (size, start) = (try pageSize(call), try cursor(call))
        let (item, comment) = (try number("item_id", call), try number("comment_id", call))
        let found = desk.ratings.reversed().compactMap {
            rating -> (order: PlatformHistory.Order, PlatformHistory.Rating, item: Int64)? in
            guard let order = desk.order(rating.order), let line = order.lines.first else { return nil }
            return (order, rating, itemID(line.product))
        }.filter { (item == nil || $0.item == item) && (comment == nil || commentID($0.1) == comment) }
        // Never more than 500; where there are more, `more` stays true all the same.
        let shown = found.prefix(500).dropFirst(start).prefix(size)
        let hasMore = start + size < found.count
        return [
            "item_comment_list": .array(shown.map { commented($0.1, $0.order, $0.item) }), "more": .bool(hasMore),
            "next_cursor": .string(hasMore ? String(min(start + size, 500)) : ""),
        ]
    }
}
