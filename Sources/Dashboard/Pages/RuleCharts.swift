import Alerts
import Daemon
import Facts
import Language
import Rules

/// The figures of a rule along days, a chart each with a table behind it.
enum RuleCharts {
    private static func isLimited(_ evaluation: RuleEvaluation, _ place: Int) -> Bool {
        evaluation.valued.limit(of: evaluation.values[place].metric) != nil
    }

    /// As places among the days shown.
    private static func window(_ history: FigureHistory, _ figure: Int) -> ClosedRange<Int>? {
        guard history.windows.indices.contains(figure), let days = history.windows[figure],
            let first = history.past.first?.day
        else { return nil }
        let last = history.past.count - 1
        let (from, to) = (first.distance(to: days.lowerBound), first.distance(to: days.upperBound))
        return max(0, min(from, last))...max(0, min(to, last))
    }

    static func views(
        _ history: FigureHistory, _ evaluation: RuleEvaluation, _ watched: Watched, _ tongue: Tongue
    ) -> [View] {
        // What is held against a limit first: the others are what it rests on.
        let places = evaluation.values.indices.sorted { a, b in
            let (left, right) = (isLimited(evaluation, a), isLimited(evaluation, b))
            return left != right ? left : a < b
        }
        return places.map { place in
            let value = evaluation.values[place]
            let isPercent = evaluation.valued.percentages.contains(value.metric)
            func text(_ number: Double) -> String {
                FigureText.text(nearest: number, isPercent: isPercent, isDuration: value.estimate.isDuration)
            }
            func points(_ points: [FigureHistory.Point]) -> [FigureChart.Point] {
                points.map {
                    .init(
                        day: $0.day.description,
                        value: $0.standing == .unknown || !$0.figures.indices.contains(place) ? nil : $0.figures[place])
                }
            }
            let title = tongue(watched.pack.title(of: value.metric))
            let isDuration = value.estimate.isDuration
            func bound(_ fraction: Fraction?) -> Double? {
                fraction.map { isDuration ? $0.double / 1_000_000 : $0.double }
            }
            let limit = bound(evaluation.valued.limit(of: value.metric))
            let preferred = bound(evaluation.valued.preferredLimit(of: value.metric))
            let (past, future) = (
                points(history.past), points(history.goingOn.isEmpty ? history.quiet : history.goingOn)
            )
            let known = past.compactMap(\.value)
            let newest = FigureText.text(value.estimate, isPercent: isPercent)
            var description = tongue("\(title): now \(newest)", "\(title)：当前 \(newest)")
            if let low = known.min(), let high = known.max() {
                description += tongue(
                    ", in \(past.count) days between \(text(low)) and \(text(high))",
                    "，\(past.count) 天内 \(text(low)) 至 \(text(high))")
            }
            if let limit {
                description += tongue(", limit \(text(limit))", "，要求 \(text(limit))")
            }
            let chart = FigureChart(
                title: title, description: description, past: past, future: future, limit: limit,
                preferred: preferred,
                window: window(history, place), today: past.last?.day ?? "",
                text: text)
            let caption = caption(title, history, limit.map(text), preferred.map(text), tongue)
            func row(_ point: FigureChart.Point, _ standing: String) -> View {
                ["day": point.day, "value": point.value.map(text) ?? "–", "standing": standing]
            }
            // All that is drawn, the farthest day first.
            let rows =
                future.reversed().map { row($0, tongue("foretold", "预测")) }
                + zip(past, history.past).reversed().map { row($0, $1.standing.map { tongue($0.title) } ?? "") }
            return ["title": title, "caption": caption, "svg": chart.svg, "rows": rows]
        }
    }

    /// What is drawn, and in which stroke.
    private static func caption(
        _ title: String, _ history: FigureHistory, _ limit: String?, _ preferred: String?, _ tongue: Tongue
    ) -> String {
        var parts = [tongue("\(title): the last \(history.past.count) days", "\(title)：近 \(history.past.count) 天")]
        if let limit { parts.append(tongue("red dashes: the limit, \(limit)", "红色虚线：要求 \(limit)")) }
        if let preferred { parts.append(tongue("dots: what is preferred, \(preferred)", "点线：期望 \(preferred)")) }
        if history.windows.contains(where: { $0 != nil }) {
            parts.append(tongue("shaded: the days counted now", "阴影：当前统计窗口"))
        }
        if !history.goingOn.isEmpty {
            parts.append(tongue("grey dashes: if all goes on as in the last 28 days", "灰色虚线：按近28天均值延续"))
        } else if !history.quiet.isEmpty {
            parts.append(tongue("grey dashes: if nothing more harms", "灰色虚线：不再新增不利数据"))
        }
        return parts.joined(separator: tongue("; ", "；"))
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
