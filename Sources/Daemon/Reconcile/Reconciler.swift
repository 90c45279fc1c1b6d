import Facts
import Language
import Ledgers
import Rollups
import Rules

/// Holds a store's figures against what its platform shows of them, and looks for what parts them.
struct Reconciler {
    let judge: Judge
    let clock: Timestamp

    /// A figure of the platform's.
    struct Shown: Hashable {
        var at: Timestamp
        var figure: Fraction
    }

    /// More figures than these are not gone back to find since when two part.
    private static let mostEarlier = 30
    /// A page may show the figures of another day: so many are tried to both sides.
    private static let daysAround = 3

    /// The platform's newest figures beside ours; of pairs of which none has been read there is none.
    func newest(_ prepared: Judge.Prepared, of pairs: [ReconcilePair]) async throws(LedgerError) -> [Comparison] {
        let shown = pairs.compactMap { pair -> (pair: ReconcilePair, shown: Shown)? in
            guard let reading = prepared.state.newestMeasures[pair.theirs], let value = reading.value else {
                return nil
            }
            return (pair, Shown(at: reading.at, figure: Fraction(value)))
        }
        guard !shown.isEmpty else { return [] }
        let figures = try await PastFigures(
            of: prepared, asking: shown.map { .init($0.pair, at: $0.shown.at, prepared) }, judge, clock: clock)
        return shown.map { figures.comparison($0.pair, at: $0.shown.at, theirs: $0.shown.figure) }
    }

    /// All pairs of a store's pack, with what may be behind those that part.
    ///
    /// - Parameter isWhole: with those of which no figure of the platform's has been read.
    func reconcile(_ prepared: Judge.Prepared, isWhole: Bool) async throws(LedgerError) -> [Reconciled] {
        let pack = prepared.watched.pack
        guard !pack.reconcile.isEmpty else { return [] }
        let comparisons = try await newest(prepared, of: pack.reconcile)
        var found: [Reconciled] = []
        for pair in pack.reconcile {
            let comparison = comparisons.first { $0.pair === pair }
            guard isWhole || comparison != nil else { continue }
            var one = Reconciled(
                pair: pair, title: pack.title(of: pair.metric), comparison: comparison, since: nil, candidates: [])
            if let comparison, comparison.standing == .differs {
                one.since = try await since(comparison, prepared)
                one.candidates = try await candidates(comparison, prepared)
            }
            found.append(one)
        }
        return found
    }

    // MARK: Since when

    private func since(
        _ comparison: Comparison, _ prepared: Judge.Prepared
    ) async throws(LedgerError) -> Timestamp {
        let earlier = try await history(of: comparison.pair, prepared.watched).filter { $0.at < comparison.at }
            .suffix(Self.mostEarlier).reversed()
        guard !earlier.isEmpty else { return comparison.at }
        let figures = try await PastFigures(
            of: prepared, asking: earlier.map { .init(comparison.pair, at: $0.at, prepared) }, judge,
            clock: clock)
        var since = comparison.at
        for shown in earlier {
            let found = figures.comparison(comparison.pair, at: shown.at, theirs: shown.figure)
            if found.standing == .agrees { break }
            if found.standing == .differs { since = shown.at }
        }
        return since
    }

    /// What the platform has shown of a metric so far, the oldest first; of one moment what came last by its id.
    func history(of pair: ReconcilePair, _ watched: Watched) async throws(LedgerError) -> [Shown] {
        let text = SourceText(name: "readings", text: "count(measure by at over 1d)")
        guard case .aggregate(let expression)? = Vocabulary().expression(Passage(text)).0?.node,
            let aggregate = Aggregate(expression), let name = Schema[.measure].member("name"),
            let at = Schema[.measure].member("at"), let value = Schema[.measure].member("value")
        else { return [] }
        let range = Timestamp.plausible.lowerBound..<clock + TimeSpan(microseconds: 1)
        let files = try await judge.ledger.files(of: watched.store.id, for: FactNeed(aggregate, in: range))
        let readings = files.flatMap(\.children).filter { fact in
            fact.kind == .measure && fact.texts[name.slot] == pair.theirs && fact.has(at) && fact.has(value)
                && fact.numbers[at.slot] <= clock.microseconds
        }
        let inOrder = readings.sorted { ($0.numbers[at.slot], $0.id) < ($1.numbers[at.slot], $1.id) }
        var shown: [Shown] = []
        for fact in inOrder {
            let one = Shown(
                at: Timestamp(microseconds: fact.numbers[at.slot]),
                figure: Fraction(FixedPoint(millionths: fact.numbers[value.slot])))
            if shown.last?.at == one.at { shown.removeLast() }
            shown.append(one)
        }
        return shown
    }

    // MARK: Why

    private func candidates(
        _ comparison: Comparison, _ prepared: Judge.Prepared
    ) async throws(LedgerError) -> [Reconciled.Candidate] {
        let (pair, calendar) = (comparison.pair, prepared.state.calendar)
        let at = pair.asOf(comparison.at, in: calendar)
        let own = PastFigures.Question(expression: pair.ours, at: at)
        let variants = pair.variants.map { PastFigures.Question(expression: $0.expression, at: at) }
        let days = (-Self.daysAround...Self.daysAround).filter { $0 != 0 }.map { days in
            (days, PastFigures.Question(expression: pair.ours, at: calendar.moving(at, back: -days, .days)))
        }.filter { $0.1.at <= clock }
        let figures = try await PastFigures(
            of: prepared, asking: [own] + variants + days.map(\.1), judge, clock: clock)
        var found: [Reconciled.Candidate] = []
        func add(_ cause: Reconciled.Candidate.Cause, _ figure: Fraction?) {
            guard let figure, figure != comparison.figure else { return }
            found.append(
                Reconciled.Candidate(
                    cause: cause, figure: figure, fits: comparison.fits(figure),
                    isNearer: comparison.isNearer(figure)))
        }
        for (variant, question) in zip(pair.variants, variants) { add(.variant(variant), figures.figure(question)) }
        if let known = try await judge.ledger.known(of: prepared.watched.store.id, at: at), !known.changed.isEmpty {
            add(.knownThen(known.changed.count), figures.figure(own, .known(known)))
        }
        add(.later, figures.figure(own, .uncut))
        add(.marks, figures.figure(own, .marked))
        // Of a page that names a day, by the days that such pages name.
        let back = calendar.day(of: comparison.at).distance(to: calendar.day(of: at))
        for (count, question) in days {
            add(.day(count, calendar.day(of: question.at).advanced(by: -back)), figures.figure(question))
        }
        let sorted = found.enumerated().sorted { a, b in
            if a.element.fits != b.element.fits { return a.element.fits }
            let (x, y) = (distance(a.element, comparison), distance(b.element, comparison))
            return x == y ? a.offset < b.offset : x < y
        }.map(\.element)
        let unread = prepared.state.quarantined
        guard unread > 0 else { return sorted }
        return sorted + [.init(cause: .quarantined(unread), figure: nil, fits: false, isNearer: false)]
    }

    private func distance(_ candidate: Reconciled.Candidate, _ comparison: Comparison) -> Fraction {
        guard let way = candidate.figure?.subtracting(comparison.theirs) else { return .zero }
        return way < .zero ? way.negated ?? way : way
    }
}
