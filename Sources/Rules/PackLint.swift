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
        used.formUnion(pack.reconcile.map(\.metric))
        used.formUnion(
            Reach(of: pack.reconcile.flatMap { $0.variants.map(\.expression) }, in: pack.vocabulary).metrics)
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
            guard aggregate.reducer == .latest, case .window(_, .fixed(let window)) = aggregate.span
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

extension LocalDay {
    /// The day on which a source says that it was read, the last of several; nil when it says none.
    fileprivate static func read(_ source: String) -> LocalDay? {
        let words = source.replacing(/(\d{4})\/(\d{2})\/(\d{2})/) { "\($0.1)-\($0.2)-\($0.3)" }
            .split(whereSeparator: { !($0.isNumber || $0.isLetter || $0 == "-") }).map(String.init)
        let verbs = ["read", "accessed", "retrieved", "checked"]
        var days = words.indices.filter { verbs.contains(words[$0]) }.compactMap { index -> LocalDay? in
            var rest = words[(index + 1)...]
            while let first = rest.first, ["on", "again"].contains(first) { rest = rest.dropFirst() }
            if let first = rest.first, let day = LocalDay(first) { return day }
            // `2 January 2024`, `Jan 2, 2024`.
            let parts = Array(rest.prefix(3))
            guard parts.count == 3, let year = Int(parts[2]) else {
                // `2024-02-01 read`.
                return index > 0 ? LocalDay(words[index - 1]) : nil
            }
            func day(_ number: String, _ name: String) -> LocalDay? {
                guard let day = Int(number), (1...31).contains(day),
                    let month = months.firstIndex(of: name.prefix(3).lowercased())
                else { return nil }
                return LocalDay(year: year, month: month + 1, day: day)
            }
            return day(parts[0], parts[1]) ?? day(parts[1], parts[0])
        }
        // `读于2024-01-01`, `2024年1月1日查阅`.
        if source.contains("读") || source.contains("阅") {
            days += source.matches(of: /(\d{4})[-年](\d{1,2})[-月](\d{1,2})/).compactMap { match in
                Int(match.1).flatMap { year in
                    Int(match.2).flatMap { month in
                        Int(match.3).flatMap { day in
                            (1...12).contains(month) && (1...31).contains(day)
                                ? LocalDay(year: year, month: month, day: day) : nil
                        }
                    }
                }
            }
        }
        // A date alone, by itself or in brackets at the end.
        if days.isEmpty, let match = source.firstMatch(of: /(?:^|\()(\d{4}-\d{2}-\d{2})\)?$/) {
            days += [LocalDay(String(match.1))].compactMap { $0 }
        }
        return days.max()
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
}

extension Pack {
    /// Where a metric is declared, or the beginning.
    fileprivate func place(of metric: String) -> Range<Int> { place(ofText: "\n  \(metric):") }

    fileprivate func place(ofText text: String) -> Range<Int> {
        guard let range = source.text.firstRange(of: text) else { return 0..<0 }
        let start = source.text.utf8.distance(from: source.text.startIndex, to: range.lowerBound)
        return text.hasPrefix("\n") ? start + 3..<start + text.utf8.count - 1 : start..<start + text.utf8.count
    }
}
