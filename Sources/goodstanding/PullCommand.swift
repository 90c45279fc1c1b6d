import ArgumentParser
import Daemon

struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "One shot: pull feeds and the platforms of stores.",
        discussion: """
            Goes on where the last pull stopped, page by page; while pages are committed the next ones are asked for.

              goodstanding pull
              goodstanding pull --feed erp
              goodstanding pull --store 'woo-*'
            """)

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only this feed.", valueName: "id")) var feed: String?
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?

    func run() async throws {
        let progress = ProgressLine()
        let results = try await PullTask(
            config: options.config, feed: feed, glob: store, log: options.logLevel.rawValue
        ).run {
            progress.show(Tongue.current($0))
        }
        progress.clear()
        for result in results { Terminal.note(Tongue.current(result.words)) }
        if results.contains(where: \.hasFailed) { throw ExitCode.failed }
    }
}
