import Testing

@testable import Daemon

@Suite("What a reload changed, in words")
struct FleetDifferencesTests {
    private static let pack = """
        pack: shop
        timezone: UTC
        metrics: {refunds: count(refund by refunded_at over 30d)}
        parameters: {refund_limit: {type: number, values: [{value: 3}]}}
        rules: {refunds: {require: refunds < refund_limit}}
        """
    private static let config = """
        database: sqlite:ledger.db
        packs: [shop.yaml]
        public_url: https://watch.example
        stores: [{id: a, pack: shop, timezone: UTC}]
        feeds: [{id: erp, url: "https://erp.example/facts?key=k1", headers: {X-Key: {env: KEY}}, every: 5m}]
        receivers: [{id: ops, webhook: "https://ops.example/hook-h1", secret: {env: HOOK}}]
        """
    private static let environment = ["KEY": "s3cret-1", "HOOK": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]

    private static func fleet(
        _ config: String = config, pack: String = pack, environment: [String: String] = environment
    ) throws -> (Fleet, Folder) {
        let folder = try Folder(["shop.yaml": pack, "goodstanding.yaml": config])
        let path = folder.path + "/goodstanding.yaml"
        return (try Assembly.fleet(config: path, environment: environment).fleet, folder)
    }

    private struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var config = FleetDifferencesTests.config
        var pack = FleetDifferencesTests.pack
        var environment = FleetDifferencesTests.environment
        var words: [String]
    }

    private static func edited(_ old: String, _ new: String) -> String { config.replacing(old, with: new) }

    private static let changes = [
        Change(testDescription: "nothing", words: []),
        Change(
            testDescription: "a limit", pack: pack.replacing("value: 3", with: "value: 4"),
            words: ["shop parameter refund_limit: value was 3, is 4"]),
        Change(
            testDescription: "a rule", pack: pack.replacing("refunds <", with: "refunds <="),
            words: ["shop refunds: require was refunds < refund_limit, is refunds <= refund_limit"]),
        Change(
            testDescription: "what /metrics shows", config: config + "\nmetrics: {limit: 5, labels: [team]}",
            words: ["configuration: metrics was nothing, is true, 5, [team]"]),
        Change(
            testDescription: "a store", config: edited("{id: a,", "{id: b,"),
            words: ["store 'b' added", "store 'a' removed"]),
        Change(
            testDescription: "a store's zone", config: edited("timezone: UTC", "timezone: Asia/Shanghai"),
            words: ["store 'a': timezone was UTC, is Asia/Shanghai"]),
        Change(
            testDescription: "how a store's platform is reached",
            config: edited(
                "{id: a, pack: shop, timezone: UTC}",
                "{id: a, pack: woocommerce, timezone: UTC, endpoint: \"https://s.example\", credentials: {consumer_key: {env: KEY}, consumer_secret: {env: KEY}}}"
            ),
            words: [
                "store 'a': pack was shop, is woocommerce", "endpoint was nothing, is https://s.example",
                "every was nothing, is 15m", "its credentials are others",
            ]),
        Change(
            testDescription: "how often", config: edited("every: 5m", "every: 10m"),
            words: ["feed 'erp': every was 300, is 600", "stale_after was 900, is 1800"]),
        Change(
            testDescription: "a feed's address", config: edited("key=k1", "key=k2"),
            words: ["feed 'erp': its address is another"]),
        Change(
            testDescription: "the value of a header",
            environment: environment.merging(["KEY": "s3cret-2"]) { $1 }, words: ["feed 'erp': its headers are others"]),
        Change(
            testDescription: "the name of a header", config: edited("X-Key", "X-Other"),
            words: ["feed 'erp': its headers are others"]),
        Change(
            testDescription: "a receiver's address", config: edited("hook-h1", "hook-h2"),
            words: ["receiver 'ops': its address is another"]),
        Change(
            testDescription: "how a receiver is told",
            config: edited("{env: HOOK}}", "{env: HOOK}, format: alertmanager}"),
            words: ["receiver 'ops': how it is told is another"]),
        Change(
            testDescription: "a receiver's secret",
            environment: environment.merging(["HOOK": "whsec_OTg3NjU0MzIxMGFiY2RlZjAxMjM0NTY3"]) { $1 },
            words: ["receiver 'ops': its secret is another"]),
        Change(
            testDescription: "the address of the pages", config: edited("watch.example", "pages.example"),
            words: ["configuration: public_url was https://watch.example, is https://pages.example"]),
    ]

    @Test("each change is told, and no secret with it", arguments: changes)
    private func told(_ change: Change) throws {
        let (before, first) = try Self.fleet()
        let (after, second) = try Self.fleet(change.config, pack: change.pack, environment: change.environment)
        let words = FleetDifferences.words(from: before, to: after)
        let all = words.joined(separator: "; ")
        #expect(words.isEmpty == change.words.isEmpty, "\(words)")
        for expected in change.words { #expect(all.contains(expected), "\(words)") }
        for secret in ["k1", "k2", "s3cret", "whsec", "hook-h"] { #expect(!all.contains(secret)) }
        withExtendedLifetime((first, second)) {}
    }
}
