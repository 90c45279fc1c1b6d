import Daemon
import Facts
import Rules

/// What the rules of a store rest on: each kind of fact and each reading, whose it is, and how new. What never came is told
/// like the rest: it is what makes a rule unknown.
struct StoreInputs {
    private let found: ExplainTask.Explanation
    private let pack: Pack?
    private let tongue: Tongue

    init(_ found: ExplainTask.Explanation, _ pack: Pack?, _ tongue: Tongue) {
        (self.found, self.pack, self.tongue) = (found, pack, tongue)
    }

    var views: [View] { kinds + readings }

    /// Those that rules in force read, and what else has come. Readings have no coverage.
    private var kinds: [View] {
        let read = found.rules.filter(\.evaluation.isInForce).reduce(into: FactKinds()) {
            $0.formUnion($1.evaluation.rule.reach.kinds)
        }
        return FactKind.allCases.compactMap { kind in
            guard kind != .measure, read.contains(kind) || found.coverage[kind] != nil || found.sources[kind] != nil
            else { return nil }
            var view = row(kind.title, by: found.sources[kind] ?? found.coveredBy[kind])
            guard let interval = found.coverage[kind] else {
                let isOptional = pack?.optional.contains(kind) ?? false
                view["state"] = found.sources[kind] == nil && isOptional ? "unjudged" : "unknown"
                view["stateTitle"] =
                    found.sources[kind] == nil
                    ? tongue("never came", "从未收到") : tongue("not said to be complete", "未确认完整")
                return view
            }
            view["from"] = interval.from.map { found.calendar.shown($0, tongue) } ?? tongue("the beginning", "最初")
            view["until"] = found.calendar.shown(interval.until, tongue)
            add(found.freshness[kind]?.freshUntil(interval.until), to: &view)
            return view
        }
    }

    private var readings: [View] {
        found.readings.map { reading in
            let title = pack.flatMap { $0.title(of: reading.need) }
            let named = Words(reading.need.names.joined(separator: ", "))
            var view = row(title ?? named, by: found.sources[.measure])
            guard let last = reading.newest else {
                (view["state"], view["stateTitle"]) = ("unknown", tongue("never entered", "从未录入"))
                view["source"] = "–"
                return view
            }
            view["from"] = "–"
            view["until"] = found.calendar.shown(last.at, tongue)
            add(last.at + reading.need.freshFor, to: &view)
            return view
        }
    }

    private func row(_ title: Words, by source: String?) -> View {
        [
            "kind": tongue(title), "source": source ?? "–", "from": "–", "until": "–", "state": false,
            "stateTitle": false, "freshUntil": "–",
        ]
    }

    private func add(_ freshUntil: Timestamp?, to view: inout View) {
        guard let freshUntil else { return }
        if freshUntil < found.at { (view["state"], view["stateTitle"]) = ("unknown", tongue("stale", "已过期")) }
        view["freshUntil"] = found.calendar.shown(freshUntil, tongue)
    }
}
