import Alerts
package import Facts
import Ledgers
import Rules

/// A report over past days. It reads kept changes of standings and the refunds of the stores: for a person who asks.
package struct ReportTask: Sendable {
    private let opening: Opening
    private let choice: StoreChoice
    private let days: ClosedRange<LocalDay>

    package init(_ opening: Opening, _ choice: StoreChoice, days: ClosedRange<LocalDay>) {
        (self.opening, self.choice, self.days) = (opening, choice, days)
    }

    /// How far it looks ahead.
    private static let week = 7
    private static let pageSize = 5_000

    package func run() async throws -> Report {
        let assembly = try opening.assembly(.read)
        let stores = try await choice.stores(in: assembly)
        let agenda = try await AgendaTask.agenda(of: stores, choice, in: assembly)
        var report = Report(days: days, at: agenda.at)
        let watch = WatchLog(try await assembly.ledger.note(.atWork))
        let end = agenda.at + .days(Int64(Self.week))
        report.agenda = agenda.items.filter { item in
            let calendar = item.store.flatMap { assembly.fleet.watched($0.id)?.calendar } ?? .utc
            return item.day < calendar.day(of: end)
        }
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            var refunds = try await refunds(of: group, in: assembly)
            for watched in group {
                let id = watched.store.id
                var found = Report.OfStore(store: watched.store, calendar: watched.calendar)
                try await addStandings(to: &found, watched, watch, in: assembly, now: agenda.at)
                if let known = refunds.removeValue(forKey: id) {
                    found.refunded = known.whole
                    found.reasons = known.reasons.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
                        .map { (reason: $0.key, refunded: $0.value) }
                }
                report.stores.append(found)
            }
        }
        report.labels = labels(of: report.stores).map { label in
            var label = label
            label.agenda = report.agenda.filter { $0.store?.labels[label.key] == label.value }
            return label
        }
        return report
    }

    // MARK: Standings

    /// As it was shown, day by day.
    private func addStandings(
        to found: inout Report.OfStore, _ watched: Watched, _ watch: WatchLog,
        in assembly: Assembly, now: Timestamp
    ) async throws(LedgerError) {
        let range = watched.calendar.range(of: days.lowerBound..<days.upperBound.advanced(by: 1))
        let changes = try await assembly.ledger.standingChanges(of: watched.store.id, during: range)
        let byRule = Dictionary(grouping: changes, by: \.key.rule)
        let known = watched.pack.rules.map(\.id)
        var standings: [LocalDay: [Standing]] = [:]
        for id in known.filter({ byRule[$0] != nil }) + byRule.keys.filter({ !known.contains($0) }).sorted() {
            let rule = watched.pack.rule(id)
            let stood = Stood(
                byRule[id] ?? [], days: days, watched.calendar, watch: watch, now: now)
            for (day, standing) in stood.days {
                guard let counted = (rule?.severity ?? .major).counted(standing) else { continue }
                standings[day, default: []].append(counted)
            }
            found.rules.append(
                Report.OfRule(
                    id: id, title: rule?.title ?? Words(id), severity: rule?.severity,
                    days: stood.days.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }, stays: stood.stays))
        }
        for (day, rules) in standings {
            let isUnwatched = !watch.covers(watched.calendar.range(of: day), until: now)
            if isUnwatched { found.unwatched.append(day) }
            found.days[isUnwatched ? .unknown : .worst(of: rules), default: 0] += 1
        }
        found.unwatched.sort()
    }

    private func labels(of stores: [Report.OfStore]) -> [Report.OfLabel] {
        var labels: [StoreLabel: Report.OfLabel] = [:]
        for store in stores {
            for (key, value) in store.store.labels {
                labels[StoreLabel(key: key, value: value), default: .init(key: key, value: value)].add(store)
            }
        }
        return labels.values.sorted { ($0.key, $0.value) < ($1.key, $1.value) }
    }

    private struct StoreLabel: Hashable {
        var key: String
        var value: String
    }

    // MARK: Money

    private struct Found {
        var whole = Refunded()
        var reasons: [String: Refunded] = [:]
    }

    /// What went back on one of the days, whoever is to blame and whether or not the platform counts it.
    private func refunds(of group: [Watched], in assembly: Assembly) async throws(LedgerError) -> [String: Found] {
        var found: [String: Found] = [:]
        let stores = Dictionary(group.map { ($0.store.id, $0) }) { first, _ in first }
        let selection = FactSelection(stores: group.map(\.store.id), kinds: FactKinds(.refund))
        var position: FactPosition?
        repeat {
            let page = try await assembly.ledger.facts(selection, after: position, limit: Self.pageSize)
            for fact in page.facts where !fact.isDeleted {
                guard let watched = stores[fact.store], let at = fact.time("refunded_at"),
                    days.contains(watched.calendar.day(of: at))
                else { continue }
                let amount = fact.number("amount")?.millionths
                let currency = fact.word("currency") ?? watched.store.currency
                found[fact.store, default: Found()].whole.add(amount, currency)
                found[fact.store]?.reasons[fact.word("reason") ?? "", default: Refunded()].add(amount, currency)
            }
            position = page.next
        } while position != nil
        return found
    }
}
