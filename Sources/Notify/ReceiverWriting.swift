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

    /// What happened to one alert, as it is kept until it is part of a message.
    ///
    /// - Parameter id: of what the receiver is to hear.
    package func part(_ told: NoticeContent.Told, id: String) -> [UInt8] {
        switch kind {
        case .alertmanager: AlertmanagerBody.lines(of: told, id: id)
        case .webhook where format == .alertmanager: AlertmanagerWebhook.part(told, id: id)
        default: kind.isForPeople ? message.message(told, id: id).json : WebhookBody.element(told)
        }
    }

    /// A message of parts.
    ///
    /// - Parameter id: of the notice.
    package func body(of parts: [[UInt8]], id: String, receiver: String, madeAt: Timestamp) -> [UInt8] {
        switch kind {
        case .alertmanager: return Array(parts.joined(separator: [UInt8(ascii: "\n")]))
        case .webhook where format == .alertmanager: return AlertmanagerWebhook.bytes(of: parts, receiver: receiver)
        default: break
        }
        guard kind.isForPeople else { return WebhookBody.bytes(of: parts, receiver: receiver, madeAt: madeAt) }
        let messages = parts.compactMap(Message.init(json:))
        guard let chat = kind.chat else { return MailBody.bytes(of: messages) }
        guard messages.count > 1 else { return messages.first.map(chat.body) ?? [] }
        return chat.body(of: message.together(messages, id: id))
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

    /// What is about no rule of a store: another receiver, how everything stands, what is to be entered.
    ///
    /// - Parameter json: for programs.
    func bytes(of message: Message, at now: Timestamp, to receiver: String, json: () -> [UInt8]) -> [UInt8] {
        switch kind {
        case .alertmanager: AlertmanagerBody.line(of: message, at: now)
        case .email: MailBody.bytes(of: [message])
        case .webhook where format == .alertmanager: AlertmanagerWebhook.bytes(of: message, at: now, to: receiver)
        default: kind.chat.map { $0.body(of: message) } ?? json()
        }
    }
}
