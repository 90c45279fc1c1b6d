import Curl
import Facts

/// A bot of Telegram: plain text.
struct Telegram: ChatService {
    /// Twenty a minute are allowed in a group.
    let pace = TimeSpan.seconds(3)
    /// Characters, of which each has at least a byte.
    let most = 4040
    let words = ["text"]

    func body(of message: Message) -> [UInt8] {
        let text = message.plain(most: most)
        var json = JSONWriter(reserving: text.utf8.count + 64)
        json.object { json in
            json.member("text", string: text)
            json.member("link_preview_options") { $0.object { $0.member("is_disabled", literal: "true") } }
        }
        return json.bytes
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        let address = receiver.url.reveal()
        let url = address.hasSuffix("/sendMessage") ? address : address + "/sendMessage"
        return ChatCall(url: url, body: body.with([("chat_id", receiver.chat ?? "")]))
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        let answer = ChatAnswer(reply)
        return answer.text("ok") == "true"
            ? .taken(answer.said("message", at: "result", "message_id"))
            : refusal(reply) ?? .passing("its answer is not ok")
    }

    func refusal(_ reply: Reply) -> ChatVerdict? {
        let answer = ChatAnswer(reply)
        guard let code = answer.number("error_code") else { return nil }
        if let chat = answer.text("parameters", "migrate_to_chat_id"), chat.allSatisfy({ $0.isNumber || $0 == "-" }) {
            return .needsMending("it answered \(code): the group has become another", "write chat: \"\(chat)\"")
        }
        switch code {
        case 429:
            return .passing(
                "it answered \(code): too many messages",
                wait: answer.number("parameters", "retry_after").map { .seconds(Int64($0)) })
        case 401, 404: return .needsMending("it answered \(code): there is no such bot", "correct its address")
        case 403: return .needsMending("it answered \(code): the bot is not in the chat", "let it in")
        case 400: return .needsMending("it answered \(code)", "chat: may name no chat that the bot knows")
        default: return nil
        }
    }
}
