package import Facts
package import Rules

/// What one receiver wants to hear, and when. As it stands at first, everything at once, one alert a notice.
package struct Route: Sendable, Hashable {
    /// The receiver's id.
    package var receiver: String
    package var when = AlertFilter()
    package var except: AlertFilter?
    /// nil: each alert by itself.
    package var grouping: Grouping?
    /// What goes on is told again after so long; nil: never.
    package var remind: TimeSpan?
    package var quiet: QuietHours?
    /// Where its people live; nil: nobody said.
    package var zone: StoreCalendar?
    /// It hears only of what has gone on for so long and nobody acknowledged: a step of escalation.
    package var after: TimeSpan?
    /// It gets one board a day at this hour, and nothing else; nil: no board.
    package var digest: DigestHour?
    /// Several alerts may go in one message.
    package var bundles = true
    /// So many at most; nil: any number, as what has no room is counted.
    package var mostTogether: Int?

    package init(receiver: String) { self.receiver = receiver }

    package func wants(_ key: AlertKey, _ subject: AlertSubject, standing: Standing?) -> Bool {
        when.fits(key, subject, standing: standing)
            && !(except.map { !$0.isEmpty && $0.fits(key, subject, standing: standing) } ?? false)
    }

    /// Whether a receiver is to hear of an event.
    ///
    /// - Parameter members: those for which the alert speaks, where it speaks for many: who wants one of them wants it.
    package func interest(in event: AlertEvent, _ subject: AlertSubject, members: [Member] = []) -> Interest {
        // How something ends is told to whoever heard that it began.
        guard event.kind != .resolved else { return .ifTold }
        if wants(event.key, subject, standing: event.standing) { return .owed }
        return members.contains { wants($0.key, $0.subject, standing: event.standing) } ? .owed : .ifTold
    }

    /// An alert that another one speaks for.
    package struct Member: Sendable, Hashable {
        package var key: AlertKey
        package var subject: AlertSubject

        package init(key: AlertKey, subject: AlertSubject) { (self.key, self.subject) = (key, subject) }
    }

    /// Whether it may hear of a store at all, whatever the rule.
    package func wants(_ store: Store) -> Bool {
        let subject = AlertSubject(store: store, title: Words(en: "", zh: ""), severity: .major)
        var filter = when
        (filter.rules, filter.severities, filter.standings) = ([], [], [])
        return filter.fits(AlertKey(store: store.id, rule: ""), subject, standing: nil)
    }

    package enum Interest: String, Sendable, Hashable, CaseIterable {
        case owed
        /// Only where it was told of something of the episode before.
        case ifTold
    }
}

/// When a receiver gets its board of the day.
package struct DigestHour: Sendable, Hashable {
    package var calendar: StoreCalendar
    package var microsecondsOfDay: Int64

    package init(_ calendar: StoreCalendar, microsecondsOfDay: Int64) {
        (self.calendar, self.microsecondsOfDay) = (calendar, microsecondsOfDay)
    }

    package func moment(on day: LocalDay) -> Timestamp {
        calendar.moment(day: day, microsecondsOfDay: microsecondsOfDay)
    }
}

/// How alerts are told together.
package struct Grouping: Sendable, Hashable {
    /// `platform`, `store`, `rule`, `severity`, or a label of the store; empty: all in one.
    package var by: [String]
    /// From the first change in a group of which nothing was told lately.
    package var wait = TimeSpan.seconds(60)
    /// From one message about a group to the next.
    package var interval = TimeSpan.minutes(5)
    /// What is critical and in breach does not wait.
    package var isUrgentAtOnce = false
    /// After the last of a group has ended nobody waits longer than this.
    package static let longestAtEnd = TimeSpan.seconds(60)

    package init(by: [String]) { self.by = by }

    /// Names the group of an alert.
    package func name(_ key: AlertKey, _ subject: AlertSubject) -> String {
        guard !by.isEmpty else { return "all" }
        return by.map { name in
            let value =
                switch name {
                case "platform": subject.platform
                case "store": key.store
                case "rule": key.rule
                case "severity": subject.severity.rawValue
                default: subject.labels[name] ?? ""
                }
            return "\(name)=\(value)"
        }.joined(separator: ",")
    }
}

/// Hours in which people sleep: what changes once a day and is below critical waits until they are over.
package struct QuietHours: Sendable, Hashable {
    package var calendar: StoreCalendar
    private static let from: Int64 = 22 * 3_600_000_000
    private static let until: Int64 = 8 * 3_600_000_000

    package init(in calendar: StoreCalendar) { self.calendar = calendar }

    /// When they are over; nil outside of them.
    package func end(at moment: Timestamp) -> Timestamp? {
        let (day, time) = calendar.wallTime(of: moment)
        if time >= Self.from { return calendar.moment(day: day.advanced(by: 1), microsecondsOfDay: Self.until) }
        return time < Self.until ? calendar.moment(day: day, microsecondsOfDay: Self.until) : nil
    }
}
