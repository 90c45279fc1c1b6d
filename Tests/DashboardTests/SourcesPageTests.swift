import Facts
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Sources: what is pulled, pushed, imported and entered, and what could not be read")
struct SourcesPageTests {
    private static func row(_ source: String, _ page: String) throws -> String {
        let start = try #require(page.firstRange(of: "<code>\(source)</code></th>"), "\(source)")
        return page[start.upperBound...].components(separatedBy: "</tr>")[0]
    }

    @Test("files, pushes and readings are sources like others, with what grew old and what is due")
    func brought() async throws {
        let bench = try await DashboardBench(pack: DueTests.pack)
        #expect(
            try await bench.push(
                #"{"kind":"order","store":"ash","id":"p1","updated_at":"2026-03-02T03:00:00Z","placed_at":"2026-03-02T02:00:00Z"}"#,
                query: "?complete_until=2026-03-02T03:00:00Z&store=ash&kinds=order,refund"
            ).status == 200)
        try await bench.look()
        let page = try await bench.get("/sources").body
        #expect(
            page.contains("imported files") && page.contains("pushed by programs") && page.contains("entered by hand"))
        #expect(try Self.row("file", page).contains(">3</td>"))
        #expect(try Self.row("feed:push", page).contains(">1</td>"))
        // Two figures of four stores, that nobody has entered.
        #expect(try Self.row("hand", page).contains("8 figures to enter"))
        bench.clock.advance(by: .days(3))
        #expect(try Self.row("file", try await bench.get("/sources").body).contains("stale at 3 stores"))

        let sources = try #require(try await bench.object("/sources?store=oak")["sources"] as? [[String: Any]])
        #expect(sources.map { $0["source"] as? String } == ["file"])
        #expect(sources.first?["complete_until"] as? String == "2026-03-02T00:00:00Z")
    }

    @Test("the quarantine is told page by page, of all stores or of those that are searched")
    func quarantine() async throws {
        let bench = try await DashboardBench()
        func bad(_ store: String, _ range: Range<Int>) -> String {
            range.map { #"{"kind":"order","store":"\#(store)","id":"bad-\#(store)-\#($0)","amount":"-1"}"# }.joined(
                separator: "\n")
        }
        for first in stride(from: 0, to: 120, by: 40) {
            #expect(try await bench.push(bad("oak", first..<first + 40)).status == 200)
            bench.clock.advance(by: .seconds(1))
        }
        #expect(try await bench.push(bad("fir", 0..<3)).status == 200)
        func ids(_ page: String) -> Set<String> {
            Set(page.matches(of: /order (bad-[a-z]+-[0-9]+)</).map { String($0.1) })
        }
        let first = try await bench.get("/sources").body
        let link = try #require(first.firstMatch(of: /rel="next" href="([^"#]+)#quarantine"/)?.1)
        let second = try await bench.get(String(link).replacing("&amp;", with: "&")).body
        #expect(ids(first).count == 100 && ids(second).count == 23)
        #expect(ids(first).isDisjoint(with: ids(second)) && second.contains(">The newest</a>"))
        #expect(!second.contains("rel=\"next\""))
        let fir = try await bench.get("/sources?q=FIR").body
        #expect(ids(fir).count == 3 && fir.contains("name=\"q\" value=\"FIR\""))
        #expect(ids(try await bench.get("/sources?q=nowhere").body).isEmpty)
        #expect(try await bench.get("/sources?before=zz").status == 200)
    }
}
