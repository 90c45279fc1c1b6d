import Dashboard
import Facts
import Language
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
            guard fleet.config.database == old.config.database, fleet.config.listen == old.config.listen else {
                throw TaskError("`database:` and `listen:` cannot change while the daemon runs; restart it")
            }
            for warning in warnings { old.logger.warning("\(warning.render())") }
            let new = Assembly(
                config: fleet.config, fleet: fleet, ledger: old.ledger, clock: old.clock, logger: old.logger)
            let differences = Reload.differences(from: old.fleet, to: fleet)
            old.logger.notice(
                "configuration taken in: \(differences.isEmpty ? "nothing changed" : differences.joined(separator: "; "))"
            )
            await state.take(new)
            await state.reloading.ring()
            await state.evaluation.ring()
            await state.delivery.ring()
        } catch {
            let words =
                (error as? ConfigurationError)?.diagnostics.map { $0.render() }.joined(separator: "\n")
                ?? (error as? TaskError)?.message ?? "\(error)"
            old.logger.error("the changed configuration was refused and the old one stays in force:\n\(words)")
            await state.update { $0.counters.reloadFailures += 1 }
        }
        notifier.send(.ready)
    }

    /// What changed in stores, feeds, receivers, rules and limits, in words.
    static func differences(from old: Fleet, to new: Fleet) -> [String] {
        func names(_ before: some Sequence<String>, _ after: some Sequence<String>, _ what: String) -> [String] {
            let (before, after) = (Set(before), Set(after))
            return after.subtracting(before).sorted().map { "\(what) '\($0)' added" }
                + before.subtracting(after).sorted().map { "\(what) '\($0)' removed" }
        }
        func entry(_ entry: StoreEntry) -> String {
            switch entry.subject {
            case .id(let id): id
            case .match(let pattern): "match \(pattern)"
            }
        }
        var words = names(old.config.stores.map(entry), new.config.stores.map(entry), "store")
        words += names(old.config.feeds.map(\.id), new.config.feeds.map(\.id), "feed")
        words += names(old.config.receivers.map(\.id), new.config.receivers.map(\.id), "receiver")
        let packs = Set(old.config.stores.map(\.pack)).intersection(new.config.stores.map(\.pack))
        for name in packs.sorted() {
            guard let before = old.library[name], let after = new.library[name] else { continue }
            words += names(before.rules.map(\.id), after.rules.map(\.id), "\(name) rule")
            for rule in after.rules {
                guard let earlier = before.rule(rule.id) else { continue }
                for (what, then, now) in [
                    ("require", earlier.require.written.text, rule.require.written.text),
                    ("prefer", earlier.prefer?.written.text, rule.prefer?.written.text),
                    ("given", earlier.given?.written.text, rule.given?.written.text),
                ] as [(String, String?, String?)] where then != now {
                    words.append("\(name) \(rule.id): \(what) was \(then ?? "nothing"), is \(now ?? "nothing")")
                }
            }
            for parameter in after.parameters where before.parameter(parameter.name)?.rows != parameter.rows {
                words.append("\(name) parameter \(parameter.name) has other values")
            }
        }
        for entry in new.config.stores {
            guard let earlier = old.config.stores.first(where: { $0.subject == entry.subject }) else { continue }
            let name =
                "store '\({ if case .id(let id) = entry.subject { id } else if case .match(let glob) = entry.subject { glob } else { "" } }())'"
            if earlier.pack != entry.pack { words.append("\(name): pack was \(earlier.pack), is \(entry.pack)") }
            for key in Set(earlier.parameters.keys).union(entry.parameters.keys).sorted()
            where earlier.parameters[key]?.text != entry.parameters[key]?.text {
                words.append(
                    "\(name): \(key) was \(earlier.parameters[key]?.text ?? "the pack's"), is \(entry.parameters[key]?.text ?? "the pack's")"
                )
            }
        }
        return words
    }
}
