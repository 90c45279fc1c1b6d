import Alerts
import Facts
import Foundation
import Ledgers
import Testing

@testable import Daemon

@Suite("A message links to the page about it, where there is a public address")
struct PageLinkTests {
    struct Row: Sendable { var store, rule: String; var link: String }

    @Test(
        "store and rule are percent-encoded; data have their store's page, and what is about many stores all of them",
        arguments: [
            Row(store: "pdd-1", rule: "dispute-refunds", link: "/stores/pdd-1/rules/dispute-refunds"),
            Row(store: "拼 多/多?#1%", rule: "r", link: "/stores/%E6%8B%BC%20%E5%A4%9A%2F%E5%A4%9A%3F%231%25/rules/r"),
            Row(store: "a~b_c.d", rule: "health:platform", link: "/stores/a~b_c.d"),
            Row(store: "", rule: "health:shop", link: "/"),
        ])
    func links(_ row: Row) {
        let key = AlertKey(store: row.store, rule: row.rule)
        #expect(PageLink.to(key, under: "https://standing.example") == "https://standing.example" + row.link)
        #expect(PageLink.to(key, under: nil) == nil)
    }

    @Test("what is told bears it, for people and for programs; without an address nobody is sent anywhere")
    func told() async throws {
        for (more, link) in [
            ("public_url: https://standing.example/", #""https://standing.example/stores/a/rules/refunds""#),
            ("", "null"),
        ] {
            let bench = try await HealthBench([HealthBench.platform("a")], more: more)
            try await bench.pulled("a", at: 0, try bench.refunds(1...3, at: "a"))
            try await bench.look(at: 0)
            let bodies = try await bench.assembly.ledger.outbox(nil, limit: 9).map {
                ($0.notice.receiver, String(decoding: $0.notice.body, as: UTF8.self))
            }
            for (receiver, body) in bodies where receiver == "ops" {
                #expect(body.contains("\"link\":\(link)"), "\(body)")
            }
            for (receiver, body) in bodies where receiver == "duty" {
                #expect(body.contains("\"click\":") == (link != "null"), "\(body)")
            }
            #expect(bodies.count == 2)
        }
    }
}
