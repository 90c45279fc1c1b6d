import Facts
package import Language
import Ledgers
package import Rules

/// Holds packs against the ledger's own past: limits that never or always held there, windows longer than it.
package struct HistoryLintTask: Sendable {
    private let config: String?
    private let paths: [String]
    private let level: String

    /// - Parameter paths: pack files, each in the place of the configured pack of its name; none: the configured packs.
    package init(config: String?, paths: [String], log level: String) {
        (self.config, self.paths, self.level) = (config, paths, level)
    }

    /// Looked at once a week over the last quarter, the present included.
    private static let weeks = 13

    /// Warnings, in the order of the packs and their rules.
    package func run(progress: (_ done: Int, _ all: Int) -> Void) async throws -> [Diagnostic] {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        var fleets: [(fleet: Fleet, only: String?)] = [(assembly.fleet, nil)]
        if !paths.isEmpty {
            let packs = try RulesTask.list(paths)
            fleets = try packs.map { (try Assembly.fleet(config: config, replacing: $0.source.name), $0.name) }
        }
        let clock = assembly.clock.now
        let stores = try await assembly.watchedStores(nil)
        var warnings: [Diagnostic] = []
        for (round, (fleet, only)) in fleets.enumerated() {
            let judge = Judge(fleet: fleet, ledger: assembly.ledger)
            var pasts: [String: (pack: Pack, rules: [PackLint.History])] = [:]
            for (index, store) in stores.enumerated() {
                progress(round * stores.count + index, fleets.count * stores.count)
                guard let watched = fleet.watched(store.store.id), only ?? watched.pack.name == watched.pack.name else {
                    continue
                }
                var past = pasts[watched.pack.name] ?? (watched.pack, watched.pack.rules.map { .init(rule: $0.id) })
                try await note(watched, judge, clock, in: &past.rules)
                pasts[watched.pack.name] = past
            }
            for past in pasts.sorted(by: { $0.key < $1.key }).map(\.value) {
                warnings += PackLint.warnings(past.pack, history: past.rules)
            }
        }
        return warnings
    }

    private func note(
        _ watched: Watched, _ judge: Judge, _ clock: Timestamp, in rules: inout [PackLint.History]
    ) async throws(LedgerError) {
        let today = watched.calendar.startOfDay(watched.calendar.day(of: clock))
        for week in 0..<Self.weeks {
            let moment = watched.calendar.moving(today, back: 7 * week, .days)
            let judged = try await judge.judge([watched], at: moment, clock: clock)[0]
            for (place, rule) in judged.evaluation.rules.enumerated() {
                rules[place].standings[rule.standing, default: 0] += 1
                if week == 0 { rules[place].note(PackLint.short(rule.valued, judged.prepared.state, at: moment)) }
            }
        }
    }
}
