import Facts
import Language
import Ledgers
import Logging
import Rules

/// Takes in a changed configuration while the daemon runs: all of it, or nothing and the reason why.
struct Reload {
    var state: DaemonState
    var notifier: SystemdNotifier

    func run() async {
        notifier.send(.reloading)
        let old = await state.assembly
        do {
            let (fleet, warnings) = try Assembly.fleet(config: old.config.path)
            let (now, then) = (fleet.config, old.config)
            guard now.database == then.database, now.listen == then.listen, now.caFile == then.caFile else {
                throw TaskError(
                    Words(
                        en: "`database:`, `listen:` and `ca_file:` cannot change while the daemon runs; restart it",
                        zh: "运行中不能更改 `database:`、`listen:` 和 `ca_file:`；请重启守护进程"))
            }
            for warning in warnings { old.logger.warning("\(warning.render())") }
            var new = Assembly(
                config: fleet.config, fleet: fleet, ledger: old.ledger, clock: old.clock, logger: old.logger)
            new.hold = old.hold
            new = new.fitted()
            try await Self.refuseLoss(from: old, to: new)
            try await new.noteRules(after: old.fleet)
            let differences = FleetDifferences.words(from: old.fleet, to: new.fleet)
            try await new.auditLoad(after: old.fleet)
            old.logger.notice(
                "configuration taken in: \(differences.isEmpty ? "nothing changed" : differences.joined(separator: "; "))"
            )
            await state.take(new)
            await state.update { $0.refusal = nil }
            await state.reloading.ring()
            await state.evaluation.ring()
            await state.delivery.ring()
        } catch {
            let words =
                (error as? ConfigurationError)?.diagnostics.map { $0.render() }.joined(separator: "\n")
                ?? (error as? TaskError)?.message ?? (error as? Refusal)?.words.en ?? "\(error)"
            old.logger.error("the changed configuration was refused and the old one stays in force:\n\(words)")
            let refusal = (error as? Refusal)?.words.en
            await state.update { status in
                status.counters.reloadFailures += 1
                status.refusal = refusal
            }
            notifier.send(.status(await state.status.line))
        }
        notifier.send(.ready)
    }

    /// It would end much, and nobody has said that this is meant.
    private struct Refusal: Error {
        var words: Words
    }

    private static func refuseLoss(from old: Assembly, to new: Assembly) async throws {
        if try await new.isAccepted() { return }
        let watched = try await old.watchedStores(nil).map(\.store.id)
        let loss = try await new.loss(after: watched, before: old.fleet)
        if loss.isTooMuch { throw Refusal(words: loss.refusal) }
    }
}
