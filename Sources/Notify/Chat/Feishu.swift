import Crypto
import Curl
import Facts
import Foundation

/// A custom robot of Feishu or Lark: a post, whose text is not searched for markup.
struct Feishu: ChatService {
    /// A hundred a minute and five a second are allowed.
    let pace = TimeSpan.milliseconds(700)
    /// A body may have 20 KB, of which escaping takes some.
    let most = 9000
    let words = ["content", "post", "zh_cn", "title"]

    func body(of message: Message) -> [UInt8] {
        let (title, text) = (Message.cut(message.headline, most: 500), message.body(most: most))
        var json = JSONWriter(reserving: text.utf8.count + 512)
        json.object { json in
            json.member("msg_type", string: "post")
            json.member("content") { json in
                json.object { json in
                    json.member("post") { json in
                        // Shown to whoever has no language of his own there.
                        json.object { $0.member("zh_cn") { Self.write(title, text, message.link, to: &$0) } }
                    }
                }
            }
        }
        return json.bytes
    }

    private static func write(_ title: String, _ text: String, _ link: String?, to json: inout JSONWriter) {
        json.object { json in
            json.member("title", string: title.withoutMentions)
            json.member("content") { json in
                json.array { json in
                    json.element { json in
                        json.array { json in
                            json.element { json in
                                json.object { json in
                                    json.member("tag", string: "text")
                                    json.member("text", string: text.withoutMentions)
                                }
                            }
                        }
                    }
                    guard let link else { return }
                    json.element { json in
                        json.array { json in
                            json.element { json in
                                json.object { json in
                                    json.member("tag", string: "a")
                                    json.member("text", string: link)
                                    json.member("href", string: link)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        var body = body
        if let secret = receiver.secret {
            let seconds = now.microseconds / 1_000_000
            body = body.with([("timestamp", "\(seconds)"), ("sign", Self.signature(seconds, secret))])
        }
        return ChatCall(url: receiver.url.reveal(), body: body)
    }

    /// The Base64 of HMAC-SHA256 over nothing, with moment, line end and secret as its key.
    static func signature(_ seconds: Int64, _ secret: Secret) -> String {
        let key = SymmetricKey(data: Array("\(seconds)\n\(secret.reveal())".utf8))
        return Data(HMAC<SHA256>.authenticationCode(for: [UInt8](), using: key)).base64EncodedString()
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        let answer = ChatAnswer(reply)
        // Older robots say StatusCode.
        guard let code = answer.number("code") ?? answer.number("StatusCode") else {
            return .passing("its answer does not say whether the message was taken")
        }
        switch code {
        case 0: return .taken("code 0")
        case 11_232: return .passing("it answered \(code): too many messages", wait: .minutes(1))
        case 9499: return .passing("it answered \(code): a bad request, or too many", wait: .minutes(1))
        case 19_021:
            return .needsMending(
                "it answered \(code): signature or time is wrong",
                "compare the robot's secret with the entry, and this machine's clock with the time")
        case 19_022:
            return .needsMending("it answered \(code): this address is not allowed", "let the robot take from it")
        case 19_024:
            return .needsMending(
                "it answered \(code): a keyword is missing", "make goodstanding a keyword of the robot")
        case 19_001: return .needsMending("it answered \(code): there is no such robot", "correct its address")
        default: return .needsMending("it answered \(code)", "its list of error codes says why")
        }
    }
}
