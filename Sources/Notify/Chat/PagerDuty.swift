import Curl
import Facts
import HTTPTypes
import Rules

/// PagerDuty's events, version 2: one incident an episode, which its resolve ends.
struct PagerDuty: ChatService {
    /// Two a second are borne, by one key.
    let pace = TimeSpan.milliseconds(600)
    let most = 20_000
    let words = ["payload", "summary"]

    func body(of message: Message) -> [UInt8] {
        var json = JSONWriter(reserving: 2048)
        json.object { json in
            json.member("event_action", string: message.isOver ? "resolve" : "trigger")
            json.member("dedup_key", string: Message.cut(message.episode, most: 255))
            json.member("client", string: "goodstanding")
            json.member("payload") { json in
                json.object { json in
                    json.member("summary", string: Message.cut(message.headline, most: 960))
                    json.member("source", string: message.store.isEmpty ? "goodstanding" : message.store)
                    json.member("severity", string: Self.severity(message))
                    json.member("class", string: message.rule)
                    json.member("custom_details") { json in
                        json.object { $0.member("text", string: message.body(most: most)) }
                    }
                }
            }
            guard let link = message.link else { return }
            json.member("links") { json in
                json.array { $0.element { $0.object { $0.member("href", string: link) } } }
            }
        }
        return json.bytes
    }

    private static func severity(_ message: Message) -> String {
        if message.isOver || message.severity == .info { return "info" }
        if message.standing == .warning { return "warning" }
        return message.severity == .critical ? "critical" : "error"
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        ChatCall(
            url: receiver.url.reveal(), body: body.with([("routing_key", receiver.secret?.reveal() ?? "")]))
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        ChatAnswer(reply).text("status") == "success"
            ? .taken("success") : .passing("its answer is not success")
    }

    func refusal(_ reply: Reply) -> ChatVerdict? {
        switch reply.status.code {
        case 400:
            .needsMending(
                "it answered 400: it does not take the event", "compare the routing key with the integration's")
        case 429: .passing("it answered 429: too many events", wait: .minutes(3))
        default: nil
        }
    }
}
