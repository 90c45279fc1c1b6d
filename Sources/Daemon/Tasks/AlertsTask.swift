package import Alerts
import Curl
package import Facts
import Language
import Ledgers
import Notify

/// Alerts as they stand, and receivers tried.
package struct AlertsTask: Sendable {
    let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    /// Those that go on, by store and rule.
    ///
    /// - Parameter glob: only of stores whose id fits.
    package func list(_ glob: String?) async throws -> [Listed] {
        let assembly = try opening.assembly(.read)
        let (pattern, now) = (glob.map { Glob($0) }, assembly.clock.now)
        let silences = try await assembly.ledger.silences(inForceAfter: now)
        let spokenFor = Set(try await assembly.ledger.events(.withheld(.outage), limit: 10_000).map(\.episode))
        return try await assembly.ledger.openAlerts()
            .filter { pattern?.matches($0.key.store) ?? true }
            .sorted { ($0.key.store, $0.key.rule) < ($1.key.store, $1.key.rule) }
            .map { alert in
                let rule = alert.key.isHealth ? nil : alert.key.rule
                var listed = Listed(
                    alert: alert, isObserved: assembly.fleet.watched(alert.key.store)?.isObserved(rule) ?? false)
                listed.isSilenced = silences.contains {
                    $0.holds(alert.key, alert.subject, .firing, standing: alert.announced ?? alert.standing, at: now)
                }
                listed.isSpokenFor = alert.told == nil && spokenFor.contains(alert.episode)
                return listed
            }
    }

    /// An alert as it stands.
    package struct Listed: Sendable {
        package var alert: Alert
        /// Nobody is told of it.
        package var isObserved: Bool
        /// Somebody does not want it told for a time.
        package var isSilenced = false
        /// One alert speaks for it and many others, as their source fails.
        package var isSpokenFor = false

        init(alert: Alert, isObserved: Bool) { (self.alert, self.isObserved) = (alert, isObserved) }
    }

    /// What would have been sent of what is only observed, the newest first, each with what its alert is called.
    package func observed(_ glob: String?) async throws -> [(event: AlertEvent, title: Words)] {
        let assembly = try opening.assembly(.read)
        let pattern = glob.map { Glob($0) }
        let events = try await assembly.ledger.events(.withheld(.observed), limit: 1000)
            .filter { pattern?.matches($0.key.store) ?? true }
        let alerts = try await assembly.ledger.alerts(of: Set(events.map(\.key.store)).sorted())
        let titles = Dictionary(alerts.map { ($0.key, $0.subject.title) }) { $1 }
        return events.map { ($0, titles[$0.key] ?? Words($0.key.rule)) }
    }

    /// What became of a test.
    package struct Tried: Sendable {
        package var words: Words
        package var isTaken: Bool
    }

    /// What the receiver would be sent of an alert that nobody has. Asks nobody anything.
    package func preview(_ id: String) throws -> String {
        let fleet = try opening.fleet()
        return Preview.text(
            for: id, in: try Self.receiver(id, in: fleet.config).writing, at: Timestamp(seconds: 1_772_445_600))
    }

    private static func receiver(_ id: String, in config: Config) throws -> ReceiverEntry {
        if let entry = config.receivers.first(where: { $0.id == id }) { return entry }
        let known = config.receivers.map(\.id)
        let named = known.joined(separator: ", ")
        throw TaskError(
            known.isEmpty
                ? Words(en: "the configuration has no receiver", zh: "配置中没有接收方")
                : Words(
                    en: "there is no receiver '\(id)'; there are \(named)\(NearestName.hint(for: id, among: known))",
                    zh: "没有接收方 '\(id)'；现有 \(named)"), isUsage: true)
    }

    /// One whose secret nobody gave is told so.
    private static func opened(_ entry: ReceiverEntry) throws(TaskError) -> Receiver {
        do throws(Receiver.Fault) { return try entry.receiver() } catch { throw TaskError(Words(error.description)) }
    }

    /// Sends one marked test, once. No alert and no notice is touched.
    package func test(_ id: String) async throws -> Tried {
        let fleet = try opening.fleet(resolvesSecrets: true)
        let entry = try Self.receiver(id, in: fleet.config)
        let (clock, receiver) = (SystemClock(), try Self.opened(entry))
        // It goes out of the house: what cannot be written down is not sent. Who tries a receiver before there is a ledger
        // leaves no trace, and makes none.
        let ledger = opening.ledger(of: fleet)
        try await ledger?.append(AuditEntry(of: "test", on: id, when: clock.now))
        let transport = CurlTransport(configuration: CurlConfiguration(caFile: fleet.config.caFile))
        var generator = SystemRandomNumberGenerator()
        var outcome = Outcome.taken("")
        for notice in TestNotice(to: id).notices(at: clock.now, in: entry.writing) where outcome.isWhollyTaken {
            outcome = await Notifier(transport: transport, clock: clock)
                .send(notice, to: receiver, attempt: 1, using: &generator)
        }
        await transport.shutDown()
        let came = outcome.isWhollyTaken ? Words(en: "taken", zh: "已收下") : Words(en: "not taken", zh: "未收下")
        try await ledger?.append(AuditEntry(of: "test", on: id, when: clock.now, [came]))
        return switch outcome {
        case .taken(let answer):
            Tried(
                words: Words(
                    en: "receiver '\(id)' at \(receiver.host) took the test: \(answer)",
                    zh: "接收方 '\(id)'（\(receiver.host)）已收下测试消息：\(answer)"),
                isTaken: true)
        case .retry(_, let failure), .partly(let failure): Tried(words: Words(failure.description), isTaken: false)
        case .interrupted: Tried(words: Words(en: "interrupted", zh: "已中断"), isTaken: false)
        }
    }
}
