/// WooCommerce's ids, of the numbers of a history. Orders and refunds are counted together.
package enum WooCommerceNumbers {
    package static func order(_ number: Int) -> Int { 10_000 + number * 4 }
    package static func refund(_ number: Int) -> Int { 10_001 + number * 4 }
    /// Of the refund with which the seller takes a paid order back.
    package static func cancelRefund(_ order: Int) -> Int { 10_002 + order * 4 }
    package static func line(_ order: Int, _ line: Int) -> Int { 300_000 + order * 10 + line }
    package static func product(_ number: Int) -> Int { 90 + number }
    package static func review(_ number: Int) -> Int { 500 + number }
    /// Where its plug-in says of an order that is paid that it is elsewhere.
    package static func isAtPlugin(_ order: Int) -> Bool { order % 23 == 0 }
    /// The trash is emptied of what lies in it so long, in seconds.
    package static let trashKeeps: Int64 = 30 * 86_400
}

/// The lists of orders and reviews, and what is asked of them.
extension WooCommerce {
    /// An order with its refunds, those deleted since left out.
    struct Listed: Sendable {
        var order: PlatformHistory.Order
        var refunds: [Refund] = []
        var modified: Int64
    }

    struct Refund: Sendable {
        var id: Int
        var at: Int64
        var cents: Int
    }

    private static func listed(_ desk: PlatformDesk) -> [Listed] {
        desk.made { view in
            let made = Dictionary(grouping: view.refunds.filter(\.isRefunded), by: \.order)
            return view.orders.map { order in
                let own = made[order.number] ?? []
                var listed = Listed(order: order, modified: modified(order))
                // That one is deleted changes nothing of its order.
                listed.modified = own.reduce(listed.modified) { max($0, $1.ended ?? 0) }
                listed.refunds = own.filter { $0.deleted == nil }.map {
                    Refund(id: WooCommerceNumbers.refund($0.number), at: $0.ended ?? 0, cents: $0.cents)
                }
                if isTakenBack(order), let canceled = order.canceled {
                    let id = WooCommerceNumbers.cancelRefund(order.number)
                    listed.refunds.append(Refund(id: id, at: canceled, cents: order.cents))
                }
                return listed
            }
        }
    }

    /// Nobody tells a shop of deliveries.
    private static func modified(_ order: PlatformHistory.Order) -> Int64 {
        [order.paid, order.shipped, order.canceled, order.trashed].compactMap(\.self).reduce(order.placed, max)
    }

    /// The seller gives all of the money back instead of shipping.
    static func isTakenBack(_ order: PlatformHistory.Order) -> Bool {
        order.paid != nil && order.canceled != nil && order.canceledBy == .seller
    }

    static func status(_ order: PlatformHistory.Order) -> String {
        if order.trashed != nil { return "trash" }
        if isTakenBack(order) { return "refunded" }
        if order.canceled != nil {
            return order.paid == nil && !order.number.isMultiple(of: 2) ? "failed" : "cancelled"
        }
        if order.shipped != nil { return "completed" }
        if order.paid != nil { return WooCommerceNumbers.isAtPlugin(order.number) ? "at-the-baker" : "processing" }
        return order.number.isMultiple(of: 5) ? "on-hold" : "pending"
    }

    // MARK: Lists

    /// What was asked wrongly, named by its parameter.
    private struct Invalid: Error { var name: String }

    private static let statuses = [
        "any", "trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
        "at-the-baker", "checkout-draft",
    ]

    static func orders(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        page(call, orderedBy: ["date", "id", "include", "title", "slug"]) { () throws(Invalid) in
            let wanted = (call.value("status") ?? "any").split(separator: ",").map(String.init)
            guard !wanted.isEmpty, wanted.allSatisfy(statuses.contains) else { throw Invalid(name: "status") }
            let changed = try bounds("modified_after", "modified_before", call)
            let placed = try bounds("after", "before", call)
            return listed(desk).filter { listed in
                if isEmptied(listed.order.trashed, desk) { return false }
                let word = status(listed.order)
                // Any is any but the trash, whatever stands beside it.
                let isWanted = wanted.contains("any") ? word != "trash" : wanted.contains(word)
                return isWanted && changed.contains(listed.modified) && placed.contains(listed.order.placed)
            }.map { (WooCommerceNumbers.order($0.order.number), $0.order.placed, document($0)) }
        }
    }

