import Alerts
package import Facts
import Language
import Ledgers
import Rollups
package import Rules

/// A gate of every store that has it, on a day to come.
package struct PlanTask: Sendable {
    private let opening: Opening
    private let glob: String?
    private let gate: String
    private let day: LocalDay
    private let orders: Int64?
    private let harm: Int64?

    /// - Parameters:
    ///   - orders: so many come until the day; nil: as means tell.
    ///   - harm: so many facts that harm come; nil: none.
    package init(
        _ opening: Opening, glob: String?, gate: String, day: LocalDay, orders: Int64?, harm: Int64?
    ) {
        (self.opening, self.glob, self.gate, self.day) = (opening, glob, gate, day)
        (self.orders, self.harm) = (orders, harm)
    }

    package struct Planned: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        package var plan: GatePlan
        /// Of each rule that is not ok, how many of the facts behind it leave on which days up to the one planned for.
        package var leaving: [String: [(day: LocalDay, facts: Int)]] = [:]
        /// Of a gate that is shut, what can still be won in time; sorted.
        package var appeals: [Appeal] = []
        /// With so many of them won it is not; nil: with none of the numbers tried.
        package var relief: Relief?
        /// The rules that those won would put right, where the gate stays shut all the same.
        package var mended: [Rule] = []
    }

    /// By store.
    package func run() async throws -> [Planned] {
        let assembly = try opening.assembly(.read)
        let clock = assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let stores = try await assembly.fittingStores(glob)
        guard stores.contains(where: { $0.pack.gates.contains { $0.id == gate } }) else {
            let known = Set(stores.flatMap { $0.pack.gates.map(\.id) }).sorted()
            throw TaskError(
                known.isEmpty
                    ? Words(en: "no store has a gate", zh: "没有店铺设有门槛")
                    : Words(en: "no store has a gate '\(gate)'", zh: "没有店铺设有门槛“\(gate)”")
                        + NearestName.words(for: gate, among: known)
                        + Words(
                            en: "; there are \(known.joined(separator: ", "))",
                            zh: "；现有 \(known.joined(separator: "、"))"),
                isUsage: true)
        }
        var planned: [Planned] = []
        var valuations = PackValuations()
        for watched in stores {
            guard let gate = watched.pack.gates.first(where: { $0.id == gate }) else { continue }
            let today = watched.calendar.day(of: clock)
            guard day > today else {
                throw TaskError(
                    Words(
                        en: "\(day) is not after today, \(today) at store '\(watched.store.id)'",
                        zh: "\(day) 不晚于店铺“\(watched.store.id)”的今天（\(today)）"), isUsage: true)
            }
            let judged = try await judge.judge([watched], at: nil, clock: clock)[0]
            let state = judged.prepared.state
            let set = valuations.valuation(of: state.pack, for: state.store, on: today, state.terms).metrics
            var needs = Needs()
            for rule in judged.evaluation.rules where gate.rules.contains(rule.rule.id) {
                needs.add(Evaluation.outlookNeeds(of: rule, state, set: set))
                if let assessed = rule.assessment {
                    needs.add(
                        set.needs(
                            of: rule.rule.conditions.map(\.expression), at: assessed.moment, calendar: watched.calendar)
                    )
                }
            }
            let reading = try await judge.readings([(watched, needs)], at: nil, clock: clock)[0]
            // Whatever is won, what is supposed to come is what came.
            func plan(_ sums: StoreSums) -> GatePlan {
                Evaluation.plan(
                    gate, on: day, judged.evaluation, state, sums: sums, usual: reading.sums, set: set, orders: orders,
                    harm: harm)
            }
            var found = Planned(store: watched.store, calendar: watched.calendar, plan: plan(reading.sums))
            try await addLeaving(of: judged, in: assembly, to: &found)
            if found.plan.state == .shut {
                let contest = Appeals(watched, in: assembly, now: clock)
                found.appeals = try await appeals(against: found.plan, judged, contest)
                found.relief = try await contest.fewest(of: found.appeals, in: reading.sums, for: needs) {
                    [.open, .openIf].contains(plan($0).state)
                }
                if found.relief == nil, !found.appeals.isEmpty {
                    let won = plan(try await contest.winning(found.appeals, in: reading.sums, for: needs))
                    found.mended = zip(found.plan.rules, won.rules).filter {
                        $0.quiet == .breach && $1.quiet != .breach
                    }
                    .map(\.0.rule)
                }
            }
            planned.append(found)
        }
        return planned
    }

    private func addLeaving(
        of judged: Judge.Judged, in assembly: Assembly, to planned: inout Planned
    ) async throws(LedgerError) {
        for rule in judged.evaluation.rules
        where planned.plan.gate.rules.contains(rule.rule.id) && [.warning, .breach].contains(rule.standing) {
            var days: [LocalDay: Int] = [:]
            let items = try await Evidence.find(rule, judged.watched, in: assembly, at: judged.clock).items
            let seen = planned.plan.rules.first { $0.rule.id == rule.rule.id }?.seen ?? day
            for leaves in items.compactMap(\.leaves) where leaves <= seen { days[leaves, default: 0] += 1 }
            planned.leaving[rule.rule.id] = days.sorted { $0.key < $1.key }.map { (day: $0.key, facts: $0.value) }
        }
    }

    /// Behind the rules that will shut it. One with a later deadline helps as well, if it is won before the day.
    private func appeals(
        against plan: GatePlan, _ judged: Judge.Judged, _ contest: Appeals
    ) async throws(LedgerError) -> [Appeal] {
        var found: Set<Appeal> = []
        for rule in plan.rules where rule.quiet == .breach {
            guard let evaluation = judged.evaluation.rules.first(where: { $0.rule.id == rule.rule.id }) else {
                continue
            }
            found.formUnion(try await contest.contestable(behind: evaluation, on: rule.seen).appeals)
        }
        return found.sorted()
    }
}
