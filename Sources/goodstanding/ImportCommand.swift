import ArgumentParser
import Daemon
import Facts

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Facts from JSON Lines.",
        discussion: """
            A file covers, for every store in it, the kinds that occur in it, from the beginning up to its modification \
            time: say --complete-until or --complete-from where that is not so. A fact that cannot be read is set aside \
            with its line and reason, and the others go in. The same file again changes nothing.

              goodstanding import orders.jsonl refunds.jsonl.gz
              zcat dump.gz | goodstanding import -
              goodstanding import --complete-until 2026-03-01T00:00:00+08:00 february.jsonl
            """)

    @OptionGroup var options: ConfigOptions
    @Argument(help: "Files; - is standard input; .gz and .zst are unpacked.", completion: .file()) var files: [String]
    @Option(
        help: ArgumentHelp(
            "The kinds that the files bring completely, of order,line,parcel,refund,rating,case,penalty,measure.",
            valueName: "kinds"))
    var kinds: KindList?
    @Option(name: .customLong("complete-from"), help: "From when the files are complete; else from the beginning.")
    var completeFrom: Moment?
    @Option(
        name: .customLong("complete-until"), help: "Until when the files are complete; else their modification time.")
    var completeUntil: Moment?

    func run() async throws {
        let progress = ProgressLine()
        let task = ImportTask(
            config: options.config, files: files, kinds: kinds?.kinds, completeFrom: completeFrom?.timestamp,
            completeUntil: completeUntil?.timestamp, log: options.logLevel.rawValue)
        let results = try await task.run { progress.show(Tongue.current($0)) }
        progress.clear()
        for result in results { Terminal.note(Tongue.current(result.words)) }
        if results.contains(where: \.hasFailed) { throw ExitCode.failed }
    }
}

/// Kinds of fact, divided by commas.
struct KindList: ExpressibleByArgument {
    var kinds: FactKinds

    init?(argument: String) {
        let names = argument.split(separator: ",").map(String.init)
        let found = names.compactMap { FactKind(name: $0) }
        guard !names.isEmpty, found.count == names.count else { return nil }
        kinds = FactKinds(found)
    }
}
