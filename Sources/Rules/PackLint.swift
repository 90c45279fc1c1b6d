package import Facts
package import Language
import Rollups

/// What is right in a pack and yet hardly meant.
package enum PackLint {
    /// A source read longer ago than this is to be looked at again.
    package static let sourceAge = 180

    /// Warnings, in the order of the rules.
    ///
    /// - Parameter today: by which the age of sources is told.
    package static func warnings(_ pack: Pack, today: LocalDay) -> [Diagnostic] {
        var warnings = unusedMetrics(of: pack) + halfTitles(of: pack)
        for rule in pack.rules {
            warnings += conditions(of: rule, in: pack)
            warnings += latest(of: rule, in: pack)
            warnings += shares(of: rule, in: pack)
        }
        return warnings + oldSources(of: pack, today: today)
    }

    static func warn(_ text: String, _ pack: Pack, at written: Passage) -> Diagnostic {
        Diagnostic(.warning, text, at: 0..<written.text.utf8.count, in: written)
    }

    private static func unusedMetrics(of pack: Pack) -> [Diagnostic] {
        let conditions = pack.rules.flatMap { $0.conditions.map(\.expression) }
        var used = Set(Reach(of: conditions, in: pack.vocabulary).metrics)
        for window in pack.vocabulary.windows.values { used.formUnion(Reach(of: window, in: pack.vocabulary).metrics) }
        for metric in pack.vocabulary.metrics.values {
            used.formUnion(Reach(of: [metric], in: pack.vocabulary).metrics)
        }
        // What has a title is for people.
        return pack.metrics.filter { !used.contains($0) && pack.titles[$0] == nil }.map { name in
            Diagnostic(
                .warning, "no rule and no other metric uses the metric '\(name)'", at: pack.place(of: name),
                in: pack.source)
        }
    }

    /// The newest reading of a day that is not over yet is what people entered this morning.
    private static func latest(of rule: Rule, in pack: Pack) -> [Diagnostic] {
        let isBlind = rule.reach.aggregates.contains { aggregate in
            guard aggregate.reducer == .latest, aggregate.kind == .measure,
                case .window(_, .fixed(let window)) = aggregate.span
            else { return false }
            return !window.includesToday && window.unit != .hour
        }
        guard isBlind else { return [] }
        return [
            warn(
                "rule '\(rule.id)' takes the latest reading, but none of today's: add 'including today' to its window",
                pack,
                at: rule.require.written)
        ]
    }

    /// What people read in one language only.
    private static func halfTitles(of pack: Pack) -> [Diagnostic] {
        guard let root = YAMLCursor.open(pack.source, as: "the pack", log: DiagnosticLog())?.quiet else { return [] }
        var found: [Diagnostic] = []
        func visit(_ cursor: YAMLCursor) {
            if cursor.isMapping {
                let entries = cursor.entries() ?? []
                let keys = entries.map(\.key)
                if keys == ["en"] || keys == ["zh"] {
                    found.append(
                        Diagnostic(
                            .warning,
                            "\(cursor.path) is there in one language only; add \(keys == ["en"] ? "zh" : "en")",
                            at: cursor.range, in: pack.source))
                }
                entries.forEach { visit($0.value) }
            } else if cursor.isList {
                cursor.items()?.forEach(visit)
            }
        }
        visit(root)
        return found
    }

    /// A share is never more than 1: whoever writes 5 most likely means 5%.
    private static func shares(of rule: Rule, in pack: Pack) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for condition in rule.conditions {
            func visit(_ expression: TypedExpression) {
                if case .compare(_, let a, let b) = expression.node {
                    for (side, other) in [(a, b), (b, a)] {
                        guard case .literal(let literal) = other.node, case .number(let number) = literal.value,
                            number > .one, isShare(side, in: pack)
                        else { continue }
                        found.append(
                            warn(
                                "rule '\(rule.id)' compares the share \(Printer.text(of: side)) with \(Printer.text(of: other)), and no share is more than 1; write it with a %",
                                pack, at: condition.written))
                    }
                }
                expression.children.forEach(visit)
            }
            visit(condition.expression)
        }
        return found
    }

    /// The mean of a condition, or some of the facts that a count counts over that count.
    private static func isShare(_ expression: TypedExpression, in pack: Pack) -> Bool {
        switch expression.node {
        case .metric(let name): return pack.vocabulary.metrics[name].map { isShare($0, in: pack) } ?? false
        case .aggregate(let aggregate): return aggregate.reducer == .mean && aggregate.value?.type == .bool
        case .arithmetic(.divide, let some, let all):
            guard let some = count(some, in: pack), let all = count(all, in: pack) else { return false }
            return some.kind == all.kind && some.span == all.span && some.filter != all.filter
                && parts(of: all.filter).isSubset(of: parts(of: some.filter))
        default: return false
        }
    }

    private static func count(_ expression: TypedExpression, in pack: Pack) -> AggregateExpression? {
        switch expression.node {
        case .metric(let name): pack.vocabulary.metrics[name].flatMap { count($0, in: pack) }
        case .aggregate(let aggregate): aggregate.reducer == .count ? aggregate : nil
        default: nil
        }
    }

    private static func parts(of filter: TypedExpression?) -> Set<TypedExpression> {
        guard let filter else { return [] }
        if case .and(let a, let b) = filter.node { return parts(of: a).union(parts(of: b)) }
        return [filter]
    }

    // MARK: Conditions

    /// Tried on figures of all sizes, so that what never fails, or never holds, shows.
    private static func conditions(of rule: Rule, in pack: Pack) -> [Diagnostic] {
        guard !rule.reach.kinds.isEmpty else { return [] }
        var (holds, fails, warns, isMadeUp) = (0, 0, 0, false)
        // Under the first rows of all parameters, then under the second ones, …: what holds for one market need not for all.
        let rows = max(
            rule.limits.allSatisfy { pack.parameter($0)?.rows.isEmpty == false } ? 1 : 3,
            pack.parameters.map(\.rows.count).max() ?? 1)
        for row in 0..<min(rows, 6) {
            let written = Dictionary(
                pack.parameters.compactMap { parameter in
                    parameter.rows.isEmpty ? nil : (parameter.name, parameter.rows[row % parameter.rows.count].value)
                }, uniquingKeysWith: { first, _ in first })
            // What the platform shows each store is tried with a few values; of such limits it cannot be told that they
            // never or always hold, but that a preference lies behind them.
            let open = rule.limits.filter { written[$0] == nil }
            isMadeUp = isMadeUp || !open.isEmpty
            let values = written.merging(pack.madeUp(open, row: row)) { $1 }
            guard rule.limits.allSatisfy({ values[$0] != nil }) else { return [] }
            let set = PackValuation(pack, values).metrics
            var dice = Dice(state: 0x9E37_79B9_7F4A_7C15)
            for _ in 0..<3000 where holds == 0 || fails == 0 || warns == 0 && rule.prefer != nil {
                let size = dice.next(below: 6)
                let reader = MetricReader(
                    sums: StoreSums(), set: set, calendar: .utc, at: Timestamp(seconds: 1_772_445_600), coverage: nil,
                    parameter: { name, _ in values[name]?.value ?? .missing },
                    supposing: { reading, _ in .exact(dice.figure(of: reading.aggregate, size: size)) })
                let (standing, _) = Evaluation.standing(of: rule, reader)
                switch standing {
                case .ok: holds += 1
                case .warning: warns += 1
                case .breach: fails += 1
                case .unjudged, .unknown: break
                }
            }
        }
        var warnings: [Diagnostic] = []
        if holds + warns + fails == 0 { return [] }
        if fails == 0, !isMadeUp {
            warnings.append(
                warn(
                    "rule '\(rule.id)' never fails: 'require' holds for all figures tried", pack,
                    at: rule.require.written))
        }
        if holds + warns == 0, !isMadeUp {
            warnings.append(
                warn(
                    "rule '\(rule.id)' always fails: 'require' holds for none of the figures tried", pack,
                    at: rule.require.written))
        }
        if let prefer = rule.prefer, warns == 0, holds > 0 {
            warnings.append(
                warn(
                    "'prefer' of rule '\(rule.id)' never warns: it holds wherever 'require' does", pack,
                    at: prefer.written))
        }
        return warnings
    }

    /// Figures as they may be, the same on every run.
    private struct Dice {
        var state: UInt64
        private var last: Int64 = 0

        init(state: UInt64) { self.state = state }

        mutating func next(below limit: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % limit)
        }

        mutating func figure(of aggregate: Aggregate, size: Int64) -> Value {
            let limit = UInt64([3, 12, 60, 600, 20_000, 1_000_000][Int(size)])
            // Nothing, all, and exactly one are what limits are often about.
            switch next(below: 10) {
            case 0: return Value.of(.zero, aggregate)
            case 1: return Value.of(.one, aggregate)
            case 2, 3:
                if aggregate.reducer != .count {
                    return Value.of(Fraction(Int128(next(below: 1001)), over: 1000) ?? .one, aggregate)
                }
            default: break
            }
            switch aggregate.reducer {
            case .count, .distinct:
                // Of two counts one is often nearly all of the other.
                let isNear = last > 0 && next(below: 3) == 0
                last = isNear ? max(0, last - next(below: UInt64(last / 50 + 2))) : next(below: limit)
                return .number(Fraction(last))
            default: break
            }
            if aggregate.value?.type == .duration {
                return .duration(Fraction(next(below: limit) * 60_000_000))
            }
            if let scale = aggregate.scale {
                let width = scale.upperBound.subtracting(scale.lowerBound) ?? .one
                let share = Fraction(Int128(next(below: 1001)), over: 1000) ?? .one
                return share.multiplied(by: width)?.adding(scale.lowerBound).map(Value.number) ?? .missing
            }
            return Fraction(Int128(next(below: limit * 1000)), over: 1000).map(Value.number) ?? .missing
        }
    }

    // MARK: Sources

    private static func oldSources(of pack: Pack, today: LocalDay) -> [Diagnostic] {
        let sources = pack.parameters.flatMap { $0.rows.compactMap(\.source) } + pack.rules.compactMap(\.source)
        var seen: Set<String> = []
        return sources.filter { seen.insert($0).inserted }.compactMap { source in
            guard let read = LocalDay.read(source), read.distance(to: today) > sourceAge else { return nil }
            return Diagnostic(
                .warning, "a source was last read on \(read), more than \(sourceAge) days ago: \(source)",
                at: pack.place(ofText: source), in: pack.source)
        }
    }
}

