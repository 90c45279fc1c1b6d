import ArgumentParser
import Daemon
import Facts

struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Readings that only the platform's back end shows, entered by hand.",
        discussion: """
            What no API tells and no file holds (a score, a rate, a limit) is a reading: a measure with a name, a value and \
            the moment it holds for. `due` says which are wanted today and where in the back end they stand; its table, \
            filled in, is what `import` takes. A share is a fraction, or has a %.

              goodstanding measure due
              goodstanding measure due --format csv > readings.csv
              goodstanding measure import readings.csv
              goodstanding measure set dy-1 douyin.score 82
              goodstanding measure undo dy-1 douyin.score
            """,
        subcommands: [Set.self, Undo.self, Import.self, Due.self])

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "One reading.",
            discussion: """
                The same measure of the same moment is written over.

                  goodstanding measure set dy-1 douyin.score 82
                  goodstanding measure set dy-1 douyin.help_rate 0.65% --at 2026-11-26
                  goodstanding measure set w-1 warehouse.inbound 480 --expected 500
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Argument(help: "The measure's name, as `measure due` lists it.") var name: String
        @Argument(help: "A number such as 82 or 0.0134, or a share with its sign: 1.34%.") var value: String
        @Option(
            help: ArgumentHelp(
                "The moment that it holds for: a day of the store's, or a time with an offset; else now.",
                valueName: "time"))
        var at: String?
        @Option(
            help: ArgumentHelp(
                "What the value is held against: a target, a peer mean, a book stock.", valueName: "number"))
        var expected: String?

        func run() async throws {
            let task = MeasureTask(options.opening)
            try MeasureText.report(try await task.set(name, of: store, value: value, expected: expected, at: at))
        }
    }

    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undo", abstract: "Take back a reading that was entered.",
            discussion: """
                The newest, or that of a moment; then the one before it counts again.

                  goodstanding measure undo dy-1 douyin.score
                  goodstanding measure undo dy-1 douyin.help_rate --at 2026-11-26
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The store.") var store: String
        @Argument(help: "The measure's name.") var name: String
        @Option(help: ArgumentHelp("The moment that it was entered for; else the newest.", valueName: "time"))
        var at: String?

        func run() async throws {
            let task = MeasureTask(options.opening)
            Terminal.write(MeasureText.undone(try await task.undo(name, of: store, at: at)))
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Readings from a table (CSV, also as spreadsheets save it, or XLSX).",
            discussion: """
                Either a row a store: the first column is `store`, and every other bears a measure's name. Or a row a \
                reading: store,name,value and perhaps expected and at, as `measure due` prints it. Empty values are passed \
                over; a row that is wrong is told with its line, and the others go in.

                  goodstanding measure import readings.csv
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The table; - is standard input.", completion: .file(extensions: ["csv", "tsv", "xlsx"]))
        var file: String

        func run() async throws {
            let progress = ProgressLine()
            let task = MeasureTask(options.opening)
            let outcome = try await task.take(file) { progress.show(Tongue.current($0)) }
            progress.clear()
            try MeasureText.report(outcome)
        }
    }

    struct Due: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "due", abstract: "The readings wanted today, and where in the back end they stand.",
            discussion: """
                Those that the rules of each store look at, and of which there is none yet or only one that is older than \
                the rule's `fresh`. The CSV is a form: fill in the values and give it to `measure import`.

                  goodstanding measure due
                  goodstanding measure due --store 'dy-*' --format csv
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let task = MeasureDueTask(options.opening, glob: store)
            let due = try await task.run()
            switch format {
            case .table: Terminal.write(MeasureText.table(due))
            case .csv: Terminal.write(MeasureText.csv(due))
            case .json: Terminal.write(MeasureText.json(due))
            }
        }
    }
}
