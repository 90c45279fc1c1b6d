import Alerts
import Facts
import Foundation
import Hummingbird
import HummingbirdTesting
import Ledgers
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

/// Debian's Chromium, driven by Playwright.
private enum Browser {
    private static let files = URL(filePath: #filePath).deletingLastPathComponent().path + "/Browser"

    /// `make test` installs it once, into the user's cache.
    static let isThere = (try? Tool("sh")?.run([files + "/install", "check"]) as [UInt8]?) != nil
    static let absence: Comment = """
        Chromium and Playwright are not installed (Tests/DashboardTests/Browser/install, which make test runs): no page was \
        opened in a browser
        """

    struct Look: Decodable {
        var look: String
        var status: Int?
        var lang: String?
        var violations: [String]?
        var console: [String]?
        var elsewhere: [String]?
        /// By so many pixels the page is wider than the window.
        var wide: Int?
        var wanted: Int?
        /// What Tab does not reach, what has the focus and does not show it, and how often it went back to where it had been.
        var left: [String]?
        var unseen: [String]?
        var trapped: Int?
        var first: String?
        var search: String?
        var address: String?
        var rows: Int?
        /// Where who is not logged in is led.
        var form: String?
        var fault: String?
        var banner: String?
        /// What is on paper and can only be pressed.
        var shown: [String]?
        var colours: [String]?
        var bytes: Int?
    }

    /// - Parameter folder: for screenshots; nil: none.
    static func browse(_ address: String, _ token: String, _ paths: [String], folder: String?) throws -> [Look] {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" } ?? ""
        let said: [UInt8] = try #require(Tool("env")).run(
            [
                "PYTHONDONTWRITEBYTECODE=1", cache + "/goodstanding/browser/venv/bin/python", files + "/browse.py",
                address, token, folder ?? "",
            ] + paths)
        return try String(decoding: said, as: UTF8.self).split(separator: "\n").map {
            try JSONDecoder().decode(Look.self, from: Data($0.utf8))
        }
    }
}

@Suite("In a real browser")
struct BrowserTests {
    /// With something of everything: facts that cannot be read, appeals, notices, silences, figures to enter, and some entered.
    private static func bench() async throws -> DashboardBench {
        let pack = DashboardBench.pack.replacing(
            "metrics:",
            with: """
                metrics:
                  score: latest(value of measure where name == "shop.score" by at over 30d)
                  help: latest(value of measure where name == "shop.help" by at over 30d)
                """
        ).replacing("gates:", with: "  score: {require: score >= 70}\n  help: {require: help < 5%}\ngates:")
        let bench = try await DashboardBench(APIAnswerTests.configuration + DashboardBench.people, pack: pack)
        try await APIAnswerTests.fill(bench)
        let assembly = await bench.state.assembly
        _ = try await MarkTask(.running(assembly)).set(
            "refund/r1", of: "elm", ["appeal_by=2026-03-10"], by: "li", why: "the page says so", until: nil)
        _ = try await MeasureTask(.running(assembly)).set("shop.score", of: "elm", value: "82", expected: nil, at: nil)
        try await bench.look()
        return bench
    }

