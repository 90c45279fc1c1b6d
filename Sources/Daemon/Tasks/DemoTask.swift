import Curl
package import Facts
import Foundation
import Glibc
import Simulation

/// A made-up marketplace, the real daemon and a receiver, told as it happens.
package struct DemoTask: Sendable {
    private let stores: Int
    private let seed: UInt64
    private let keepsRunning: Bool
    private let pages: DaemonProcess.Pages

    package init(stores: Int, seed: UInt64, keepsRunning: Bool, pages: @escaping DaemonProcess.Pages) {
        (self.stores, self.seed, self.keepsRunning, self.pages) = (stores, seed, keepsRunning, pages)
    }

    /// Days of orders: what windows of 30 days need, and the time until the last of them are rated.
    private static let days = 45
    /// The marketplace begins this long ago and then catches up, so that something changes before one's eyes.
    private static let lag = TimeSpan.days(3)

    package func run(say: @escaping @Sendable (Words) -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "goodstanding-demo-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let clock = SystemClock()
        let today = LocalDay(number: Int32((clock.now.microseconds / 1_000_000 + 8 * 3600) / 86_400))
        say(
            Words(
                en: "Making up \(stores) stores and what happened there in \(Self.days) days …",
                zh: "正在生成 \(stores) 家店铺 \(Self.days) 天的数据 …"))
        let marketplace = MadeUpMarketplace(
            seed: seed, stores: made(until: today), days: today.advanced(by: -Self.days)..<today,
            now: clock.now - Self.lag, pageSize: 2000)
        let secret = "whsec_" + Data((0..<24).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
        let listener = Listener(secret: secret, clock: { clock.now })
        try await marketplace.serving { feed in
            try await listener.serving { hook in
                let config = try configuration(in: folder, feed: feed, hook: hook, secret: secret)
                try await play(config, marketplace, listener, clock, say)
            }
        }
    }

    private func made(until today: LocalDay) -> [MadeUpStore] {
        (0..<stores).map { number in
            let story: MadeUpStore.Story
            let turn: LocalDay
            switch number % 40 {
            case 3: (story, turn) = (.sliding, today.advanced(by: -16))
            // Their disputes are taken back the day before yesterday's midnight: within the lag.
            case 7: (story, turn) = (.healed, today.advanced(by: -19))
            case 11: (story, turn) = (.late, today.advanced(by: -12))
            case 19: (story, turn) = (.disappointing, today.advanced(by: -25))
            case 23: (story, turn) = (.tiny, today)
            case 31: (story, turn) = (.soldOut, today.advanced(by: -10))
            default: (story, turn) = (.healthy, today)
            }
            let busy = story == .healthy ? 2 : 8
            return MadeUpStore(
                id: "shop-" + String(number + 10_001).dropFirst(), story: story, ordersPerDay: busy, turn: turn)
        }
    }

    private func configuration(in folder: String, feed: String, hook: String, secret: String) throws -> String {
        try DemoPack.text.write(toFile: folder + "/demo.yaml", atomically: true, encoding: .utf8)
        try secret.write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
        let path = folder + "/goodstanding.yaml"
        try """
        database: sqlite:ledger.db
        packs: [demo.yaml]
        listen: 127.0.0.1:0
        access: {local: operator}
        stores: [{match: "*", pack: demo}]
        feeds: [{id: marketplace, url: "\(feed)", every: 3s, stale_after: 1h}]
        receivers: [{id: ops, webhook: "\(hook)", secret: {file: secret}}]
        """.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    // MARK: The story

    private func play(
        _ config: String, _ marketplace: MadeUpMarketplace, _ listener: Listener, _ clock: SystemClock,
        _ say: @escaping @Sendable (Words) -> Void
    ) async throws {
        let assembly = try Assembly.open(config: config, log: "error", asksOthers: true)
        let lock = try assembly.runLock(for: "demo")
        defer { withExtendedLifetime(lock) {} }
        // Everything is on this machine: no proxy has a part in it.
        let transport = CurlTransport(configuration: CurlConfiguration(proxy: .none))
        let process = DaemonProcess(
            assembly: assembly, signals: SignalPipe.signals([SIGTERM, SIGINT]),
            notifier: SystemdNotifier(environment: [:]),
            transport: transport, pages: pages)
        let state = process.state
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await process.run {
                    say(
                        Words(
                            en:
                                "The daemon runs; while it does, its dashboard is at http://127.0.0.1:\($0)/ (stay with --keep-running).",
                            zh: "守护进程已启动；运行期间可在 http://127.0.0.1:\($0)/ 查看仪表盘（--keep-running 可保持运行）。"))
                }
                return false
            }
            group.addTask {
                var reader = DeliveryReader(listener: listener, say: say)
                say(
                    Words(
                        en: "\n1. The first pull: orders, refunds and ratings, over HTTP through libcurl.",
                        zh: "\n1. 首次拉取：经 libcurl 通过 HTTP 获取订单、退款与评价。"))
                let first = try await reader.untilQuiet(state, clock: clock, pulls: 1)
                say(
                    Words(
                        en: "   \(first.facts) facts in \(first.pages) pages; \(first.line)",
                        zh: "   \(first.pages) 页，共 \(first.facts) 条数据；\(first.line)"))
                say(
                    Words(
                        en: "\n2. Three days pass at the marketplace: some stores slide on, and disputes of others are "
                            + "taken back on appeal.", zh: "\n2. 平台上过去了三天：一些店铺继续下滑，另一些店铺的纠纷经申诉撤回。"))
                await marketplace.advance(to: clock.now)
                let second = try await reader.untilQuiet(state, clock: clock, pulls: 3)
                let changed = second.facts - first.facts
                say(
                    Words(
                        en: "   \(changed) facts new or changed; \(second.line)",
                        zh: "   新增或变更 \(changed) 条数据；\(second.line)"))
                say(Words("\n") + reader.summary)
                return true
            }
            let storyIsTold = try await group.next() ?? true
            if storyIsTold, keepsRunning {
                say(Words(en: "The daemon goes on; Ctrl-C ends it.", zh: "守护进程继续运行；按 Ctrl-C 结束。"))
                _ = try await group.next()
            }
            group.cancelAll()
        }
        await transport.shutDown()
    }
}

