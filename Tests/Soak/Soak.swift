import Daemon
import Foundation
import PlatformSupport

/// A year of one busy store and thirty small ones at every made-up platform: `make soak`. It ends with 1 when a ledger is
/// not what happened, or a limit was passed.
@main
enum Soak {
    static func main() async throws {
        // As the program does.
        Memory.tune(livesLong: true)
        let wanted = CommandLine.arguments.dropFirst()
        let rows = PlatformRow.all.filter { wanted.isEmpty || wanted.contains($0.pack) }
        guard rows.count == (wanted.isEmpty ? PlatformRow.all.count : Set(wanted).count) else {
            let known = PlatformRow.all.map(\.pack).joined(separator: ", ")
            FileHandle.standardError.write(Data("usage: Soak [PACK …], with packs out of: \(known)\n".utf8))
            exit(64)
        }
        var isWhole = true
        for row in rows {
            let began = ContinuousClock.now
            let outcome = try await PlatformYear(row, .year, seed: 16).run { day in
                tell("\(row.pack): day \(day) of \(PlatformYear.Scale.year.days), \(minutes(since: began)) min", day)
            }
            if isTerminal { say("\r\u{1B}[K", end: "") }
            let faults = outcome.met.sorted { "\($0.key)" < "\($1.key)" }.map { "\($0.key) \($0.value)" }
            print(
                """
                \(row.pack): \(outcome.orders) orders, \(outcome.facts) facts, \(outcome.requests) requests, \
                \(minutes(since: began)) min
                  went wrong on the way: \(faults.joined(separator: ", "))
                """)
            for line in outcome.wrong.prefix(20) { print("  WRONG: \(line)") }
            fflush(nil)
            isWhole = isWhole && outcome.wrong.isEmpty
        }
        print(
            isWhole ? "Every ledger is what happened, to the digit, and no limit was passed." : "Not as it should be.")
        if !isWhole { exit(1) }
    }

    private static let isTerminal = isatty(STDERR_FILENO) == 1

    /// On a terminal each day in place of the one before; elsewhere every tenth.
    private static func tell(_ text: String, _ day: Int) {
        if isTerminal {
            say("\r\(text)\u{1B}[K", end: "")
        } else if day.isMultiple(of: 10) || day == PlatformYear.Scale.year.days {
            say(text)
        }
    }

    /// On standard error: the figures stand alone on the output.
    private static func say(_ text: String, end: String = "\n") {
        FileHandle.standardError.write(Data((text + end).utf8))
    }

    private static func minutes(since moment: ContinuousClock.Instant) -> String {
        let tenths = (ContinuousClock.now - moment).components.seconds / 6
        return "\(tenths / 10).\(tenths % 10)"
    }
}
