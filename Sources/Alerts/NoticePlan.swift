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

        package init(_ event: AlertEvent, _ report: AlertReport) { (self.event, self.report) = (event, report) }
    }

    package init(id: String, receiver: String, madeAt: Timestamp, alerts: [Told]) {
        (self.id, self.receiver, self.madeAt, self.alerts) = (id, receiver, madeAt, alerts)
    }
}

/// Events and receivers to notices: every receiver hears of every event at once, one alert a notice.
package enum NoticePlan {
    /// The notices owed for one event, in the order of the receivers.
    ///
    /// They are written here, before the event is committed, so that what is owed and what happened are one: a message
    /// says the same at its tenth attempt as at its first, whatever changed in between.
    ///
    /// - Parameters:
    ///   - receivers: their ids.
    ///   - now: the clock's moment, stamped on the message.
    ///   - writing: the content in the form of its receiver (Notify's `ReceiverWriting`).
    package static func notices(
        for event: AlertEvent, _ report: AlertReport, to receivers: [String], now: Timestamp,
        writing: (NoticeContent) -> [UInt8]
    ) -> [Notice] {
        receivers.map { receiver in
            let id = ContentID.notice(receiver: receiver, episode: event.episode, change: event.number)
            let content = NoticeContent(id: id, receiver: receiver, madeAt: now, alerts: [.init(event, report)])
            return Notice(
                id: id, receiver: receiver, key: event.key, episode: event.episode, change: event.number, madeAt: now,
                body: writing(content))
        }
    }
}