/// Reads what the receiver was sent, as a person would.
private struct DeliveryReader {
    let listener: Listener
    let say: @Sendable (Words) -> Void
    private var read = 0
    private var firing = 0
    private var resolved = 0
    private var unsigned = 0

    init(listener: Listener, say: @escaping @Sendable (Words) -> Void) { (self.listener, self.say) = (listener, say) }

    struct Moment {
        var facts: Int
        var pages: Int
        var line: String
    }

    /// Shown of each kind; the rest is counted.
    private static let shown = 6

    /// Reads deliveries until so many further pulls were judged and nothing more is owed.
    mutating func untilQuiet(_ state: DaemonState, clock: SystemClock, pulls: Int) async throws -> Moment {
        let before = await state.pullsJudged
        var shown = (firing: 0, resolved: 0)
        while true {
            try await clock.sleep(until: clock.now + TimeSpan(microseconds: 200_000))
            let deliveries = await listener.deliveries
            for delivery in deliveries[read...] {
                show(delivery, &shown)
            }
            read = deliveries.count
            let status = await state.status
            if await state.pullsJudged >= before + pulls, status.noticesOwed == 0, status.isReady {
                return Moment(facts: status.counters.facts, pages: status.counters.pages, line: status.line)
            }
        }
    }

    private mutating func show(_ delivery: Listener.Delivery, _ shown: inout (firing: Int, resolved: Int)) {
        guard let body = try? JSONSerialization.jsonObject(with: Data(delivery.body)) as? [String: Any],
            let data = body["data"] as? [String: Any], let alerts = data["alerts"] as? [[String: Any]]
        else { return }
        let isSigned = delivery.signature == .valid
        if !isSigned { unsigned += 1 }
        for alert in alerts {
            let event = alert["event"] as? String ?? "?"
            let titles = alert["title"] as? [String: String] ?? [:]
            let title = Words(en: titles["en"] ?? "", zh: titles["zh"] ?? "")
            let isResolve = event == "resolved"
            if isResolve { resolved += 1 } else if event == "firing" { firing += 1 }
            let count = isResolve ? shown.resolved : shown.firing
            if isResolve { shown.resolved += 1 } else { shown.firing += 1 }
            guard count < Self.shown else { continue }
            let values = (alert["values"] as? [String: Any] ?? [:]).sorted { $0.key < $1.key }.map {
                "\($0.key) \(Self.shortened($0.value))"
            }.joined(separator: ", ")
            let mark = isSigned ? Words(en: "✔ signed", zh: "✔ 已签名") : Words(en: "✘ unsigned", zh: "✘ 未签名")
            let what = Words(" webhook  \(event)  \(alert["store"] ?? "")  ")
            say(Words("   ") + mark + what + title + Words(": \(values) [\(alert["reason"] ?? "")]"))
        }
    }

    private static func shortened(_ value: Any) -> String {
        guard let number = value as? Double, number.rounded() != number else { return "\(value)" }
        return String(format: "%.4f", number)
    }

    var summary: Words {
        Words(
            en: "Delivered and verified: \(read) webhooks, \(firing) alerts fired, \(resolved) resolved, "
                + "\(unsigned) with a bad signature.",
            zh: "已送达并验签：webhook \(read) 条，触发告警 \(firing) 条，解除 \(resolved) 条，签名错误 \(unsigned) 条。")
    }
}
