import ArgumentParser
import Daemon
import Dashboard

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "The daemon: pull, evaluate, alert, serve.",
        discussion: """
            Runs until SIGTERM or SIGINT; SIGHUP reads configuration and packs again (a bad file keeps the old one and \
            says why). Under systemd it tells when it is ready and feeds the watchdog.

              goodstanding run --config /etc/goodstanding/goodstanding.yaml
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        try await RunTask(
            config: options.config, logLevel: options.logLevel.rawValue, pages: DashboardServer.pages
        ).run()
    }
}
