import Curl
import Facts
import HTTPTypes
import Rules

/// A workflow of Microsoft Teams: a card whose text is not searched for markup. The workflow answers before it has done
/// anything: nobody learns whether the card was shown.
struct Teams: ChatService {
    /// Four a second are allowed.
    let pace = TimeSpan.milliseconds(500)
    /// What is shown may have 28 KB, markup and all.
    let most = 9000
    let words = ["attachments", "0", "content", "body", "0", "inlines", "0", "text"]

    func body(of message: Message) -> [UInt8] {
        let text = message.body(most: most)
        var json = JSONWriter(reserving: text.utf8.count + 1024)
        json.object { json in
            json.member("type", string: "message")
            json.member("attachments") { json in
                json.array { json in
                    json.element { json in
                        json.object { json in
                            json.member("contentType", string: "application/vnd.microsoft.card.adaptive")
                            json.member("content") { Self.card(message, text, to: &$0) }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    private static func card(_ message: Message, _ text: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("type", string: "AdaptiveCard")
            json.member("version", string: "1.4")
            json.member("body") { json in
                json.array { json in
                    let colour = message.isOver ? "Good" : message.standing == .breach ? "Attention" : "Warning"
                    json.element { block(Message.cut(message.headline, most: 500), colour, to: &$0) }
                    for line in text.split(separator: "\n") { json.element { block(String(line), nil, to: &$0) } }
                }
            }
            guard let link = message.link else { return }
            json.member("actions") { json in
                json.array { json in
                    json.element { json in
                        json.object { json in
                            json.member("type", string: "Action.OpenUrl")
                            json.member("title", string: link)
                            json.member("url", string: link)
                        }
                    }
                }
            }
        }
    }

    /// A line; one with a colour is the headline.
    private static func block(_ text: String, _ colour: String?, to json: inout JSONWriter) {
        json.object { json in
            json.member("type", string: "RichTextBlock")
            json.member("inlines") { json in
                json.array { json in
                    json.element { json in
                        json.object { json in
                            json.member("type", string: "TextRun")
                            json.member("text", string: text)
                            guard let colour else { return }
                            json.member("weight", string: "Bolder")
                            json.member("color", string: colour)
                        }
                    }
                }
            }
        }
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        ChatCall(url: receiver.url.reveal(), body: body)
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        // The old connectors say so within a 200, and 1 where they have it; a workflow answers 202.
        let text = String(decoding: reply.body.prefix(200), as: UTF8.self)
        guard text.hasPrefix("Webhook message delivery failed") else {
            let word = text.filter { !$0.isWhitespace }
            if reply.status.code != 200 || word == "1" { return .taken(word == "1" ? word : "") }
            return .needsMending(
                "it answered 200 without its own word for success", "its address should be that of a workflow")
        }
        return text.contains("429")
            ? .passing("it says that too many messages came", wait: .minutes(1))
            : .needsMending("it says that the message could not be delivered", "its own log should say why")
    }
}
