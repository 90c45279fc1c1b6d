import Daemon
import Facts
import Language
import Ledgers
import Rules

/// Series of single stores, of as many as the configuration lets have some. Who has them does not change from scrape to
/// scrape: those that fit, by id.
extension MetricsPage {
    private struct Shown {
        let line: WallLine
        /// That all its series bear.
        let labels: String
    }

    /// What the series of a rule have in common at all stores of a pack and set of parameters.
    private struct Terms {
        let label: String
        let severity: String
        let metrics: [(label: String, limit: Double?, isGreatest: Bool?)]
    }

    func addStores(to page: inout Exposition, _ sink: Exposition.Sink) async throws {
        let shown = shown
        page.begin(.leftOut)
        page.sample(Double(wall.lines.count - shown.count))
        try await add(.storeStanding, shown, to: &page, sink) { $0.line.standing.number }
        try await add(.storeRoom, shown, to: &page, sink) { $0.line.standing == .unknown ? nil : $0.line.room }
        try await add(.quarantined, shown, to: &page, sink) { Double($0.line.quarantined) }
        try await add(.storeCovered, shown, to: &page, sink) {
            $0.line.inputs.map(\.coveredUntil).min().map(Exposition.seconds)
        }
        try await add(.storePulled, shown, to: &page, sink) { pull(of: $0)?.finishedAt.map(Exposition.seconds) }
        try await add(.storeFailures, shown, to: &page, sink) { pull(of: $0).map { Double($0.failures) } }
        var terms: [ObjectIdentifier: Terms] = [:]
        for family in [Family.ruleStanding, .ruleRoom, .ruleHeadroom, .ruleValue, .ruleLimit] {
            page.begin(family)
            for store in shown {
                for rule in store.line.rules {
                    let terms = self.terms(of: rule.valued, in: store.line.store.pack, &terms)
                    add(rule, terms, store, family, to: &page)
                }
                try await page.pour(sink)
            }
        }
    }

    private var shown: [Shown] {
        let entry = config.metrics
        let fits: (String) -> Bool
        switch entry.stores {
        case .none: return []
        case .all: fits = { _ in true }
        case .fitting(let glob):
            let pattern = Glob(glob)
            fits = { pattern.matches($0) }
        }
        return wall.lines.lazy.filter { fits($0.store.id) }.prefix(entry.limit).map { line in
            let store = line.store
            let labels = entry.labels.compactMap { label in
                store.labels[label.key].map { Exposition.label(label.name, $0) }
            }
            return Shown(
                line: line,
                labels: ([Exposition.label("store", store.id), Exposition.label("pack", store.pack)] + labels)
                    .joined(separator: ","))
        }
    }

    private func add(
        _ family: Family, _ shown: [Shown], to page: inout Exposition, _ sink: Exposition.Sink,
        _ value: (Shown) -> Double?
    ) async throws {
        page.begin(family)
        for store in shown {
            guard let value = value(store) else { continue }
            page.sample(store.labels, value)
            try await page.pour(sink)
        }
    }

    private func pull(of store: Shown) -> PullRecord? { pulls[PulledSource(.platform, store: store.line.store.id)] }

    private func add(
        _ rule: WallLine.Rule, _ terms: Terms, _ store: Shown, _ family: Family, to page: inout Exposition
    ) {
        // A store that nobody can judge now was well when its figures were taken: none of its rules is shown so.
        let isHidden = store.line.isBehind && store.line.standing == .unknown
        switch family.name {
        case Family.ruleStanding.name:
            let standing = isHidden ? Standing.unknown : rule.standing
            page.sample(store.labels, terms.label + "," + terms.severity, standing.number)
        case Family.ruleRoom.name:
            if let room = rule.room, !isHidden { page.sample(store.labels, terms.label, room) }
        case Family.ruleHeadroom.name where !isHidden:
            for (figure, metric) in zip(rule.figures, terms.metrics) {
                guard let figure, let limit = metric.limit, let isGreatest = metric.isGreatest else { continue }
                page.sample(store.labels, metric.label, isGreatest ? limit - figure : figure - limit)
            }
        case Family.ruleHeadroom.name: break
        case Family.ruleValue.name:
            for (figure, metric) in zip(rule.figures, terms.metrics) {
                if let figure { page.sample(store.labels, metric.label, figure) }
            }
        default:
            for metric in terms.metrics {
                if let limit = metric.limit { page.sample(store.labels, metric.label, limit) }
            }
        }
    }

    private func terms(
        of valued: RuleValuation, in pack: String, _ known: inout [ObjectIdentifier: Terms]
    ) -> Terms {
        if let terms = known[ObjectIdentifier(valued)] { return terms }
        let rule = Exposition.label("rule", valued.rule.id)
        let vocabulary = fleet.library[pack]?.vocabulary
        let terms = Terms(
            label: rule, severity: Exposition.label("severity", valued.rule.severity.rawValue),
            metrics: valued.rule.reach.metrics.map { metric in
                let isDuration = vocabulary?.metrics[metric]?.type == .duration
                let limit = valued.limit(of: metric).map { $0.double / (isDuration ? 1_000_000 : 1) }
                return (
                    rule + "," + Exposition.label("metric", metric), limit, valued.limitIsGreatest(of: metric)
                )
            })
        known[ObjectIdentifier(valued)] = terms
        return terms
    }
}

extension Standing {
    /// As `check` ends with it; -1 where nothing is judged.
    var number: Double {
        switch self {
        case .unjudged: -1
        case .ok: 0
        case .warning: 1
        case .breach: 2
        case .unknown: 3
        }
    }
}
