import Facts
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("A store's page shows each rule along days, and all that its rules rest on")
struct StorePageTests {
    @Test("each rule has its chart with limit, window and forecast, and the same days as a table, gathered")
    func charts() async throws {
        let page = try await DashboardBench().get("/stores/elm").body
        let charts = page.components(separatedBy: "<figure>").dropFirst()
        #expect(charts.count == 2)
        // The worst rule first; its chart has the limit, the days counted now, and both ways on.
        let first = try #require(charts.first)
        #expect(first.contains("<a href=\"/stores/elm/rules/refunds\">"))
        for part in [
            "chart small", "class=\"series\"", "class=\"limit\"", "class=\"window\"", "class=\"forecast\"",
            "class=\"recovery\"",
        ] {
            #expect(first.contains(part), "\(part)")
        }
        #expect(first.contains("role=\"img\" aria-label=\"refunds: now 3, in 90 days between 0 and 3, limit 3\""))
        // From the day after the refunds until the last that was judged nothing was another.
        #expect(first.contains("<th scope=\"row\">20 Feb 2026 – 1 Mar 2026</th><td>3</td>"))
        #expect(first.components(separatedBy: "<tr>").count < 40, "days that say the same are one row")
        // Its page has one for each day.
        let whole = try await DashboardBench().get("/stores/elm/rules/refunds").body
        #expect(whole.components(separatedBy: "<tr>").count > 120)
    }

    @Test("the histories of all rules at once are those of each")
    func histories() async throws {
        let bench = try await DashboardBench()
        let assembly = await bench.state.assembly
        let watched = try #require(assembly.fleet.watched("elm"))
        let all = try await FigureHistory.find(of: watched, in: assembly, days: 90, ahead: 30, where: \.isInForce)
        #expect(all.keys.sorted() == ["rate", "refunds"])
        for (rule, found) in all {
            let alone = try #require(
                try await FigureHistory.find(rule, of: watched, in: assembly, days: 90, ahead: 30))
            #expect(found.past.map(\.day) == alone.past.map(\.day) && found.past.count == 90, "\(rule)")
            #expect(found.past.map(\.figures) == alone.past.map(\.figures), "\(rule)")
            #expect(found.goingOn.map(\.figures) == alone.goingOn.map(\.figures), "\(rule)")
            #expect(found.quiet.map(\.figures) == alone.quiet.map(\.figures) && found.windows == alone.windows)
        }
    }

    private static func row(_ title: String, _ page: String) -> Substring? {
        page.firstRange(of: "<tr><th scope=\"row\">\(title)</th>").map { range in
            page[range.upperBound...].prefix { $0 != "\n" }
        }
    }

    @Test("what its rules read and never came is told, readings with their age among it")
    func inputs() async throws {
        let bench = try await DashboardBench(pack: DueTests.pack)
        let assembly = await bench.state.assembly
        let ash = try await bench.get("/stores/ash").body
        #expect(Self.row("refund", ash)?.contains("never came") == true)
        #expect(Self.row("Score", ash)?.contains("never entered") == true)
        _ = try await MeasureTask(.running(assembly)).set(
            "shop.score", of: "elm", value: "82", expected: nil, at: "2026-03-02T10:00:00+08:00")
        let elm = try await bench.get("/stores/elm").body
        #expect(Self.row("refund", elm)?.contains("2 Mar 2026, 08:00 (UTC+8)") == true)
        let score = try #require(Self.row("Score", elm))
        #expect(score.contains("<td data-label=\"Source\">hand</td>"))
        #expect(score.contains("2 Mar 2026, 10:00 (UTC+8)") && !score.contains("stale"))
        bench.clock.advance(by: .days(30))
        #expect(Self.row("Score", try await bench.get("/stores/elm").body)?.contains("stale") == true)
        #expect(Self.row("refund", try await bench.get("/stores/elm").body)?.contains("stale") == true)
        // A kind that no rule reads and that never came is not spoken of.
        #expect(Self.row("rating", ash) == nil)
    }
}
