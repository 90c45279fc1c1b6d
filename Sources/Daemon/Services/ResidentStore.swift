import Facts
import Ledgers
import Rollups
import Rules

/// One store as the daemon holds it from pull to pull: what is known of it, its day buckets, and where it stood.
struct ResidentStore {
    private(set) var prepared: Judge.Prepared
    /// nil when none of its figures is of whole days.
    private(set) var rollups: ResidentRollups?
    /// The store's revision that `rollups` holds.
    private(set) var revision: Int64 = -1

    /// The store's, when it was last judged; unknown before.
    private(set) var standing = Standing.unknown
    /// Of its rules, in the order of the pack.
    private(set) var standings: [Standing] = []
    private(set) var isJudged = false
    /// It could not be read when it was last looked at.
    private(set) var isFailing = false
    private var lookedAt = Timestamp(microseconds: .min)
    /// When it has to be judged again though nothing arrives.
    private var nextChange: Timestamp?
    /// One of its alerts waits for time to pass.
    var isTicking = false
    var hasOpenAlert = false

    /// Of the last full evaluation.
    private var evaluatedRevision: Int64 = -1
    private var evaluatedDay: LocalDay?

    private var basis: StoreBasis
    private var rules: CompiledRules?
    private var weights: [RuleWeight] = []

    init(_ prepared: Judge.Prepared) {
        (self.prepared, basis) = (prepared, StoreBasis(prepared.state))
        self.prepared.sources = [:]
    }

    // MARK: Keeping up

    /// Moves the buckets by what a commit moved. A change that does not follow on what is held is passed over: the
    /// revisions then differ, and the buckets are read anew.
    mutating func apply(_ change: CommitReceipt.StoreChange) {
        guard change.before == revision, let plan = change.plan, rollups?.layout.plan === plan else { return }
        rollups?.apply(change.change)
        revision = change.revision
    }

    mutating func fill(_ rollups: ResidentRollups?, revision: Int64) {
        (self.rollups, self.revision) = (rollups, revision)
        (rules, evaluatedRevision) = (nil, -1)
    }

    mutating func update(_ prepared: Judge.Prepared, nextChange: Timestamp?) {
        (self.prepared, self.nextChange) = (prepared, nextChange)
        // Nobody asks a store in memory, and there are many.
        self.prepared.sources = [:]
        basis = StoreBasis(prepared.state)
    }

    func holds(_ revision: Int64, _ layout: ResidentLayout?) -> Bool {
        self.revision == revision && rollups?.layout === layout
    }

    /// The local day at which the rules of a store with whole data stand.
    func day(at clock: Timestamp) -> LocalDay {
        let moment = Evaluation.coveredMoment(of: .all, prepared.state.coverage, clock: clock)
        return prepared.state.calendar.day(of: moment)
    }

    /// Whether something that a rule reads has grown stale since the store was looked at. Of what was never judged
    /// nothing is known anyway.
    func grewStale(by clock: Timestamp) -> Bool {
        isJudged && Evaluation.nextStale(of: prepared.state, after: lookedAt).map { $0 <= clock } ?? false
    }

    /// Something of it was told in part, and more belongs to it.
    var isPartlyTold: Bool { !prepared.state.halfTold.isEmpty || !prepared.state.halfToldMeasures.isEmpty }

    /// Every rule reads something of which a part was told, and more belongs to it; nothing else speaks against it.
    var isWhollyHeld: Bool {
        let state = prepared.state
        guard isPartlyTold, state.quarantined <= state.quarantineLimit, state.unsettled.isEmpty else { return false }
        return state.pack.rules.allSatisfy { !state.halfTold(of: $0).isEmpty }
    }

    /// Whether it has to be looked at though nothing arrived.
    func isDue(at clock: Timestamp) -> Bool {
        isTicking || !isJudged && !isFailing || nextChange.map { $0 <= clock } ?? false
    }

    // MARK: Judging

