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
                "shop rule 'other' removed", "store 'a': labels was team east, is nothing",
            ])
        let third = try open()
        try await third.auditLoad(after: nil)
        #expect(try await loads(third).last == ["nothing changed"])
        #expect(try await AuditTask(.running(second)).verify(known: nil).fault == nil)
    }

    @Test("whatever a reload would say of a change is said of it over a restart too, and no secret lies in the ledger")
    func restart() async throws {
        let config = """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores: [{id: a, pack: shop}, {id: b, pack: shop}]
            feeds: [{id: erp, url: "https://erp.example/facts?key=k1", headers: {X-Key: qqq-1}, every: 5m}]
            receivers: [{id: ops, webhook: "https://ops.example/hook-h1", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3}]
            access: {tokens: [{id: mei, role: viewer, hash: "\(String(repeating: "a", count: 64))"}]}
            """
        let changes: [(String, String, String)] = [
            ("every: 5m", "every: 10m", "feed 'erp': every was 5m, is 10m"),
            ("key=k1", "key=k2", "feed 'erp': its address is another"),
            ("X-Key: qqq-1", "X-Key: qqq-2", "feed 'erp': its headers are others"),
            ("hook-h1", "hook-h2", "receiver 'ops': its address is another"),
            ("secret: whsec_MDEy", "secret: whsec_MDEx", "receiver 'ops': its secret is another"),
            ("{id: ops,", "{id: ops, remind: 1d,", "receiver 'ops': remind was nothing, is 1d"),
            (
                "{id: b, pack: shop}", "{id: b, pack: shop, maintenance: [{weekly: sunday, at: \"02:00\", for: 4h}]}",
                "store 'b': maintenance was nothing, is {weekly: sunday, at: 02:00, for: 4h}"
            ),
            ("{id: b, pack: shop}", "{id: c, pack: shop}", "store 'c' added"),
            ("access:", "observe: [shop]\naccess:", "configuration: observe was nothing, is shop"),
            (
                "access:", "heartbeat: {url: \"https://h.example\", every: 5m}\naccess:",
                "heartbeat: every was nothing, is 5m"
            ),
            ("role: viewer", "role: operator", "token 'mei': role was viewer, is operator"),
            ("\"aa", "\"ba", "token 'mei': its token is another"),
        ]
        for (old, new, words) in changes {
            let folder = try Folder(["shop.yaml": Self.pack, "goodstanding.yaml": config])
            let path = folder.path + "/goodstanding.yaml"
            func open() throws -> Assembly {
                try Assembly.open(config: path, log: "critical", access: .serve, asksOthers: true)
            }
            let first = try open()
            try await first.auditLoad(after: nil)
            let kept = try #require(try await first.ledger.note(.configuration))
            for secret in ["key=k", "qqq", "hook-h1", "MDEyMzQ1", "aaaa"] { #expect(!kept.contains(secret)) }
            let edited = config.replacing(old, with: new)
            try #require(edited != config)
            try folder.write(edited, to: "goodstanding.yaml")
            let second = try open()
            #expect(FleetDifferences.differences(from: first.fleet, to: second.fleet).map(\.en).contains(words))
            try await second.auditLoad(after: nil)
            let told = try await loads(second).last ?? []
            #expect(told.contains(words), "\(told)")
        }
        // A rule that goes by another name is the same rule, and what is new of it is told of it.
        let folder = try Folder(["shop.yaml": Self.pack, "goodstanding.yaml": config])
        let path = folder.path + "/goodstanding.yaml"
        try await Assembly.open(config: path, log: "critical", access: .serve).auditLoad(after: nil)
        try folder.write(
            Self.pack.replacing("other: {require", with: "late: {previous_ids: [other], require"), to: "shop.yaml")
        let third = try Assembly.open(config: path, log: "critical", access: .serve)
        try await third.auditLoad(after: nil)
        #expect(try await loads(third).last?.contains("shop rule 'other' is now 'late'") == true)
    }

    @Test("of the import of a file and of each push the audit tells who, when and how many")
    func facts() async throws {
        let folder = try Folder(["shop.yaml": Self.pack, "goodstanding.yaml": Self.config])
        let path = folder.path + "/goodstanding.yaml"
        let line = #"{"kind":"order","store":"a","id":"1","updated_at":"2026-03-01T10:00:00Z"}"#
        try folder.write(line + "\n", to: "facts.jsonl")
        let outcomes = try await ImportTask(
            config: path, files: [folder.path + "/facts.jsonl", folder.path + "/none.jsonl"], kinds: nil,
            completeFrom: nil, completeUntil: nil, log: "critical"
        ).run { _ in }
        #expect(outcomes.map(\.hasFailed) == [false, true])
        let assembly = try Assembly.open(config: path, log: "critical", access: .serve)
        _ = try await Behalf.$current.withValue(Behalf(name: "erp", way: .api)) {
            let body = line.replacing("\"1\"", with: "\"2\"") + "\nnothing\n"
            try await PushTask(assembly).run(.init(body: Array(body.utf8), isLines: true)) { _, _ in true }
        }
        let entries = try await assembly.ledger.audit(since: nil, after: 0, limit: 10).map(\.entry)
        #expect(entries.map(\.act) == ["import", "import", "push"], "a file that there is not brings nothing")
        #expect(entries[0].details.map(\.en) == ["begins"] && entries[0].subject.hasSuffix("facts.jsonl"))
        #expect(entries[1].details[0].en.contains("1 fact of 1 store (1 new, 0 updated, 0 unchanged)"))
        #expect(entries[2].who == "erp" && entries[2].way == .api && entries[2].store == "a")
        #expect(
            entries[2].details.map(\.en) == [
                "1 committed, 0 unchanged, 0 conflicting, 0 set aside, 1 quarantined, of 1 store"
            ])
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
