import ArgumentParser
import Daemon
import Facts

struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Which definition of a metric comes to the figures that the platform shows.",
        discussion: """
            Counts the metric, and each variant that its pack declares, as of the moment of every known figure of the \
            platform's, and says which comes to all of them as they are shown. Five figures are needed; with fewer it \
            ends with 1. Nothing is written.

              goodstanding calibrate pdd-flagship dispute_rate
              goodstanding calibrate pdd-flagship dispute_rate --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Argument(help: "The store's id.") var store: String
    @Argument(help: "A metric that the store's pack reconciles.") var metric: String
    @Option(help: "How to print it.") var format: Format = .table

    func run() async throws {
        let report = try await CalibrateTask(
            config: options.config, store: store, metric: metric, log: options.logLevel.rawValue
        ).run()
        switch format {
        case .table: Terminal.write(CalibrateText.table(report))
        case .json: Terminal.write(CalibrateText.json(report))
        }
        if !report.isEnough { throw ExitCode.failed }
    }
}
