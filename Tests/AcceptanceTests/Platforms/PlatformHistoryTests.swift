import Simulation
import TestSupport
import Testing

@Suite("A made-up history is asked as of a moment")
struct PlatformHistoryTests {
    private let history = PlatformHistory(
        seed: 3, from: 0, days: 30, orders: 5, changesRatings: true, deletes: true)

    /// The naive way: of all there is, what had begun, less what had not happened.
    @Test("what had not happened by then is not there, and all the rest is")
    func moments() {
        var generator = SeededGenerator(seed: 4)
        let edges = history.orders.compactMap(\.paid).prefix(5).flatMap { [$0 - 1, $0] } + [-1, .max]
        let within = (0..<60).map { _ in Int64.random(in: 0...80 * 86_400, using: &generator) }
        for moment in edges + within {
            func past(_ time: Int64?) -> Int64? { time.flatMap { $0 <= moment ? $0 : nil } }
            let orders = history.orders.filter { $0.placed <= moment }.map { order in
                var order = order
                (order.paid, order.shipped, order.delivered) = (
                    past(order.paid), past(order.shipped), past(order.delivered)
                )
                (order.completed, order.canceled) = (past(order.completed), past(order.canceled))
                order.trashed = past(order.trashed)
                if order.paid == nil { order.shipBy = nil }
                return order
            }
            let refunds = history.refunds.filter { $0.opened <= moment }.map { refund in
                var refund = refund
                (refund.responded, refund.intervened, refund.ended) = (
                    past(refund.responded), past(refund.intervened), past(refund.ended)
                )
                (refund.disputedAt, refund.deleted) = (past(refund.disputedAt), past(refund.deleted))
                if let amended = refund.amended, amended.at > moment {
                    (refund.cents, refund.amended) = (amended.before, nil)
                }
                return refund
            }
            let ratings = history.ratings.filter { $0.at <= moment }.map { rating in
                var rating = rating
                if let amended = rating.amended, amended.at > moment {
                    (rating.stars, rating.amended) = (amended.before, nil)
                }
                (rating.approved, rating.withdrawn) = (past(rating.approved), past(rating.withdrawn))
                return rating
            }
            #expect(history.orders(at: moment) == orders, "at \(moment)")
            #expect(history.refunds(at: moment) == refunds, "at \(moment)")
            #expect(history.ratings(at: moment) == ratings, "at \(moment)")
        }
    }

    @Test("disputes begin late, and sums and stars are changed, after all was told")
    func changes() {
        var (disputes, sums, stars) = (0, 0, 0)
        for refund in history.refunds {
            let end = refund.ended ?? .max
            if let at = refund.disputedAt, at > refund.opened {
                disputes += 1
                #expect(at < refund.intervened ?? end && at <= refund.changed)
            }
            if let amended = refund.amended, amended.before != refund.cents {
                sums += 1
                #expect(amended.at > refund.opened && amended.at < end && amended.at <= refund.changed)
            }
        }
        for rating in history.ratings {
            if let amended = rating.amended, amended.before != rating.stars {
                stars += 1
                #expect(amended.at > rating.at)
            }
        }
        #expect(disputes > 0 && sums > 0 && stars > 0)
        var kept = history.refunds
        for place in kept.indices { kept[place].deleted = nil }
        let firm = PlatformHistory(seed: 3, from: 0, days: 30, orders: 5)
        #expect(firm.refunds == kept && firm.ratings.allSatisfy { $0.amended == nil })
    }

    @Test(
        "a seller takes away only what was there and of which nothing comes any more, and what is there comes back as it was"
    )
    func deletions() {
        let history = PlatformHistory(seed: 3, from: 0, days: 30, orders: 20, deletes: true)
        let followed = Set(history.refunds.map(\.order) + history.ratings.map(\.order))
        let trashed = history.orders.filter { $0.trashed != nil }
        #expect(!trashed.isEmpty && trashed.allSatisfy { !followed.contains($0.number) && $0.changed == $0.trashed })
        let deleted = history.refunds.filter { $0.deleted != nil }
        #expect(!deleted.isEmpty && deleted.allSatisfy { $0.isRefunded && ($0.ended ?? .max) < ($0.deleted ?? 0) })
        let (late, withdrawn) = (
            history.ratings.filter(\.hasToBeApproved), history.ratings.filter { $0.withdrawn != nil }
        )
        #expect(late.allSatisfy { $0.at < $0.approved ?? 0 } && !late.isEmpty && !withdrawn.isEmpty)
        for rating in withdrawn { #expect(max(rating.at, rating.approved ?? 0) < rating.withdrawn ?? 0) }
        for rating in history.ratings(at: late.first?.at ?? 0) where rating.number == late.first?.number {
            #expect(!rating.isShown)
        }
    }

    @Test("a small store may have orders on every other day only")
    func sparse() {
        let sparse = PlatformHistory(seed: 3, from: 0, days: 10, orders: 2, every: 2)
        #expect(sparse.orders.map { $0.placed / 86_400 } == [0, 0, 2, 2, 4, 4, 6, 6, 8, 8])
        #expect(sparse.orders.map(\.number) == Array(1...10))
        let rush = PlatformHistory(seed: 3, from: 0, days: 40, orders: 2, rush: 50)
        #expect(rush.orders.count == 130 && rush.orders.count { $0.placed / 86_400 == 29 } == 52)
    }
}
