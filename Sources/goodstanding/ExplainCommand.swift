import ArgumentParser
import Daemon

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "A standing down to its windows, numbers and facts.",
        discussion: """
              goodstanding explain --store pdd-flagship
              goodstanding explain --store pdd-flagship --at 2026-03-02T00:00:00+08:00
              goodstanding explain --store pdd-flagship dispute-refunds --format json
              goodstanding explain --store pdd-flagship dispute-refunds --since 2026-02-20
              goodstanding explain --store s1 --since 2026-02-20 --pack-then old.yaml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Option(help: "The store's id.") var store: String
    @Argument(help: "One rule; else all.") var rule: String?
    @Option(help: ArgumentHelp("Evaluate what is known now as of that moment (RFC 3339).", valueName: "time")) var at:
        Moment?
    @Option(
        help: ArgumentHelp(
            "Also why figures are others than at the first moment of that day.", valueName: "day")
    )
    var since: Day?
    @Option(
        name: .customLong("pack-then"),
        help: ArgumentHelp("The pack as it was on that day, where it was another.", valueName: "file"),
        completion: .file()) var packThen: String?
    @Option(help: "How to print it.") var format: Format = .table

    func validate() throws {
        if packThen != nil, since == nil { throw ValidationError("--pack-then says how it was on the day of --since") }
    }

    func run() async throws {
        let explanation = try await ExplainTask(
            options.opening, store: store, rule: rule, at: at?.timestamp, since: since?.day, packThen: packThen
        ).run()
        Terminal.write(format == .json ? ExplainReport.json(explanation) : ExplainReport.text(explanation))
    }
}