    /// Where the rules stand now, by the compiled rules; nil when the evaluator has to be asked.
    mutating func screen(at clock: Timestamp, _ programs: inout ResidentPrograms) -> [Standing]? {
        guard rollups != nil, revision == prepared.revision else { return nil }
        if prepared.marks != nil, prepared.state.countsMarks { return nil }
        let day = day(at: clock)
        if rules?.day != day {
            guard let layout = rollups?.layout else { return nil }
            rules = programs.rules(of: prepared.state, on: day, at: clock, layout)
            weights = programs.valuation(of: prepared.state, on: day).rules.map {
                RuleWeight($0, prepared.state, on: day)
            }
        }
        guard let rules, rules.admits(basis, clock: clock) else { return nil }
        rollups?.roll(to: rules.ranges, today: day)
        var found: [Standing] = []
        found.reserveCapacity(weights.count)
        guard let sums = rollups?.sums, rules.judge(sums, into: &found) else { return nil }
        return found
    }

    /// Whether a full evaluation would say more than the standings, which are `found`: somebody may have to be told, or
    /// an alert has to hear what it rests on now.
    func wantsEvaluation(after found: [Standing], at clock: Timestamp) -> Bool {
        if found != standings || isTicking { return true }
        guard hasOpenAlert || found.contains(where: { $0 == .warning || $0 == .breach }) else { return false }
        return evaluatedRevision != prepared.revision || evaluatedDay != day(at: clock)
    }

    /// It stands as it stood.
    mutating func note(_ found: [Standing], at clock: Timestamp, nextChange: Timestamp?) {
        (standings, isJudged, lookedAt) = (found, true, clock)
        standing = .worst(of: zip(found, weights).compactMap { $1.counted($0) })
        self.nextChange = nextChange
    }

    mutating func note(_ judged: Judge.Judged, nextChange: Timestamp?) {
        update(judged.prepared, nextChange: nextChange)
        let rules = judged.evaluation.rules
        (standings, standing) = (rules.map(\.standing), judged.evaluation.standing)
        (isJudged, isFailing, lookedAt) = (true, false, judged.clock)
        // Of what was held its alert hears later.
        evaluatedRevision = rules.contains(where: \.isHeld) ? -1 : judged.prepared.revision
        evaluatedDay = day(at: judged.clock)
    }

    /// What its last evaluation gave was not kept.
    mutating func wantsAnother() { evaluatedRevision = -1 }

    /// It could not be read: nothing is known of it, and it is tried again when something arrives, or in a minute.
    /// Returns whether that is new.
    mutating func noteFailure(at clock: Timestamp) -> Bool {
        (standing, standings, isJudged, nextChange) = (.unknown, [], false, clock + .minutes(1))
        defer { isFailing = true }
        return !isFailing
    }
}

/// What a rule's standing adds to that of its store.
struct RuleWeight: Sendable {
    private let severity: Severity
    private let isInForce: Bool
    private let isWarningAtMost: Bool

    init(_ valued: RuleValuation, _ state: StoreState, on day: LocalDay) {
        (severity, isInForce) = (valued.rule.severity, valued.isInForce(on: day))
        isWarningAtMost = Evaluation.isWarningAtMost(valued.rule, state, on: day)
    }

    func counted(_ standing: Standing) -> Standing? {
        isInForce ? severity.counted(standing == .breach && isWarningAtMost ? .warning : standing) : nil
    }
}

/// The compiled rules made so far: stores of one pack, one set of parameter values and one zone share them.
struct ResidentPrograms {
    private struct Key: Hashable {
        let valuation: ObjectIdentifier
        let layout: ObjectIdentifier
        let day: LocalDay
    }

    private var known: [Key: CompiledRules?] = [:]
    var valuations = PackValuations()

    mutating func valuation(of state: StoreState, on day: LocalDay) -> PackValuation {
        valuations.valuation(of: state.pack, for: state.store, on: day, state.terms)
    }

    /// nil when integers do not say it.
    mutating func rules(
        of state: StoreState, on day: LocalDay, at clock: Timestamp, _ layout: ResidentLayout
    ) -> CompiledRules? {
        let valuation = valuation(of: state, on: day)
        let key = Key(valuation: ObjectIdentifier(valuation), layout: ObjectIdentifier(layout), day: day)
        if let found = known[key] { return found }
        // Those of days past are of no use any more.
        if known.count > 256 { known = [:] }
        // Any moment of the day whose date on the wall is the day's.
        let moment = state.calendar.startOfDay(day.advanced(by: 1)) - TimeSpan(microseconds: 1)
        let made = CompiledRules(valuation, at: moment, layout: layout)
        known[key] = .some(made)
        return made
    }
}
