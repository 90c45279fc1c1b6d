import ArgumentParser
import Daemon
import Facts

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "A gate on a day to come: open, shut, or open if.",
        discussion: """
            By what is known and by means of the last 28 days: whether the gate will be open, how much more may go wrong \
            until then, and what would open it.

              goodstanding plan --gate campaign --on 2026-12-12
              goodstanding plan --gate campaign --on 2026-12-12 --store 'pdd-*' --orders 9000 --refunds 2
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
    @Option(help: "The gate's id.") var gate: String
    @Option(help: ArgumentHelp("The day, such as 2026-12-12, in each store's own zone.", valueName: "day")) var on: Day
    @Option(help: "So many orders come until then, evenly; else as in the last 28 days.") var orders: Int64?
    @Option(help: "So many refunds that harm come until then, evenly; else none.") var refunds: Int64?
    @Option(help: "How to print it.") var format: Format = .table

    func validate() throws {
        for (name, number) in [("--orders", orders), ("--refunds", refunds)] where number.map({ $0 < 0 }) ?? false {
            throw ValidationError("\(name) must not be negative")
        }
    }

    func run() async throws {
        let planned = try await PlanTask(
            options.opening, glob: store, gate: gate, day: on.day, orders: orders, harm: refunds
        ).run()
        switch format {
        case .table: Terminal.write(PlanText.table(planned))
        case .json: Terminal.write(PlanText.json(planned))
        }
    }
}
