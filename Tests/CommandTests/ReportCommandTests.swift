import TestSupport
import Testing

@Suite("Reports, calendars and what others watch by, as they are printed")
struct ReportCommandTests {
    private static let february = ["report", "--from", "2026-02-01", "--to", "2026-02-28"]

    /// Of a ledger that no daemon has worked on: what went back to buyers is there all the same.
    @Test("a report by store and label, in a table and on a page, in either language")
    func report() async throws {
        let sample = try await Sample()
        let csv = try await sample.folder.run(Self.february + ["--format", "csv"])
        #expect(csv.status == 0, "\(csv.error)")
        try expectGolden(csv.output, "report.csv")
        for (language, name) in [("C.UTF-8", "report.html"), ("zh_CN.UTF-8", "report.zh.html")] {
            let page = try await sample.folder.run(
                Self.february + ["--store", "shop-elm"], environment: ["LANG": language])
            #expect(page.status == 0, "\(page.error)")
            let text = page.output.replacing(
                /\d{1,2} \w{3} \d{4}, \d\d:\d\d \(UTC\+8\)|\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d（北京时间）/, with: "NOW"
            )
            .replacing(/goodstanding \d+\.\d+\.\d+(-\w+)?/, with: "goodstanding VERSION")
            try expectGolden(text, name)
        }
        let one = try await sample.folder.run(Self.february + ["--label", "team=east", "--format", "csv"])
        #expect(one.status == 0 && !one.output.contains("shop-elm"))
        let none = try await sample.folder.run(Self.february + ["--label", "team=west"])
        #expect(none.status == 64 && none.error.contains("no store has the label team=west"), "\(none.error)")
        let nobody = try await sample.folder.run(Self.february + ["--store", "shop-elk"])
        #expect(nobody.status == 64 && nobody.error.contains("shop-elk") && nobody.output.isEmpty)
    }

    @Test("a calendar of stores of which nothing is known to come")
    func calendar() async throws {
        let sample = try await Sample()
        let ended = try await sample.folder.run("calendar", "--out", "stores.ics")
        #expect(ended.status == 0 && ended.output.isEmpty, "\(ended.error)")
        let text = String(decoding: try sample.folder.bytes("stores.ics"), as: UTF8.self)
        #expect(text.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.hasSuffix("END:VCALENDAR\r\n"))
        #expect(!text.contains("VEVENT"))
    }

    @Test("the dashboard and the rules need no configuration, and speak the reader's language")
    func monitoring() async throws {
        let folder = try Workplace()
        for (command, en, zh) in [
            ("grafana", "Worst stores", "最差店铺"), ("prometheus-rules", "the rule", "不达标"),
        ] {
            let english = try await folder.run(command)
            #expect(english.status == 0 && english.error.isEmpty && english.output.contains(en))
            #expect(!english.output.contains(/\p{Han}/))
            let chinese = try await folder.run([command], environment: ["LANG": "zh_CN.UTF-8"])
            #expect(chinese.output.contains(zh))
        }
        #expect(try await folder.run("prometheus-rules").output.contains("not both"))
    }
}
