import ArgumentParser
import Daemon
import Facts

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Holds the configuration against the world.",
        discussion: """
            Opens the ledger, looks at its folder and disk, asks every feed and every list of a store's platform for one \
            page (and keeps nothing of it), sees whether every receiver can be reached (and sends nothing), compares the \
            clocks, and looks at consents: what ends soon, what is refused, what allows more than reading. Says what to fix.

              goodstanding doctor
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let findings = try await DoctorTask(config: options.config, log: options.logLevel.rawValue).run()
        for finding in findings { Terminal.write(DoctorCommand.line(finding)) }
        if findings.contains(where: { $0.grade == .bad }) { throw ExitCode.failed }
    }

    /// A finding with its mark.
    static func line(_ finding: DoctorTask.Finding) -> String {
        let mark: String =
            switch finding.grade {
            case .good: Terminal.styled("ok  ", .green)
            case .doubtful: Terminal.styled("warn", .yellow)
            case .bad: Terminal.styled("fail", .red)
            }
        return "\(mark)  \(Tongue.current(finding.words))\n"
    }
}
