import ArgumentParser
import Daemon
import Facts

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Own figures beside those that the platform shows.",
        discussion: """
            Ours is counted as of the moment for which the platform's figure holds, of the facts as they stood then, and \
            without marks. Where the two lie further apart than is tolerated, it tells since when, and what ours would \
            come to otherwise: by another definition, by what was known then, with marks, as of another day.

              goodstanding reconcile
              goodstanding reconcile pdd-flagship
              goodstanding reconcile 'pdd-*' --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Argument(help: ArgumentHelp("Only stores whose id fits; * and ? stand for any text and any character."))
    var store: String?
    @Option(
        help: ArgumentHelp(
            "By the figures that the platform had shown up to that moment (RFC 3339).", valueName: "time"))
    var at: Moment?
    @Option(help: "How to print it.") var format: Format = .table

    func run() async throws {
        let stores = try await ReconcileTask(
            options.opening, glob: store, at: at?.timestamp
        ).run()
        switch format {
        case .table: Terminal.write(ReconcileText.table(stores))
        case .json: Terminal.write(ReconcileText.json(stores))
        }
    }
}
