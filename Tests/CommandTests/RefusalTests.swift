import TestSupport
import Testing

@Suite("What a command refuses it refuses in the reader's language")
struct RefusalTests {
    @Test(
        "in Chinese where LANG says so, in English elsewhere",
        arguments: [
            ["backtest", "--from", "2000-01-01", "--to", "2026-01-01"],
            ["calibrate", "none", "refunds"], ["auth", "none"],
            ["import", "--complete-from", "2026-03-02T00:00:00Z", "--complete-until", "2026-03-01T00:00:00Z", "f"],
            ["pull"], ["measure", "due", "--store", "none"], ["rules", "check", "none.yaml"], ["maps", "show", "none"],
            ["export", "--store", "none"],
        ])
    func language(_ command: [String]) async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\nstores: [{id: elm, pack: marketplace}]\n")
        try folder.write("f", "")
        #expect(try await folder.run("import", "f").status == 0)
        for (language, isChinese) in [("C.UTF-8", false), ("zh_CN.UTF-8", true)] {
            let ended = try await folder.run(command, environment: ["LANG": language])
            #expect(ended.status != 0 && ended.error.contains(/\p{Han}/) == isChinese, "\(ended.error)")
        }
    }
}
