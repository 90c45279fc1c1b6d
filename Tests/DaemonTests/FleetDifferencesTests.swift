import Facts
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
        database: sqlite:/var/lib/goodstanding/ledger.db
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
            words: ["feed 'erp': every was 5m, is 10m", "stale_after was 15m, is 30m"]),
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
            words: ["receiver 'ops': format was goodstanding, is alertmanager"]),
        Change(
            testDescription: "a receiver's secret",
            environment: environment.merging(["HOOK": "whsec_OTg3NjU0MzIxMGFiY2RlZjAxMjM0NTY3"]) { $1 },
            words: ["receiver 'ops': its secret is another"]),
        Change(
            testDescription: "the address of the pages", config: edited("watch.example", "pages.example"),
            words: ["configuration: public_url was https://watch.example, is https://pages.example"]),
        Change(
            testDescription: "what cannot change while the daemon runs",
            config: edited("/var/lib/goodstanding/ledger.db", "/srv/ledger.db") + "\nlisten: 127.0.0.1:9000",
            words: [
                "configuration: database was sqlite:/var/lib/goodstanding/ledger.db, is sqlite:/srv/ledger.db",
                "configuration: listen was 127.0.0.1:8420, is 127.0.0.1:9000",
            ]),
        Change(
            testDescription: "what holds back others",
            config: config
                + "\ninhibit: [{source: {rule: suspended}, target: {severity: [major, minor]}, equal: [store]}]",
            words: [
                "inhibition '{source: {rule: suspended}, target: {severity: [major, minor]}, equal: store}' added"
            ]),
        Change(
            testDescription: "when nobody wants to hear of a store, and what it is called",
            config: edited(
                "timezone: UTC}",
                "timezone: UTC, name: North, maintenance: [{weekly: sunday, at: \"02:00\", for: 4h}], promotions: [{from: 2026-12-10, until: 2026-12-13T22:00, why: Double Twelve}]}"
            ),
            words: [
                "store 'a': name was nothing, is North",
                "maintenance was nothing, is {weekly: sunday, at: 02:00, for: 4h}",
                "promotions was nothing, is {from: 2026-12-10, until: 2026-12-13T22:00, why: Double Twelve}",
            ]),
        Change(
            testDescription: "who hears what, and when",
            config: edited(
                "{env: HOOK}}",
                "{env: HOOK}, when: {labels: {team: [east, west]}, severity: critical}, except: {rule: \"late-*\"}, group: {by: [store], wait: 2m}, remind: 1d, after: 30m, quiet: daily, zone: UTC, expire: 1d, fallback: two}, {id: two, webhook: \"https://two.example\"}"
            ),
            words: [
                "receiver 'two' added",
                "receiver 'ops': when was nothing, is {labels: {team: [east, west]}, severity: critical}",
                "except was nothing, is {rule: late-*}",
                "group was nothing, is {by: [store], wait: 2m, interval: 5m}",
                "remind was nothing, is 1d", "after was nothing, is 30m", "quiet was nothing, is daily, zone: UTC",
                "fallback was nothing, is two", "expire was 3d, is 1d",
            ]),
        Change(
            testDescription: "a board in place of all else",
            config: edited("{env: HOOK}}", "{env: HOOK}, digest: \"09:05\", zone: Asia/Shanghai}"),
            words: ["receiver 'ops': digest was nothing, is 09:05, zone: Asia/Shanghai"]),
        Change(
            testDescription: "how often a rule is confirmed, and a parameter of its own for a store",
            config: edited("timezone: UTC}", "timezone: UTC, parameters: {refund_limit: 9}}"),
            pack: pack.replacing("refund_limit}}", with: "refund_limit, confirm: 2}}"),
            words: ["shop refunds: confirm was 1, is 2", "store 'a': refund_limit was the pack's, is 9"]),
        Change(
            testDescription: "a row for some stores",
            pack: pack.replacing("[{value: 3}]", with: "[{value: 5, currency: CNY, until: 2027-01-01}, {value: 3}]"),
            words: ["shop parameter refund_limit: value was 3, is 5 (currency CNY, until 2027-01-01), else 3"]),
    ]

    @Test("whoever reads Chinese reads all of it in Chinese")
    func chinese() throws {
        let (before, first) = try Self.fleet()
        let (after, second) = try Self.fleet(
            Self.edited(
                "timezone: UTC}", "timezone: UTC, confirmed: true, observe: [refunds], parameters: {refund_limit: 9}}"),
            pack: Self.pack.replacing("[{value: 3}]", with: "[{value: 5, market: CN, from: 2027-01-01}, {value: 3}]"))
        #expect(
            FleetDifferences.differences(from: before, to: after).map(\.zh) == [
                "shop 参数 refund_limit：value 原为 3，现为 5（市场 CN，自 2027-01-01 起），否则 3",
                "店铺 'a'：confirmed 原为 无，现为 全部限值", "店铺 'a'：observe 原为 无，现为 refunds",
                "店铺 'a'：refund_limit 原为 规则包的值，现为 9",
            ])
        withExtendedLifetime((first, second)) {}
    }

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
