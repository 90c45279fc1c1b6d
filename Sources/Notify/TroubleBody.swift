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
        Notice(
            id: id, receiver: receiver,
            // No rule's id holds a colon.
            key: AlertKey(store: "", rule: "receiver:" + broken), episode: episode, change: 1, madeAt: now,
            body: writing.bytes(of: message(writing.message), at: now, to: receiver) { json(at: now) })
    }

    private var episode: String { "trouble \(broken) \(notice)" }
    private var id: String { ContentID.notice(receiver: receiver, episode: episode, change: 1) }

    /// For people.
    func message(_ writing: MessageWriting) -> Message {
        let headline = Words(
            en: "receiver '\(broken)' takes nothing since \(since)", zh: "接收方 '\(broken)' 自 \(since) 起无法送达")
        let lines = [
            owed == 1
                ? Words(en: "1 notice waits for it, and goes out once it takes it", zh: "有 1 条通知在等待，恢复后发送")
                : Words(
                    en: "\(owed) notices wait for it, and go out in order once it takes them",
                    zh: "有 \(owed) 条通知在等待，恢复后按顺序发送"),
            Words(en: "the last attempt: \(because)", zh: "最近一次尝试：\(because)"),
            Words(
                en:
                    "what helps: goodstanding doctor says what is wrong; once it is mended, goodstanding outbox retry --receiver \(broken) sends at once",
                zh: "处理：用 goodstanding doctor 查看原因；修复后用 goodstanding outbox retry --receiver \(broken) 立即发送"),
            Words("goodstanding \(id.prefix(12))"),
        ]
        return Message(
            headline: "[goodstanding] " + writing.language.text(headline), lines: lines.map(writing.language.text),
            link: nil, standing: .breach, severity: .major, episode: episode, store: "", rule: "receiver:" + broken
        ).shown(by: writing.zone)
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
