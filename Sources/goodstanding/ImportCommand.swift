import ArgumentParser
import Daemon
import Facts

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Facts from JSON Lines, or by a map from exports and pages of back ends.",
        discussion: """
            A file covers, for every store in it, the kinds that occur in it, from the beginning up to its modification \
            time: say --complete-until or --complete-from where that is not so. A fact that cannot be read is set aside \
            with its line and reason, and the others go in. The same file again changes nothing.

            With --map the files are CSV, TSV, workbooks (.xlsx) or the text of a page, and the map says what their columns \
            are and what a file covers; --complete-from and --complete-until go before what it says. `goodstanding maps list` \
            shows the maps that come with the program.

              goodstanding import orders.jsonl refunds.jsonl.gz
              zcat dump.gz | goodstanding import -
              goodstanding import --complete-until 2026-03-01T00:00:00+08:00 february.jsonl
              goodstanding import --map douyin-experience-page --store dy-1 page.txt
              goodstanding import --map refunds.yaml refunds-2026-02.csv
            """)

    @OptionGroup var options: ConfigOptions
    @Argument(help: "Files; - is standard input; .gz and .zst are unpacked.", completion: .file()) var files: [String]
    @Option(
        help: ArgumentHelp(
            "How the files become facts: a map's file, or the name of a built-in one.", valueName: "map"),
        completion: .file(extensions: ["yaml"]))
    var map: String?
    @Option(help: "Whose the files are, where the map does not say it.") var store: String?
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
            config: options.config, files: files, map: map, store: store, kinds: kinds?.kinds,
            completeFrom: completeFrom?.timestamp,
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
