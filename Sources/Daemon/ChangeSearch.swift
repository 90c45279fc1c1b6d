import Facts
import Language
import Ledgers
import Rollups
import Rules

/// The way from what was known and judged at an earlier moment to what is now, in steps of one cause each.
struct ChangeSearch {
    private let rule: Rule
    /// The value whose figures are told, of a rule that is judged for each value of a member.
    private let part: (member: EachMember, value: String)?
    private let watched: Watched
    private let judge: Judge
    private let clock: Timestamp
    private let then: Side
    private let now: Side
    /// As it was then under the pack that was in use; nil: it was the same.
    private let was: Side?
    /// nil where the ledger cannot tell what it knew.
    private let known: KnownThen?
    private let sums: StoreSums
    /// What was known then, with the marks of then, where figures follow marks.
    private let marked: StoreSums?
    private let needs: Needs
    /// The facts behind the rule: of an order that counts by its refund they have the reason.
    private let evidence: [Aggregate]
    /// The rule's limit as it was; nil where it is the same.
    let limitThen: String?

    /// A moment with the terms that held.
    private struct Side {
        let moment: Timestamp
        let state: StoreState
        let set: MetricSet

        func has(_ metric: String) -> Bool { state.pack.vocabulary.metrics[metric] != nil }
    }

    init(
        _ evaluation: RuleEvaluation, _ judged: Judge.Judged, since past: Past, in assembly: Assembly, clock: Timestamp
    ) async throws {
        (rule, watched, self.clock, known) = (evaluation.rule, judged.watched, clock, past.known)
        part = evaluation.rule.each.flatMap { member in evaluation.worstPart.map { (member, $0.value) } }
        judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let calendar = judged.watched.calendar
        // What a rule that is assessed on certain days showed is what its last look saw.
        let seen = evaluation.rule.assessed?.last(upTo: past.day) ?? past.day
        let (then, moment) = (calendar.startOfDay(seen), evaluation.figuresAt)
        var valuations = PackValuations()
        func valuation(_ state: StoreState, _ day: LocalDay) -> PackValuation {
            valuations.valuation(of: state.pack, for: state.store, on: day, state.terms)
        }
        let (before, after) = (
            valuation(past.state, seen), valuation(judged.prepared.state, calendar.day(of: moment))
        )
        self.then = Side(moment: then, state: past.state, set: before.metrics)
        now = Side(moment: moment, state: judged.prepared.state, set: after.metrics)
        let earlier = past.earlier.map { (state: $0, valuation: valuation($0, seen)) }
        was = earlier.map { Side(moment: then, state: $0.state, set: $0.valuation.metrics) }
        evidence = evaluation.evidence.flatMap { after.metrics.readings(of: TypedExpression(.aggregate($0), .number)) }
            .map(\.aggregate)
        let limit = (earlier?.valuation ?? before).rules.first { $0.rule.id == evaluation.rule.id }?.limit
        // A pack may not have had the rule.
        limitThen = limit == evaluation.limit ? nil : limit ?? "–"
        func expressions(_ names: [String]) -> [TypedExpression] { names.map { TypedExpression(.metric($0), .number) } }
        let names = expressions(evaluation.rule.reach.metrics)
        var needs = Needs()
        for (set, moment) in [(before.metrics, then), (after.metrics, then), (after.metrics, moment)] {
            needs.add(set.needs(of: names, at: moment, calendar: calendar))
            guard part != nil else { continue }
            for reading in names.flatMap(set.readings) {
                let extent = reading.span(at: moment, in: calendar).extent(in: calendar)
                if !extent.isEmpty { needs.add(FactNeed(reading.aggregate, in: extent)) }
            }
        }
        if let was {
            let own = expressions(evaluation.rule.reach.metrics.filter(was.has))
            needs.add(was.set.needs(of: own, at: then, calendar: calendar))
        }
        self.needs = needs
        sums = try await judge.readings([(judged.watched, needs)], at: moment, clock: clock, marksAt: clock)[0].sums
        guard let marked = past.marked, marked.now != marked.then else {
            self.marked = nil
            return
        }
        let keys = Set(marked.now.byFact.keys).union(marked.then.byFact.keys)
        let files = try await assembly.ledger.files(of: watched.store.id, holding: Array(keys))
        var asMarked = sums.replacing(
            files.map(marked.now.applied), by: files.map(marked.then.applied), for: needs, calendar: calendar)
        if let known = marked.known?.applying(marked.then) {
            asMarked = asMarked.replacing(known.files, by: known.then, for: needs, calendar: calendar)
        }
        self.marked = asMarked
    }

