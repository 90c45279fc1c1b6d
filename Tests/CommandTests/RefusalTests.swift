import TestSupport
import Testing

@Suite("What a command refuses it refuses in the reader's language")
struct RefusalTests {
    private static let commands = [
        ["backtest", "--from", "2000-01-01", "--to", "2026-01-01"], ["calibrate", "none", "refunds"], ["auth", "none"],
        ["import", "--complete-from", "2026-03-02T00:00:00Z", "--complete-until", "2026-03-01T00:00:00Z", "f"],
        ["pull"],
        ["measure", "due", "--store", "none"], ["rules", "check", "none.yaml"], ["maps", "show", "none"],
        ["export", "--store", "none"],
    ]

    @Test("in Chinese where LANG says so, whatever the command")
    func language() async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\nstores: [{id: elm, pack: marketplace}]\n")
        try folder.write("f", "")
        #expect(try await folder.run("import", "f").status == 0)
        for command in Self.commands {
            let ended = try await folder.run(command, environment: ["LANG": "zh_CN.UTF-8"])
            #expect(ended.status != 0 && ended.error.contains(/\p{Han}/), "\(ended.error)")
        }
        let english = try await folder.run(Self.commands[0])
        #expect(english.status == 64 && english.error.contains("ask for fewer") && !english.error.contains(/\p{Han}/))
    }
}
