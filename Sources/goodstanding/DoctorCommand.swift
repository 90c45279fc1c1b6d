import ArgumentParser
import Daemon

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Holds the configuration against the world.",
        discussion: """
            Opens the ledger, looks at its folder and disk, asks every feed for one page (and keeps nothing of it), sees \
            whether every receiver can be reached (and sends nothing), compares the clocks. Says what to fix.

              goodstanding doctor
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let findings = try await DoctorTask(config: options.config, log: options.logLevel.rawValue).run()
        for finding in findings {
            let mark: String =
                switch finding.grade {
                case .good: Terminal.styled("ok  ", .green)
                case .doubtful: Terminal.styled("warn", .yellow)
                case .bad: Terminal.styled("fail", .red)
                }
            Terminal.write("\(mark)  \(Tongue.current(finding.words))\n")
        }
        if findings.contains(where: { $0.grade == .bad }) { throw ExitCode.failed }
    }
}
