package import Alerts
package import Facts

/// How what a receiver is told is written: once, when it happens.
package struct ReceiverWriting: Sendable, Hashable {
    package var kind: ReceiverKind
    package var message: MessageWriting
    /// Of a webhook.
    package var format: WebhookFormat

    package init(
        _ kind: ReceiverKind, _ message: MessageWriting = MessageWriting(), format: WebhookFormat = .goodstanding
    ) {
        (self.kind, self.message, self.format) = (kind, message, format)
    }

    /// What happened to one alert, or to several.
    package func bytes(of content: NoticeContent) -> [UInt8] {
        switch kind {
        case .alertmanager: return AlertmanagerBody.lines(of: content)
        case .email: return MailBody.bytes(of: content.alerts.map { message.message($0, id: content.id) })
        case .webhook where format == .alertmanager: return AlertmanagerWebhook.bytes(of: content)
        default: break
        }
        guard let chat = kind.chat, let told = content.alerts.last else { return WebhookBody.bytes(of: content) }
        return chat.body(of: message.message(told, id: content.id))
    }

    /// What will end.
    package func bytes(of expiry: ExpiryBody, at now: Timestamp) -> [UInt8] {
        switch kind {
        case .alertmanager: AlertmanagerBody.line(of: expiry, at: now)
        case .email: MailBody.bytes(of: [message.message(expiry)])
        case .webhook where format == .alertmanager: AlertmanagerWebhook.bytes(of: expiry, at: now)
        default: kind.chat.map { $0.body(of: message.message(expiry)) } ?? expiry.json(at: now)
        }
    }

    /// That somebody wants to see something arrive.
    func bytes(of test: TestNotice, at now: Timestamp) -> [UInt8] {
        switch kind {
        case .alertmanager: AlertmanagerBody.line(of: test, at: now)
        case .email: MailBody.bytes(of: [test.message(message, at: now)])
        case .webhook where format == .alertmanager: AlertmanagerWebhook.bytes(of: test, at: now)
        default: kind.chat.map { $0.body(of: test.message(message, at: now)) } ?? test.json(at: now)
        }
    }
}
