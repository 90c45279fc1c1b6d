import ArgumentParser
import Daemon
import Facts

struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest", abstract: "The live engine along past days, by what is known now.",
        discussion: """
            Every rule of every store at the first moment of each day, with the alerts that would have gone out, and how \
            often what was foretold came true. With --pack the same under a changed pack, and what differs.

              goodstanding backtest --from 2026-01-01 --to 2026-03-01
              goodstanding backtest --from 2026-01-01 --to 2026-03-01 --store 'pdd-*' --pack stricter.yaml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
    @Option(help: ArgumentHelp("The first day, in each store's own zone.", valueName: "day")) var from: Day
    @Option(help: ArgumentHelp("The last day.", valueName: "day")) var to: Day
    @Option(help: "A pack file to take the place of the pack of its name.", completion: .file()) var pack: String?
    @Option(help: "How to print it.") var format: Format = .table

    func validate() throws {
        guard from.day <= to.day else { throw ValidationError("--from must not lie after --to") }
    }

    func run() async throws {
        let progress = ProgressLine()
        let task = BacktestTask(
            config: options.config, glob: store, days: from.day...to.day, pack: pack, log: options.logLevel.rawValue)
        let (report, other) = try await task.run { done, all in
            progress.show(Tongue.current("\(done) of \(all) stores", "\(done) / \(all) 家店铺"))
        }
        progress.clear()
        switch format {
        case .table: Terminal.write(BacktestText.table(report, other))
        case .json: Terminal.write(BacktestText.json(report, other))
        }
    }
}

/// A calendar day on the command line.
struct Day: ExpressibleByArgument {
    var day: LocalDay

    init?(argument: String) {
        guard let day = LocalDay(argument) else { return nil }
        self.day = day
    }
}
