import ArgumentParser
import Daemon
import Facts

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets go of a ledger that was restored, copied or moved.",
        discussion: """
            A ledger that is found on another machine, in another place, or older than it was, may have its original still \
            at work elsewhere. Until somebody says that it has not, no token is refreshed (two that refresh one token lose \
            it for both) and no notice is sent. Pulling with tokens that are good, judging and the pages go on.

              goodstanding resume                        what would be refreshed and sent
              goodstanding resume --yes                  let go
            """)

    @OptionGroup var options: ConfigOptions
    @Flag(help: "Refresh and send from now on.") var yes = false

    func run() async throws {
        let report = try await ResumeTask(config: options.config, log: options.logLevel.rawValue).run(letsGo: yes)
        Terminal.write(ResumeText.text(report, letsGo: yes))
    }
}
