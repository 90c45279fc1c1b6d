import Alerts
import ArgumentParser
import Daemon
import Facts
import Language

struct RulesTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Runs tests of packs: made-up facts, and what they come to.",
        discussion: """
            A folder means the .yaml files directly in it. Every file names its pack: one of --packs, else a built-in one.

              goodstanding rules test rules/tests
              goodstanding rules test --packs my-pack.yaml my-tests.yaml
              goodstanding rules test --format junit rules/tests > tests.xml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, junit }

    @Argument(help: "Test files and folders.", completion: .file()) var paths: [String]
    @Option(help: "A file or folder of packs to test; may be given again.", completion: .file()) var packs: [String] =
        []
    @Option(help: "How to print it.") var format: Format = .table

    func run() throws {
        let outcome = try PackTestsTask.run(paths, packs: packs)
        for diagnostic in outcome.diagnostics { Terminal.note(diagnostic.render()) }
        switch format {
        case .table: Terminal.write(table(outcome))
        case .junit: Terminal.write(PackTestsJUnit(outcome).text)
        }
        if outcome.failed > 0 || outcome.diagnostics.contains(where: { $0.severity == .error }) {
            throw ExitCode.failed
        }
    }

    private func table(_ outcome: PackTestsTask.Outcome) -> String {
        let tongue = Tongue.current
        var text = ""
        for test in outcome.files.flatMap(\.tests) where !test.differences.isEmpty {
            text += Terminal.styled(tongue("failed", "未通过"), .red) + "  \(test.test)\n"
            for difference in test.differences { text += difference.render() + "\n" }
        }
        let passed = outcome.count - outcome.failed
        return text
            + tongue(
                "\(counted(outcome.count, "test")): \(passed) passed, \(outcome.failed) failed\n",
                "共 \(outcome.count) 项测试：通过 \(passed)，未通过 \(outcome.failed)\n")
    }
}
