import Facts
import Language
import Ledgers
import Rollups
import Rules

/// What a store's metrics came to at past moments, of the facts known now as they stood then: what began later is not
/// counted, what happened later has not happened.
struct PastFigures {
    private let prepared: Judge.Prepared
    private let fleet: Fleet
    private let needs: Needs
    /// As the platform counts, without marks.
    private let plain: StoreSums
    /// With them; nil: no mark is in force.
    private let marked: (sums: StoreSums, marks: MarksInForce)?
    /// The files in which something happened after the earliest moment.
    private let later: [OrderFile]

    struct Question {
        var expression: TypedExpression
        var at: Timestamp

        init(expression: TypedExpression, at: Timestamp) { (self.expression, self.at) = (expression, at) }

        /// What ours was when theirs was that, by the pack or by another meaning of it.
        init(_ pair: ReconcilePair, _ meaning: TypedExpression? = nil, at: Timestamp, _ prepared: Judge.Prepared) {
            self.init(expression: meaning ?? pair.ours, at: pair.asOf(at, in: prepared.state.calendar))
        }
    }

    enum View {
        /// The facts as they stood at the moment.
        case then
        /// The same with what our own people have marked.
        case marked
        /// With what happened after it, as far as it moves the same windows.
        case uncut
        /// As the ledger knew them at the moment.
        case known(KnownThen)
    }

    init(
        of prepared: Judge.Prepared, asking questions: [Question], _ judge: Judge, clock: Timestamp
    ) async throws(LedgerError) {
        (self.prepared, fleet) = (prepared, judge.fleet)
        let (watched, state) = (prepared.watched, prepared.state)
        var (needs, earliest) = (Needs(), clock)
        for question in questions {
            let set = judge.fleet.plan(of: watched, on: state.calendar.day(of: question.at)).set
            needs.add(Reconciliation.needs(of: question.expression, at: question.at, state, set))
            earliest = min(earliest, PastFigures.moment(question, state))
        }
        self.needs = needs
        let reading = try await judge.readings([(watched, needs)], at: nil, clock: clock)[0]
        plain = watched.countsMarks ? reading.others ?? reading.sums : reading.sums
        let counted = watched.countsMarks ? reading.others.map { _ in reading.sums } : reading.others
        marked = counted.flatMap { sums in reading.marks.map { (sums: sums, marks: $0) } }
        // What happened after a moment was learnt after it; where nobody can tell what was, every file may have moved.
        let files: [OrderFile]
        if let known = try await judge.ledger.known(of: watched.store.id, at: earliest) {
            files = known.files
        } else {
            files = try await PastFigures.files(of: watched, for: needs, in: judge.ledger)
        }
        later = files.filter { $0.hasEvents(after: earliest) }
    }

    /// - Parameter isProven: whether a figure has to be proven by coverage; else it is taken over the facts known.
    func estimate(_ question: Question, _ view: View = .then, isProven: Bool = true) -> Estimate {
        guard let sums = sums(question, view) else { return .exact(.missing) }
        return Reconciliation.value(
            of: question.expression, at: question.at, prepared.state, set(question), sums: sums, isProven: isProven)
    }

    /// The exact figure, or nil.
    func figure(_ question: Question, _ view: View = .then) -> Fraction? {
        if case .exact(.number(let figure)) = estimate(question, view) { figure } else { nil }
    }

    func comparison(_ pair: ReconcilePair, at: Timestamp, theirs: Fraction) -> Comparison {
        let question = Question(pair, at: at, prepared)
        return Reconciliation.compare(
            pair, at: at, theirs: theirs, prepared.state, set(question), sums: sums(question, .then) ?? plain)
    }

    private func set(_ question: Question) -> MetricSet {
        fleet.plan(of: prepared.watched, on: prepared.state.calendar.day(of: question.at)).set
    }

    /// nil: there are no such.
    private func sums(_ question: Question, _ view: View) -> StoreSums? {
        let (moment, calendar) = (PastFigures.moment(question, prepared.state), prepared.state.calendar)
        let later = later.filter { $0.hasEvents(after: moment) }
        switch view {
        case .uncut: return plain
        case .then: return plain.replacing(later, by: later.map { $0.cut(at: moment) }, for: needs, calendar: calendar)
        case .marked:
            guard let marked else { return nil }
            let files = later.map(marked.marks.applied)
            return marked.sums.replacing(
                files, by: files.map { $0.cut(at: moment) }, for: needs, calendar: calendar)
        case .known(let known): return plain.replacing(known.files, by: known.then, for: needs, calendar: calendar)
        }
    }

    private static func moment(_ question: Question, _ state: StoreState) -> Timestamp {
        Reconciliation.moment(
            of: question.expression, at: question.at, coverage: state.coverage, state.pack.vocabulary, state.calendar)
    }

    /// Every file that may count in what is needed, once.
    private static func files(
        of watched: Watched, for needs: Needs, in ledger: any Ledger
    ) async throws(LedgerError) -> [OrderFile] {
        // Each figure is read with what it looks at; what is cut has to be whole.
        var keys: Set<FactKey> = []
        let cells = needs.cells.map { FactNeed($0.key, in: watched.calendar.range(of: $0.value)) }
        for need in cells + needs.facts {
            for file in try await ledger.files(of: watched.store.id, for: need) {
                if let fact = file.order ?? file.children.first { keys.insert(fact.key) }
            }
        }
        return try await ledger.files(of: watched.store.id, holding: Array(keys))
    }
}
