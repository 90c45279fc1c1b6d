import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

/// A store whose rules recover, are assessed and can be contested, at noon of 2026-03-02 in Shanghai, and a daemon that
/// looks at it when it is told to.
struct ReportBench {
    let folder: Workplace
    let assembly: Assembly
    let clock = ManualClock(DashboardBench.now)

    static let pack = """
        pack: shop
        title: {en: Shop, zh: 小店}
        timezone: Asia/Shanghai
        currency: CNY
        metrics:
          refunds: count(refund where status == refunded and not excluded by refunded_at over 30d)
          paid_orders: count(order by paid_at over 30d)
          score: latest(value of measure where name == "score" by at over 30d)
        rules:
          refunds:
            title: {en: "Refunds; in 30 days, \\\\ so far", zh: 近30天退款}
            require: refunds < 3
            severity: critical
          monthly: {title: {en: Orders, zh: 订单数}, require: paid_orders < 100, assessed: {day: 20}}
          score: {title: {en: Score, zh: 评分}, require: score >= 4}
        """

    init(_ configuration: String = "") async throws {
        folder = try Workplace()
        try folder.write("shop.yaml", Self.pack)
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            public_url: https://standing.example
            stores:
              - {id: elm, name: "榆树 <店> & Co", pack: shop, labels: {team: east}}
              - {id: oak, name: Oak, pack: shop, labels: {team: west}}
              - {id: w, name: Woo, pack: woocommerce, endpoint: "https://w.example", credentials: {consumer_key: k, consumer_secret: s}, timezone: America/New_York, expires: {consumer_secret: 2026-03-05}, labels: {team: west}}
            \(configuration)
            """)
        var assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve)
        assembly.clock = clock
        self.assembly = assembly
        _ = try await assembly.adopt { _ in }
        try await take(
            Self.orders + [Self.refund(1), Self.refund(2, reason: "quality", appeal: "2026-03-10T00:00:00+08:00")])
    }

    private static let orders = ["elm", "oak"].map { store in
        #"{"kind":"order","store":"\#(store)","id":"o1","paid_at":"2026-02-10T10:00:00+08:00","amount":"10.00","currency":"CNY"}"#
    }

    static func refund(_ number: Int, amount: String = "0.10", reason: String = "late", appeal: String? = nil) -> String
    {
        let until = appeal.map { #","appeal_by":"\#($0)""# } ?? ""
        return
            #"{"kind":"refund","store":"elm","id":"r;\#(number)","order":"o1","refunded_at":"2026-02-20T10:00:00+08:00","status":"refunded","reason":"\#(reason)","amount":"\#(amount)","currency":"CNY"\#(until)}"#
    }

    /// Complete as of the clock's moment.
    func take(_ lines: [String]) async throws {
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        let ended = try await folder.run("import", "--complete-until", "\(clock.now)", "facts.jsonl")
        try #require(ended.status == 0, "\(ended.error)")
        try await look()
    }

    func look() async throws {
        var stores = ResidentStores()
        _ = try await stores.refresh(by: Arrivals(), assembly, clock: clock.now) {}
        _ = try await EvaluatePass(assembly: assembly, clock: clock.now, beat: {}).run(over: &stores, isFirst: true)
    }
}
