import ArgumentParser
import Daemon
import Facts

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "Alerts as they stand, what is done about them, and who hears of them.",
        subcommands: [
            List.self, Show.self, Acknowledge.self, Silence.self, Unsilence.self, Silences.self, History.self,
            Accept.self, WhyNot.self, Route.self, Preview.self, Test.self,
        ], defaultSubcommand: List.self)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The alerts that go on.",
            discussion: """
                  goodstanding alerts list
                  goodstanding alerts list --store 'pdd-*' --format json
                  goodstanding alerts list --observed
                """)

        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("Only of stores whose id fits.", valueName: "glob")) var store: String?
        @Flag(help: "What would have been sent of what is only observed, the newest first.") var observed = false
        @Option(help: "How to print it.") var format: Format = .table

        func run() async throws {
            let task = AlertsTask(options.opening)
            let calendar = try options.opening.calendars()
            if observed {
                let events = try await task.observed(store)
                return Terminal.write(format == .table ? AlertsText.table(events, calendar) : AlertsText.json(events))
            }
            let alerts = try await task.list(store)
            Terminal.write(format == .table ? AlertsText.table(alerts, calendar) : AlertsText.json(alerts))
        }
    }

    struct Preview: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints what a receiver would be sent of an alert that nobody has.",
            discussion: """
                In its language, its form and by its template. Nothing is sent.

                  goodstanding alerts preview duty
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The receiver's id.") var receiver: String

        func run() throws {
            let task = AlertsTask(options.opening)
            Terminal.write(try task.preview(receiver) + "\n")
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends a receiver one message that says it is a test.",
            discussion: """
                Once, at once, and beside the daemon, if there is one: nothing is kept, and nothing is sent again. Ends with 1 \
                where the receiver did not take it, and says what to mend.

                  goodstanding alerts test duty
                """)

        @OptionGroup var options: ConfigOptions
        @Argument(help: "The receiver's id.") var receiver: String

        func run() async throws {
            let tried = try await AlertsTask(options.opening).test(receiver)
            Terminal.note(Tongue.current(tried.words))
            if !tried.isTaken { throw ExitCode.failed }
        }
    }
}
