import Facts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledgers
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

/// A few stores, a ledger, a daemon that has looked at them once, and the dashboard over it, asked in process.
struct DashboardBench {
    let folder: Workplace
    let state: DaemonState
    let admission = Admission()
    let clock = ManualClock(Self.now)
    /// Entries of the audit that making it left.
    let entries: Int

    /// At noon of 2026-03-02 in Shanghai.
    static let now = Timestamp(seconds: 1_772_424_000)

    static let pack = """
        pack: shop
        title: {en: Shop, zh: 小店}
        timezone: Asia/Shanghai
        currency: CNY
        metrics:
          refunds: count(refund where status == refunded by refunded_at over 30d)
          paid_orders: count(order by paid_at over 30d)
          refund_rate: refunds / paid_orders
        rules:
          refunds:
            title: {en: Refunds in 30 days, zh: 近30天退款}
            require: refunds < 3
            prefer: refunds < 2
            severity: critical
            consequence: {en: Campaigns are closed., zh: 活动关闭。}
          rate:
            title: {en: Refund rate, zh: 退款率}
            require: refund_rate <= 50%
            given: paid_orders >= 4
        gates:
          campaign: {title: {en: Campaign entry, zh: 活动报名}, rules: [refunds]}
        """

    /// Oak has no refund, fir two, elm three; of ash nothing is known. The data is complete up to that morning.
    static let stores: [(id: String, refunds: Int)] = [("oak", 0), ("fir", 2), ("elm", 3)]

    /// - Parameters:
    ///   - configuration: beside the stores, the pack and the ledger.
    ///   - pack: in place of the usual one.
    init(_ configuration: String = "", pack: String = Self.pack) async throws {
        folder = try Workplace()
        try folder.write("shop.yaml", pack)
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores:
              - {id: oak, name: Oak & Sons, pack: shop, labels: {team: east}}
              - {id: fir, name: Fir, pack: shop, labels: {team: west}}
              - {id: elm, name: 榆树店, pack: shop, labels: {team: east}}
              - {id: ash, name: <b>Ash</b>, pack: shop}
            \(configuration)
            """)
        var lines: [String] = []
        for store in Self.stores {
            for order in 1...5 {
                lines.append(
                    #"{"kind":"order","store":"\#(store.id)","id":"o\#(order)","updated_at":"2026-02-10T10:00:00+08:00","placed_at":"2026-02-10T10:00:00+08:00","paid_at":"2026-02-10T10:00:00+08:00","amount":"10.00","currency":"CNY"}"#
                )
            }
            for refund in 0..<store.refunds {
                lines.append(
                    #"{"kind":"refund","store":"\#(store.id)","id":"r\#(refund)","order":"o\#(refund + 1)","updated_at":"2026-02-20T10:00:00+08:00","opened_at":"2026-02-19T10:00:00+08:00","refunded_at":"2026-02-20T10:00:00+08:00","status":"refunded","amount":"10.00","currency":"CNY"}"#
                )
            }
        }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        let imported = try await folder.run("import", "--complete-until", "2026-03-02T08:00:00+08:00", "facts.jsonl")
        try #require(imported.status == 0, "\(imported.error)")
        var assembly = try Assembly.open(
            config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve)
        assembly.clock = clock
        _ = try await assembly.adopt { _ in }
        entries = try await assembly.ledger.audit(since: nil, after: 0, limit: 10).count
        state = DaemonState(assembly: assembly)
        try await look()
    }

    /// What the daemon does after a pull: judges, steps alerts, and works out what is to be seen at a glance.
    func look() async throws {
        let assembly = await state.assembly
        var stores = ResidentStores()
        let clock = assembly.clock.now
        _ = try await stores.refresh(by: Arrivals(), assembly, clock: clock) {}
        _ = try await EvaluatePass(assembly: assembly, clock: clock, beat: {}).run(over: &stores, isFirst: true)
        await state.wall.take(stores.glimpses(of: nil, assembly.fleet, at: clock), isAll: true, at: clock)
        await state.wall.put(try await WallService.lines(of: await state.wall.takeOwed(.max), assembly))
        await state.update { $0.isReady = true }
    }

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var body: String
    }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, path, headers)
    }

    /// - Parameter isLive: over a connection of loopback, so that there is an address from which it is asked.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], body: String? = nil,
        isLive: Bool = false
    ) async throws -> Answer {
        let application = Application(
            router: DashboardRouter(state: state, admission: admission).router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)))
        return try await application.test(isLive ? .live : .router) { client in
            let response = try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
            return Answer(
                status: response.status.code, headers: response.headers, body: String(buffer: response.body))
        }
    }
}
