import Alerts
package import Facts
import Ledgers
package import Rules

/// How a rule stood along some days, as it was shown then: from the changes that were kept.
package struct Stood: Sendable {
    /// By day, as far as anybody looked.
    package private(set) var days: [LocalDay: Standing] = [:]
    /// Its stays outside ok, the earliest first.
    package private(set) var stays: [Stay] = []

    /// One stay in warning or breach; what is unknown in between ends none.
    package struct Stay: Sendable, Hashable {
        /// The worst that it came to.
        package var standing: Standing
        package var from: Timestamp
        /// nil: it goes on.
        package var until: Timestamp?
        /// How many of the days asked for it was outside.
        package var days = 0
        /// Of the change by which it came to be the worst.
        package var limit: String
        package var values: [String: String]
        package var because: Words
    }

    /// A stretch of time in which it stood the same; nil: nobody looked.
    private struct Stretch {
        var standing: Standing?
        var range: Range<Timestamp>
    }

    /// - Parameters:
    ///   - changes: the earliest first; the first may lie before the days.
    ///   - watch: when the daemon was at work; how it stood while it was not nobody knows.
    ///   - now: what lies after it nobody knows.
    init(
        _ changes: [StandingChange], days asked: ClosedRange<LocalDay>, _ calendar: StoreCalendar,
        watch: WatchLog = WatchLog(nil), now: Timestamp
    ) {
        let end = min(calendar.startOfDay(asked.upperBound.advanced(by: 1)), now)
        let begin = calendar.startOfDay(asked.lowerBound)
        var stretches: [Stretch] = []
        for (index, change) in changes.enumerated() {
            let standing = change.standing
            let until = index + 1 < changes.count ? changes[index + 1].judgedAt : end
            step(standing, change)
            let range = max(change.judgedAt, begin)..<max(change.judgedAt, begin, min(until, end))
            if !range.isEmpty {
                stretches += watch.parts(of: range).map {
                    Stretch(standing: $0.isWatched ? standing : nil, range: $0.range)
                }
            }
        }
        fill(stretches, calendar)
        // What had ended before the first of the days was only of use to know how it stood then.
        stays.removeAll { $0.until.map { $0 <= begin } ?? false }
        for place in stays.indices {
            let stay = stays[place].from..<max(stays[place].from, stays[place].until ?? end)
            stays[place].days = days.count { day, standing in
                [.warning, .breach].contains(standing) && calendar.range(of: day).overlaps(stay)
            }
        }
    }

    private mutating func step(_ standing: Standing, _ change: StandingChange) {
        let isOpen = stays.last.map { $0.until == nil } ?? false
        switch standing {
        case .unknown: break
        case .ok, .unjudged:
            if isOpen { stays[stays.count - 1].until = change.judgedAt }
        case .warning, .breach:
            if !isOpen {
                stays.append(
                    Stay(
                        standing: standing, from: change.judgedAt, limit: change.limit, values: change.values,
                        because: change.because))
            } else if standing.rank > stays[stays.count - 1].standing.rank {
                let last = stays.count - 1
                (stays[last].standing, stays[last].limit) = (standing, change.limit)
                (stays[last].values, stays[last].because) = (change.values, change.because)
            }
        }
    }

    /// A day on which it was ever in breach is one of breach, and likewise of warning; of the rest what lasted longest
    /// stands: a start of the daemon makes no day unknown.
    private mutating func fill(_ stretches: [Stretch], _ calendar: StoreCalendar) {
        var lasted: [LocalDay: [Standing: Int64]] = [:]
        var unwatched: Set<LocalDay> = []
        for stretch in stretches {
            var day = calendar.day(of: stretch.range.lowerBound)
            while calendar.startOfDay(day) < stretch.range.upperBound {
                let part = calendar.range(of: day).clamped(to: stretch.range)
                if let standing = stretch.standing {
                    lasted[day, default: [:]][standing, default: 0] += (part.upperBound - part.lowerBound).microseconds
                } else {
                    unwatched.insert(day)
                }
                day = day.advanced(by: 1)
            }
        }
        days = lasted.mapValues { standings in
            for standing in [Standing.breach, .warning] where standings[standing] != nil { return standing }
            return standings.max { ($0.value, $0.key.rank) < ($1.value, $1.key.rank) }?.key ?? .unjudged
        }
        // Where somebody looked for a part of the day, that part stands for it.
        for day in unwatched where days[day] == nil { days[day] = .unknown }
    }
}