    func changes() async throws(LedgerError) -> [ExplainedChange] {
        func changes(_ from: MetricReader, _ to: MetricReader, _ side: Side) -> [FigureChange] {
            Evaluation.changes(of: rule, from: from, to: to, parameter: { side.state.parameter($0, on: $1) })
        }
        func sums(_ files: [OrderFile]?) -> StoreSums {
            guard let known, let files else { return self.sums }
            return self.sums.replacing(known.files, by: files, for: needs, calendar: watched.calendar)
        }
        let (shown, learnt) = (sums(known?.then), sums(known?.withLearnt))
        let late = changes(reader(shown, then), reader(learnt, then), then)
        let corrected = changes(reader(learnt, then), reader(self.sums, then), then)
        // With today's terms, and the days of then.
        let anew = Side(moment: then.moment, state: now.state, set: now.set)
        let passed = changes(reader(self.sums, anew), reader(self.sums, now), now)
        var found: [ExplainedChange] = []
        for (place, passed) in passed.enumerated() {
            let first = was.map { value(of: passed.metric, reader(shown, $0), $0) }
            let side = was ?? then
            let began = marked.map { value(of: passed.metric, reader($0, side), side) }
            var parts =
                began.map {
                    step($0, value(of: passed.metric, reader(shown, side), side), .marks, Words(en: "marks", zh: "标记"))
                } ?? []
            parts += first.map { step($0, late[place].then, .rule, Words(en: "the pack", zh: "规则包")) } ?? []
            parts += try await self.parts(
                late[place], .learntLate, from: known?.then ?? [], to: known?.withLearnt ?? [])
            parts += try await self.parts(
                corrected[place], .corrected, from: known?.withLearnt ?? [], to: known?.files ?? [])
            parts += step(corrected[place].now, passed.then, .terms, Words(en: "parameters", zh: "参数"))
            for part in passed.parts {
                let (before, after) = (
                    try await facts(part.reading, then.moment), try await facts(part.reading, now.moment)
                )
                let told = self.part(part, .passing, in: now.set, from: before, to: after)
                if told.isAny { parts.append(told) }
            }
            found.append(
                ExplainedChange(
                    metric: passed.metric, then: began ?? first ?? late[place].then, now: passed.now, parts: parts,
                    isCovered: ([then, now] + [was].compactMap { $0 }.filter { $0.has(passed.metric) })
                        .allSatisfy { isProven(passed.metric, $0) }, isThenKnown: known != nil))
        }
        return found
    }

    private func reader(_ sums: StoreSums, _ side: Side, coverage: Coverage? = nil) -> MetricReader {
        var own = sums
        if let part { own = sums.split(by: part.member, calendar: watched.calendar)[part.value] ?? StoreSums() }
        return MetricReader(
            sums: own, set: side.set, calendar: watched.calendar, at: side.moment, coverage: coverage,
            parameter: { side.state.parameter($0, on: $1) })
    }

    /// Missing where the pack has no such metric.
    private func value(of metric: String, _ reader: MetricReader, _ side: Side) -> Value {
        if side.has(metric), case .exact(let value) = reader.value(of: metric) { value } else { .missing }
    }

    private func isProven(_ metric: String, _ side: Side) -> Bool {
        guard now.state.withheld(from: [TypedExpression(.metric(metric), .number)]) == nil else { return false }
        return if case .exact = reader(sums, side, coverage: now.state.coverage).value(of: metric) { true } else {
            false
        }
    }

    // MARK: Parts

