import Alerts
import Facts
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Every page says what the command line says, and nothing that is not known")
struct PageTests {
    @Test("a store: its rules worst first, its gate with what closes it, and up to when its data is complete")
    func store() async throws {
        let page = try await DashboardBench().get("/stores/elm").body
        #expect(page.contains("榆树店") && page.contains("<span class=\"standing breach\">breach</span>"))
        #expect(page.contains("<span class=\"standing closed\">closed</span>"))
        #expect(page.contains("/stores/elm/rules/refunds") && page.contains("refunds 3"))
        #expect(page.contains("2 Mar 2026, 08:00 (UTC+8)"))
        #expect(page.contains("set by the store&#39;s owner"))
    }

    @Test("a store of which nothing is known is unknown, and its charts are drawn all the same")
    func unknown() async throws {
        let bench = try await DashboardBench()
        let page = try await bench.get("/stores/ash").body
        #expect(page.contains("<span class=\"standing unknown\">unknown</span>"))
        #expect(!page.contains("<span class=\"standing ok\">") && page.contains("class=\"missing\""))
        let rule = try await bench.get("/stores/ash/rules/refunds").body
        #expect(rule.contains("<svg class=\"chart wide\"") && rule.contains("No facts stand behind it now."))
        #expect(rule.contains("class=\"missing\""))
    }

    @Test(
        "a rule: figures with their windows, a chart with the limit, the facts with the day they leave, as a page and as CSV"
    )
    func rule() async throws {
        let bench = try await DashboardBench()
        let page = try await bench.get("/stores/elm/rules/refunds").body
        #expect(page.contains("T-30…T-1, 31 Jan 2026…1 Mar 2026"))
        #expect(
            page.contains("class=\"limit\"") && page.contains("class=\"series\"") && page.contains("class=\"window\""))
        #expect(page.contains("Campaigns are closed."))
        // What is drawn of days to come stands in the table too.
        #expect(page.contains("<th scope=\"row\">31 Mar 2026</th>") && page.contains("<td>foretold</td>"))
        for refund in 0..<3 { #expect(page.contains("<code>r\(refund)</code>")) }
        // Thirty days after the day on which each was refunded.
        #expect(page.components(separatedBy: ">23 Mar 2026</td>").count == 4)
        let file = try await bench.get("/stores/elm/rules/refunds/evidence.csv")
        #expect(file.headers[.contentType] == "text/csv; charset=utf-8")
        let lines = file.body.split(whereSeparator: \.isNewline)
        #expect(lines.count == 4 && lines[0] == "kind,id,order,counts_on,leaves_on,contest_until")
        #expect(lines[1] == "refund,r0,o1,2026-02-20T10:00:00+08:00,2026-03-23,")
    }

    @Test("a chart shows the limit of each day, the days that were judged, and both ways on from a breach")
    func chart() async throws {
        let pack = DashboardBench.pack.replacing("require: refunds < 3", with: "require: refunds < refund_limit")
            .replacing(
                "metrics:",
                with:
                    "parameters:\n  refund_limit: {type: number, values: [{until: 2026-02-15, value: 9}, {value: 3}]}\nmetrics:"
            )
        let bench = try await DashboardBench(pack: pack)
        let page = try await bench.get("/stores/elm/rules/refunds").body
        let limit = try #require(page.firstMatch(of: /chart wide(?s:.)*?<path class="limit" d="([^"]+)"/)?.1)
        #expect(limit.filter { $0 == "V" }.count == 1 && limit.filter { $0 == "M" }.count == 1, "\(limit)")
        #expect(page.contains("the limit of each day, last 3"))
        // The newest is of yesterday; on the morning of the fifteenth the fourteenth was judged, by the new limit.
        func row(_ day: String) -> String? {
            page.components(separatedBy: "<tr>").first { $0.hasPrefix("<th scope=\"row\">\(day)</th>") }
        }
        #expect(row("2 Mar 2026")?.contains("foretold") == true && row("1 Mar 2026")?.contains("breach") == true)
        #expect(row("14 Feb 2026")?.contains("<td>3</td>") == true)
        #expect(row("13 Feb 2026")?.contains("<td>9</td>") == true)
        // Three refunds leave with the 23rd; at their pace of 3 in 28 days as many come again.
        #expect(page.contains("<path class=\"recovery\"") && page.contains("<path class=\"forecast\""))
        #expect(row("22 Mar 2026")?.contains("<td>0</td>") == true, "\(row("22 Mar 2026") ?? "")")
        // For a phone the same once more, on less ground.
        #expect(page.contains("<svg class=\"chart narrow\" viewBox=\"0 0 400.0 240.0\""))
    }

