package import Alerts
package import Facts
package import Rules

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
        if kind.isForPeople { return message.message(told, id: id).json }
        let shown = message.evidence.shown(told)
        return switch kind {
        case .alertmanager: AlertmanagerBody.lines(of: shown, id: id)
        case .webhook where format == .alertmanager: AlertmanagerWebhook.part(shown, id: id)
        default: WebhookBody.element(shown)
        }
    }

    /// One alert of a message, as `part` wrote it, and what its receiver knows of it.
    package struct Part: Sendable, Hashable {
        package var bytes: [UInt8]
        /// As what it was told last, warning or breach; nil: of nothing.
        package var told: Standing?

        package init(_ bytes: [UInt8], told: Standing? = nil) { (self.bytes, self.told) = (bytes, told) }
    }

    /// How many each of the messages holds in which these are told, in their order: what people read has to have room in one.
    package func cut(_ parts: [[UInt8]]) -> [Int] {
        guard parts.count > 1, let chat = kind.chat else { return [parts.count] }
        return message.cut(parts.compactMap(Message.init(json:)), room: chat.most - Self.around)
    }

    /// Of a message of several, its first line and its last, in bytes at most.
    private static let around = 360

    /// A message of parts.
    ///
    /// - Parameters:
    ///   - id: of the notice.
    ///   - part: which it is where a list goes on in several.
    package func body(
        of parts: [Part], id: String, receiver: String, madeAt: Timestamp, part: MessagePart? = nil
    ) -> [UInt8] {
        if kind == .webhook, format == .alertmanager { return AlertmanagerWebhook.bytes(of: parts, receiver: receiver) }
        let parts = parts.map(\.bytes)
        if kind == .alertmanager { return Array(parts.joined(separator: [UInt8(ascii: "\n")])) }
        guard kind.isForPeople else { return WebhookBody.bytes(of: parts, receiver: receiver, madeAt: madeAt) }
        let messages = parts.compactMap(Message.init(json:))
        guard let chat = kind.chat else { return MailBody.bytes(of: messages) }
        guard messages.count > 1 || part != nil else { return messages.first.map(chat.body) ?? [] }
        return chat.body(of: message.together(messages, id: id, part: part))
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
