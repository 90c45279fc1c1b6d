import Alerts
import Daemon
import Facts
import Rules

/// Silences in force, or to come, a line each with the way to end it.
struct SilenceLines {
    let request: PageRequest
    let assembly: Assembly

    /// Those that are about stores of whoever looks.
    func all() async throws -> [View] {
        let (caller, fleet) = (request.caller, assembly.fleet)
        return try await AlertsTask(.running(assembly)).silences(all: false).filter { silence in
            caller.seesAll || isHis(silence) { caller.mayRead($0, in: fleet) }
        }.map(line)
    }

    /// Those that silence any rule of a store, whoever else they are about.
    func of(_ store: Store, _ pack: Pack?) async throws -> [View] {
        let subjects = (pack?.rules ?? []).map { rule in
            (
                AlertKey(store: store.id, rule: rule.id),
                AlertSubject(store: store, title: rule.title, severity: rule.severity)
            )
        }
        return try await AlertsTask(.running(assembly)).silences(all: false).filter { silence in
            subjects.contains { silence.filter.fits($0.0, $0.1, standing: nil) }
        }.map { silence in
            var shown = line(silence)
            // What else it is about is not everybody's to know.
            if !request.caller.seesAll {
                var own = silence.filter
                (own.stores, own.platforms, own.labels) = ([store.id], [], [:])
                shown["of"] = own.words
            }
            return shown
        }
    }

    private func isHis(_ silence: Silence, _ may: (String) -> Bool) -> Bool {
        let stores = silence.filter.stores
        return !stores.isEmpty && stores.allSatisfy { !$0.contains { "*?".contains($0) } && may($0) }
    }

    private func line(_ silence: Silence) -> View {
        let (caller, fleet, tongue) = (request.caller, assembly.fleet, request.tongue)
        let calendar = silence.filter.stores.first.flatMap { fleet.watched($0)?.calendar } ?? .utc
        let mayEnd = caller.mayActOnAll || isHis(silence) { caller.mayAct(on: $0, in: fleet) }
        return [
            "of": silence.filter.words, "by": silence.by, "why": silence.why, "silence": silence.id,
            "until": silence.until.map { calendar.shown($0, tongue) } ?? tongue(silence.ends.title),
            "self": request.path, "csrf": mayEnd ? request.formToken : false,
        ]
    }
}
