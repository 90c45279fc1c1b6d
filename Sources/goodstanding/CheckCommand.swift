import ArgumentParser
import Daemon
import Dashboard
import Facts
import Rules

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "One shot: evaluate and print standings.",
        discussion: """
            Ends with 0 when every store is ok or unjudged, 1 on a warning, 2 on a breach, 3 when something is unknown \
            or the command could not be carried out: what monitoring plugins do.

              goodstanding check
              goodstanding check --pull --store 'pdd-*'
              goodstanding check --format nagios
              goodstanding check --at 2026-03-02T00:00:00+08:00 --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, nagios, junit }

    @OptionGroup var options: ConfigOptions
    @OptionGroup var stores: StoreOptions
    @Option(help: "How to print it.") var format: Format = .table
    @Flag(help: "Pull every feed first.") var pull = false
    @Flag(name: .shortAndLong, help: "Print the rules that are ok, too.") var all = false

    func run() async throws {
        let report = try await CheckTask(
            options.opening, glob: stores.store, at: stores.at?.timestamp, pullsFirst: pull
        ).run()
        switch format {
        case .table: Terminal.write(CheckTable(report, showsAll: all).text)
        case .json: Terminal.write(StandingsBody.json(report).text + "\n")
        case .nagios: Terminal.write(CheckNagios(report).text)
        case .junit: Terminal.write(CheckJUnit(report).text)
        }
        switch report.standing {
        case .ok, .unjudged: break
        case .warning: throw ExitCode.warning
        case .breach: throw ExitCode.breach
        case .unknown: throw ExitCode.unknown
        }
    }
}
