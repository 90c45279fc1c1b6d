import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(
    "In the middle of a pull nothing new is said of its stores, but that their data is stale", .timeLimit(.minutes(2)))
struct HalfPullTests {
    /// An alert that waits for time to pass has its store looked at on every tick.
    @Test("an alert that is recovering does not hear of half a pull")
    func recovering() async throws {
        let site = try Site(pack: Site.pack(rules: ["refunds: {require: refunds < refund_limit, keep: 1h}"]))
        let feed = HalvedFeed(opening: [Site.refunds(3, at: "pulled"), HalvedFeed.taken(back: ["r2", "r3"])])
        try await RawServer.running({ feed.answer($0) }) { server in
            try site.configure(
                feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 4s, stale_after: 1h}"])
            try await RunningDaemon.running(site.config) { daemon in
                let states = "SELECT store, state FROM alerts WHERE rule NOT LIKE 'health:%' ORDER BY store"
                try #require(try await site.comes(to: ["pulled|recovering"], states), "\(daemon.log)")
                try #require(await Wait.until { feed.isHeld }, "\(daemon.log)")
                try #require(try await site.comes(to: ["3"], "SELECT count(*) FROM refunds WHERE deleted = 0"))
                // Judged in a pass that began when half the pull was there.
                try await site.take(Site.refunds(3, at: "imported"))
                #expect(
                    try await site.comes(to: ["imported|firing", "pulled|recovering"], states), "\(daemon.log)")
                #expect(feed.isHeld, "the pull was under way all the time")
                feed.letGo()
                try #require(
                    try await site.comes(to: ["2"], "SELECT count(*) FROM refunds WHERE deleted = 1", within: 60))
                #expect(try site.ask(states) == ["imported|firing", "pulled|recovering"])
            }
        }
    }

    @Test("what grows stale meanwhile is unknown, half of it proves nothing, and at the end it is judged whole")
    func stale() async throws {
        let site = try Site()
        let feed = HalvedFeed(opening: [Site.refunds(1, at: "pulled")])
        try await RawServer.running({ feed.answer($0) }) { server in
            try site.configure(
                feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 1s, stale_after: 6s}"])
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { feed.isHeld }, "\(daemon.log)")
                try #require(try await site.comes(to: ["3"], "SELECT count(*) FROM refunds"), "\(daemon.log)")
                try #require(await Wait.until { daemon.counts(1, "ok") }, "\(daemon.log)")
                #expect(await Wait.until { daemon.counts(1, "unknown") }, "\(daemon.log)")
                #expect(feed.isHeld, "the pull was under way all the time")
                feed.letGo()
                #expect(await Wait.until { daemon.counts(1, "ok") }, "\(daemon.log)")
                #expect(
                    try site.ask("SELECT count(*) FROM alerts WHERE rule NOT LIKE 'health:%'") == ["0"],
                    "three refunds were never the whole truth")
            }
        }
    }
}

/// A feed of one store. After the opening pulls, one a page, comes one that brings two refunds more and, on a page that
/// comes only when the test says so, takes them back; from then on there is one refund.
final class HalvedFeed: Sendable {
    private struct State {
        var pulls = 0
        var isAsked = false
        var isOpen = false
    }
    private let opening: [[String]]
    private let state = Mutex(State())
    private let gate = Gate()

    init(opening: [[String]]) { self.opening = opening }

    static func taken(back ids: [String]) -> [String] {
        ids.map { #"{"kind":"refund","store":"pulled","id":"\#($0)","deleted":true}"# }
    }

    /// The second page was asked for and not given.
    var isHeld: Bool { state.withLock { $0.isAsked && !$0.isOpen } }

    func letGo() {
        state.withLock { $0.isOpen = true }
        gate.open()
    }

    func answer(_ connection: RawServer.Connection) {
        while let head = connection.readHead() {
            if head.hasPrefix("GET /facts?"), head.contains("cursor=rest") {
                state.withLock { $0.isAsked = true }
                gate.wait()
                say(connection, Self.taken(back: ["r2", "r3"]))
                continue
            }
            let (before, isOpen) = state.withLock { state in
                defer { state.pulls += 1 }
                return (state.pulls, state.isOpen)
            }
            if before < opening.count {
                say(connection, opening[before])
            } else {
                say(connection, Site.refunds(isOpen ? 1 : 3, at: "pulled"), next: isOpen ? "null" : "\"rest\"")
            }
        }
    }

    private func say(_ connection: RawServer.Connection, _ facts: [String], next: String = "null") {
        let page = #"{"facts":[\#(facts.joined(separator: ","))],"next":\#(next)}"#
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)")
    }
}
