import Foundation

/// A figure along days: what was, what may come, and the line it is held against. Drawn even where nothing is known.
struct FigureChart {
    struct Point {
        var day: String
        /// nil: not known.
        var value: Double?
        /// As they are on the day; nil: none.
        var limit: Double?
        var preferred: Double?
        /// If nothing more goes wrong; nil: nothing else, or nobody knows.
        var quiet: Double?
    }

    /// On a phone the same is drawn on less ground, so that its text can be read.
    enum Size: String, CaseIterable {
        case wide, narrow
        /// Beside others.
        case small

        fileprivate var ground: (width: Double, height: Double, left: Double) {
            switch self {
            case .wide: (900, 260, 64)
            case .narrow: (400, 240, 54)
            case .small: (360, 150, 48)
            }
        }
    }

    var title: String
    /// What a reader of screens is told of it.
    var description: String
    var past: [Point]
    /// What is to come, after the past.
    var future: [Point] = []
    /// The days of the window that the newest figure looks at, as places among `past`.
    var window: ClosedRange<Int>?
    /// As days are written below it.
    var dayText: (String) -> String = { $0 }
    var text: (Double) -> String
    var size = Size.wide

    private var width: Double { size.ground.width }
    private var height: Double { size.ground.height }
    private var left: Double { size.ground.left }
    private static let (right, top, bottom) = (16.0, 14.0, 34.0)

    private var count: Int { max(past.count + future.count, 2) }
    private var end: Double { width - Self.right }
    private var floor: Double { height - Self.bottom }
    private var half: Double { (end - left) / Double(count - 1) / 2 }

    private func x(_ place: Int) -> Double { left + (end - left) * Double(place) / Double(count - 1) }

    private var scale: (low: Double, high: Double) {
        let values = (past + future).flatMap { [$0.value, $0.limit, $0.preferred, $0.quiet].compactMap { $0 } }
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        // Counts and shares begin at nothing; a score near its limit would be a flat line then.
        let from = low >= 0 && low < high / 2 || low == high ? min(low, 0) : low - (high - low) * 0.15
        return (from, high == from ? from + 1 : high)
    }

    /// Round figures, three to six of them, that hold all there is.
    static func marks(from low: Double, to high: Double) -> [Double] {
        let rough = (high - low) / 4
        let power = pow(10, Foundation.floor(log10(rough)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
        let first = Foundation.floor(low / step + 0.001)
        let count = Int(ceil((high - first * step) / step - 0.001))
        return (0...max(count, 1)).map { (first + Double($0)) * step }
    }

    var svg: String {
        let marks = Self.marks(from: scale.low, to: scale.high)
        let scale = (low: marks[0], high: marks[marks.count - 1])
        func y(_ value: Double) -> Double {
            let share = (value - scale.low) / (scale.high - scale.low)
            return floor - (floor - Self.top) * share
        }
        var parts: [String] = []
        if let window {
            let (a, b) = (max(x(window.lowerBound) - half, left), x(window.upperBound) + half)
            parts.append(rectangle("window", from: a, to: b))
            for edge in [a, b] { parts.append(line("edge", edge, Self.top, edge, floor)) }
        }
        for value in marks {
            parts.append(line("axis", left, y(value), end, y(value)))
            parts.append(
                "<text x=\"\(n(left - 6))\" y=\"\(n(y(value) + 4))\" text-anchor=\"end\">\(escaped(text(value)))</text>"
            )
        }
        parts += days + gaps
        parts.append(steps("limit", (past + future).map(\.limit), y: y))
        parts.append(steps("preferred", (past + future).map(\.preferred), y: y))
        parts.append(path("series", past.map(\.value), from: 0, y: y))
        // It goes on from the newest figure that is known.
        if let last = past.last, let newest = last.value {
            let place = past.count - 1
            for (kind, values) in [("recovery", future.map(\.quiet)), ("forecast", future.map(\.value))]
            where values.contains(where: { $0 != nil }) {
                parts.append(path(kind, [newest] + values, from: place, y: y))
            }
            parts.append("<circle class=\"dot\" cx=\"\(n(x(place)))\" cy=\"\(n(y(newest)))\" r=\"3.5\"/>")
        }
        return """
            <svg class="chart \(size.rawValue)" viewBox="0 0 \(n(width)) \(n(height))" role="img" aria-label="\(escaped(description))">
            <title>\(escaped(title))</title><desc>\(escaped(description))</desc>
            \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
            </svg>
            """
    }

    /// The first day, the last that was judged, and the last one.
    private var days: [String] {
        var parts: [String] = []
        if let first = past.first { parts.append(label(first.day, at: 0, "start")) }
        if let last = past.last {
            let place = past.count - 1
            if window?.upperBound != place { parts.append(line("edge", x(place), Self.top, x(place), floor)) }
            // On little ground the last day's would stand in it.
            parts.append(label(last.day, at: place, future.isEmpty || size != .wide ? "end" : "middle"))
        }
        if let last = future.last { parts.append(label(last.day, at: count - 1, "end")) }
        return parts
    }

    private func label(_ text: String, at place: Int, _ anchor: String) -> String {
        "<text x=\"\(n(x(place)))\" y=\"\(n(floor + 18))\" text-anchor=\"\(anchor)\">\(escaped(dayText(text)))</text>"
    }

    /// Days of which nothing is known are grey, and no line goes across them.
    private var gaps: [String] {
        var (parts, start): ([String], Int?) = ([], nil)
        for place in 0...past.count {
            let isMissing = place < past.count && past[place].value == nil
            if isMissing { start = start ?? place }
            if !isMissing, let first = start {
                parts.append(rectangle("missing", from: max(x(first) - half, left), to: x(place - 1) + half))
                start = nil
            }
        }
        return parts
    }

    /// What holds for a day holds from its beginning to its end.
    private func steps(_ kind: String, _ values: [Double?], y: (Double) -> Double) -> String {
        var (commands, isOn) = ("", false)
        for (place, value) in values.enumerated() {
            guard let value else { isOn = false; continue }
            let (from, to) = (max(x(place) - half, left), min(x(place) + half, end))
            if !isOn { commands += "M\(n(from)) \(n(y(value)))" }
            if isOn, values[place - 1] != value { commands += "V\(n(y(value)))" }
            if place + 1 == values.count || values[place + 1] != value { commands += "H\(n(to))" }
            isOn = true
        }
        return commands.isEmpty ? "" : "<path class=\"\(kind)\" d=\"\(commands)\"/>"
    }

    private func path(_ kind: String, _ values: [Double?], from place: Int, y: (Double) -> Double) -> String {
        var (commands, isOn) = ("", false)
        for (index, value) in values.enumerated() {
            guard let value else { isOn = false; continue }
            commands += "\(isOn ? "L" : "M")\(n(x(place + index))) \(n(y(value)))"
            isOn = true
        }
        return commands.isEmpty ? "" : "<path class=\"\(kind)\" d=\"\(commands)\"/>"
    }

    private func rectangle(_ kind: String, from a: Double, to b: Double) -> String {
        "<rect class=\"\(kind)\" x=\"\(n(a))\" y=\"\(n(Self.top))\" width=\"\(n(b - a))\" height=\"\(n(floor - Self.top))\"/>"
    }

    private func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line class=\"\(kind)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>"
    }

    private func n(_ number: Double) -> String { String(format: "%.1f", number) }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
