import Crypto
import Curl
import Facts
import Foundation

/// A custom robot of DingTalk: plain text, as its markdown cannot be escaped.
struct DingTalk: ChatService {
    /// Twenty a minute are allowed, and whoever sends more is blocked for ten minutes.
    let pace = TimeSpan.seconds(4)
    private static let most = 15_000

    func body(of message: Message) -> [UInt8] {
        PlainBody.bytes(message.plain(most: Self.most))
    }

    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall {
        var url = receiver.url.reveal()
        if let secret = receiver.secret {
            let milliseconds = now.microseconds / 1000
            url += url.contains("?") ? "&" : "?"
            url += "timestamp=\(milliseconds)&sign=\(Self.signature(milliseconds, secret).percentEncoded)"
        }
        return ChatCall(url: url, body: body)
    }

    /// The Base64 of HMAC-SHA256 with the secret over moment, line end and secret.
    static func signature(_ milliseconds: Int64, _ secret: Secret) -> String {
        let key = SymmetricKey(data: Array(secret.reveal().utf8))
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(milliseconds)\n\(secret.reveal())".utf8), using: key)
        return Data(code).base64EncodedString()
    }

    func verdict(on reply: Reply) -> ChatVerdict {
        guard let code = ChatAnswer(reply).number("errcode") else {
            return .passing("its answer does not say whether the message was taken")
        }
        switch code {
        case 0: return .taken
        case 130_101: return .passing("it answered \(code): too many messages", wait: .minutes(10))
        case 310_000:
            return .needsMending(
                "it answered \(code): a guard of the robot refused the message",
                "compare the robot's secret, keywords (goodstanding is in every message) and addresses with the entry, and this machine's clock with the time"
            )
        case 300_005: return .needsMending("it answered \(code): there is no such robot", "correct its address")
        case -1: return .passing("it answered \(code): it is busy")
        default: return .needsMending("it answered \(code)", "its list of error codes says why")
        }
    }
}
