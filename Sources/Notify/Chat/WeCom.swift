import Curl
import Facts

/// A robot of a WeCom group: plain text.
struct WeCom: ChatService {
    /// Twenty a minute are allowed.
    let pace = TimeSpan.seconds(4)
    /// 2048 are allowed.
    let most = 1990
    let words = ["text", "content"]

    func body(of message: Message) -> [UInt8] {
        PlainBody.bytes(message.plain(most: most))
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        ChatCall(url: receiver.url.reveal(), body: body)
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        guard let code = ChatAnswer(reply).number("errcode") else {
            return .passing("its answer does not say whether the message was taken")
        }
        switch code {
        case 0: return .taken("errcode 0")
        case 45_009: return .passing("it answered \(code): too many messages", wait: .seconds(65))
        case 93_000: return .needsMending("it answered \(code): there is no such robot", "correct its address")
        case 40_008:
            return .needsMending(
                "it answered \(code): it does not take this type of message",
                "its address should be that of a group's robot")
        case -1: return .passing("it answered \(code): it is busy")
        default: return .needsMending("it answered \(code)", "its list of error codes says why")
        }
    }
}