    static func reviews(_ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        page(call, orderedBy: ["date", "date_gmt", "id", "slug", "include", "product"]) { () throws(Invalid) in
            let wanted = call.value("status") ?? "approved"
            guard ["all", "hold", "approved", "spam", "trash"].contains(wanted) else { throw Invalid(name: "status") }
            let written = try bounds("after", "before", call)
            return desk.ratings.filter { rating in
                if isEmptied(rating.withdrawn, desk) { return false }
                let word = status(rating)
                // All are those that are shown or wait to be.
                let isWanted = wanted == "all" ? ["approved", "hold"].contains(word) : word == wanted
                return isWanted && written.contains(rating.at)
            }.map { (WooCommerceNumbers.review($0.number), $0.at, document($0, desk)) }
        }
    }

    static func refunds(_ order: String, _ call: PlatformCall, _ desk: PlatformDesk) -> PlatformReply {
        page(call, orderedBy: ["date", "id", "include", "title", "slug"]) { () throws(Invalid) in
            guard let found = desk.order(named: order, { "\(WooCommerceNumbers.order($0.number))" }),
                !isEmptied(found.trashed, desk)
            else { throw Invalid(name: "id") }
            return listed(desk)[found.number - 1].refunds.map { ($0.id, $0.at, document($0)) }
        }
    }

    /// Whether it was in the trash when that was emptied.
    private static func isEmptied(_ withdrawn: Int64?, _ desk: PlatformDesk) -> Bool {
        withdrawn.map { $0 < desk.shown - WooCommerceNumbers.trashKeeps } ?? false
    }

    /// Both bounds are left out themselves.
    private static func bounds(
        _ after: String, _ before: String, _ call: PlatformCall
    ) throws(Invalid) -> ClosedRange<Int64> {
        let from = try moment(after, call) ?? .min
        let until = try moment(before, call) ?? .max
        let (first, last) = (from == .min ? from : from + 1, until == .max ? until : until - 1)
        return first...max(first, last)
    }

    /// Without an offset, and without `dates_are_gmt`, it is meant on the site's clock.
    private static func moment(_ name: String, _ call: PlatformCall) throws(Invalid) -> Int64? {
        guard let text = call.value(name) else { return nil }
        if let moment = PlatformFormats.moment(text) { return moment }
        guard let wall = PlatformFormats.moment(text + "Z") else { throw Invalid(name: name) }
        let isGMT = ["true", "1"].contains(call.value("dates_are_gmt") ?? "")
        return isGMT ? wall : wall - Int64(zone) * 60
    }

    /// A page of a list; the newest stand first where nothing else is asked for.
    private static func page(
        _ call: PlatformCall, orderedBy known: [String],
        _ items: () throws(Invalid) -> [(id: Int, at: Int64, document: JSONText)]
    ) -> PlatformReply {
        func number(_ name: String, _ usual: Int, _ range: ClosedRange<Int>) throws(Invalid) -> Int {
            guard let text = call.value(name) else { return usual }
            guard let number = Int(text), range.contains(number) else { throw Invalid(name: name) }
            return number
        }
        do throws(Invalid) {
            let (size, page) = (try number("per_page", 10, 1...100), try number("page", 1, 1...1_000_000))
            let offset = try number("offset", (page - 1) * size, 0...1_000_000)
            let (order, by) = (call.value("order") ?? "desc", call.value("orderby") ?? "date")
            guard ["asc", "desc"].contains(order) else { throw Invalid(name: "order") }
            guard known.contains(by) else { throw Invalid(name: "orderby") }
            var all = try items()
            all.sort { by == "id" ? $0.id < $1.id : ($0.at, $0.id) < ($1.at, $1.id) }
            if order == "desc" { all.reverse() }
            let pages = (all.count + size - 1) / size
            var headers = [(name: "X-WP-Total", value: "\(all.count)"), ("X-WP-TotalPages", "\(pages)")]
            if page < pages { headers.append(("Link", "<\(call.origin)\(call.path)?page=\(page + 1)>; rel=\"next\"")) }
            return PlatformReply(headers: headers, .array(all.dropFirst(offset).prefix(size).map(\.document)))
        } catch {
            if error.name == "id" { return refused(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.") }
            return refused(400, "rest_invalid_param", "Invalid parameter(s): \(error.name)")
        }
    }
}
