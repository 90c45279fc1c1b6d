package import Alerts
package import Facts

/// How what a receiver is told is written: once, when it happens.
package struct ReceiverWriting: Sendable, Hashable {
    package var kind: ReceiverKind
    package var message: MessageWriting

    package init(_ kind: ReceiverKind, _ message: MessageWriting = MessageWriting()) {
        (self.kind, self.message) = (kind, message)
    }

    /// What happened to one alert.
    package func bytes(of content: NoticeContent) -> [UInt8] {
        guard let chat = kind.chat, let told = content.alerts.last else { return WebhookBody.bytes(of: content) }
        return chat.body(of: message.message(told, id: content.id))
    }

    /// What will end.
    package func bytes(of expiry: ExpiryBody, at now: Timestamp) -> [UInt8] {
        kind.chat.map { $0.body(of: message.message(expiry)) } ?? expiry.json(at: now)
    }
}
