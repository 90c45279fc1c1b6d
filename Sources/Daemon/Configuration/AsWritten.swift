import Alerts
import Facts
import Rules

/// What was read, as somebody would write it: in the words of the configuration, which are the same in every language.
private func braced(_ parts: [(key: String, value: String?)]) -> String {
    "{" + parts.compactMap { part in part.value.map { "\(part.key): \($0)" } }.joined(separator: ", ") + "}"
}

private func listed(_ words: [String]) -> String? {
    words.isEmpty ? nil : words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
}

private func timeOfDay(_ microseconds: Int64) -> String {
    let minutes = microseconds / 60_000_000
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
}

extension AlertFilter {
    var written: String {
        let labels = labels.sorted { $0.key < $1.key }.map { ($0.key, listed($0.value)) }
        return braced([
            ("platform", listed(platforms)), ("store", listed(stores)), ("rule", listed(rules)),
            ("labels", labels.isEmpty ? nil : braced(labels)), ("severity", listed(severities.map(\.rawValue))),
            ("standing", listed(standings.map(\.rawValue))),
        ])
    }

    /// nil where everything fits.
    var writtenIfAny: String? { isEmpty ? nil : written }
}

extension Inhibition {
    var written: String {
        braced([("source", source.written), ("target", target.written), ("equal", listed(equal))])
    }
}

extension Grouping {
    var written: String {
        braced([
            ("by", "[\(by.joined(separator: ", "))]"), ("wait", wait.written), ("interval", interval.written),
            ("urgent", isUrgentAtOnce ? "immediate" : nil),
        ])
    }
}

extension QuietHours {
    var written: String { "daily, zone: \(calendar.timezone)" }
}

extension DigestHour {
    var written: String { "\(time), zone: \(calendar.timezone)" }
    var time: String { timeOfDay(microsecondsOfDay) }
}

extension StoreWindow {
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    var written: String {
        switch recurrence {
        case .once(let from, let until): braced([("from", from.written), ("until", until.written), ("why", why)])
        case .weekly(let days, let time, let length):
            braced([
                ("weekly", listed(days.map { Self.weekdays[$0 - 1] })), ("at", timeOfDay(time)),
                ("for", length.written), ("why", why),
            ])
        }
    }
}

extension StoreWindow.WallTime {
    fileprivate var written: String {
        microsecondsOfDay == 0 ? "\(day)" : "\(day)T\(timeOfDay(microsecondsOfDay))"
    }
}
