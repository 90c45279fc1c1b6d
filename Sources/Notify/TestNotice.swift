package import Alerts
package import Facts
import Rules

/// What a receiver is sent so that somebody sees that it arrives. It is about no store, and no program takes it for an alert.
package struct TestNotice: Sendable {
    package let receiver: String

    package init(to receiver: String) { self.receiver = receiver }

    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        let episode = "test \(now.microseconds)"
        return Notice(
            id: ContentID.notice(receiver: receiver, episode: episode, change: 1), receiver: receiver,
            // No rule's id holds a colon.
            key: AlertKey(store: "", rule: "test:"), episode: episode, change: 1, madeAt: now,
            body: writing.kind.chat.map { $0.body(of: message(writing.message, episode)) } ?? json(at: now))
    }

    private func message(_ writing: MessageWriting, _ episode: String) -> Message {
        // As of something that is over: it wakes nobody up.
        Message(
            headline: writing.language.text(
                Words(en: "[test] goodstanding reaches this receiver", zh: "【测试】goodstanding 可以送达此接收方")),
            lines: [writing.language.text(Words(en: "nothing is wrong", zh: "这不是告警"))], link: nil, standing: .ok,
            severity: .info, episode: episode, store: "", rule: "test:")
    }

    private func json(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: 128)
        json.object { json in
            json.member("type", string: "test")
            json.member("timestamp", string: "\(now)")
            json.member("data") { json in json.object { $0.member("receiver", string: receiver) } }
        }
        return json.bytes
    }
}
