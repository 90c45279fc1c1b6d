import Alerts
import Facts
import Ledgers
import Logging
import Notify
import Rules
import ServiceLifecycle

/// What a cluster of Alertmanager was told last of each alert, to be told again every minute: there an alert that nobody
/// speaks of ends by itself.
///
/// What goes on is told with a new end, some hours ahead. What has ended is told for as long: a member that could not be
/// reached would else let it go on until then.
struct GoingOn {
    private static let every = TimeSpan.minutes(1)
    /// So many alerts a request.
    private static let most = 500

    private let receiver: Receiver
    private var last: [AlertKey: Notice]?
    /// Ended because its labels became others, with the moment.
    private var left: [(kept: [UInt8], at: Timestamp)] = []
    private var next: Timestamp?
    private var isFailing = false

    init(_ receiver: Receiver) { self.receiver = receiver }

    /// What it took just now.
    mutating func note(_ taken: [Notice], at now: Timestamp) {
        guard last != nil else { return }
        for notice in taken {
            if let former = last?[notice.key]?.body,
                let ended = AlertmanagerBody.left(of: former, after: notice.body, endedAt: now)
            {
                left.append((ended, now))
                next = now
            }
            last?[notice.key] = notice
        }
    }

    /// Tells it, when it is time.
    ///
    /// - Parameter beat: called now and then, as it may take long.
    /// - Returns: when it is time again.
    mutating func tell(
        by notifier: Notifier, _ assembly: Assembly, beat: () async -> Void
    ) async throws -> Timestamp {
        let now = assembly.clock.now
        if let next, now < next { return next }
        let open = try await assembly.ledger.openAlerts()
        let (alerts, receiver) = (Dictionary(open.map { ($0.key, $0) }) { $1 }, receiver)
        var known: [AlertKey: Notice]
        if let last { known = last } else { known = try await read(assembly, since: now - receiver.hold) }
        left.removeAll { $0.at < now - receiver.hold }
        known = known.filter { $0.value.madeAt >= now - receiver.hold || alerts[$0.key]?.episode == $0.value.episode }
        last = known
        let told =
            known.values.sorted { $0.key < $1.key }.compactMap { notice -> (kept: [UInt8], isBlind: Bool)? in
                let alert = alerts[notice.key]
                let goesOn = alert?.episode == notice.episode
                // Its end is on its way.
                guard goesOn || !AlertmanagerBody.goesOn(notice.body) else { return nil }
                return (notice.body, alert?.isBlind ?? false)
            } + left.map { ($0.kept, false) }
        var failures: [String] = []
        for start in stride(from: 0, to: told.count, by: Self.most) {
            await beat()
            let some = Array(told[start..<min(start + Self.most, told.count)])
            failures += await cancelWhenGracefulShutdown { await notifier.goOn(some, at: receiver) }
        }
        if failures.isEmpty == isFailing { say(failures, assembly) }
        isFailing = !failures.isEmpty
        next = now + Self.every
        return now + Self.every
    }

    private func read(_ assembly: Assembly, since moment: Timestamp) async throws -> [AlertKey: Notice] {
        let notices = try await assembly.ledger.lastTaken(by: receiver.id, since: moment)
        return Dictionary(notices.map { ($0.key, $0) }) { $1 }
    }

    /// Once, and not every minute.
    private func say(_ failures: [String], _ assembly: Assembly) {
        guard let first = failures.first else {
            return assembly.logger.notice("receiver '\(receiver.id)' hears again of the alerts that go on")
        }
        assembly.logger.warning(
            "receiver '\(receiver.id)' does not hear of the alerts that go on: \(first); told again every minute, and they end there by themselves after \(receiver.hold.written)"
        )
    }
}
