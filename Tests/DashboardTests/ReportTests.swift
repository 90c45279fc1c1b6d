import Facts
import Foundation
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("A report says how stores stood as it was shown, what it cost, and what is to be done")
struct ReportTests {
    /// Two refunds on the second, a third on the third; on the fifth it was no refund after all.
    private func told() async throws -> (ReportBench, Report) {
        let bench = try await ReportBench()
        bench.clock.advance(by: .days(1))
        try await bench.take([ReportBench.refund(3, amount: "12345678901.123456")])
        bench.clock.advance(by: .days(2))
        try await bench.take([
            #"{"kind":"refund","store":"elm","id":"r;3","deleted":true}"#,
            #"{"kind":"refund","store":"oak","id":"r4","refunded_at":"2026-03-04T10:00:00+08:00","status":"refunded","amount":"1.00"}"#,
            #"{"kind":"refund","store":"oak","id":"r5","refunded_at":"2026-03-04T10:00:00+08:00","status":"refunded"}"#,
            #"{"kind":"refund","store":"oak","id":"r6","refunded_at":"2026-03-06T10:00:00+08:00","status":"refunded","amount":"7.00"}"#,
        ])
        let report = try await ReportTask(
            .running(bench.assembly), StoreChoice(), days: day("2026-02-01")...day("2026-03-05")
        ).run()
        return (bench, report)
    }

    private func day(_ text: String) -> LocalDay { LocalDay(text)! }

    @Test("days by standing, the breach with its days and its cause, as it was known then")
    func standings() async throws {
        let (bench, report) = try await told()
        let elm = try #require(report.stores.first { $0.store.id == "elm" })
        let rule = try #require(elm.rules.first { $0.id == "refunds" })
        // Nobody looked before the second of March; on the fifth it was in breach until noon.
        #expect(rule.days == [.ok: 1, .breach: 3])
        let stay = try #require(rule.stays.first)
        #expect(rule.stays.count == 1 && stay.standing == .breach && stay.days == 3)
        #expect(stay.from == DashboardBench.now + .days(1) && stay.until == DashboardBench.now + .days(3))
        #expect(stay.limit == "refunds < 3" && stay.values["refunds"] == "3" && stay.because.en == "outside its limit")
        #expect(elm.breaches == 1 && report.stores.first { $0.store.id == "oak" }?.breaches == 0)
        // Only the days that were asked for.
        let later = try await ReportTask(
            .running(bench.assembly), StoreChoice(glob: "elm"), days: day("2026-03-05")...day("2026-03-31")
        ).run()
        #expect(later.stores[0].rules.first { $0.id == "refunds" }?.days == [.breach: 1])
        #expect(later.stores[0].rules.first { $0.id == "refunds" }?.stays.map(\.days) == [1])
        let past = try await ReportTask(
            .running(bench.assembly), StoreChoice(glob: "elm"), days: day("2026-01-01")...day("2026-01-31")
        ).run()
        #expect(past.stores[0].days.isEmpty && past.stores[0].rules.allSatisfy { $0.stays.isEmpty })
    }

    @Test("days on which the daemon did not run are unknown, and said to be so, everywhere")
    func unwatched() async throws {
        let (bench, _) = try await told()
        let log = "2026-03-02T04:00:00Z 2026-03-02T15:00:00Z\n2026-03-04T16:00:00Z 2026-03-05T04:00:00Z"
        try await bench.assembly.ledger.keep(log, as: .atWork)
        let report = try await ReportTask(
            .running(bench.assembly), StoreChoice(), days: day("2026-02-01")...day("2026-03-05")
        ).run()
        let elm = try #require(report.stores.first { $0.store.id == "elm" })
        // The third and the fourth; on the fifth it was in breach until noon.
        #expect(elm.unwatched == [day("2026-03-03"), day("2026-03-04")])
        #expect(elm.rules.first { $0.id == "refunds" }?.days == [.ok: 1, .unknown: 2, .breach: 1])
        #expect(elm.days[.unknown] == 2 && elm.rules.first { $0.id == "refunds" }?.stays.map(\.days) == [1])
        #expect(ReportPage(report, .english).text.contains("The daemon did not run on 3 Mar 2026 – 4 Mar 2026:"))
        #expect(ReportPage(report, .chinese).text.contains("守护进程在 2026年3月3日 – 2026年3月4日 未运行"))
        #expect(ReportJSON.value(report).text.contains(#""unwatched":["2026-03-03","2026-03-04"]"#))
    }

    @Test("money to the last digit, by currency; what was taken back, or is of another day, is not in it")
    func money() async throws {
        let (_, report) = try await told()
        let elm = try #require(report.stores.first { $0.store.id == "elm" })
        #expect(elm.refunded.count == 2 && elm.refunded.sums.map(\.text) == ["0.20"])
        #expect(elm.reasons.map(\.reason) == ["late", "quality"])
        let oak = try #require(report.stores.first { $0.store.id == "oak" })
        #expect(oak.refunded.count == 2 && oak.refunded.withoutAmount == 1)
        #expect(oak.refunded.sums.map(\.text) == ["1"] && oak.refunded.sums[0].currency == "CNY")
        #expect(report.whole.refunded.sums.map(\.text) == ["1.20"])
        #expect(report.labels.map(\.value) == ["east", "west"] && report.labels.map(\.stores) == [1, 2])
        #expect(report.labels[0].breaches == 1 && report.labels[0].refunded.count == 2)
    }

