package import Alerts
package import Facts

/// How what a receiver is told is written: once, when it happens.
package struct ReceiverWriting: Sendable, Hashable {
    package var kind: ReceiverKind
    package var message: MessageWriting

    package init(_ kind: ReceiverKind, _ message: MessageWriting = MessageWriting()) {
        (self.kind, self.message) = (kind, message)
    }

    /// What happened to one alert, as it is kept until it is part of a message.
    ///
    /// - Parameter id: of what the receiver is to hear.
    package func part(_ told: NoticeContent.Told, id: String) -> [UInt8] {
        kind.chat == nil ? WebhookBody.element(told) : message.message(told, id: id).json
    }

    /// A message of parts.
    ///
    /// - Parameter id: of the notice.
    package func body(of parts: [[UInt8]], id: String, receiver: String, madeAt: Timestamp) -> [UInt8] {
        guard let chat = kind.chat else { return WebhookBody.bytes(of: parts, receiver: receiver, madeAt: madeAt) }
        let messages = parts.compactMap(Message.init(json:))
        guard messages.count > 1 else { return messages.first.map(chat.body) ?? [] }
        return chat.body(of: message.together(messages, id: id))
    }

    /// What will end.
    package func bytes(of expiry: ExpiryBody, at now: Timestamp) -> [UInt8] {
        kind.chat.map { $0.body(of: message.message(expiry)) } ?? expiry.json(at: now)
    }

    /// Another receiver is down.
    func bytes(of trouble: TroubleBody, at now: Timestamp) -> [UInt8] {
        kind.chat.map { $0.body(of: trouble.message(message.language)) } ?? trouble.json(at: now)
    }

    /// How everything stands.
    func bytes(of board: BoardBody, at now: Timestamp) -> [UInt8] {
        kind.chat.map { $0.body(of: board.message(message.language)) } ?? board.json(at: now)
    }
}
