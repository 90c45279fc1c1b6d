import Foundation

/// A figure along days: what was, what may come, and the line it is held against. Drawn even where nothing is known.
struct FigureChart {
    struct Point {
        var day: String
        /// nil: not known.
        var value: Double?
    }

    var title: String
    /// What a reader of screens is told of it.
    var description: String
    var past: [Point]
    /// What is to come, after the past.
    var future: [Point] = []
    var limit: Double?
    var preferred: Double?
    /// The days of the window that the newest figure looks at, as places among `past`.
    var window: ClosedRange<Int>?
    var today: String
    var text: (Double) -> String

    private static let (width, height) = (900.0, 260.0)
    private static let (left, right, top, bottom) = (64.0, 16.0, 14.0, 34.0)

    private var count: Int { max(past.count + future.count, 2) }

    private func x(_ place: Int) -> Double {
        Self.left + (Self.width - Self.left - Self.right) * Double(place) / Double(count - 1)
    }

    private var scale: (low: Double, high: Double) {
        let values = (past + future).compactMap(\.value) + [limit, preferred].compactMap { $0 }
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        // Counts and shares begin at nothing; a score near its limit would be a flat line then.
        let from = low >= 0 && low < high / 2 || low == high ? min(low, 0) : low - (high - low) * 0.15
        return (from, high == from ? from + 1 : high)
    }

    /// Round figures, three to six of them, that hold all there is.
    static func marks(from low: Double, to high: Double) -> [Double] {
        let rough = (high - low) / 4
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
        let first = floor(low / step + 0.001)
        let count = Int(ceil((high - first * step) / step - 0.001))
        return (0...max(count, 1)).map { (first + Double($0)) * step }
    }

    var svg: String {
        let marks = Self.marks(from: scale.low, to: scale.high)
        let scale = (low: marks[0], high: marks[marks.count - 1])
        func y(_ value: Double) -> Double {
            let share = (value - scale.low) / (scale.high - scale.low)
            return Self.height - Self.bottom - (Self.height - Self.top - Self.bottom) * share
        }
        var parts: [String] = []
        let (floor, ceiling) = (Self.height - Self.bottom, Self.top)
        if let window {
            let (a, b) = (x(window.lowerBound), x(window.upperBound))
            parts.append(
                "<rect class=\"window\" x=\"\(n(a))\" y=\"\(n(ceiling))\" width=\"\(n(b - a))\" height=\"\(n(floor - ceiling))\"/>"
            )
            for edge in [a, b] { parts.append(line("edge", edge, ceiling, edge, floor)) }
        }
        for value in marks {
            parts.append(line("axis", Self.left, y(value), Self.width - Self.right, y(value)))
            parts.append(
                "<text x=\"\(n(Self.left - 6))\" y=\"\(n(y(value) + 4))\" text-anchor=\"end\">\(escaped(text(value)))</text>"
            )
        }
        parts += days(floor)
        parts += gaps(floor, ceiling)
        for (value, kind) in [(limit, "limit"), (preferred, "preferred")] {
            if let value { parts.append(line(kind, Self.left, y(value), Self.width - Self.right, y(value))) }
        }
        parts.append(path("series", past, from: 0, y: y))
        // It goes on from the newest figure that is known.
        if let last = past.last, last.value != nil {
            parts.append(path("forecast", [last] + future, from: past.count - 1, y: y))
            parts.append(
                "<circle class=\"dot\" cx=\"\(n(x(past.count - 1)))\" cy=\"\(n(y(last.value ?? 0)))\" r=\"3.5\"/>")
        }
        return """
            <svg class="chart" viewBox="0 0 \(n(Self.width)) \(n(Self.height))" role="img" aria-label="\(escaped(description))">
            <title>\(escaped(title))</title><desc>\(escaped(description))</desc>
            \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
            </svg>
            """
    }

    /// The first day, today and the last one.
    private func days(_ floor: Double) -> [String] {
        var parts: [String] = []
        if let first = past.first { parts.append(label(first.day, at: 0, floor, "start")) }
        if !past.isEmpty {
            let place = past.count - 1
            parts.append(line("edge", x(place), Self.top, x(place), floor))
            parts.append(label(today, at: place, floor, future.isEmpty ? "end" : "middle"))
        }
        if let last = future.last { parts.append(label(last.day, at: count - 1, floor, "end")) }
        return parts
    }

    private func label(_ text: String, at place: Int, _ floor: Double, _ anchor: String) -> String {
        "<text x=\"\(n(x(place)))\" y=\"\(n(floor + 18))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>"
    }

    /// Days of which nothing is known are grey, and no line goes across them.
    private func gaps(_ floor: Double, _ ceiling: Double) -> [String] {
        let half = (Self.width - Self.left - Self.right) / Double(count - 1) / 2
        var (parts, start): ([String], Int?) = ([], nil)
        for place in 0...past.count {
            let isMissing = place < past.count && past[place].value == nil
            if isMissing { start = start ?? place }
            if !isMissing, let first = start {
                let (a, b) = (max(x(first) - half, Self.left), x(place - 1) + half)
                parts.append(
                    "<rect class=\"missing\" x=\"\(n(a))\" y=\"\(n(ceiling))\" width=\"\(n(b - a))\" height=\"\(n(floor - ceiling))\"/>"
                )
                start = nil
            }
        }
        return parts
    }

    private func path(_ kind: String, _ points: [Point], from place: Int, y: (Double) -> Double) -> String {
        var (commands, isOn) = ("", false)
        for (index, point) in points.enumerated() {
            guard let value = point.value else { isOn = false; continue }
            commands += "\(isOn ? "L" : "M")\(n(x(place + index))) \(n(y(value)))"
            isOn = true
        }
        return commands.isEmpty ? "" : "<path class=\"\(kind)\" d=\"\(commands)\"/>"
    }

    private func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line class=\"\(kind)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>"
    }

    private func n(_ number: Double) -> String { String(format: "%.1f", number) }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
