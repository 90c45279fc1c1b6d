package import Facts

/// One message owed to one receiver, about one alert or several. It waits in the outbox until the receiver has taken it.
///
/// Notices of one receiver about one alert go out strictly in the order in which they were made, also from one episode
/// to the next: the next is not sent before the one before it is taken or given up by a person.
package struct Notice: Sendable, Hashable {
    /// Of receiver, episode and change (`ContentID.notice`): the same however often it is made or sent.
    package let id: String
    /// The receiver's id.
    package let receiver: String
    /// Of a message about several alerts `Notice.several`.
    package let key: AlertKey
    package let episode: String
    /// The number of the event it tells of; about several 0.
    package let change: Int
    /// When it was made, together with the event.
    package let madeAt: Timestamp
    /// What is sent, byte for byte, at every attempt.
    package let body: [UInt8]

    package init(
        id: String, receiver: String, key: AlertKey, episode: String, change: Int, madeAt: Timestamp, body: [UInt8]
    ) {
        (self.id, self.receiver, self.key, self.episode) = (id, receiver, key, episode)
        (self.change, self.madeAt, self.body) = (change, madeAt, body)
    }

    /// No rule's id holds a colon.
    package static let several = AlertKey(store: "", rule: "several:")

    /// What is to be heard together, in one message.
    ///
    /// - Parameter items: of one receiver, at least one.
    package init(of items: [NoticeItem], at now: Timestamp, writing: ([NoticeItem], _ id: String) -> [UInt8]) {
        let first = items[0]
        let isOne = items.count == 1
        let id = isOne ? first.id : ContentID.bundle(receiver: first.receiver, of: items.map(\.id))
        self.init(
            id: id, receiver: first.receiver, key: isOne ? first.key : Notice.several,
            episode: isOne ? first.episode : id, change: isOne ? first.change : 0,
            // What was held for long is no older than its first attempt could be.
            madeAt: now, body: writing(items, id))
    }
}

/// What one step changes, to be committed as a whole: the alert replaces the one of its key, the event joins its
/// history, and what is to be heard of it waits.
package struct AlertChange: Sendable, Hashable {
    package let alert: Alert
    package let event: AlertEvent?
    /// Without an event reminders alone, and what is told late that was withheld when it happened.
    package let items: [NoticeItem]

    package init(alert: Alert, event: AlertEvent?, items: [NoticeItem]) {
        (self.alert, self.event, self.items) = (alert, event, items)
    }
}
