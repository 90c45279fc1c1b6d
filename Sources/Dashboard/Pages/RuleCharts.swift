import Alerts
import Daemon
import Facts
import Language
import Rules

/// The figures of a rule along days, a chart each with a table behind it.
struct RuleCharts {
    let history: FigureHistory
    let evaluation: RuleEvaluation
    let watched: Watched
    let tongue: Tongue

    var views: [View] {
        // What is held against a limit first: the others are what it rests on.
        evaluation.values.indices.sorted { a, b in
            let (left, right) = (isLimited(a), isLimited(b))
            return left != right ? left : a < b
        }.map(view)
    }

    /// To stand among those of other rules: what is held against a limit, else the first figure, on little ground, and in the
    /// table days that say the same as one.
    var smallViews: [View] {
        let limited = evaluation.values.indices.filter(isLimited)
        return (limited.isEmpty ? Array(evaluation.values.indices.prefix(1)) : limited).map { place in
            let drawn = drawn(place, isAmongOthers: true)
            var chart = drawn.chart
            chart.size = .small
            return [
                "url": Link.rule(evaluation.rule.id, of: watched.store.id), "rule": tongue(evaluation.rule.title),
                "standing": evaluation.announced.rawValue, "standingTitle": tongue(evaluation.announced.title),
                "title": drawn.title, "heading": "\(tongue(evaluation.rule.title)) · \(drawn.heading)",
                "svg": chart.svg,
            ].merging(table(Row.gathered(drawn.rows))) { $1 }
        }
    }

    private func isLimited(_ place: Int) -> Bool {
        evaluation.valued.limit(of: evaluation.values[place].metric) != nil
    }

    /// As places among the days shown.
    private func window(_ figure: Int) -> ClosedRange<Int>? {
        guard history.windows.indices.contains(figure), let days = history.windows[figure],
            let first = history.past.first?.day
        else { return nil }
        let last = history.past.count - 1
        let (from, to) = (first.distance(to: days.lowerBound), first.distance(to: days.upperBound) - 1)
        return max(0, min(from, last))...max(0, min(to, last))
    }

    private func view(_ place: Int) -> View {
        let drawn = drawn(place)
        var narrow = drawn.chart
        narrow.size = .narrow
        return [
            "title": drawn.title, "heading": drawn.heading, "svg": drawn.chart.svg, "narrow": narrow.svg,
            "keys": keys(drawn.chart.past + drawn.chart.future, hasWindow: drawn.chart.window != nil, drawn.text),
        ].merging(table(drawn.rows)) { $1 }
    }

    private struct Drawn {
        var title: String
        var heading: String
        var chart: FigureChart
        /// All that is drawn, the farthest day first.
        var rows: [Row]
        var text: (Double) -> String
    }

    /// - Parameter isAmongOthers: all have one key to their strokes, by which what is foretold is said apart.
    private func drawn(_ place: Int, isAmongOthers: Bool = false) -> Drawn {
        let value = evaluation.values[place]
        let isPercent = evaluation.valued.percentages.contains(value.metric)
        func text(_ number: Double) -> String {
            FigureText.text(nearest: number, isPercent: isPercent, isDuration: value.estimate.isDuration)
        }
        var title = tongue(watched.pack.title(of: value.metric))
        if evaluation.valued.money.contains(value.metric), let currency = watched.store.currency {
            title += tongue(" (\(currency))", "（\(currency)）")
        }
        let (past, future) = (history.past.map { point($0, place) }, future(place, isAmongOthers))
        let chart = FigureChart(
            title: title, description: description(title, value.estimate, past, isPercent, text), past: past,
            future: future, window: window(place),
            dayText: { day in LocalDay(day)?.shortlyShown(tongue) ?? day }, text: text)
        let rows =
            future.reversed().map { Row($0, tongue("foretold", "预测"), text) }
            + zip(past, history.past).reversed().map { Row($0, $1.standing.map { tongue($0.title) } ?? "", text) }
        return Drawn(
            title: title, heading: tongue("\(title): the last \(past.count) days", "\(title)：近 \(past.count) 天"),
            chart: chart, rows: rows, text: text)
    }

    // MARK: Tables

    private struct Row {
        /// The first and the last, where several days say the same.
        var days: ClosedRange<LocalDay>?
        /// Figure, limit, what is drawn beside the forecast, and standing.
        var says: [String?]

        init(_ point: FigureChart.Point, _ standing: String, _ text: (Double) -> String) {
            days = LocalDay(point.day).map { $0...$0 }
            says = [point.value.map(text), point.limit.map(text), point.quiet.map(text), standing]
        }

        /// Neighbours that say the same become one.
        static func gathered(_ rows: [Row]) -> [Row] {
            rows.reduce(into: []) { found, row in
                guard let before = found.last, before.says == row.says, let later = before.days, let days = row.days
                else {
                    found.append(row)
                    return
                }
                let (first, last) = (min(days.lowerBound, later.lowerBound), max(days.upperBound, later.upperBound))
                found[found.count - 1].days = first...last
            }
        }

