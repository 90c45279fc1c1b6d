package import Facts
package import Language
import Ledgers
package import Rules

/// Which meaning of a metric comes to all figures that the platform has shown of it.
package struct CalibrateTask: Sendable {
    private let config: String?
    private let store: String
    private let metric: String
    private let level: String

    package init(config: String?, store: String, metric: String, log level: String) {
        (self.config, self.store, self.metric, self.level) = (config, store, metric, level)
    }

    /// So many figures decide; fewer may fit by chance.
    package static let fewest = 5
    /// The newest of more are taken.
    private static let most = 60

    package struct Report: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        package var pair: ReconcilePair
        package var title: Words
        /// The pack's own first.
        package var meanings: [Meaning]
        /// The platform's figures, the oldest first.
        package var figures: [Figure]

        /// The meanings that are compared, by place: one of which too little is known, such as a share of orders signed for
        /// where nobody tells of signatures, keeps no other from being told.
        package var compared: [Int] {
            let known = meanings.indices.map { place in figures.count { $0.isKnown(place) } }
            let needed = min(CalibrateTask.fewest, known.max() ?? 0)
            return known.indices.filter { needed > 0 && known[$0] >= needed }
        }
        /// The figures by which they are: those at which all of them are known.
        package var comparable: [Figure] {
            let places = compared
            return places.isEmpty ? [] : figures.filter { places.allSatisfy($0.isKnown) }
        }
        package var leftOut: [Meaning] {
            let places = compared
            return places.isEmpty ? [] : meanings.indices.filter { !places.contains($0) }.map { meanings[$0] }
        }
        package var isEnough: Bool { comparable.count >= CalibrateTask.fewest }
        /// The meanings that come to every one of them as it is shown; none where there are too few.
        package var fitting: [Meaning] {
            isEnough ? compared.filter { fits($0) == comparable.count }.map { meanings[$0] } : []
        }

        /// How many of them a meaning comes to.
        package func fits(_ place: Int) -> Int { comparable.count { $0.fits[place] } }
    }

    package struct Meaning: Sendable {
        /// nil: as the pack has it now.
        package var id: String?
        package var title: Words
        package var expression: TypedExpression
        /// As the pack says it.
        package var definition: String
    }

    package struct Figure: Sendable {
        package var at: Timestamp
        package var theirs: Fraction
        /// By meaning.
        package var ours: [Estimate]
        /// By meaning: it comes to theirs, as finely as that is shown.
        package var fits: [Bool]

        package func isKnown(_ place: Int) -> Bool { if case .exact(.number) = ours[place] { true } else { false } }
    }

    package func run() async throws -> Report {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        let clock = assembly.clock.now
        let known = try await assembly.watchedStores(nil)
        guard let watched = known.first(where: { $0.store.id == store }) else {
            throw TaskError(
                Words(en: "no watched store is called '\(store)'", zh: "没有名为“\(store)”的监控店铺")
                    + NearestName.words(for: store, among: known.map(\.store.id)), isUsage: true)
        }
        guard let pair = watched.pack.reconcile.first(where: { $0.metric == metric }) else { throw unpaired(watched) }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let prepared = try await judge.prepare([watched], at: nil, clock: clock)[0]
        let shown = try await Reconciler(judge: judge, clock: clock).history(of: pair, watched).suffix(Self.most)
        let own = watched.pack.vocabulary.metrics[metric] ?? pair.ours
        let meanings =
            [
                Meaning(
                    id: nil, title: Words(en: "as the pack has it", zh: "规则包现行口径"), expression: pair.ours,
                    definition: Printer.text(of: own))
            ]
            + pair.variants.map {
                Meaning(
                    id: $0.id, title: $0.title, expression: $0.expression, definition: Printer.text(of: $0.expression))
            }
        func question(_ meaning: Meaning, _ shown: Reconciler.Shown) -> PastFigures.Question {
            PastFigures.Question(pair, meaning.expression, at: shown.at, prepared)
        }
        let past = try await PastFigures(
            of: prepared, asking: shown.flatMap { shown in meanings.map { question($0, shown) } }, judge, clock: clock)
        let figures = shown.map { shown in
            let ours = meanings.map { past.estimate(question($0, shown)) }
            let allowance = pair.rounding(of: shown.figure)
            return Figure(
                at: shown.at, theirs: shown.figure, ours: ours,
                fits: ours.map { estimate in
                    guard case .exact(.number(let figure)) = estimate else { return false }
                    return Comparison.lies(figure, within: allowance, of: shown.figure)
                })
        }
        return Report(
            store: watched.store, calendar: watched.calendar, pair: pair, title: watched.pack.title(of: metric),
            meanings: meanings, figures: figures)
    }

    private func unpaired(_ watched: Watched) -> TaskError {
        let names = watched.pack.reconcile.map(\.metric)
        let listed = names.joined(separator: ", ")
        guard watched.pack.metrics.contains(metric) else {
            let others =
                names.isEmpty
                ? Words(en: "; it reconciles none", zh: "；该规则包没有对账项")
                : Words(en: "; it reconciles \(listed)", zh: "；可对账的有 \(listed)")
            return TaskError(
                Words(
                    en: "the pack '\(watched.pack.name)' has no metric '\(metric)'",
                    zh: "规则包“\(watched.pack.name)”中没有指标“\(metric)”")
                    + NearestName.words(for: metric, among: names) + others, isUsage: true)
        }
        let ways =
            names.isEmpty
            ? Words(en: "; it has no 'reconcile:' at all", zh: "；该规则包没有 'reconcile:'")
            : Words(en: "; it does so with \(listed)", zh: "；可对账的有 \(listed)")
        return TaskError(
            Words(
                en: "the pack '\(watched.pack.name)' holds '\(metric)' against no figure of the platform's",
                zh: "规则包“\(watched.pack.name)”未将“\(metric)”与平台数值对账") + ways, isUsage: true)
    }
}
