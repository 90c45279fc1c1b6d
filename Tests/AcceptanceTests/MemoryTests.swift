import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("The daemon's memory stays what it is, however often it pulls", .timeLimit(.minutes(3)))
struct MemoryTests {
    /// The facts have no `updated_at`, so that every pull brings all of them again, and every other time changed.
    @Test("twenty-five pulls of ten thousand facts, with an import in between, leave it where six had left it")
    func flat() async throws {
        let site = try Site()
        let pulls = Mutex(0)
        try await RawServer.running({ connection in
            while let head = connection.readHead() {
                let cursor = head.firstMatch(of: /cursor=(\d+)/).flatMap { Int($0.1) } ?? 0
                let number = pulls.withLock { pulls in
                    if cursor == 0 { pulls += 1 }
                    return pulls
                }
                let facts = (0..<1000).map {
                    Site.refund("r\(cursor)-\($0)", at: "store-\($0 % 100)", more: #","amount":\#(number % 2 + 1)"#)
                }
                let page =
                    #"{"facts":[\#(facts.joined(separator: ","))],"next":\#(cursor < 9 ? "\"\(cursor + 1)\"" : "null")}"#
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)")
            }
        }) { server in
            try site.configure(
                feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 1s, stale_after: 1h}"])
            try await RunningDaemon.running(site.config) { daemon in
                func resident() throws -> Int {
                    let status = try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8)
                    return try #require(status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) })
                }
                try #require(await Wait.until(60) { pulls.withLock { $0 } > 6 }, "\(daemon.log)")
                let before = try resident()
                try await site.take(Site.refunds(2000, at: "imported"))
                try #require(await Wait.until(100) { pulls.withLock { $0 } > 25 }, "\(daemon.log)")
                let after = try resident()
                #expect(after < before + before / 5 + 4096, "\(before) kB after 6 pulls, \(after) kB after 25")
            }
        }
    }
}