extension Value {
    /// A figure of an aggregate; of durations in hours.
    fileprivate static func of(_ number: Fraction, _ aggregate: Aggregate) -> Value {
        guard aggregate.reducer != .count, aggregate.value?.type == .duration else { return .number(number) }
        return number.multiplied(by: Fraction(3_600_000_000)).map(Value.duration) ?? .missing
    }
}

extension LocalDay {
    /// The day that stands behind the word `read` in a source; nil when there is none.
    fileprivate static func read(_ source: String) -> LocalDay? {
        let words = source.split(whereSeparator: { !($0.isNumber || $0.isLetter || $0 == "-") }).map(String.init)
        return words.indices.filter { words[$0] == "read" }.compactMap { index -> LocalDay? in
            let rest = words[(index + 1)...]
            if let first = rest.first, let day = LocalDay(first) { return day }
            // `read 2 January 2024`.
            let parts = Array(rest.prefix(3))
            guard parts.count == 3, let day = Int(parts[0]), let year = Int(parts[2]), (1...31).contains(day),
                let month = months.firstIndex(where: { $0 == parts[1].prefix(3).lowercased() })
            else { return nil }
            return LocalDay(year: year, month: month + 1, day: day)
        }.max()
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
}

extension Pack {
    /// Values of parameters that have none, small in the first row and larger in those after it.
    fileprivate func madeUp(_ names: [String], row: Int) -> [String: ParameterValue] {
        let shares: [Int128] = [1, 5, 50]
        let numbers: [Int128] = [3, 20, 500]
        var values: [String: ParameterValue] = [:]
        for name in names {
            switch parameter(name)?.type {
            case .rate?:
                values[name] = .literal(.number(Fraction(shares[row % 3]), isPercent: true))
            case .number?: values[name] = .literal(.number(Fraction(numbers[row % 3]), isPercent: false))
            case .duration?: values[name] = .literal(.duration(Int64([1, 24, 72][row % 3]), .hour))
            default: break
            }
        }
        return values
    }

    /// Where a metric is declared, or the beginning.
    fileprivate func place(of metric: String) -> Range<Int> { place(ofText: "\n  \(metric):") }

    fileprivate func place(ofText text: String) -> Range<Int> {
        guard let range = source.text.firstRange(of: text) else { return 0..<0 }
        let start = source.text.utf8.distance(from: source.text.startIndex, to: range.lowerBound)
        return text.hasPrefix("\n") ? start + 3..<start + text.utf8.count - 1 : start..<start + text.utf8.count
    }
}
