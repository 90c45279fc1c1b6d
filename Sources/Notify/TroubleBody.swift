package import Alerts
package import Facts
import Rules

/// What a receiver is told of another one that takes nothing. Members are added, never renamed.
package struct TroubleBody: Sendable {
    package var receiver: String
    /// The one that is down.
    package var broken: String
    package var since: Timestamp
    /// What its last failure said.
    package var because: String
    /// How many notices wait for it.
    package var owed: Int
    /// The notice that it did not take: by it one trouble is known, over restarts too.
    package var notice: String

    package init(receiver: String, broken: String, since: Timestamp, because: String, owed: Int, notice: String) {
        (self.receiver, self.broken, self.since, self.because, self.owed) = (receiver, broken, since, because, owed)
        self.notice = notice
    }

    /// Once for each time it went down.
    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        let episode = "trouble \(broken) \(notice)"
        return Notice(
            id: ContentID.notice(receiver: receiver, episode: episode, change: 1), receiver: receiver,
            // No rule's id holds a colon.
            key: AlertKey(store: "", rule: "receiver:" + broken), episode: episode, change: 1, madeAt: now,
            body: writing.bytes(of: message(writing.message.language), at: now, to: receiver) { json(at: now) })
    }

    /// For people.
    func message(_ language: MessageLanguage) -> Message {
        Message(
            headline: "[goodstanding] "
                + language.text(
                    Words(
                        en: "receiver '\(broken)' takes nothing since \(since)", zh: "接收方 '\(broken)' 自 \(since) 起无法送达")
                ),
            lines: [
                language.text(
                    Words(
                        en: "\(owed) notices wait for it, and go out in order once it takes them",
                        zh: "有 \(owed) 条通知在等待，恢复后按顺序发送")),
                because,
            ], link: nil, standing: .breach, severity: .major, episode: "trouble \(broken) \(notice)",
            store: "", rule: "receiver:" + broken)
    }

    /// For programs.
    func json(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: 512)
        json.object { json in
            json.member("type", string: "receiver_down")
            json.member("timestamp", string: "\(now)")
            json.member("data") { json in
                json.object { json in
                    json.member("receiver", string: receiver)
                    json.member("broken", string: broken)
                    json.member("since", string: "\(since)")
                    json.member("because", string: because)
                    json.member("owed", literal: "\(owed)")
                }
            }
        }
        return json.bytes
    }
}
