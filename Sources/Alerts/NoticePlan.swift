package import Facts

/// What one receiver is told in one message, before it is written in that receiver's form.
package struct NoticeContent: Sendable, Hashable {
    /// The notice's.
    package var id: String
    /// The receiver's id.
    package var receiver: String
    /// When it was made.
    package var madeAt: Timestamp
    /// In the order in which they happened.
    package var alerts: [Told]

    /// An event, and what is said about it.
    package struct Told: Sendable, Hashable {
        package var event: AlertEvent
        package var report: AlertReport
        /// It was told before and goes on: the event is the last there was, the figures are of now.
        package var isReminder: Bool

        package init(_ event: AlertEvent, _ report: AlertReport, isReminder: Bool = false) {
            (self.event, self.report, self.isReminder) = (event, report, isReminder)
        }

        package var name: NoticeItem.Event {
            if isReminder { return .reminder }
            return switch event.kind {
            case .firing: .firing
            case .raised: .raised
            case .lowered: .lowered
            case .resolved: .resolved
            case .flapping: .flapping
            case .settled: .settled
            case .paused: .paused
            case .resumed: .resumed
            }
        }
    }

    package init(id: String, receiver: String, madeAt: Timestamp, alerts: [Told]) {
        (self.id, self.receiver, self.madeAt, self.alerts) = (id, receiver, madeAt, alerts)
    }
}

/// Events and receivers to what each is to hear.
package enum NoticePlan {
    /// What one event gives each receiver to hear, in the order of the routes.
    ///
    /// It is written here, before the event is committed, so that what is owed and what happened are one: a message says
    /// the same at its tenth attempt as at its first, whatever changed in between.
    ///
    /// - Parameters:
    ///   - now: the clock's moment.
    ///   - isBeginning: found by a first look, or by one under a changed configuration.
    ///   - isDaily: what it rests on changes at midnight alone.
    ///   - members: those for which it speaks.
    ///   - writing: the alert in the form of its receiver (Notify's `ReceiverWriting`), as a part of a message.
    package static func items(
        for told: NoticeContent.Told, to routes: [Route], now: Timestamp, isBeginning: Bool = false,
        isDaily: Bool = false, members: [Route.Member] = [], writing: (_ receiver: String, _ id: String) -> [UInt8]
    ) -> [NoticeItem] {
        routes.map { route in
            let (event, subject) = (told.event, told.report.subject)
            let id =
                told.isReminder
                ? ContentID.reminder(receiver: route.receiver, episode: event.episode, at: now)
                : ContentID.notice(receiver: route.receiver, episode: event.episode, change: event.number)
            return NoticeItem(
                id: id, receiver: route.receiver, key: event.key, episode: event.episode, change: event.number,
                event: told.name, standing: event.standing, madeAt: now,
                // Whoever gets a board reads there what changed; but what was told before is told to its end.
                interest: route.digest == nil ? route.interest(in: event, subject, members: members) : .ifTold,
                grouping: route.grouping?.name(event.key, subject) ?? "",
                isBeginning: isBeginning && !told.isReminder, isDaily: isDaily,
                body: writing(route.receiver, id))
        }
    }
}
