import ArgumentParser
import Daemon
import Facts

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recounts facts against rollups.",
        discussion: """
            Every figure rests on day buckets that are moved as facts change. This counts all of them anew from the facts \
            and ends with 1 when a single one differs.

              goodstanding verify
            """)

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?

    func run() async throws {
        let progress = ProgressLine()
        let result = try await VerifyTask(config: options.config, glob: store, log: options.logLevel.rawValue).run {
            progress.show(Tongue.current($0))
        }
        progress.clear()
        for difference in result.differences.prefix(20) { Terminal.note(Tongue.current(difference)) }
        Terminal.write(Tongue.current(result.words) + "\n")
        if !result.differences.isEmpty { throw ExitCode.failed }
    }
}
