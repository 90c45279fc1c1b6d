package import Facts

/// One message owed to one receiver. It waits in the outbox until the receiver has taken it.
///
/// Notices of one receiver about one alert go out strictly in the order in which they were made, also from one episode
/// to the next: the next is not sent before the one before it is taken or given up by a person.
package struct Notice: Sendable, Hashable {
    /// Of receiver, episode and change (`ContentID.notice`): the same however often it is made or sent.
    package let id: String
    /// The receiver's id.
    package let receiver: String
    package let key: AlertKey
    package let episode: String
    /// The number of the event it tells of.
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
}

/// What one step changes, to be committed as a whole: the alert replaces the one of its key, the event joins its
/// history, the notices are owed.
package struct AlertChange: Sendable, Hashable {
    package let alert: Alert
    package let event: AlertEvent?
    /// Empty without an event, but where something is told late that was withheld when it happened.
    package let notices: [Notice]

    package init(alert: Alert, event: AlertEvent?, notices: [Notice]) {
        (self.alert, self.event, self.notices) = (alert, event, notices)
    }
}
