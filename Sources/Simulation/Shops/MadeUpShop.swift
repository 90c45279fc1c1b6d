import Facts

/// A made-up shop that speaks WooCommerce's REST API v3, after the documents alone: a seeded history of orders, refunds
/// and reviews, and what is asked of it held against them.
package actor MadeUpShop {
    package struct Order: Sendable, Hashable {
        package var id: Int
        package var created: Int64
        package var modified: Int64
        package var paid: Int64?
        package var completed: Int64?
        package var status: String
        /// In cents.
        package var total: Int
        package var refunds: [Refund] = []
    }

    package struct Refund: Sendable, Hashable {
        package var id: Int
        package var created: Int64
        package var amount: Int
    }

    package struct Review: Sendable, Hashable {
        package var id: Int
        package var created: Int64
        package var rating: Int
        package var isApproved: Bool
    }

    /// What goes wrong on the way.
    package enum Trouble: Sendable, Hashable { case throttled, failing, cutOff }

    package let key = "ck_made_up"
    package let secret = "cs_made_up"
    package private(set) var orders: [Order] = []
    package private(set) var reviews: [Review] = []
    /// The shop's own clock, in seconds since 1970.
    package private(set) var now: Int64
    private var dice: Dice
    private var nextID = 700
    private var nonces: Set<String> = []
    private var troubles: [Trouble] = []
    /// Paths and queries that were answered.
    package private(set) var asked: [(path: String, query: [String: String])] = []
    /// Told before a page of orders is answered: what changes while somebody walks the list.
    private var meanwhile: [Int: Int] = [:]

    /// - Parameter now: in seconds since 1970.
    package init(seed: UInt64, now: Int64) { (dice, self.now) = (Dice(seed: seed), now) }

    // MARK: What happens

    /// Lets days pass, each with orders, refunds of old and new ones, and reviews.
    package func live(days: Int, orders count: Int) {
        for _ in 0..<days {
            for _ in 0..<count { buy() }
            for _ in 0..<max(1, count / 6) { refund() }
            for _ in 0..<max(1, count / 4) { review() }
            now += 86_400
        }
    }

    private func id() -> Int {
        nextID += dice.within(1...3)
        return nextID
    }

    private func buy() {
        let created = now + Int64(dice.within(0...80_000))
        var order = Order(
            id: id(), created: created, modified: created, paid: nil, completed: nil, status: "pending",
            total: dice.within(100...99_999))
        if dice.happens(9000) {
            order.paid = created + 60
            order.status = "processing"
            if dice.happens(7000) {
                order.completed = created + 3600
                order.status = "completed"
            }
        } else if dice.happens(5000) {
            // A plug-in's own word among them.
            order.status = dice.happens(5000) ? "cancelled" : "wc-parked"
        }
        order.modified = max(created, order.paid ?? 0, order.completed ?? 0)
        orders.append(order)
    }

    package func refund() {
        let paid = orders.indices.filter { orders[$0].paid != nil && orders[$0].refunds.count < 2 }
        guard !paid.isEmpty else { return }
        let place = paid[dice.within(0...paid.count - 1)]
        let at = max(now + Int64(dice.within(0...80_000)), orders[place].modified)
        orders[place].refunds.append(Refund(id: id(), created: at, amount: dice.within(1...orders[place].total)))
        orders[place].modified = at
    }

    private func review() {
        reviews.append(
            Review(
                id: id(), created: now + Int64(dice.within(0...80_000)), rating: dice.within(1...5),
                isApproved: dice.happens(8000)))
    }

    package func approveAll() { for place in reviews.indices { reviews[place].isApproved = true } }

    /// What the next requests meet, one each.
    package func trouble(_ troubles: [Trouble]) { self.troubles += troubles }

    /// So many orders are refunded just before the page of that number is answered.
    package func refund(_ count: Int, beforePage page: Int) { meanwhile[page] = count }

    package func moveClock(to seconds: Int64) { now = seconds }

    // MARK: What is answered

    enum Answer { case json(String), refused(Int, String), trouble(Trouble) }

    /// Whether it was never sent before.
    func use(_ nonce: String) -> Bool { nonces.insert(nonce).inserted }

    func answer(_ method: String, _ url: String, path: String, _ query: [String: String]) -> Answer {
        if !troubles.isEmpty { return .trouble(troubles.removeFirst()) }
        if let reason = fault(inSignature: method, url, query) { return .refused(401, reason) }
        asked.append((path, query))
        let parts = path.split(separator: "/").map(String.init)
        guard parts.starts(with: ["wp-json", "wc", "v3"]) else { return .refused(404, "rest_no_route") }
        switch Array(parts.dropFirst(3)) {
        case ["orders"]: return list(query, changed: "modified_after", orders)
        case ["products", "reviews"]: return list(query, changed: "after", reviews)
        case let rest where rest.count == 3 && rest[0] == "orders" && rest[2] == "refunds":
            guard let order = orders.first(where: { String($0.id) == rest[1] }) else {
                return .refused(404, "woocommerce_rest_shop_order_invalid_id")
            }
            return .json("[" + order.refunds.map(text).joined(separator: ",") + "]")
        default: return .refused(404, "rest_no_route")
        }
    }

    private func list(
        _ query: [String: String], changed name: String, _ items: (Int64) -> [(id: Int, text: String)]
    ) -> Answer {
        guard let size = Int(query["per_page"] ?? "10"), (1...100).contains(size),
            let page = Int(query["page"] ?? "1"), page > 0
        else { return .refused(400, "rest_invalid_param") }
        if let count = meanwhile.removeValue(forKey: page) { for _ in 0..<count { refund() } }
        var after = Int64.min
        if let text = query[name] {
            // Without it the bounds are read in the site's zone.
            guard query["dates_are_gmt"] == "true", let moment = Timestamp(text + "Z") else {
                return .refused(400, "rest_invalid_param")
            }
            after = moment.microseconds / 1_000_000
        }
        let all = items(after).sorted { $0.id < $1.id }
        let shown = all.dropFirst((page - 1) * size).prefix(size)
        return .json("[" + shown.map(\.text).joined(separator: ",") + "]")
    }

    private func orders(_ after: Int64) -> [(id: Int, text: String)] {
        orders.filter { $0.modified > after }.map { ($0.id, text($0)) }
    }

    /// As the documents have it, reviews that wait are not among those asked for by nobody in particular.
    private func reviews(_ after: Int64) -> [(id: Int, text: String)] {
        reviews.filter { $0.created > after }.map { ($0.id, text($0)) }
    }
}
