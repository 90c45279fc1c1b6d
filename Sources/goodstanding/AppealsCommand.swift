import ArgumentParser
import Daemon
import Facts
import Rules

struct AppealsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "appeals", abstract: "What can still be contested, by deadline, and what it would be worth.",
        discussion: """
            The facts behind rules outside ok whose appeal is not decided and whose deadline (appeal_by) has not passed, \
            and how many of them won would put the rule right.

              goodstanding appeals
              goodstanding appeals --store 'pdd-*' --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
    @Option(help: "How to print it.") var format: Format = .table

    func run() async throws {
        let cases = try await AppealsTask(options.opening, glob: store).run()
        switch format {
        case .table: Terminal.write(AppealsText.table(cases))
        case .json: Terminal.write(AppealsText.json(cases))
        }
    }
}
