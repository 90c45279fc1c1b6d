import Daemon
import Facts
import Rules

/// A gate of one store on a day to come.
enum GatePage {
    static func page(
        _ id: String, of store: String, _ request: PageRequest, _ assembly: Assembly
    ) async throws -> Page {
        let tongue = request.tongue
        guard let watched = assembly.fleet.watched(store),
            let gate = watched.pack.gates.first(where: { $0.id == id })
        else {
            throw TaskError(
                Words(en: "there is no gate '\(id)' at a store '\(store)'", zh: "店铺 '\(store)' 没有门槛 '\(id)'"),
                isUsage: true)
        }
        let tomorrow = watched.calendar.day(of: assembly.clock.now).advanced(by: 1)
        let day = request["on"].flatMap { LocalDay($0) } ?? tomorrow
        let (orders, harm) = (request["orders"].flatMap(Int64.init), request["harm"].flatMap(Int64.init))
        let planned = try await PlanTask(
            .running(assembly), glob: store, gate: id, day: max(day, tomorrow), orders: orders, harm: harm
        ).run().first { $0.store.id == store }
        guard let planned else { throw TaskError(Words(en: "the store is not judged", zh: "该店铺不参与考核"), isUsage: true) }
        let state = planned.plan.state
        return Page(
            template: "gate", title: gate.title, section: .stores,
            view: [
                "storeUrl": Link.store(store), "store": watched.store.name, "gate": tongue(gate.title),
                "self": Link.gate(id, of: store), "on": planned.plan.day.description,
                "orders": orders.map(String.init) ?? "", "harm": harm.map(String.init) ?? "",
                "state": tongue(PlanWords.state(state)),
                "kind": state == .open
                    ? "ok" : state == .openIf ? "warning" : state == .shut ? "breach" : "unknown",
                "rules": planned.plan.rules.map { rule -> View in
                    [
                        "url": Link.rule(rule.rule.id, of: store), "title": tongue(rule.rule.title),
                        "lines": PlanWords.lines(rule, leaving: planned.leaving[rule.rule.id] ?? [], tongue)
                            .map { tongue.shown($0) },
                    ]
                },
                "appeals": planned.appeals.isEmpty
                    ? false : tongue.shown(PlanWords.appeals(planned, tongue, printable: { $0 })),
            ])
    }
}
