import Alerts
import Facts
import Foundation
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("What ends unless somebody renews it is an alert of data health")
struct ExpiryAlertTests {
    private static func account(ends day: String) -> String {
        "accounts: [{id: app, pack: shop, credentials: {app: a, key: k}, expires: {key: \(day)}}]"
    }
    private static let stores = ["a", "b"].map { "{id: \($0), pack: shop, account: app}" }
    /// Of the bench's beginning, 2026-06-01 at noon.
    private static func minute(day: Int64) -> Int64 { (day - 1) * 1440 }

    private func bench(
        _ stores: [String] = Self.stores, ends: String = "2026-07-11", receivers: [String] = HealthBench.receivers
    ) async throws -> HealthBench {
        try await HealthBench(stores, more: Self.account(ends: ends), receivers: receivers)
    }

    /// Pulled, so that nothing else is wrong with the data, and looked at.
    private func look(_ bench: HealthBench, day: Int64, shown: HealthBench.Shown? = nil) async throws {
        for store in ["a", "b"] { try await bench.pulled(store, at: Self.minute(day: day)) }
        try await bench.look(at: Self.minute(day: day), shown: shown)
    }

    private func told(_ bench: HealthBench) async throws -> [String] {
        try await bench.told().map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return "\((Int64(parts[0]) ?? 0) / 1440 + 1) \(parts[1])"
        }
    }

    @Test(
        "it is told 30, 14 and 3 days ahead and when it is over, each graver, over restarts too, and ends when renewed")
    func stages() async throws {
        let bench = try await bench()
        for day in Int64(1)...42 {
            try await look(bench, day: day)
            if day % 5 == 0 { bench.restart() }
        }
        #expect(
            try await told(bench) == [
                "11 /health:expiry.key.app firing expiry", "27 /health:expiry.key.app raised expiry",
                "38 /health:expiry.key.app raised expiry", "41 /health:expiry.key.app raised expiry",
            ])
        let open = try await bench.assembly.ledger.openAlerts()
        #expect(open.map(\.subject.severity) == [.critical] && open.map(\.told) == [.breach])
        let events = try await bench.assembly.ledger.events(.all, limit: 10).map(\.standing).reversed()
        #expect(Array(events) == [.warning, .warning, .breach, .breach])
        #expect(
            try await bench.message().hasPrefix("[ended] shop: key of account 'app'\nended at 2026-07-11 00:00 UTC\n"))
        try await bench.reconfigure(Self.stores, more: Self.account(ends: "2027-07-11"))
        try await look(bench, day: 43)
        #expect(try await told(bench).last == "43 /health:expiry.key.app resolved expiry")
        #expect(try await bench.open().isEmpty)
        #expect(
            try await bench.message().hasPrefix(
                "[renewed] shop: key of account 'app'\nends at 2027-07-11 00:00 UTC, in 362 days"))
    }

    @Test("people read what ends when, what stops with it and who renews it; programs have all of it as members")
    func message() async throws {
        let bench = try await bench()
        try await look(bench, day: 12)
        let message = try await bench.message()
        #expect(
            message.hasPrefix(
                """
                [ends soon] shop: key of account 'app'
                ends at 2026-07-11 00:00 UTC, in 28 days
                once it is over nothing is pulled of 2 stores (a, b)
                what helps: whoever manages the application at the platform's developer console
                """), "\(message)")
        let notice = try #require(
            try await bench.assembly.ledger.outbox(nil, limit: 9).first { $0.notice.receiver == "ops" })
        let body = String(decoding: notice.notice.body, as: UTF8.self)
        #expect(
            body.contains(
                #""expiry":{"name":"key","account":"app","place":null,"stores":["a","b"],"ends":"2026-07-11T00:00:00Z"}"#
            ),
            "\(body)")
        #expect(body.contains(#""values":{"ends":"2026-07-11T00:00:00Z","days_left":28}"#), "\(body)")
        #expect(body.contains(#""severity":"minor","standing":"warning""#), "\(body)")
    }

    @Test("receivers hear of it as their entries say: by severity, by store, never where all of it is only observed")
    func routed() async throws {
        let hook = #"webhook: "http://127.0.0.1:1/hook""#
        let bench = try await bench(receivers: [
            "{id: ops, \(hook), when: {severity: [critical, major]}}", "{id: b, \(hook), when: {store: b}}",
            "{id: c, \(hook), when: {store: c}}", "{id: late, \(hook), after: 2d}",
        ])
        for day in Int64(10)...28 { try await look(bench, day: day) }
        #expect(try await told(bench) == ["27 /health:expiry.key.app raised expiry"])
        let receivers = try await bench.assembly.ledger.outbox(nil, limit: 99).reversed().map(\.notice.receiver)
        #expect(receivers == ["b", "late", "ops", "b", "late"])
        let silent = try await self.bench(Self.stores.map { $0.dropLast() + ", observe: true}" })
        try await look(silent, day: 12)
        #expect(try await silent.told().isEmpty)
        #expect(try await silent.journal() == ["/health:expiry.key.app firing observed"])
    }

    @Test("somebody may look after it: it is acknowledged, and reminders end until it is graver")
    func acknowledged() async throws {
        let bench = try await bench(receivers: [
            #"{id: duty, ntfy: "http://127.0.0.1:1/topic", remind: 1d}"#
        ])
        func settle() async throws {
            for entry in try await bench.assembly.ledger.outbox(.owed, limit: 99) {
                try await bench.assembly.ledger.settle(entry.notice.id, .taken(at: bench.assembly.clock.now))
            }
        }
        for day in Int64(11)...13 {
            try await look(bench, day: day)
            try await settle()
        }
        #expect(try await bench.message().hasPrefix("[ends soon, still] shop: key of account 'app'\n"))
        let count = try await bench.assembly.ledger.outbox(nil, limit: 99).count
        #expect(count == 3)
        let alert = try #require(try await bench.assembly.ledger.openAlerts().first)
        try await bench.assembly.ledger.keep(
            Acknowledgement(
                key: alert.key, episode: alert.episode, by: "mei", why: "asked for", at: bench.assembly.clock.now,
                until: nil, change: alert.changes))
        for day in Int64(14)...26 {
            try await look(bench, day: day)
            try await settle()
        }
        #expect(try await bench.assembly.ledger.outbox(nil, limit: 99).count == count)
        try await look(bench, day: 27)
        #expect(try await bench.assembly.ledger.outbox(nil, limit: 99).count == count + 1)
    }

    @Test(
        "a certificate that nobody could look at goes on firing; one of a host that nobody asks ends without a word of health"
    )
    func unseen() async throws {
        let bench = try await bench(ends: "2030-01-01")
        let certificate = Expiry(
            name: Expiry.certificate, stores: ["a"], place: "shop.example", ends: bench.start + .days(10))
        try await look(bench, day: 1, shown: .init(hosts: ["shop.example"], expiries: [certificate]))
        bench.restart()
        try await look(bench, day: 2, shown: .init(hosts: ["shop.example"]))
        #expect(try await bench.open() == ["/health:expiry.certificate.shop.example firing"])
        try await look(bench, day: 3, shown: .init(hosts: []))
        #expect(try await told(bench).last == "3 /health:expiry.certificate.shop.example resolved rule_removed")
    }

    @Test("a bundle of authorities is no word of health before a server was seen to rest on one of them")
    func authority() throws {
        let far = Expiry(name: Expiry.authority, stores: [], place: "/ca.pem", ends: Timestamp(seconds: 1_900_000_000))
        let near = Expiry(name: Expiry.authority, stores: [], place: "/ca.pem", ends: Timestamp(seconds: 1_780_400_000))
        let before = ExpiryBook([far], shown: [], hosts: ["shop.example"], caFile: "/ca.pem", asksOthers: false)
        #expect(before.unseen.contains(far.key))
        let after = ExpiryBook([far], shown: [near], hosts: [], caFile: "/ca.pem", asksOthers: true)
        #expect(after.unseen.isEmpty && after.all == [near])
        let nobody = ExpiryBook([far], shown: [], hosts: [], caFile: "/ca.pem", asksOthers: false)
        #expect(nobody.unseen.isEmpty, "there is no server to be seen")
    }

    @Test("who would hear of it can be asked before it happens")
    func explained() async throws {
        let hook = #"webhook: "http://127.0.0.1:1/hook""#
        let bench = try await bench(receivers: [
            "{id: all, \(hook)}", "{id: b, \(hook), when: {store: b}}",
            "{id: rules, \(hook), except: {rule: \"health:*\"}}",
        ])
        func lines(_ store: String, _ rule: String) async throws -> [String] {
            try await RouteTask(.file(bench.config, log: "critical")).explain(store, rule).map {
                "\($0.receiver): \($0.standings.map(\.rawValue).joined(separator: ", "))"
            }
        }
        #expect(
            try await lines("", "health:expiry.key.app") == ["all: warning, breach", "b: warning, breach", "rules: "])
        #expect(try await lines("a", "health:platform") == ["all: warning, breach", "b: ", "rules: "])
        #expect(try await lines("", "health:shop") == ["all: warning, breach", "b: warning, breach", "rules: "])
        await #expect(throws: TaskError.self) { try await lines("a", "health:plattform") }
    }
}
