import ArgumentParser
import Daemon
import Dashboard
import Facts

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who did what, on what, when and why, and what configurations changed.",
        discussion: """
            Every act by page, API or command line, and every configuration that the daemon took in, limits first. Each entry \
            holds the digest of the one before: --verify tells of any that was changed, taken out or put in. That the end \
            was cut off tells a digest that was noted elsewhere (--known).

              goodstanding audit
              goodstanding audit --since 2026-11-01T00:00:00+08:00 --format json
              goodstanding audit --verify
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only of that moment and later (RFC 3339).", valueName: "time")) var since: Moment?
    @Option(help: "How to print it.") var format: Format = .table
    @Flag(help: "Whether it is still what was written; ends with 1 if not.") var verify = false
    @Option(help: ArgumentHelp("With --verify: a digest, or its beginning, that has to be there.", valueName: "digest"))
    var known: String?

    func validate() throws {
        guard known == nil || verify else { throw ValidationError("--known goes with --verify") }
    }

    func run() async throws {
        let task = AuditTask(options.opening)
        guard verify else {
            let records = try await task.list(since: since?.timestamp)
            Terminal.write(format == .table ? AuditText.table(records) : AuditJSON.text(records))
            return
        }
        let verdict = try await task.verify(known: known)
        Terminal.write(format == .table ? AuditText.text(verdict) : AuditJSON.text(verdict))
        if verdict.fault != nil { throw ExitCode.failed }
    }
}
