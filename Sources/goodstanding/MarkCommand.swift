import ArgumentParser
import Daemon

struct MarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark", abstract: "What our own people know of a fact and no API tells.",
        discussion: """
            A mark lies beside a fact: no pull overwrites it, and where it changes a figure, both figures are shown. \
            Standings and alerts follow the platform's figures, unless the store says `marks: counted`.

              goodstanding mark refund/R-17 liable=carrier --store pdd-1 --why "the carrier admits it, claim 88"
              goodstanding mark refund/R-18 appeal=open appeal_by=2026-03-31 --store pdd-1 --why "ticket 4711"
              goodstanding mark order/O-9 excluded --store pdd-1 --why "our own test order"
              goodstanding mark undo refund/R-17 --store pdd-1 --why "withdrawn"
              goodstanding mark list
            """,
        subcommands: [Set.self, Undo.self, List.self], defaultSubcommand: Set.self)

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Mark members of a fact.",
            discussion: """
                  goodstanding mark set refund/R-17 liable=carrier --store s1 --why "claim 88"
                  goodstanding mark order/O-9 excluded --store s1 --why test --until 2026-12-31
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The fact: its kind and id, such as refund/R-17.") var fact: String
        @Argument(
            help:
                "excluded, liable=WORD, appeal=WORD, appeal_by=DAY (the last day on which it can be appealed); several at once."
        ) var members: [String]
        @Option(help: "The store.") var store: String
        @Option(help: "The reason.") var why: String
        @Option(help: ArgumentHelp("Who says so; else who is logged in.", valueName: "name")) var by: String?
        @Option(help: ArgumentHelp("The first day (or the moment) from which it no longer counts.", valueName: "day"))
        var until: String?

        func run() async throws {
            let task = MarkTask(options.opening)
            Terminal.write(
                MarkText.done(try await task.set(fact, of: store, members, by: by, why: why, until: until)))
        }
    }

    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undo", abstract: "Take marks on a fact back; who made them and why stays on record.",
            discussion: """
                  goodstanding mark undo refund/R-17 --store s1 --why "withdrawn"
                  goodstanding mark undo refund/R-17 liable --store s1 --why "not the carrier"
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The fact: its kind and id, such as refund/R-17.") var fact: String
        @Argument(help: "Only the marks on these members.") var members: [String] = []
        @Option(help: "The store.") var store: String
        @Option(help: "The reason.") var why: String
        @Option(help: ArgumentHelp("Who says so; else who is logged in.", valueName: "name")) var by: String?

        func run() async throws {
            let task = MarkTask(options.opening)
            Terminal.write(MarkText.done(try await task.undo(fact, of: store, members, by: by, why: why)))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The marks in force.",
            discussion: """
                  goodstanding mark list
                  goodstanding mark list --store 'pdd-*' --all --format json
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
        @Flag(help: "Those that are over too.") var all = false
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let task = MarkTask(options.opening)
            let marks = try await task.list(store, all: all)
            switch format {
            case .table: Terminal.write(MarkText.table(marks))
            case .json: Terminal.write(MarkText.json(marks))
            }
        }
    }
}
