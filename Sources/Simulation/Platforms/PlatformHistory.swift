/// What happened at one store over some weeks, whatever platform it is at: seeded, in seconds since 1970, and asked as of
/// a moment. What lies after that moment has not happened yet.
package struct PlatformHistory: Sendable {
    package struct Order: Sendable, Hashable {
        /// From 1, in the order of placing; platforms make their own ids of it.
        package var number: Int
        package var placed: Int64
        package var paid: Int64?
        /// Until when it was to be shipped.
        package var shipBy: Int64?
        package var shipped: Int64?
        package var delivered: Int64?
        package var completed: Int64?
        package var canceled: Int64?
        package var canceledBy = Party.buyer
        /// When the seller put it into the trash.
        package var trashed: Int64?
        package var lines: [Line]

        package var cents: Int { lines.reduce(0) { $0 + $1.cents } }
    }

    package struct Line: Sendable, Hashable {
        /// From 1, within its order.
        package var number: Int
        package var product: Int
        package var units: Int
        /// Of all its units, in hundredths.
        package var cents: Int
    }

    package enum Party: Sendable, Hashable, CaseIterable { case buyer, seller, platform }
    package enum Wish: Sendable, Hashable, CaseIterable { case refund, returnAndRefund, exchange }
    package enum Outcome: Sendable, Hashable, CaseIterable { case refunded, rejected, withdrawn }
    package enum Reason: Sendable, Hashable, CaseIterable {
        case quality, notAsDescribed, notReceived, changedMind, other
    }

    package struct Refund: Sendable, Hashable {
        /// From 1, in the order of opening.
        package var number: Int
        /// The number of its order.
        package var order: Int
        /// The number of the line it is about.
        package var line: Int
        package var opened: Int64
        package var responded: Int64?
        /// When the platform stepped in.
        package var intervened: Int64?
        /// nil: it is still open, whatever the moment.
        package var ended: Int64?
        package var outcome: Outcome
        package var wish: Wish
        package var reason: Reason
        package var cents: Int
        /// From when on the platform counts it as a dispute: from the opening on, or later; nil: it never does.
        package var disputedAt: Int64?
        /// The sum that was asked for first, and when the buyer changed it to the other.
        package var amended: Amended?
        /// When the seller deleted it, after it was made.
        package var deleted: Int64?

        package var isDisputed: Bool { disputedAt != nil }
    }

    /// What stood before a change, and when that was made.
    package struct Amended: Sendable, Hashable {
        package var before: Int
        package var at: Int64
    }

    package struct Rating: Sendable, Hashable {
        package var number: Int
        package var order: Int
        package var at: Int64
        /// 1 to 5.
        package var stars: Int
        /// The stars that were given first, and when the buyer changed them to the others.
        package var amended: Amended?
        /// When the seller let it be shown, where it waited for that; nil as of a moment: it still waits.
        package var approved: Int64?
        package var hasToBeApproved = false
        /// When the seller took it out again.
        package var withdrawn: Int64?
    }

    package private(set) var orders: [Order] = []
    package private(set) var refunds: [Refund] = []
    package private(set) var ratings: [Rating] = []
    /// When the last thing happened to each order, to each refund and to each rating.
    private var ends: (orders: [Int64], refunds: [Int64], ratings: [Int64]) = ([], [], [])

    /// - Parameters:
    ///   - from: the first second of the first day.
    ///   - orders: on each day that has any.
    ///   - every: 2: only every other day has any, the first among them.
    ///   - rush: so many more on the thirtieth day.
    ///   - changesRatings: buyers may change the stars that they gave.
    ///   - deletes: the seller may delete what was there, and holds ratings back.
    package init(
        seed: UInt64, from: Int64, days: Int, orders perDay: Int, every: Int = 1, rush: Int = 0,
        changesRatings: Bool = false, deletes: Bool = false
    ) {
        var dice = Dice(seed: seed)
        for day in stride(from: 0, to: days, by: every) {
            for _ in 0..<perDay { buy(from + Int64(day) * 86_400 + Int64(dice.within(0...86_399)), &dice) }
        }
        for _ in 0..<rush { buy(from + 29 * 86_400 + Int64(dice.within(0...86_399)), &dice) }
        orders.sort { ($0.placed, $0.number) < ($1.placed, $1.number) }
        for place in orders.indices { orders[place].number = place + 1 }
        for order in orders { follow(order, &dice) }
        refunds.sort { ($0.opened, $0.order) < ($1.opened, $1.order) }
        for place in refunds.indices { refunds[place].number = place + 1 }
        ratings.sort { ($0.at, $0.order) < ($1.at, $1.order) }
        for place in ratings.indices { ratings[place].number = place + 1 }
        amend(changesRatings, Dice(seed: seed, 2))
        if deletes { delete(Dice(seed: seed, 3)) }
        ends = (orders.map(\.changed), refunds.map(\.changed), ratings.map(\.changed))
    }

    /// What the seller takes away again: orders of which nothing came, refunds soon after they were made, ratings that were
    /// shown. Some ratings are shown late.
    private mutating func delete(_ rolled: Dice) {
        var dice = rolled
        let followed = Set(refunds.map(\.order) + ratings.map(\.order))
        for place in orders.indices where !followed.contains(orders[place].number) && dice.happens(300) {
            orders[place].trashed = orders[place].changed + dice.minutes(60...20_000)
        }
        for place in refunds.indices where refunds[place].isRefunded && dice.happens(2000) {
            refunds[place].deleted = refunds[place].ended.map { $0 + dice.minutes(10...1200) }
        }
        for place in ratings.indices {
            ratings[place].hasToBeApproved = dice.happens(2000)
            let shown = ratings[place].at + (ratings[place].hasToBeApproved ? dice.minutes(30...8000) : 0)
            if ratings[place].hasToBeApproved { ratings[place].approved = shown }
            if dice.happens(1000) { ratings[place].withdrawn = shown + dice.minutes(60...20_000) }
        }
    }

    /// What is changed after it was told: a dispute that begins late, another sum, other stars. It has dice of its own, so
    /// that all else stays as it is.
    private mutating func amend(_ changesRatings: Bool, _ rolled: Dice) {
        var dice = rolled
        for place in refunds.indices {
            let refund = refunds[place]
            // Before the platform steps in and before the end.
            if refund.isDisputed, dice.happens(5000) {
                refunds[place].disputedAt = refund.opened + dice.minutes(1...2000)
            }
            if dice.happens(2500) {
                let most = orders[refund.order - 1].lines[refund.line - 1].cents
                refunds[place].amended = Amended(
                    before: dice.within(1...most), at: refund.opened + dice.minutes(1...2000))
            }
        }
        guard changesRatings else { return }
        for place in ratings.indices where dice.happens(2500) {
            ratings[place].amended = Amended(
                before: dice.within(1...5), at: ratings[place].at + dice.minutes(60...4000))
        }
    }

    private mutating func buy(_ placed: Int64, _ dice: inout Dice) {
        var order = Order(number: 0, placed: placed, lines: [])
        for number in 1...dice.within(1...2) {
            order.lines.append(
                Line(
                    number: number, product: dice.within(1...9), units: dice.within(1...3),
                    cents: dice.within(1...99_999)))
        }
        guard dice.happens(9200) else {
            if dice.happens(7000) { order.canceled = placed + dice.minutes(10...600) }
            orders.append(order)
            return
        }
        let paid = placed + dice.minutes(1...20)
        (order.paid, order.shipBy) = (paid, paid + 172_800)
        if dice.happens(500) {
            order.canceled = paid + dice.minutes(30...1400)
            order.canceledBy = Party.allCases[dice.within(0...2)]
        } else if dice.happens(9500) {
            order.shipped = paid + dice.minutes(60...3600)
            order.delivered = order.shipped.map { $0 + dice.minutes(1440...7200) }
            order.completed = order.delivered.map { $0 + dice.minutes(60...10_000) }
        }
        orders.append(order)
    }

    /// What comes of an order: cases, and a rating.
    private mutating func follow(_ order: Order, _ dice: inout Dice) {
        if let paid = order.paid, order.canceled == nil, dice.happens(1800) {
            // Some come weeks after the order.
            let opened = paid + (dice.happens(3000) ? dice.minutes(14_400...57_600) : dice.minutes(600...12_000))
            let line = order.lines[dice.within(0...order.lines.count - 1)]
            var refund = Refund(
                number: 0, order: order.number, line: line.number, opened: opened, outcome: .refunded,
                wish: Wish.allCases[dice.within(0...2)], reason: Reason.allCases[dice.within(0...4)],
                cents: dice.within(1...line.cents), disputedAt: dice.happens(2500) ? opened : nil)
            refund.responded = opened + dice.minutes(5...2000)
            if refund.isDisputed, dice.happens(6000) {
                refund.intervened = opened + dice.minutes(2001...3000)
            }
            if dice.happens(9000) { refund.ended = opened + dice.minutes(3001...9000) }
            refund.outcome = dice.happens(7500) ? .refunded : Outcome.allCases[dice.within(1...2)]
            refunds.append(refund)
        }
        if let completed = order.completed, dice.happens(4000) {
            ratings.append(
                Rating(
                    number: 0, order: order.number, at: completed + dice.minutes(1...4000), stars: dice.within(1...5)))
        }
    }

    // MARK: As of a moment

    /// The orders placed by then, each without what had not happened.
    package func orders(at moment: Int64) -> [Order] {
        var seen = Array(orders[..<Self.count(orders) { $0.placed <= moment }])
        for place in seen.indices where ends.orders[place] > moment { seen[place].forget(after: moment) }
        return seen
    }

    package func refunds(at moment: Int64) -> [Refund] {
        var seen = Array(refunds[..<Self.count(refunds) { $0.opened <= moment }])
        for place in seen.indices where ends.refunds[place] > moment { seen[place].forget(after: moment) }
        return seen
    }

    package func ratings(at moment: Int64) -> [Rating] {
        var seen = Array(ratings[..<Self.count(ratings) { $0.at <= moment }])
        for place in seen.indices where ends.ratings[place] > moment { seen[place].forget(after: moment) }
        return seen
    }

    /// How many of them, from the first on, had happened.
    private static func count<Item>(_ items: [Item], _ hasHappened: (Item) -> Bool) -> Int {
        var (low, high) = (0, items.count)
        while low < high {
            let middle = (low + high) / 2
            if hasHappened(items[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
