import ArgumentParser
import Daemon

struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Every store's metrics.",
        discussion: """
            The figures over the facts known, whether or not everything is known; JSON marks what is not wholly covered. \
            CSV has a row for every watched store and metric, an empty value for missing.

              goodstanding metrics --at 2026-03-02T00:00:00+08:00 --format csv
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

    @OptionGroup var options: ConfigOptions
    @OptionGroup var stores: StoreOptions
    @Option(help: "How to print it.") var format: Format = .table

    func run() async throws {
        let task = MetricsTask(
            options.opening, glob: stores.store, at: stores.at?.timestamp)
        switch format {
        case .csv:
            // Not before there is something below it: what fails has no heading.
            var heading = MetricsReport.csvHeading
            try await task.run {
                Terminal.write(heading + MetricsReport.csv($0))
                heading = ""
            }
            Terminal.write(heading)
        case .json:
            var figures: [StoreFigures] = []
            try await task.run { figures += $0 }
            Terminal.write(MetricsReport.json(figures))
        case .table:
            var figures: [StoreFigures] = []
            try await task.run { figures += $0 }
            Terminal.write(MetricsReport.table(figures))
        }
    }
}
