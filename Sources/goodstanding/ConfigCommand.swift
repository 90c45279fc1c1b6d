import ArgumentParser
import Daemon
import Facts

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The configuration.",
        discussion: """
              goodstanding config check --config goodstanding.yaml
            """,
        subcommands: [ConfigCheckCommand.self, ConfigDiffCommand.self, ConfigAcceptCommand.self])
}

struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reads configuration and packs and says everything that is wrong.",
        discussion: """
            Changes nothing, and asks nobody. Of the ledger it reads what the receivers were when the daemon loaded its \
            configuration last. `doctor` holds the configuration against the world.

              goodstanding config check --config goodstanding.yaml
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let summary = try await ConfigCheckTask(config: options.config).run()
        for warning in summary.warnings { Terminal.note(Tongue.current(warning)) }
        Terminal.write(Tongue.current(summary.words) + "\n")
    }
}
