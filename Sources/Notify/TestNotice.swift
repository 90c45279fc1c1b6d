package import Alerts
package import Facts
import Rules

/// What a receiver is sent so that somebody sees that it arrives. It is about no store, and no program takes it for an alert.
package struct TestNotice: Sendable {
    package let receiver: String
    /// The first of two: something that the second ends.
    private(set) var begins = false

    package init(to receiver: String) { self.receiver = receiver }

    /// One, but where only what has begun can end, and nobody sees the end of anything else: there a beginning and its end.
    package func notices(at now: Timestamp, in writing: ReceiverWriting) -> [Notice] {
        var beginning = self
        beginning.begins = writing.kind == .pagerduty
        let end = notice(at: now, change: beginning.begins ? 2 : 1, in: writing)
        return beginning.begins ? [beginning.notice(at: now, change: 1, in: writing), end] : [end]
    }

    private func notice(at now: Timestamp, change: Int, in writing: ReceiverWriting) -> Notice {
        let episode = Self.episode(at: now)
        return Notice(
            id: ContentID.notice(receiver: receiver, episode: episode, change: change), receiver: receiver,
            // No rule's id holds a colon.
            key: AlertKey(store: "", rule: "test:"), episode: episode, change: change, madeAt: now,
            body: writing.bytes(of: self, at: now))
    }

    /// As of something that is over, and wakes nobody up.
    func message(_ writing: MessageWriting, at now: Timestamp) -> Message {
        Message(
            headline: writing.language.text(
                Words(en: "[test] goodstanding reaches this receiver", zh: "【测试】goodstanding 可以送达此接收方")),
            lines: [writing.language.text(Words(en: "nothing is wrong", zh: "这不是告警"))], link: nil,
            standing: begins ? .warning : .ok,
            severity: .info, episode: Self.episode(at: now), store: "", rule: "test:")
    }

    private static func episode(at now: Timestamp) -> String { "test \(now.microseconds)" }

    func json(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: 128)
        json.object { json in
            json.member("type", string: "test")
            json.member("timestamp", string: "\(now)")
            json.member("data") { json in json.object { $0.member("receiver", string: receiver) } }
        }
        return json.bytes
    }
}
