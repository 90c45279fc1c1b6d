import Curl
import Facts

/// An incoming webhook of Slack: blocks of plain text, in which nothing is markup or a mention.
struct Slack: ChatService {
    /// About one a second is allowed.
    let pace = TimeSpan.milliseconds(1100)
    /// A section has at most 3000 characters, a header 150.
    let most = 2700
    private static let mostHeader = 150
    /// Not in the header, which may be full.
    let words = ["blocks", "1", "text", "text"]

    func body(of message: Message) -> [UInt8] {
        let text = message.body(most: most)
        var json = JSONWriter(reserving: text.utf8.count + 1024)
        json.object { json in
            // For previews and where blocks are not shown.
            json.member("text", string: Message.cut(message.headline, most: 1000, form: Self.escaped))
            json.member("blocks") { json in
                json.array { json in
                    json.element { Self.block("header", Message.cut(message.headline, most: Self.mostHeader), to: &$0) }
                    let whole = text + (message.link.map { "\n" + Message.cut($0, most: 190) } ?? "")
                    json.element { Self.block("section", whole, to: &$0) }
                }
            }
        }
        return json.bytes
    }

    private static func block(_ type: String, _ text: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("type", string: type)
            json.member("text") { json in
                json.object { json in
                    json.member("type", string: "plain_text")
                    json.member("text", string: text)
                    // Ids such as :8: are no pictures.
                    json.member("emoji", literal: "false")
                }
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        ChatCall(url: receiver.url.reveal(), body: body)
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        if reply.body == Array("ok".utf8) || ChatAnswer(reply).text("ok") == "true" { return .taken("ok") }
        return .passing("its answer is not ok")
    }
}
