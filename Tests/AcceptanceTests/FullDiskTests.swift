import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("A disk that is full keeps nothing green", .timeLimit(.minutes(2)))
struct FullDiskTests {
    /// One alert has to be committed when the data grows stale, and cannot be.
    @Test(
        "stores whose feed died are unknown though nothing can be written, and all goes on when there is room",
        .enabled(if: geteuid() == 0, "mounting a small disk needs root"))
    func stale() async throws {
        guard let disk = try SmallDisk(mebibytes: 12) else {
            return withKnownIssue("not run: mounting is not allowed here") { Issue.record("no mount") }
        }
        let site = try Site()
        let isAlive = Mutex(true)
        try await RawServer.running({ connection in
            while connection.readHead() != nil {
                let facts = (Site.refunds(3, at: "bad") + Site.refunds(1, at: "good")).joined(separator: ",")
                let page = #"{"facts":[\#(facts)],"next":null}"#
                let head = isAlive.withLock { $0 } ? "200 OK" : "400 Bad Request"
                connection.write("HTTP/1.1 \(head)\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)")
            }
        }) { server in
            try site.configure(
                feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 1s, stale_after: 4s}"])
            let config = try String(contentsOfFile: site.config, encoding: .utf8)
            try site.folder.write(
                "goodstanding.yaml", config.replacing("sqlite:ledger.db", with: "sqlite:\(disk.path)/ledger.db"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(
                    await Wait.until { daemon.counts(1, "breach") && daemon.counts(1, "ok") }, "\(daemon.log)")
                isAlive.withLock { $0 = false }
                try disk.fill()
                #expect(await Wait.until { daemon.counts(2, "unknown") }, "\(daemon.log)")
                #expect(!daemon.lines(with: "is full").isEmpty, "\(daemon.log)")
                try disk.free()
                isAlive.withLock { $0 = true }
                #expect(
                    await Wait.until { daemon.counts(1, "breach") && daemon.counts(1, "ok") }, "\(daemon.log)")
            }
        }
    }
}