        func view(_ tongue: Tongue) -> View {
            let text =
                days.map { days in
                    days.lowerBound == days.upperBound
                        ? days.lowerBound.shown(tongue)
                        : "\(days.lowerBound.shown(tongue)) – \(days.upperBound.shown(tongue))"
                } ?? "–"
            return [
                "day": text, "value": says[0] ?? "–", "limit": says[1] ?? "–", "quiet": says[2] ?? "",
                "standing": says[3] ?? "",
            ]
        }
    }

    private func table(_ rows: [Row]) -> View {
        [
            "rows": rows.map { $0.view(tongue) }, "hasLimit": rows.contains { $0.says[1] != nil },
            "hasQuiet": rows.contains { $0.says[2] != nil },
        ]
    }

    // MARK: Points

    private func point(_ point: FigureHistory.Point, _ place: Int) -> FigureChart.Point {
        func at(_ values: [Double?]) -> Double? { values.indices.contains(place) ? values[place] : nil }
        return FigureChart.Point(
            day: point.day.description, value: point.standing == .unknown ? nil : at(point.figures),
            limit: at(point.limits), preferred: at(point.preferred))
    }

    /// If all goes on, and beside it if nothing more goes wrong, where that makes a difference to this figure.
    private func future(_ place: Int, _ isAmongOthers: Bool) -> [FigureChart.Point] {
        let (goingOn, quiet) = (history.goingOn.map { point($0, place) }, history.quiet.map { point($0, place) })
        guard !goingOn.isEmpty else {
            return !isAmongOthers
                ? quiet
                : quiet.map { point in
                    var point = point
                    (point.value, point.quiet) = (nil, point.value)
                    return point
                }
        }
        guard goingOn.count == quiet.count, goingOn.map(\.value) != quiet.map(\.value) else { return goingOn }
        return zip(goingOn, quiet).map { point, quiet in
            var point = point
            point.quiet = quiet.value
            return point
        }
    }

    // MARK: Words

    private func description(
        _ title: String, _ estimate: Estimate, _ past: [FigureChart.Point], _ isPercent: Bool,
        _ text: (Double) -> String
    ) -> String {
        let newest = FigureText.text(estimate, isPercent: isPercent)
        var description = tongue("\(title): now \(newest)", "\(title)：当前 \(newest)")
        let known = past.compactMap(\.value)
        if let low = known.min(), let high = known.max() {
            description += tongue(
                ", in \(past.count) days between \(text(low)) and \(text(high))",
                "，\(past.count) 天内 \(text(low)) 至 \(text(high))")
        }
        if let limit = past.last?.limit { description += tongue(", limit \(text(limit))", "，限值 \(text(limit))") }
        return description
    }

    /// What is drawn, and in which stroke.
    private func keys(_ points: [FigureChart.Point], hasWindow: Bool, _ text: (Double) -> String) -> [View] {
        func key(_ kind: String, _ english: String, _ chinese: String) -> View {
            ["kind": kind, "isGround": kind == "window" || kind == "missing", "text": tongue(english, chinese)]
        }
        /// The newest, and from when on it is another than before.
        func values(_ values: [Double?]) -> (now: String, isSteady: Bool)? {
            let known = values.compactMap { $0 }
            return known.last.map { (text($0), Set(known).count == 1) }
        }
        var keys = [key("series", "the figure", "数值")]
        if let limit = values(points.map(\.limit)) {
            keys.append(
                limit.isSteady
                    ? key("limit", "limit \(limit.now)", "限值 \(limit.now)")
                    : key("limit", "the limit of each day, last \(limit.now)", "各日限值，最近为 \(limit.now)"))
        }
        if let preferred = values(points.map(\.preferred)) {
            keys.append(key("preferred", "preferred \(preferred.now)", "期望 \(preferred.now)"))
        }
        if hasWindow { keys.append(key("window", "the days counted now", "当前统计窗口")) }
        if points.prefix(history.past.count).contains(where: { $0.value == nil }) {
            keys.append(key("missing", "not known", "未知"))
        }
        if !history.goingOn.isEmpty {
            keys.append(key("forecast", "if all goes on as in the last 28 days", "按近28天均值延续"))
            if points.contains(where: { $0.quiet != nil }) {
                keys.append(key("recovery", "if nothing more goes wrong", "若不再新增不利数据"))
            }
        } else if !history.quiet.isEmpty {
            keys.append(key("forecast", "if nothing more goes wrong", "若不再新增不利数据"))
        }
        return keys
    }
}

extension Estimate {
    fileprivate var isDuration: Bool {
        switch self {
        case .exact(.duration): true
        case .range(_, _, _, let isDuration): isDuration
        default: false
        }
    }
}
