import Facts
import Language

extension PackReading {
    /// `reconcile:`: metrics held against what the platform shows of them.
    mutating func readPairs() {
        for entry in entries("reconcile") {
            if let pair = pair(entry) { pairs.append(pair) }
        }
    }

    private mutating func pair(_ entry: YAMLEntry) -> ReconcilePair? {
        let cursor = entry.value
        let known = ["theirs", "step", "tolerance", "shown_after", "open", "variants"]
        guard let keys = cursor.keys(known, required: ["theirs"]) else { return nil }
        let metric = vocabulary.metrics[entry.key]
        let isBroken = metric == nil && entries("metrics").contains { $0.key == entry.key }
        if metric == nil, !isBroken {
            let names = entries("metrics").map(\.key)
            entry.error("there is no metric '\(entry.key)'\(NearestName.hint(for: entry.key, among: names))")
        }
        if let metric, metric.type != .number {
            entry.error(
                "'\(entry.key)' is no number, as a measure is; a length of time is made one by dividing it, as in '… / 1h'"
            )
        }
        let theirs = keys["theirs"]?.string()
        if let theirs, let metric, reads(theirs, metric) {
            keys["theirs"]?.error("'\(entry.key)' reads \(theirs) itself: it would be held against itself")
        }
        let step = keys["step"].flatMap { amount($0) }
        let tolerance = keys["tolerance"].flatMap { self.tolerance($0) }
        if keys["step"] == nil, keys["tolerance"] == nil {
            entry.error(
                "\(cursor.path) lacks 'step', how finely the platform shows it (such as 0.01%), or 'tolerance'")
        }
        let shownAfter = keys["shown_after"].flatMap { days($0) }
        let open = keys["open"]?.words()
        let variants = (keys["variants"]?.entries() ?? []).compactMap { variant($0, of: metric) }
        if let written = keys["variants"], keys["open"] == nil {
            written.error("'variants' need 'open', in words: what the platform leaves open")
        }
        guard let theirs, metric != nil else { return nil }
        return ReconcilePair(
            metric: entry.key, theirs: theirs, step: step?.value, absolute: tolerance?.absolute?.value,
            relative: tolerance?.relative, isPercent: step?.isPercent ?? tolerance?.absolute?.isPercent ?? false,
            shownAfter: shownAfter ?? 1, open: open, variants: variants)
    }

    private func reads(_ measure: String, _ expression: TypedExpression) -> Bool {
        Reach(of: [expression], in: vocabulary).readings.contains { $0.names?.contains(measure) ?? true }
    }

    private mutating func variant(_ entry: YAMLEntry, of metric: TypedExpression?) -> MetricVariant? {
        if !YAMLCursor.isID(entry.key) {
            entry.error(
                "'\(entry.key)' cannot name a variant; ids are letters, digits, '.', '_' and '-' and begin with a "
                    + "letter or digit")
        }
        guard let keys = entry.value.keys(["title", "value"], required: ["title", "value"]) else { return nil }
        let title = keys["title"]?.words()
        guard let cursor = keys["value"], let passage = cursor.passage() else { return nil }
        let (typed, diagnostics) = vocabulary.expression(passage, expecting: .number)
        log.add(diagnostics)
        guard let typed, let title else { return nil }
        use(Reach(of: [typed], in: vocabulary))
        refuseShown(inside: typed, cursor)
        if typed == metric { cursor.warning("the variant '\(entry.key)' is what the metric says itself") }
        return MetricVariant(id: entry.key, title: title, expression: typed)
    }

    /// `0.1%`, `{relative: 5%}` or both, of which the wider holds.
    private func tolerance(_ cursor: YAMLCursor) -> (absolute: Amount?, relative: Fraction?)? {
        guard cursor.isMapping else { return amount(cursor).map { (absolute: $0, relative: nil) } }
        guard let keys = cursor.keys(["absolute", "relative"]) else { return nil }
        if keys.written.isEmpty { cursor.error("\(cursor.path) lacks 'absolute' or 'relative'") }
        return (keys["absolute"].flatMap { amount($0) }, keys["relative"].flatMap { amount($0)?.value })
    }

    /// Whole days, `1d` to `30d`.
    private func days(_ cursor: YAMLCursor) -> Int? {
        guard let span = cursor.span() else { return nil }
        let day = TimeSpan.days(1).microseconds
        guard span.microseconds % day == 0, (1...30).contains(span.microseconds / day) else {
            cursor.error("\(cursor.path) must be whole days from 1d to 30d, not \(span.written)")
            return nil
        }
        return Int(span.microseconds / day)
    }

    private typealias Amount = (value: Fraction, isPercent: Bool)

    /// A number above zero.
    private func amount(_ cursor: YAMLCursor) -> Amount? {
        guard let passage = cursor.passage() else { return nil }
        let (value, diagnostics) = ParameterValue.read(passage, as: .number, what: cursor.path)
        log.add(diagnostics)
        guard case .literal(let literal)? = value, case .number(let number) = literal.value else { return nil }
        guard number > .zero else {
            cursor.error("\(cursor.path) must be more than 0, not \(passage.text)")
            return nil
        }
        if case .number(_, isPercent: true) = literal { return (number, true) }
        return (number, false)
    }

    /// The figures that a rule with `trust: neither` rests on, by metric.
    func distrusted(_ cursor: YAMLCursor?, _ reach: Reach) -> [String] {
        guard let cursor, cursor.word(of: ["neither"]) != nil else { return [] }
        let found = pairs.filter(reach.rests)
        if found.isEmpty, pairs.count == entries("reconcile").count {
            cursor.error(
                "'trust' is about figures that 'reconcile' holds against the platform's; the rule rests on none")
        }
        return found.map(\.metric)
    }
}
