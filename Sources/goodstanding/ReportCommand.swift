import ArgumentParser
import Daemon
import Dashboard
import Facts

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "How stores stood over past days, in one file.",
        discussion: """
            By store and by label: standings as they were shown, breaches with their days outside and their causes, what \
            went back to buyers by currency, and what is to be done in the week to come. HTML is one page that needs \
            nothing beside it, to be read, sent and printed.

              goodstanding report --from 2026-02-01 --to 2026-02-28 --out feb.html
              goodstanding report --from 2026-02-01 --to 2026-02-28 --label team=east
              goodstanding report --from 2026-02-01 --to 2026-02-28 --format csv
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case html, csv, json }

    @OptionGroup var options: ConfigOptions
    @OptionGroup var choice: StoreChoiceOptions
    @Option(help: ArgumentHelp("The first day, in each store's own zone.", valueName: "day")) var from: Day
    @Option(help: ArgumentHelp("The last day.", valueName: "day")) var to: Day
    @Option(help: "How to write it.") var format: Format = .html
    @Option(
        help: ArgumentHelp("Write it there, and not to standard output.", valueName: "file"), completion: .file())
    var out: String?

    func validate() throws {
        guard from.day <= to.day else { throw ValidationError("--from must not lie after --to") }
    }

    func run() async throws {
        let report = try await ReportTask(options.opening, choice.choice, days: from.day...to.day).run()
        let text =
            switch format {
            case .html: ReportPage(report, .current).text
            case .csv: ReportCSV.text(report, .current)
            case .json: ReportJSON.value(report).text + "\n"
            }
        try OutFile.write(text, to: out)
    }
}

/// Which stores.
struct StoreChoiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
    @Option(help: ArgumentHelp("Only stores with that label, such as team=east.", valueName: "label")) var label:
        LabelOption?

    var choice: StoreChoice { StoreChoice(glob: store, label: label?.label) }
}

/// `team=east` on the command line.
struct LabelOption: ExpressibleByArgument {
    var label: StoreChoice.Label

    init?(argument: String) {
        guard let label = StoreChoice.Label(argument) else { return nil }
        self.label = label
    }
}