    @Test(
        "every page, in both languages, light and dark, on a desk and a phone: nothing that axe finds, no word on the console, nothing from elsewhere, no wider than the window; whole by keyboard, on paper and without JavaScript, from the login on; and the files of reports",
        .enabled(if: Browser.isThere, Browser.absence))
    func everyPage() async throws {
        // With every form that there is, for who may send them.
        let bench = try await Self.bench()
        let open = try await bench.state.assembly.ledger.openAlerts()
        let episode = try #require(open.first?.episode)
        let paths = [
            "/", "/stores/elm", "/stores/ash", "/stores/elm/rules/refunds", "/stores/ash/rules/rate",
            "/stores/elm/rules/rate?since=2026-02-15", "/stores/elm/gates/campaign", "/alerts", "/alerts/\(episode)",
            "/appeals", "/sources", "/outbox", "/packs", "/packs/shop", "/packs/shop/rules/refunds", "/due", "/audit",
            "/login?to=%2Falerts", "/stores/none", "/nowhere",
        ]
        let missing = ["/stores/none", "/nowhere"]
        for (path, shown) in [
            ("/sources", "<pre>"), ("/appeals", "r1"), ("/outbox", "ops"), ("/due", "name=\"value "), ("/audit", "li"),
        ] {
            #expect(try await bench.get(path, DashboardBench.bearer("mei")).body.contains(shown), "\(path)")
        }
        let folder = ProcessInfo.processInfo.environment["SCREENSHOTS"]
        let application = Application(router: DashboardRouter(state: bench.state).router)
        let report = try await ReportTask(
            .running(await bench.state.assembly), StoreChoice(), days: LocalDay("2026-02-01")!...LocalDay("2026-03-02")!
        ).run()
        let reports = try Tongue.allCases.map { tongue in
            try bench.folder.write("report-\(tongue.rawValue).html", ReportPage(report, tongue).text)
            return "\(bench.folder.path)/report-\(tongue.rawValue).html"
        }
        let looks = try await application.test(.live) { client in
            try Browser.browse(
                "http://127.0.0.1:\(try #require(client.port))", "token-mei", paths + reports, folder: folder)
        }
        let pages = looks.filter { $0.status != nil && $0.look != "forged" }
        #expect(pages.count == paths.count * 8)
        for page in pages {
            let isMissing = missing.contains { page.look.hasPrefix($0 + " ") }
            #expect(page.status == (isMissing ? 404 : 200), "\(page.look)")
            #expect(page.lang == (page.look.contains("zh-CN") ? "zh-CN" : "en"), "\(page.look)")
            #expect(page.violations == [], "\(page.look)")
            #expect(page.console == [], "\(page.look)")
            #expect(page.elsewhere == [], "\(page.look)")
            #expect(page.wide ?? 1 <= 0, "\(page.look)")
        }
        let tabbed = looks.filter { $0.look.hasPrefix("tab ") }
        #expect(tabbed.count == paths.count - 1)
        for page in tabbed {
            #expect(page.wanted ?? 0 > 10 && page.left == [] && page.unseen == [] && page.trapped == 0, "\(page)")
            #expect(page.first?.contains("class=\"skip\"") == true, "\(page.look)")
        }
        #expect(looks.first { $0.look == "keyboard" }?.search == "search")
        let read = looks.filter { $0.look.hasPrefix("report ") }
        #expect(read.count == 4)
        for report in read {
            #expect(report.violations == [] && report.elsewhere == [] && report.wide ?? 1 <= 0, "\(report)")
            #expect(report.rows ?? 0 > 5, "\(report.look)")
        }
        func look(_ name: String) throws -> Browser.Look { try #require(looks.first { $0.look == name }, "\(name)") }
        let login = try look("login")
        #expect(login.form?.hasSuffix("/login?to=%2Falerts") == true && login.address?.hasSuffix("/alerts") == true)
        #expect(login.fault == "This token lets nobody in here." && login.violations == [])
        let act = try look("keyboard act")
        #expect(act.banner?.hasPrefix("Acknowledged: mei looks after") == true && act.violations == [])
        #expect(act.address?.hasSuffix("/stores/elm/rules/refunds") == true)
        let forged = try look("forged")
        #expect(forged.status == 403 && forged.violations == [] && forged.wide ?? 1 <= 0)
        #expect(forged.banner?.contains("The form was too old, and nothing was done.") == true)
        let papers = looks.filter { $0.look.hasPrefix("paper ") }
        #expect(papers.count == 4)
        for paper in papers {
            #expect(paper.shown == [] && paper.violations == [], "\(paper.look)")
            #expect(paper.colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"], "\(paper.look)")
            #expect(paper.rows ?? 0 > 0 && paper.bytes ?? 0 > 5_000, "\(paper.look)")
        }
        let plain = try look("plain")
        #expect(plain.address?.contains("sort=name") == true)
        // Of the four stores one has no o in it but the one in Chinese.
        #expect(plain.rows == 1)
        let silenced = try look("plain act")
        #expect(silenced.banner?.isEmpty == false && silenced.address?.hasSuffix("/stores/elm/rules/refunds") == true)
        // What was done was done once each, and by whom is written down; of the forged form there is nothing.
        let audit = try await bench.audit().filter { $0.way == "page" }
        #expect(audit.map(\.act).sorted() == ["ack", "silence"] && audit.allSatisfy { $0.who == "mei" })
    }
}
