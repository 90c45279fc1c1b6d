import ArgumentParser
import Daemon
import Foundation

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
            VerifyCommand.self, DemoCommand.self,
        ])

    static func main() async {
        Memory.tune()
        // A reader that went away (`| head`) ends the program like any other filter, without a message.
        signal(SIGPIPE, SIG_DFL)
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error, isCheck: Terminal.isCheck)
        }
    }

    /// Every error becomes a message on standard error and the exit code the manual promises.
    private static func finish(_ error: any Error, isCheck: Bool) -> Never {
        if let problem = Problem(error) {
            Terminal.note(problem.message)
            exit(withError: isCheck ? ExitCode.unknown : problem.isUsage ? .wrongUsage : .failed)
        }
        guard isCheck, exitCode(for: error) != .success, !(error is ExitCode) else { exit(withError: error) }
        Terminal.note(fullMessage(for: error))
        exit(withError: ExitCode.unknown)
    }
}
