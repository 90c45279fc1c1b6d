import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("What a configuration changes is written down when it is taken in, limits first")
struct AuditLoadTests {
    private static let pack = """
        pack: shop
        timezone: UTC
        metrics: {refunds: count(refund by refunded_at over 30d)}
        parameters: {refund_limit: {type: number, values: [{value: 3}]}}
        rules: {refunds: {require: refunds < refund_limit}, other: {require: refunds < 9}}
        """
    private static let config = """
        database: sqlite:ledger.db
        packs: [shop.yaml]
        stores: [{id: a, pack: shop}, {id: b, pack: shop, parameters: {refund_limit: 5}}]
        """

    private func loads(_ assembly: Assembly) async throws -> [[String]] {
        try await assembly.ledger.audit(since: nil, after: 0, limit: 100).filter { $0.entry.act == "load" }
            .map { $0.entry.details.map(\.en) }
    }

    @Test("at a reload and over a restart; a load that changes nothing is written down too")
    func loads() async throws {
        let folder = try Folder(["shop.yaml": Self.pack, "goodstanding.yaml": Self.config])
        let path = folder.path + "/goodstanding.yaml"
        func open() throws -> Assembly { try Assembly.open(config: path, log: "critical", access: .serve) }
        let first = try open()
        try await first.auditLoad(after: nil)
        #expect(try await loads(first) == [["loaded for the first time"]])
        let state = DaemonState(assembly: first)
        let reload = Reload(state: state, notifier: SystemdNotifier(environment: [:]))
        try folder.write(
            Self.config.replacing("{id: a, pack: shop}", with: "{id: a, pack: shop, labels: {team: east}}"),
            to: "goodstanding.yaml")
        try folder.write(Self.pack.replacing("value: 3", with: "value: 4"), to: "shop.yaml")
        await reload.run()
        #expect(
            try await loads(first).last == [
                "shop parameter refund_limit: value was 3, is 4", "store 'a': labels was nothing, is team east",
            ])
        await reload.run()
        #expect(try await loads(first).last == ["nothing changed"])

        // While no daemon ran.
        try folder.write(
            Self.config.replacing("refund_limit: 5", with: "refund_limit: 7"), to: "goodstanding.yaml")
        try folder.write(
            Self.pack.replacing("value: 3", with: "value: 4").replacing(", other: {require: refunds < 9}", with: ""),
            to: "shop.yaml")
        let second = try open()
        try await second.auditLoad(after: nil)
        #expect(
            try await loads(second).last == [
                "store 'b': refund_limit was 5, is 7", "shop other: require was refunds < 9, is nothing",
            ])
        #expect(try await AuditTask(.running(second)).verify(known: nil).fault == nil)
    }

    @Test("an act is written down in the name of who did it, by which way, and in whose name he did it")
    func behalf() async throws {
        let folder = try Folder(["shop.yaml": Self.pack, "goodstanding.yaml": Self.config])
        let assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve)
        let task = AlertsTask(.running(assembly))
        _ = try await task.accept("a", "refunds", by: "kim", why: "w", until: "30d")
        try await Behalf.$current.withValue(Behalf(name: "erp", way: .api)) {
            _ = try await task.accept("a", "refunds", by: "kim", why: "w", until: nil)
            _ = try await task.accept("a", "refunds", by: nil, why: "w", until: "30d")
        }
        let entries = try await assembly.ledger.audit(since: nil, after: 0, limit: 10).map(\.entry)
        #expect(entries.map(\.who) == ["kim", "erp", "erp"] && entries.map(\.way) == [.command, .api, .api])
        #expect(entries.map { $0.details.map(\.en).contains("in the name of kim") } == [false, true, false])
    }
}
