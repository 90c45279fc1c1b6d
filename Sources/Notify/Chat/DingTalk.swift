import Crypto
import Curl
import Facts
import Foundation
import HTTPTypes

/// A custom robot of DingTalk: plain text, as its markdown cannot be escaped.
struct DingTalk: ChatService {
    /// Twenty a minute are allowed, and whoever sends more is blocked for ten minutes.
    let pace = TimeSpan.seconds(4)
    let most = 15_000
    let words = ["text", "content"]

    func body(of message: Message) -> [UInt8] {
        PlainBody.bytes(message.plain(most: most))
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
        case 0: return .taken("errcode 0")
        case 130_101: return .passing("it answered \(code): too many messages", wait: .minutes(10))
        case 310_000:
            return .needsMending(
                "it answered \(code): a guard of the robot refused the message",
                "compare the robot's secret, keywords (goodstanding is in every message) and addresses with the entry, and this machine's clock with the time"
            )
        case 300_005, 400_101:
            return .needsMending("it answered \(code): there is no such robot", "correct its address")
        case 400_013: return .needsMending("it answered \(code): its group is gone", "give the robot of another group")
        case 400_102:
            return .needsMending(
                "it answered \(code): the robot is switched off", "switch it on in the group's settings")
        case 43_004:
            return .needsMending(
                "it answered \(code): it does not read JSON from us", "look for a proxy that changes the content type")
        case 430_101:
            return .needsMending(
                "it answered \(code): a link in the message is not allowed",
                "let the robot's owner allow public_url:, or leave it out")
        // Too long, or too fast: it has been sent shorter by now.
        case Self.tooMuch: return .passing("it answered \(code): too long, or too many messages", wait: .minutes(1))
        case -1: return .passing("it answered \(code): it is busy")
        default: return .needsMending("it answered \(code)", "its list of error codes says why")
        }
    }

    private static let tooMuch = 460_101

    func isTooLarge(_ reply: Reply) -> Bool {
        reply.status.code == 413 || ChatAnswer(reply).number("errcode") == Self.tooMuch
    }
}