    /// What is otherwise about the days of then, between two states of the files that were learnt or changed since.
    private func parts(
        _ change: FigureChange, _ cause: ExplainedChange.Cause, from: [OrderFile], to: [OrderFile]
    ) async throws(LedgerError) -> [ExplainedChange.Part] {
        var parts: [ExplainedChange.Part] = []
        for part in change.parts {
            let touched = facts(part.reading, then.moment, in: known?.files ?? [])
            let others = try await facts(part.reading, then.moment).filter { touched[$0.key] == nil }
            let told = self.part(
                part, cause, in: then.set, from: facts(part.reading, then.moment, in: from),
                to: facts(part.reading, then.moment, in: to), beside: others)
            if told.isAny { parts.append(told) }
        }
        return parts
    }

    /// The metric over the same facts and days, by another pack or parameter.
    private func step(
        _ before: Value, _ after: Value, _ cause: ExplainedChange.Cause, _ title: Words
    ) -> [ExplainedChange.Part] {
        guard before != after else { return [] }
        return [
            ExplainedChange.Part(
                cause: cause, title: title, then: before, now: after,
                effect: FigureChange.difference(before, after), came: [], left: [])
        ]
    }

    private func part(
        _ part: FigureChange.Part, _ cause: ExplainedChange.Cause, in set: MetricSet,
        from: [FactKey: ChangedFacts.Counted], to: [FactKey: ChangedFacts.Counted],
        beside others: [FactKey: ChangedFacts.Counted] = [:]
    ) -> ExplainedChange.Part {
        let text = part.reading.aggregate.text
        let title =
            watched.pack.metric(of: part.reading, in: set).map(watched.pack.title) ?? Words(en: text, zh: text)
        let groups = ChangedFacts(part).groups(from: from, to: to, beside: others)
        return ExplainedChange.Part(
            cause: cause, title: title, then: part.then, now: part.now, effect: part.effect, came: groups.came,
            left: groups.left, changed: groups.changed)
    }

    /// The facts that a figure counts at a moment, as they are known now.
    private func facts(_ reading: Reading, _ moment: Timestamp) async throws(LedgerError) -> [FactKey: ChangedFacts
        .Counted]
    {
        let extent = reading.span(at: moment, in: watched.calendar).extent(in: watched.calendar)
        guard !extent.isEmpty else { return [:] }
        return facts(
            reading, moment,
            in: try await judge.files(of: watched, for: FactNeed(reading.aggregate, in: extent), at: clock))
    }

    private func facts(_ reading: Reading, _ moment: Timestamp, in files: [OrderFile]) -> [FactKey: ChangedFacts
        .Counted]
    {
        let extent = reading.span(at: moment, in: watched.calendar).extent(in: watched.calendar)
        guard !extent.isEmpty else { return [:] }
        var found: [FactKey: ChangedFacts.Counted] = [:]
        for file in files {
            for counted in Recount.facts(
                of: reading.aggregate, files: CollectionOfOne(file), in: extent, calendar: watched.calendar)
            {
                let fact = counted.fact
                if let part, part.member.value(of: fact) != part.value { continue }
                let about = reading.aggregate.fileKinds.isEmpty ? fact : behind(fact, file, reading.aggregate) ?? fact
                found[fact.key] = ChangedFacts.Counted(
                    fact: counted, about: .init(reason: about.word("reason"), product: about.word("product")))
            }
        }
        return found
    }

    /// What in its file makes a fact count: the first of the rule's evidence, else the first that says a reason.
    private func behind(_ fact: Fact, _ file: OrderFile, _ aggregate: Aggregate) -> Fact? {
        let shown = evidence.filter { $0.kind != fact.kind }.flatMap {
            Recount.facts(
                of: $0, files: CollectionOfOne(file),
                in: Timestamp.plausible.lowerBound..<Timestamp.plausible.upperBound,
                calendar: watched.calendar)
        }
        let first = shown.min { ($0.at, $0.fact.id) < ($1.at, $1.fact.id) }?.fact
        return first
            ?? file.children.filter { aggregate.fileKinds.contains($0.kind) && $0.word("reason") != nil }
            .min { $0.id < $1.id }
    }
}
