import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Somebody who wants to know at once", .timeLimit(.minutes(2)))
struct RecheckTests {
    @Test("has a store pulled and judged without waiting for its time, and stands in the audit")
    func recheck() async throws {
        let curl = try #require(Tool("curl"))
        let asked = Mutex(0)
        let count = Mutex(1)
        let site = try Site()
        try await RawServer.running({ connection in
            while connection.readHead() != nil {
                asked.withLock { $0 += 1 }
                let facts = Site.refunds(count.withLock { $0 }, at: "north").joined(separator: ",")
                let page = #"{"facts":[\#(facts)],"next":null}"#
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)")
            }
        }) { server in
            try site.configure(
                stores: Site.anyStore + "\naccess: {local: operator}",
                feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 6h}"])
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.counts(1, "ok") }, "\(daemon.log)")
                try #require(asked.withLock { $0 } == 1)
                // The next pull would be in six hours.
                count.withLock { $0 = 3 }
                let page = try #require(daemon.page("/stores/north")?.text)
                let csrf = try #require(page.firstMatch(of: /name="csrf" value="([^"]+)"/)).1
                let port = try #require(daemon.port)
                let said = try await curl.run([
                    "--noproxy", "*", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--data",
                    "csrf=\(csrf)&store=north&back=/stores/north", "http://127.0.0.1:\(port)/acts/recheck",
                ])
                #expect(String(decoding: said, as: UTF8.self) == "303")
                #expect(await Wait.until { daemon.counts(1, "breach") }, "\(daemon.log)")
                #expect(asked.withLock { $0 } == 2)
                let audit = try await Program.run("audit", "--config", site.config)
                #expect(audit.output.contains("recheck") && audit.output.contains("load"), "\(audit)")
            }
        }
    }
}
