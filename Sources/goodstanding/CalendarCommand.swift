import ArgumentParser
import Daemon
import Dashboard
import Facts

struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Days to come as an iCalendar file.",
        discussion: """
            When rules are well again or worse, when platforms look, the last days to contest, and what ends unless it is \
            renewed: whole days, in each store's own zone. Taken in again, an event that was there before is moved.

              goodstanding calendar > stores.ics
              goodstanding calendar --store 'pdd-*' --out /srv/www/pdd.ics
            """)

    @OptionGroup var options: ConfigOptions
    @OptionGroup var choice: StoreChoiceOptions
    @Option(
        help: ArgumentHelp("Write it there, and not to standard output.", valueName: "file"), completion: .file())
    var out: String?

    func run() async throws {
        let agenda = try await AgendaTask(options.opening, choice.choice).run()
        try OutFile.write(CalendarFile.text(agenda, .current), to: out)
    }
}
