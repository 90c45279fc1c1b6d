import Facts
package import Language
import Ledgers
import Rollups
import Rules

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

    private struct Past {
        var pack: Pack
        var rules: [PackLint.History]
    }

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
            let watched = stores.compactMap { fleet.watched($0.store.id) }.filter {
                only ?? $0.pack.name == $0.pack.name
            }
            guard !watched.isEmpty else {
                throw TaskError(
                    Words(
                        en: "no store is judged by the pack '\(only ?? "")', so it has no past",
                        zh: "没有店铺按规则包“\(only ?? "")”考核，因此没有历史"), isUsage: true)
            }
            let pasts = try await pasts(
                of: watched, Judge(fleet: fleet, ledger: assembly.ledger), clock
            ) { progress(round * watched.count + $0, fleets.count * watched.count) }
            for past in pasts.sorted(by: { $0.pack.name < $1.pack.name }) {
                warnings += PackLint.warnings(past.pack, history: past.rules)
            }
        }
        return warnings
    }

    /// By pack. Stores of one zone have their days together, and are judged in groups.
    private func pasts(
        of stores: [Watched], _ judge: Judge, _ clock: Timestamp, progress: (Int) -> Void
    ) async throws -> [Past] {
        var (pasts, done): ([String: Past], Int) = ([:], 0)
        // Before the first thing known of it a store had no past.
        var first: [String: LocalDay] = [:]
        for store in stores { first[store.store.id] = try await firstDay(of: store, judge, clock) }
        for (_, zone) in Dictionary(grouping: stores, by: \.store.timezone).sorted(by: { $0.key < $1.key }) {
            let calendar = zone[0].calendar
            let today = calendar.startOfDay(calendar.day(of: clock))
            for week in 0..<Self.weeks {
                let moment = calendar.moving(today, back: 7 * week, .days)
                try await judge.judge(zone, at: moment, clock: clock) { judged in
                    for store in judged {
                        let pack = store.watched.pack
                        var past = pasts[pack.name] ?? Past(pack: pack, rules: pack.rules.map { .init(rule: $0.id) })
                        let first = first[store.watched.store.id]
                        guard week == 0 || first.map({ calendar.startOfDay($0) < moment }) ?? false else { continue }
                        for (place, rule) in store.evaluation.rules.enumerated() {
                            past.rules[place].standings[rule.standing, default: 0] += 1
                            guard week == 0 else { continue }
                            past.rules[place].note(
                                PackLint.short(rule.valued, store.prepared.state, at: moment, first: first))
                        }
                        pasts[pack.name] = past
                    }
                }
                progress(done + zone.count * (week + 1) / Self.weeks)
            }
            done += zone.count
        }
        return Array(pasts.values)
    }

    /// The first day on which anything that the pack counts happened; nil: nothing ever did.
    private func firstDay(of watched: Watched, _ judge: Judge, _ clock: Timestamp) async throws(LedgerError)
        -> LocalDay?
    {
        let plan = judge.fleet.plan(of: watched, on: watched.calendar.day(of: clock)).rollups
        let request = BucketRequest(store: watched.store.id, plan: plan, from: LocalDay(year: 1995, month: 1, day: 1))
        var first: LocalDay?
        try await judge.ledger.buckets([request])[0].change.forEach { _, day, _ in first = min(first ?? day, day) }
        return first
    }
}
