package import Facts
package import Rules

/// Somebody's word that certain alerts are not to be told for a time. Neither standings nor what `check` says change.
package struct Silence: Sendable, Hashable {
    package enum End: String, Sendable, Hashable, CaseIterable {
        case time
        /// When nothing that it fits goes on any more.
        case resolved
        /// An alert that grows worse, or begins in breach, is told.
        case worse
    }

    package var id: String
    package var filter: AlertFilter
    package var from: Timestamp
    /// Excluded; nil: without a limit in time.
    package var until: Timestamp?
    package var ends: End
    package var by: String
    package var why: String
    /// When it was ended before its time.
    package var endedAt: Timestamp?
    /// Who did, and why; nil: nobody, as all was over, or nobody said.
    package var endedBy: String?
    package var endedWhy: String?

    package init(
        id: String, filter: AlertFilter, from: Timestamp, until: Timestamp?, ends: End, by: String, why: String,
        endedAt: Timestamp? = nil
    ) {
        (self.id, self.filter, self.from, self.until, self.ends) = (id, filter, from, until, ends)
        (self.by, self.why, self.endedAt) = (by, why, endedAt)
    }

    package func isInForce(at moment: Timestamp) -> Bool {
        from <= moment && until.map { moment < $0 } ?? true && endedAt.map { moment < $0 } ?? true
    }

    /// Until when, for people, to follow `until`.
    package var endWords: Words {
        if let moment = endedAt ?? until { return Words(en: "\(moment)", zh: " \(moment)") }
        return switch ends {
        case .time, .resolved: Words(en: "all that it fits is over", zh: "所涉告警全部结束")
        case .worse: Words(en: "it grows worse", zh: "告警加重")
        }
    }

    /// Whether what happened is not to be told.
    package func holds(
        _ key: AlertKey, _ subject: AlertSubject, _ event: NoticeItem.Event, standing: Standing, at moment: Timestamp
    ) -> Bool {
        guard isInForce(at: moment), filter.fits(key, subject, standing: nil) else { return false }
        // How grave an alert may be is said of rules: who names no rule means none about data by it.
        if key.isHealth, !filter.severities.isEmpty, filter.rules.isEmpty { return false }
        if !filter.standings.isEmpty, event != .resolved, !filter.standings.contains(standing) { return false }
        return !(ends == .worse && (event == .raised || event == .firing && standing == .breach))
    }
}

/// Somebody looks after an episode: no reminders, no further steps of escalation.
package struct Acknowledgement: Sendable, Hashable {
    package var key: AlertKey
    package var episode: String
    package var by: String
    package var why: String
    package var at: Timestamp
    /// Excluded; nil: as long as the episode goes on.
    package var until: Timestamp?
    /// How many changes it had had: one that makes it worse takes the word back.
    package var change: Int

    package init(
        key: AlertKey, episode: String, by: String, why: String, at: Timestamp, until: Timestamp?, change: Int
    ) {
        (self.key, self.episode, self.by, self.why) = (key, episode, by, why)
        (self.at, self.until, self.change) = (at, until, change)
    }

    /// - Parameter alert: the last one of its key.
    package func isInForce(for alert: Alert, at moment: Timestamp) -> Bool {
        alert.episode == episode && alert.isOpen && until.map { moment < $0 } ?? true
            && (alert.changes == change || alert.reason != .worsened && alert.reason != .acceptanceOver)
    }
}

/// While one alert fires, others are not told: their cause is the same.
package struct Inhibition: Sendable, Hashable {
    package var source: AlertFilter
    package var target: AlertFilter
    /// What both have in common: `platform`, `store`, `rule`, or a label. Absent and empty are the same.
    package var equal: [String]

    package init(source: AlertFilter, target: AlertFilter, equal: [String]) {
        (self.source, self.target, self.equal) = (source, target, equal)
    }

    /// The alert because of which this one is not told; nil: there is none. One that is on both sides does not hold back
    /// itself, nor its like.
    ///
    /// - Parameter standing: as it is told of; nil: it does not matter.
    package func source(
        for key: AlertKey, _ subject: AlertSubject, standing: Standing?, among firing: [Alert]
    ) -> AlertKey? {
        source(for: key, subject, standing: standing, in: sources(among: firing))
    }

    /// The alerts that hold back others, by what they have in common with those: found once for all that wait.
    package func sources(among firing: [Alert]) -> [String: [AlertKey]] {
        let names = Grouping(by: equal)
        return firing.reduce(into: [:]) { sources, alert in
            guard source.fits(alert.key, alert.subject, standing: alert.announced) else { return }
            sources[names.name(alert.key, alert.subject), default: []].append(alert.key)
        }
    }

    /// - Parameter sources: what `sources` gave.
    package func source(
        for key: AlertKey, _ subject: AlertSubject, standing: Standing?, in sources: [String: [AlertKey]]
    ) -> AlertKey? {
        guard target.fits(key, subject, standing: standing), !source.fits(key, subject, standing: standing) else {
            return nil
        }
        return sources[Grouping(by: equal).name(key, subject)]?.first { $0 != key }
    }
}
