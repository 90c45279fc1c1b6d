import ArgumentParser
import Daemon
import Facts
import Foundation

/// What every command that works on a ledger takes.
struct ConfigOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The configuration; else $GOODSTANDING_CONFIG, ./goodstanding.yaml, /etc/goodstanding/goodstanding.yaml.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        name: .customLong("log-level"),
        help: "How much is logged on standard error: trace, debug, info, notice, warning, error.")
    var logLevel: LogLevel = .notice

    var opening: Opening { .file(config, log: logLevel.rawValue) }
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable { case trace, debug, info, notice, warning, error }

/// Which stores, and as of when.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only stores whose id fits; * and ? stand for any text and any character.", valueName: "glob"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "Evaluate what is known now as of that moment (RFC 3339, such as 2026-03-02T00:00:00+08:00).",
            valueName: "time"))
    var at: Moment?
}

/// A moment on the command line.
struct Moment: ExpressibleByArgument {
    var timestamp: Timestamp

    init?(argument: String) {
        guard let timestamp = Timestamp(argument) else { return nil }
        self.timestamp = timestamp
    }
}
