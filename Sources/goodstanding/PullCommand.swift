import ArgumentParser
import Daemon
import Facts
import Rules

struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "One shot: pull feeds and the platforms of stores.",
        discussion: """
            Goes on where the last pull stopped, page by page; while pages are committed the next ones are asked for.

              goodstanding pull
              goodstanding pull --feed erp
              goodstanding pull --store 'woo-*'

            What a platform tells only as a report that it has to make first, as Amazon tells returns and feedback, is waited \
            for; a report that does not come within --wait stays asked for, and the command ends with 1. With --wait 0s a \
            later pull reads it.

              goodstanding pull --store 'amazon-*' --wait 1h

            --plan asks nobody: it prints how many calls a day the whole configuration comes to, by application, method and \
            store, and what share of each limit that is. More than half of a limit is refused, with the nearest that fits. \
            With --store the methods are those of the stores that fit; limits are shared, and stay whole.

              goodstanding pull --plan
              goodstanding pull --plan --store 'woo-*' --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only this feed.", valueName: "id")) var feed: String?
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?

    @Option(
        help: ArgumentHelp(
            "How long reports that a platform has to make are waited for, such as 90s, 30min or 2h.", valueName: "time")
    )
    var wait = Wait(span: .minutes(30))

    @Flag(help: "Pull nothing: print how many calls a day it comes to.") var plan = false
    @Option(help: ArgumentHelp("Of --plan: orders a day at stores of which nothing is known yet.", valueName: "number"))
    var orders = 100
    @Option(help: "Of --plan: how to print it; by default as a table.") var format: Format?

    func validate() throws {
        guard plan else {
            if format != nil { throw ValidationError("--format is for --plan; a pull says what became of it in words") }
            return
        }
        if feed != nil { throw ValidationError("--plan is about the whole configuration; leave --feed out") }
        guard (0...10_000_000).contains(orders) else { throw ValidationError("--orders is 0 to 10000000") }
    }

    func run() async throws {
        if plan { return try await printPlan() }
        let progress = ProgressLine(elsewhere: .seconds(30))
        let results = try await PullTask(
            config: options.config, feed: feed, glob: store, patience: wait.span, log: options.logLevel.rawValue
        ).run {
            progress.show(Tongue.current($0))
        }
        progress.clear()
        for result in results { Terminal.note(Tongue.current(result.words)) }
        if results.contains(where: \.hasFailed) { throw ExitCode.failed }
    }

    private func printPlan() async throws {
        let report = try await PullPlanTask(config: options.config, orders: orders, log: options.logLevel.rawValue)
            .run()
        Terminal.write(
            format == .json
                ? PullPlanText.json(report.plan, only: store) : PullPlanText.table(report.plan, only: store))
        for use in report.plan.uses where use.isTooMuch { Terminal.note(PullPlanText.refusal(use)) }
        // A configuration that cannot work.
        if report.plan.isTooMuch { throw ExitCode.wrongUsage }
    }
}

/// A length of time on the command line, as configurations have it; a day at most.
struct Wait: ExpressibleByArgument {
    var span: TimeSpan

    init(span: TimeSpan) { self.span = span }

    init?(argument: String) {
        guard let span = TimeSpan(written: argument), span <= .days(1) else { return nil }
        self.span = span
    }

    var defaultValueDescription: String { span.written }
}