    @Test("days, moments and words stand as the reader writes them, with the zone by its name")
    func written() async throws {
        let bench = try await DashboardBench()
        let page = try await bench.get("/stores/elm", [.acceptLanguage: "zh-CN"]).body
        #expect(page.contains("2026年3月2日 08:00（北京时间）") && page.contains("<h2>门槛</h2>"))
        #expect(page.contains("将于 2026年3月23日 恢复为正常") && !page.contains("2026-03-23"))
        #expect(
            Tongue.english.shown("by 2026-03-01T24:00:00-03:30, then 2026-13-01")
                == "by 1 Mar 2026, 24:00 (UTC-3:30), then 2026-13-01")
        let midnight = try #require(Timestamp("2026-03-02T00:00:00+08:00"))
        let shanghai = try #require(StoreCalendar(timezone: "Asia/Shanghai"))
        #expect(shanghai.shownEnd(midnight, .english) == "1 Mar 2026, 24:00 (UTC+8)")
        #expect(StoreCalendar.utc.shown(midnight, .chinese) == "2026年3月1日 16:00（UTC）")
    }

    @Test("why a figure is another than on an earlier day")
    func change() async throws {
        let page = try await DashboardBench().get("/stores/elm/rules/refunds?since=2026-02-15").body
        #expect(page.contains("Why it changed since 15 Feb 2026") && page.contains("refunds 0 → 3"))
    }

    @Test("a gate on a day to come, by what is supposed until then")
    func gate() async throws {
        let bench = try await DashboardBench()
        let page = try await bench.get("/stores/elm/gates/campaign?on=2026-03-24").body
        #expect(page.contains("value=\"2026-03-24\"") && page.contains("opens by itself on 23 Mar 2026"))
        #expect(try await bench.get("/stores/fir/gates/campaign?on=2026-03-10&harm=1").body.contains("breach"))
    }

    @Test("alerts: what goes on, one with its events, and what receivers were told")
    func alerts() async throws {
        let bench = try await DashboardBench()
        let list = try await bench.get("/alerts").body
        #expect(list.contains("榆树店") && list.contains("Refunds in 30 days"))
        // Each with its figures and limit, and how far it is from it.
        #expect(list.contains("refunds 3<br><code>refunds &lt; 3</code>") && list.contains("20% beyond"))
        #expect(!list.contains("silenced"))
        var filter = AlertFilter()
        filter.stores = ["elm"]
        _ = try await AlertsTask(.running(await bench.state.assembly)).silence(
            .init(filter: filter, until: "2h", ends: .time, by: "li", why: "known"))
        #expect(try await bench.get("/alerts?q=elm").body.contains("· silenced</span>"))
        let link = try #require(list.firstMatch(of: /href="(\/alerts\/ep_[^"]+)"/)?.1)
        let alert = try await bench.get(String(link)).body
        #expect(alert.contains("firing") && alert.contains("Nobody was told."))
        #expect(try await bench.get("/alerts?q=nowhere").body.contains("No alert goes on."))
    }

    @Test("what there is not is not found, on a page in the reader's language; nothing fails")
    func missing() async throws {
        let bench = try await DashboardBench()
        for path in [
            "/stores/none", "/stores/elm/rules/none", "/stores/none/rules/refunds", "/stores/elm/gates/none",
            "/alerts/none", "/packs/none", "/packs/shop/rules/none",
        ] {
            let answer = try await bench.get(path, [.acceptLanguage: "zh"])
            #expect(answer.status == 404 && answer.body.contains("未找到"), "\(path): \(answer.status)")
        }
        for path in ["/appeals", "/sources", "/outbox", "/packs", "/packs/shop", "/packs/shop/rules/refunds"] {
            #expect(try await bench.get(path).status == 200, "\(path)")
        }
        for query in ["page=0", "page=99999999999999999999", "sort=x", "standing=x", "q=%00", "label=%ff"] {
            #expect(try await bench.get("/?\(query)").status == 200, "\(query)")
        }
        #expect(try await bench.get("/stores/elm/gates/campaign?on=2020-01-01&orders=-5").status == 200)
        #expect(try await bench.get("/stores/elm/rules/refunds?since=3026-01-01").status == 404)
    }

    @Test("who has the wall already is told so, until a store stands otherwise")
    func unchanged() async throws {
        let bench = try await DashboardBench()
        let first = try await bench.get("/")
        let tag = try #require(first.headers[.eTag])
        #expect(try await bench.get("/", [.ifNoneMatch: tag]).status == 304)
        #expect(try await bench.get("/?lang=zh", [.ifNoneMatch: tag]).status == 200)
        try await bench.look()
        #expect(try await bench.get("/", [.ifNoneMatch: tag]).status == 304)
        await bench.state.update { $0.refusal = "because" }
        let other = try await bench.get("/", [.ifNoneMatch: tag])
        #expect(other.status == 200 && other.body.contains("because"))
    }

    @Test("a field that a spreadsheet would take for a formula, or for two fields, is one text")
    func csv() {
        #expect(CSVField.guarded("=1+1") == "'=1+1" && CSVField.guarded("a,b") == "\"a,b\"")
        #expect(CSVField.guarded("say \"so\"") == "\"say \"\"so\"\"\"" && CSVField.guarded("a") == "a")
    }
}
