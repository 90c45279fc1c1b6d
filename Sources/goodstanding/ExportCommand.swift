import ArgumentParser
import Daemon
import Facts

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Facts as JSON Lines: what import takes again, unchanged.",
        discussion: """
              goodstanding export > all.jsonl
              goodstanding export --store 'pdd-*' --kinds order,refund | gzip > pdd.jsonl.gz
            """)

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
    @Option(help: ArgumentHelp("Only these kinds, such as order,refund.", valueName: "kinds")) var kinds: KindList?

    func run() async throws {
        try await ExportTask(
            config: options.config, glob: store, kinds: kinds?.kinds ?? .all, log: options.logLevel.rawValue
        )
        .run { Terminal.write($0) }
    }
}
