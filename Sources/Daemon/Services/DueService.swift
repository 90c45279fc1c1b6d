import Alerts
import Facts
import Ledgers
import Logging
import Notify
import Rules
import ServiceLifecycle

/// Tells each receiver once a day, at nine in the morning of its zone, which figures somebody has to look up; nothing where
/// none is wanted. Without `zone:` that is the zone of most of the stores of which it hears.
package struct DueService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    private static let every = TimeSpan.minutes(5)
    private static let hour = TimeSpan.hours(9)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            // A day is looked at once: what is entered later in it is not asked for again.
            var looked: [String: LocalDay] = [:]
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                do {
                    if try await Self.tell(assembly, &looked) > 0 { await state.delivery.ring() }
                } catch {
                    if !Task.isCancelled { assembly.logger.error("looking for figures that are wanted: \(error)") }
                }
                try? await state.reloading.wait(
                    after: heard, until: assembly.clock.now + Self.every, clock: assembly.clock)
            }
        }
    }

    /// One notice a day a receiver, whatever zones its stores are in.
    ///
    /// - Parameter looked: the last day that was looked at, by receiver.
    /// - Returns: how many notices are new.
    static func tell(_ assembly: Assembly, _ looked: inout [String: LocalDay]) async throws -> Int {
        // A board has them too; and a service that keeps a case for everything would have one a day that nobody ends.
        let receivers = assembly.config.receivers.filter {
            $0.route.digest == nil && $0.route.after == nil && $0.writing.kind != .pagerduty
        }
        guard !receivers.isEmpty else { return 0 }
        let now = assembly.clock.now
        let watched = try await assembly.watchedStores(nil).filter { !$0.isObserved(nil) }
        let hearing = receivers.compactMap {
            receiver -> (entry: ReceiverEntry, calendar: StoreCalendar, day: LocalDay)? in
            let theirs = watched.filter { receiver.route.wants($0.store) }
            guard let calendar = receiver.route.zone ?? Self.calendar(of: theirs) else { return nil }
            let day = calendar.day(of: now)
            guard now >= calendar.startOfDay(day) + hour, looked[receiver.id] != day else { return nil }
            return (receiver, calendar, day)
        }
        guard !hearing.isEmpty else { return 0 }
        let wanted = watched.filter { store in hearing.contains { $0.entry.route.wants(store.store) } }
        let figures = try await figures(of: wanted, assembly, at: now)
        var (notices, done): ([Notice], [String: LocalDay]) = ([], looked)
        for (receiver, calendar, day) in hearing {
            done[receiver.id] = day
            let theirs = figures.filter { figure in
                assembly.fleet.watched(figure.store).map { receiver.route.wants($0.store) } ?? false
            }
            guard !theirs.isEmpty else { continue }
            notices.append(
                DueBody(receiver: receiver.id, day: day, timezone: calendar.timezone, figures: theirs)
                    .notice(at: now, in: receiver.writing))
        }
        let new = notices.isEmpty ? 0 : try await assembly.ledger.owe(notices)
        // A day of which something could not be kept is looked at once more.
        looked = done
        return new
    }

    /// Where most of the stores are: there their people get up.
    private static func calendar(of stores: [Watched]) -> StoreCalendar? {
        let zones = Dictionary(grouping: stores, by: \.calendar.timezone)
        return zones.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.value.first?.calendar
    }

    private static func figures(
        of stores: [Watched], _ assembly: Assembly, at now: Timestamp
    ) async throws -> [DueBody.Figure] {
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        var figures: [DueBody.Figure] = []
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            for prepared in try await judge.prepare(group, at: nil, clock: now) {
                figures += MeasureDueTask.due(prepared.watched, prepared.state.newestMeasures, at: now).map { due in
                    DueBody.Figure(
                        store: due.store.id, storeName: due.store.name, name: due.name,
                        title: due.title ?? Words(due.name), place: due.place, rules: due.rules)
                }
            }
        }
        return figures
    }
}
