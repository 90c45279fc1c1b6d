import TestSupport
import Testing

/// A made-up marketplace in a folder of a test's own: a store for every way to stand, judged by a user's own pack.
///
/// Over 30 days the moment below looks at 2026-01-31…2026-03-01, over 90 days at 2025-12-02…2026-03-01.
struct Sample: Sendable {
    static let at = "2026-03-02T12:00:00+08:00"
    /// Up to when the files are complete: the windows have ended, and the data is not stale.
    static let complete = "2026-03-02T08:00:00+08:00"

    let folder: Workplace

    /// With the facts imported.
    init() async throws {
        folder = try Workplace()
        try folder.write("goodstanding.yaml", Sample.configuration)
        try folder.write("shop.yaml", Sample.pack)
        try folder.write("facts.jsonl", Sample.facts.joined(separator: "\n") + "\n")
        try folder.write("stale.jsonl", Sample.staleFacts.joined(separator: "\n") + "\n")
        for (file, complete) in [("facts.jsonl", Sample.complete), ("stale.jsonl", "2026-02-25T08:00:00+08:00")] {
            let imported = try await folder.run("import", "--complete-until", complete, file)
            try #require(imported.status == 0, "\(imported.error)")
        }
    }

    /// Runs a command as of the sample's moment.
    func at(_ arguments: String..., language: String = "C.UTF-8") async throws -> Program.Outcome {
        try await folder.run(arguments + ["--at", Sample.at], environment: ["LANG": language])
    }

    // MARK: What stands in it

    static let configuration = """
        database: sqlite:ledger.db
        packs: [shop.yaml]
        stores:
          - {id: silent, name: Silent & Sons, pack: shop, labels: {team: east}}
          - {match: "shop-*", pack: shop}
        """

    static let pack = """
        pack: shop
        title: {en: Shop, zh: 小店}
        timezone: Asia/Shanghai
        currency: CNY
        kinds:
          dispute: refund where disputed and not excluded and status == refunded
        parameters:
          dispute_limit:
            type: number
            values:
              - {value: 3, basis: published, source: "handbook, read 2026-01-05"}
        metrics:
          paid_orders: count(order by paid_at over 30d)
          dispute_orders: count(order by min(refunded_at of dispute) over 30d)
          dispute_rate: dispute_orders / paid_orders
          ratings: count(rating by rated_at over 90d)
          score: mean(description of rating by rated_at over 90d)
        rules:
          disputes:
            title: {en: Disputes in 30 days, zh: 近30天纠纷}
            require: dispute_orders < dispute_limit or dispute_rate < 1%
            prefer: dispute_orders < 2
            given: paid_orders >= 4
            severity: critical
            evidence: dispute by refunded_at over 30d
            consequence: {en: Campaigns are closed., zh: 活动关闭。}
            remedy: {en: Answer within a day., zh: 一天内答复。}
            basis: published
            source: "handbook, section 4"
          score:
            title: {en: Description score in 90 days, zh: 近90天描述评分}
            require: score >= 4.5
            given: ratings >= 3
        gates:
          campaign: {title: {en: Campaign entry, zh: 活动报名}, rules: [disputes, score]}
        """

    /// Oak is ok, fir in warning (two disputes), elm in breach (three, and a low score), ivy too small to be judged;
    /// two strangers are watched by no entry. Of the store `silent` nothing is known at all.
    static let facts =
        store("shop-oak", orders: 7, disputes: [], scores: [5, 5, 4])
        + store("shop-fir", orders: 5, disputes: ["02-10", "02-20"], scores: [5, 4, 5])
        + store("shop-elm", orders: 7, disputes: ["02-10", "02-12", "03-01"], scores: [5, 4, 4])
        + store("shop-ivy", orders: 2, disputes: ["02-11"], scores: [])
        + store("stranger-1", orders: 1, disputes: [], scores: [])
        + store("stranger-2", orders: 1, disputes: [], scores: [])

    /// Would be ok, were it not for five days of which nobody knows anything.
    static let staleFacts = store("shop-fig", orders: 6, disputes: ["02-10"], scores: [5, 5, 5])

    /// Orders paid on 3 February and the days after it, the first of them disputed on the given days of 2026, and
    /// ratings on 10 February and the days after it.
    static func store(_ store: String, orders: Int, disputes: [String], scores: [Int]) -> [String] {
        func fact(_ kind: String, _ id: String, _ members: String) -> String {
            #"{"kind":"\#(kind)","store":"\#(store)","id":"\#(store)/\#(id)",\#(members)}"#
        }
        let money = #""amount":"19.90","currency":"CNY""#
        let orders = (1...orders).map { number in
            let day = number + 2 < 10 ? "0\(number + 2)" : "\(number + 2)"
            let members = #""paid_at":"2026-02-\#(day)T10:00:00+08:00","status":"paid",\#(money)"#
            return fact("order", "o\(number)", members)
        }
        let refunds = disputes.enumerated().map { index, day in
            let when = #""refunded_at":"2026-\#(day)T18:00:00+08:00","status":"refunded","disputed":true"#
            return fact("refund", "r\(index + 1)", #""order":"\#(store)/o\#(index + 1)",\#(when),\#(money)"#)
        }
        let ratings = scores.enumerated().map { index, score in
            let when = #""rated_at":"2026-02-\#(index + 10)T09:00:00+08:00""#
            return fact("rating", "t\(index + 1)", #"\#(when),"description":\#(score)"#)
        }
        return orders + refunds + ratings
    }
}
