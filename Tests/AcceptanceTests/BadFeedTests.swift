import Foundation
import Synchronization
import TestSupport
import Testing

/// Feeds that go wrong in their own ways beside one that goes right, all pulled by one daemon. Each brings its store
/// once as it should, so that what became of the store afterwards can be seen.
@Suite("A bad feed is named in the log, and harms nobody else", .serialized, .timeLimit(.minutes(3)))
struct BadFeedTests {
    private struct Fault: Sendable {
        var id: String
        /// What it answers from its second pull on: whole, head and all.
        var answer: @Sendable (_ address: String) -> String
        /// What the log says of it, beside its name.
        var words: [String]
        var headers = ""
    }

    private static func ok(_ body: String, length: Int? = nil) -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(length ?? body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private static func refusal(_ status: Int, _ more: String = "") -> String {
        "HTTP/1.1 \(status) So\r\n\(more)Content-Length: 0\r\nConnection: close\r\n\r\n"
    }

    private static let faults = [
        Fault(id: "html", answer: { _ in ok("<html><body>Please sign in</body></html>") }, words: ["no page of facts"]),
        Fault(id: "other", answer: { _ in ok(#"{"error":"busy"}"#) }, words: ["no page of facts", "\"facts\""]),
        Fault(
            id: "half", answer: { _ in ok(#"{"facts":[{"kind":"refund","store":"half","id":"r9""#) }, words: ["cut off"]
        ),
        Fault(id: "cut", answer: { _ in ok(#"{"facts":["#, length: 5000) }, words: ["lost the connection"]),
        Fault(id: "loop", answer: { _ in ok(#"{"facts":[],"next":"round"}"#) }, words: ["cursor"]),
        Fault(id: "bare", answer: { _ in ok(#"{"facts":[]}"#) }, words: ["\"next\""]),
        Fault(id: "locked", answer: { _ in refusal(401) }, words: ["401"]),
        Fault(id: "busy", answer: { _ in refusal(503, "Retry-After: 3600\r\n") }, words: ["503", "3600"]),
        Fault(
            id: "moved", answer: { refusal(302, "Location: \($0)\r\n") }, words: ["redirect"],
            headers: ", headers: {X-Partner: {env: PARTNER}}"),
    ]

    @Test("the log says what is wrong, the others go on, and the broken feeds' stores become unknown once stale")
    func sideBySide() async throws {
        let site = try Site()
        let environment = ["PARTNER": "p-1"]
        let good = FeedServer(lines: Site.refunds(1, at: "good"), pageSize: 5)
        try await good.serving { goodAddress in
            try await RawServer.running({ connection in _ = connection.readHead() }) { elsewhere in
                let requests = Requests()
                try await RawServer.running({ Self.answer($0, requests, elsewhere.port) }) { server in
                    let address = "http://127.0.0.1:\(server.port)"
                    let broken = Self.faults.map {
                        "{id: \($0.id), url: \"\(address)/\($0.id)\", every: 1s, stale_after: 1s\($0.headers)}"
                    }
                    try site.configure(
                        feeds: broken + ["{id: good, url: \"\(goodAddress)/facts\", every: 1s, stale_after: 1h}"])
                    try await RunningDaemon.running(site.config, environment: environment) { daemon in
                        for fault in Self.faults {
                            // Five attempts with growing waits come before the failure of what may pass.
                            let isTold = await Wait.until(45, every: 100) { Self.warning(of: fault, daemon) != nil }
                            #expect(isTold, "\(fault.id): \(daemon.lines(with: fault.id))")
                        }
                        let pulls = daemon.lines(with: "'good'").count
                        #expect(await Wait.until(10) { daemon.lines(with: "'good'").count > pulls }, "\(daemon.log)")
                        #expect(daemon.lines(with: "'good'", "failed").isEmpty)
                        #expect(daemon.page("/healthz")?.status == 200)

                        let expected = Dictionary(
                            uniqueKeysWithValues: Self.faults.map { ($0.id, "unknown") } + [("good", "ok")])
                        let standings = try await site.standings(environment: environment)
                        #expect(standings == expected)
                    }
                    #expect(requests.count(of: "busy") == 2, "who asks for an hour is left alone for an hour")
                    #expect(elsewhere.connectionCount == 0, "what is sent to one server is not carried to another")
                }
            }
        }
        let checked = try await Program.run("check", "--config", site.config, environment: environment)
        #expect(checked.status == 3, "unknown is an exit code of its own: \(checked.output)")
    }

    private static func warning(of fault: Fault, _ daemon: RunningDaemon) -> Substring? {
        let failures = daemon.lines(with: "feed '\(fault.id)'", "failed")
        return failures.first { line in fault.words.allSatisfy { line.contains($0) } }
    }

    private static func answer(_ connection: RawServer.Connection, _ requests: Requests, _ elsewhere: Int) {
        guard let head = connection.readHead(), let path = head.firstMatch(of: /^GET \/([a-z]+)/) else { return }
        let id = String(path.1)
        let number = requests.note(id)
        guard number > 1, let fault = faults.first(where: { $0.id == id }) else {
            connection.write(ok(#"{"facts":[\#(Site.refund("r1", at: id))],"next":null}"#))
            return
        }
        connection.write(fault.answer("http://127.0.0.1:\(elsewhere)/facts"))
    }

    @Test("one bad fact among good ones is kept apart, once, and the good ones count")
    func badFact() async throws {
        let site = try Site()
        let bad = [
            #"{"kind":"refund","store":"a","id":"bad","refunded_at":"yesterday"}"#,
            #"{"kind":"refund","store":"a","id":"worse","amount":"-1"}"#, #"{"kind":"gift","store":"a","id":"g1"}"#,
        ]
        let lines = [bad[0]] + Site.refunds(2, at: "a") + bad[1...] + Site.refunds(3, at: "b")
        try await FeedServer(lines: lines, pageSize: 4).serving { feed in
            try site.configure(feeds: ["{id: erp, url: \"\(feed)/facts\", every: 1s}"])
            try await RunningDaemon.running(site.config) { daemon in
                // As many pulls as it takes for a fact that is counted again and again to pass the limit of ten.
                try #require(await Wait.until(40) { daemon.lines(with: "feed 'erp'").count > 5 }, "\(daemon.log)")
                #expect(!daemon.lines(with: "feed 'erp'", "3 quarantined").isEmpty, "\(daemon.log)")
                #expect(daemon.lines(with: "failed").isEmpty, "\(daemon.log)")
                #expect(try await site.standings() == ["a": "ok", "b": "breach"])
            }
        }
        let metrics = try await Program.run("metrics", "--config", site.config, "--format", "csv")
        #expect(metrics.output.hasSuffix("a,refunds,2\nb,refunds,3\n"), "\(metrics.output)")
        #expect(try site.ask("SELECT id FROM quarantine ORDER BY id") == ["bad", "g1", "worse"])
        let explained = "SELECT count(*) FROM quarantine WHERE length(reason) > 10 AND position LIKE '%page%'"
        #expect(try site.ask(explained) == ["3"])
    }
}

/// How often each path was asked for.
final class Requests: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    func note(_ path: String) -> Int {
        counts.withLock { counts in
            counts[path, default: 0] += 1
            return counts[path, default: 0]
        }
    }

    func count(of path: String) -> Int { counts.withLock { $0[path, default: 0] } }
}
