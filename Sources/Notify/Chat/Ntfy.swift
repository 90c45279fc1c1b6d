import Curl
import Facts
import HTTPTypes
import Rules

/// A topic of an ntfy server: the address is the topic's, the message goes to the server's root, as JSON.
struct Ntfy: ChatService {
    /// One every five seconds is what a visitor has without end.
    let pace = TimeSpan.seconds(5)
    /// Longer messages become attachments.
    let most = 4096
    let words = ["title"]

    func body(of message: Message) -> [UInt8] {
        let text = message.body(most: most)
        var json = JSONWriter(reserving: text.utf8.count + 256)
        json.object { json in
            json.member("title", string: Message.cut(message.headline, most: 250))
            json.member("message", string: text)
            // 3 is the ordinary one.
            let priority = message.isOver ? 2 : message.standing == .warning ? 3 : message.severity == .critical ? 5 : 4
            json.member("priority", literal: "\(priority)")
            if let link = message.link { json.member("click", string: link) }
        }
        return json.bytes
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        let address = receiver.url.reveal()
        let cut = address.lastIndex(of: "/") ?? address.endIndex
        var call = ChatCall(
            url: String(address[..<cut]) + "/", body: body.with([("topic", String(address[cut...].dropFirst()))]))
        if let token = receiver.secret { call.headers[.authorization] = "Bearer " + token.reveal() }
        return call
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        let said = ChatAnswer(reply).said("message", at: "id")
        return said.isEmpty ? .passing("its answer has no message in it") : .taken(said)
    }

    func refusal(_ reply: Reply) -> ChatVerdict? {
        guard let code = ChatAnswer(reply).number("code") else { return nil }
        switch code {
        case 42_908: return .passing("it answered \(code): the day's messages are used up", wait: .hours(1))
        case 42_900...42_999: return .passing("it answered \(code): too many messages", wait: .minutes(1))
        case 40_100...40_399:
            return .needsMending("it answered \(code)", "compare the topic's access token with the entry")
        default: return nil
        }
    }
}
