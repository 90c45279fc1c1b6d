import ArgumentParser
import Daemon
import Facts
import Foundation
import Language

/// The root command and its list of subcommands.
@main
struct Goodstanding: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "goodstanding",
        abstract: "Keeps marketplace stores in good standing.",
        discussion: """
            Pulls what happened at each store, works out the figures by which the platform judges it, and tells before \
            and when a store falls below a limit: how far it is, which orders did it, when it recovers.

              goodstanding demo                          see it work
              goodstanding config check                  is my configuration right?
              goodstanding import orders.jsonl.gz        facts from a file
              goodstanding check                         how do my stores stand?
              goodstanding explain --store S             why?
              goodstanding run                           watch them from now on
            """,
        version: Version.current,
        subcommands: [
            RunCommand.self, CheckCommand.self, PullCommand.self, ImportCommand.self, ExportCommand.self,
            MetricsCommand.self, ExplainCommand.self, RulesCommand.self, ConfigCommand.self, DoctorCommand.self,
            BacktestCommand.self, AlertsCommand.self, OutboxCommand.self, PlanCommand.self, AppealsCommand.self,
            ReconcileCommand.self,
            CalibrateCommand.self,
            MarkCommand.self, MeasureCommand.self, MapsCommand.self, SchemaCommand.self, VerifyCommand.self,
            AuthCommand.self, ResumeCommand.self, AuditCommand.self, TokenCommand.self,
            ReportCommand.self, CalendarCommand.self, GrafanaCommand.self, PrometheusRulesCommand.self,
            DemoCommand.self,
        ])

    static func main() async {
        // A reader that went away (`| head`) ends the program like any other filter, without a message.
        signal(SIGPIPE, SIG_DFL)
        let arguments = NegativeNumbers.asValues(Array(CommandLine.arguments.dropFirst()))
        do {
            try refuseUnknownCommand(in: arguments)
            var command = try parseAsRoot(arguments)
            Memory.tune(livesLong: command is RunCommand)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error, isCheck: Terminal.isCheck)
        }
    }

    /// The parser takes a misspelt command for a value too many, and shows the whole help for one it is asked about.
    private static func refuseUnknownCommand(in arguments: [String]) throws {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        guard let asked, !asked.hasPrefix("-"), !names.contains(asked) else { return }
        let hint = NearestName.words(for: asked, among: names)
        let all = names.sorted().joined(separator: ", ")
        let ways = hint.en.isEmpty ? Words(en: "; there are \(all)", zh: "；现有 \(all)") : hint
        throw TaskError(Words(en: "there is no command '\(asked)'", zh: "没有命令“\(asked)”") + ways, isUsage: true)
    }

    /// Every error becomes a message on standard error and the exit code the manual promises.
    private static func finish(_ error: any Error, isCheck: Bool) -> Never {
        if let problem = Problem(error) {
            Terminal.note(Tongue.current(problem.words))
            exit(withError: isCheck ? ExitCode.unknown : problem.isUsage ? .wrongUsage : .failed)
        }
        guard isCheck, exitCode(for: error) != .success, !(error is ExitCode) else { exit(withError: error) }
        Terminal.note(fullMessage(for: error))
        exit(withError: ExitCode.unknown)
    }
}
