import Foundation
import TestSupport
import Testing

@Suite("A report is made of what the daemon has kept, beside it", .timeLimit(.minutes(2)))
struct ReportDaemonTests {
    @Test("what the daemon has shown is in the report, in each format, and goes to a file whole")
    func kept() async throws {
        let site = try Site()
        try site.configure()
        try await site.take(Site.refunds(3, at: "=a,1"))
        try await RunningDaemon.running(site.config) { daemon in
            let isThere = await Wait.until { daemon.counts(1, "breach") }
            try #require(isThere, "\(daemon.log)")
        }
        // The days of the refunds and of the breach, whichever side of midnight the test runs on.
        let days = [-3, 1].map { offset in
            String(Date(timeIntervalSinceNow: offset * 86_400).formatted(.iso8601).prefix(10))
        }
        func report(_ more: String...) async throws -> Program.Outcome {
            let arguments = ["report", "--config", site.config, "--from", days[0], "--to", days[1]] + more
            return try await site.folder.run(arguments)
        }
        let csv = try await report("--format", "csv")
        #expect(csv.status == 0, "\(csv.error)")
        let rows = csv.output.split(separator: "\n")
        #expect(rows.first == "part,store,label,rule,name,value,unit,from,to,text")
        let outside = rows.filter { $0.hasPrefix(#"outside,"'=a,1",,refunds,breach,1,days,"#) }
        #expect(outside.count == 1 && outside[0].contains("refunds < 3"), "\(csv.output)")
        #expect(rows.contains { $0.hasPrefix(#"standing,"'=a,1",,,breach,1,days"#) })
        #expect(rows.contains { $0.hasPrefix(#"refunded,"'=a,1",,,,3,refunds without amount"#) })
        let json = try await report("--format", "json")
        let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((value?["stores"] as? [[String: Any]])?.first?["breaches"] as? Int == 1)
        let page = site.folder.file("out/report.html")
        let refused = try await report("--out", page)
        #expect(refused.status == 1 && refused.error.contains("cannot be written"), "\(refused.error)")
        let written = try await report("--out", site.folder.file("report.html"))
        #expect(written.status == 0 && written.output.isEmpty)
        let html = try String(contentsOfFile: site.folder.file("report.html"), encoding: .utf8)
        #expect(html.contains("=a,1") && html.contains("outside its limit"))
    }
}