    @Test("a label has its own causes, reasons and week, on the page, as JSON and in the order of how often")
    func labels() async throws {
        let (_, report) = try await told()
        let east = try #require(report.labels.first)
        #expect(east.causes.map(\.rule) == ["refunds"] && east.causes.map(\.breaches) == [1])
        #expect(east.causes[0].days == 3 && east.causes[0].stores.map(\.id) == ["elm"])
        #expect(east.reasons.map(\.reason) == ["late", "quality"])
        #expect(!east.agenda.isEmpty && east.agenda.allSatisfy { $0.store?.id == "elm" })
        let west = report.labels[1]
        #expect(west.causes.isEmpty && west.agenda.contains { $0.kind == .expiry && $0.store?.id == "w" })
        let page = ReportPage(report, .english).text
        let part = try #require(page.components(separatedBy: "<h3>team: east</h3>").dropFirst().first)
        #expect(part.contains("1 breach, 3 days, outside its limit (榆树 &lt;店&gt; &amp; Co)"))
        #expect(part.contains("late: 1 (CNY 0.10), quality: 1 (CNY 0.10)"))
        let value = try #require(
            try JSONSerialization.jsonObject(with: Data(ReportJSON.value(report).text.utf8)) as? [String: Any])
        let label = try #require((value["labels"] as? [[String: Any]])?.first)
        #expect((label["causes"] as? [[String: Any]])?.first?["stores"] as? [String] == ["elm"])
        #expect(label["agenda"] as? [String] == east.agenda.map(\.id))
    }

    @Test("sums beyond 64 bits stay exact")
    func largeSums() {
        var refunded = Refunded()
        for _ in 0..<4 { refunded.add(9_000_000_000_000_000_001, "IDR") }
        refunded.add(1, nil)
        #expect(refunded.sums.map(\.text) == ["0.000001", "36000000000000.000004"])
    }

    @Test("the page is whole in itself, escaped, in either language", arguments: Tongue.allCases)
    func page(_ tongue: Tongue) async throws {
        let (_, report) = try await told()
        let page = ReportPage(report, tongue).text
        #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
        #expect(page.contains("榆树 &lt;店&gt; &amp; Co") && !page.contains("<店>"))
        #expect(page.contains(tongue == .english ? "Days outside" : "不达标记录"))
        #expect(page.contains(tongue == .english ? "quality" : "质量问题"))
        #expect(page.contains("refunds &lt; 3") && page.contains(tongue == .english ? "CNY 1.20" : "1.20 元"))
        // Nothing from elsewhere, nothing left to fill in.
        #expect(!page.contains("src=") && !page.contains("href=") && !page.contains("{{") && !page.contains("<script"))
    }

    @Test("JSON holds the same")
    func json() async throws {
        let (_, report) = try await told()
        let text = Data(ReportJSON.value(report).text.utf8)
        let value = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        let stores = try #require(value["stores"] as? [[String: Any]])
        #expect(stores.map { $0["store"] as? String } == ["elm", "oak", "w"])
        let rules = try #require(stores[0]["rules"] as? [[String: Any]])
        let outside = try #require(rules[0]["outside"] as? [[String: Any]])
        #expect(outside[0]["days"] as? Int == 3 && outside[0]["until"] as? String == "2026-03-05T04:00:00Z")
        #expect((rules[0]["days"] as? [String: Int])?["breach"] == 3)
        #expect((value["agenda"] as? [[String: Any]])?.contains { $0["kind"] as? String == "expiry" } == true)
    }

    @Test("the week to come: what can be contested, what ends, what is to be entered; not what lies beyond it")
    func week() async throws {
        let bench = try await ReportBench()
        try await bench.take([ReportBench.refund(3)])
        let report = try await ReportTask(
            .running(bench.assembly), StoreChoice(), days: day("2026-02-01")...day("2026-03-01")
        ).run()
        #expect(
            report.agenda.map { "\($0.day) \($0.kind.rawValue) \($0.store?.id ?? "")" } == [
                "2026-03-02 figures elm", "2026-03-02 figures oak", "2026-03-05 expiry w",
            ])
        bench.clock.advance(by: .days(2))
        try await bench.take([ReportBench.refund(1)])
        let later = try await ReportTask(
            .running(bench.assembly), StoreChoice(glob: "elm"), days: day("2026-02-01")...day("2026-03-01")
        ).run()
        // Until midnight of the tenth is until the ninth.
        #expect(later.agenda.map { "\($0.day) \($0.kind.rawValue)" } == ["2026-03-04 figures", "2026-03-09 appeal"])
    }

    @Test("a label that no store bears is told with the nearest one")
    func noLabel() async throws {
        let bench = try await ReportBench()
        let choice = StoreChoice(label: StoreChoice.Label("team=eats"))
        let error = await #expect(throws: TaskError.self) {
            try await AgendaTask(.running(bench.assembly), choice).run()
        }
        #expect(error?.isUsage == true && error?.message.contains("did you mean 'team=east'?") == true)
        #expect(StoreChoice.Label("team") == nil && StoreChoice.Label("=east") == nil)
    }
}
